// A sink whose writes do not come back.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Tests.Streaming;

/// <param name="obeys">Whether a write ends when it is cancelled.</param>
internal sealed class HungSink(bool obeys) : IStreamSinkProvider, IStreamSink
{
    public int Closed { get; private set; }

    // What does something outside has a buffer in front of it.
    public IReadOnlyList<Effect> Effects { get; } = [new("hang", "for ever")];

    public ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation) => new(this);

    public async ValueTask WriteAsync(ReadOnlyMemory<Value> items, CancellationToken cancellation)
    {
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = obeys ? cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), never) : default;
        await never.Task;
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Closed++;
        return ValueTask.CompletedTask;
    }
}
