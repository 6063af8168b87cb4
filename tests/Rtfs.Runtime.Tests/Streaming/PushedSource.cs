// A source in the hands of a test; the simulation uses it too.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Tests.Streaming;

/// <summary>A source that gives what the test pushes, when it pushes it.</summary>
internal sealed class PushedSource : IStreamSourceProvider, IStreamSource
{
    private readonly Queue<object> _next = new();
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    public int Opened { get; private set; }

    public int Closed { get; private set; }

    /// <summary>How many items have been pushed so far.</summary>
    public int Pushed { get; private set; }

    public bool HasEnded => _ended;

    public IReadOnlyList<Effect> Effects => [];

    /// <summary>Ints, <see cref="ItemFault"/>s, <see cref="Value"/>s, or an exception that the read throws.</summary>
    public void Push(params object[] items)
    {
        foreach (var item in items)
        {
            _next.Enqueue(item);
            Pushed++;
        }

        Wake();
    }

    public void End()
    {
        _ended = true;
        Wake();
    }

    public ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation)
    {
        Opened++;
        return new(this);
    }

    public async ValueTask<bool> ReadAsync(SourceBatch batch, CancellationToken cancellation)
    {
        while (_next.Count == 0)
        {
            if (_ended)
            {
                return false;
            }

            // Not WaitAsync: it passes through the thread pool, and the seed would not decide what runs next.
            var arrived = _arrived;
            await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), arrived);
            await arrived.Task;
        }

        while (!batch.IsFull && _next.TryDequeue(out var next))
        {
            switch (next)
            {
                case int number:
                    batch.Add(Value.Int(number));
                    break;
                case ItemFault fault:
                    batch.AddFault(fault);
                    break;
                case Exception error:
                    throw error;
                default:
                    batch.Add((Value)next);
                    break;
            }
        }

        return true;
    }

    public ValueTask DisposeAsync()
    {
        Closed++;
        return ValueTask.CompletedTask;
    }

    private void Wake()
    {
        var arrived = _arrived;
        _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        arrived.TrySetResult();
    }
}
