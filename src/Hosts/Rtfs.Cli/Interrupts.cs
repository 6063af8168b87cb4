// Ctrl-C as two events: the first asks for a graceful end, the second for an end at once.

namespace Rtfs.Cli;

internal sealed class Interrupts
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _listening;

    public Task First => _first.Task;

    public Task Second => _second.Task;

    /// <summary>From here on there is something to end gracefully.</summary>
    public void Listen() => _listening = true;

    /// <summary>False when nobody listens, and the process should end as it would without this.</summary>
    public bool Raise() => _listening && (_first.TrySetResult() || _second.TrySetResult());
}
