// A running segment: a head that gives batches, the stages that work on each in turn, and what reads the result.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Heads;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>A stage, and the handle that it makes; null behind the last stage of a flow.</summary>
internal readonly record struct Step(Stage Stage, StreamHandle? Handle);

/// <summary>
/// Flushes by itself: a batch goes on as soon as its head gives it, however small. The end of the input drains the stages in order (windows
/// give what they hold), unless the stream failed. A failure lets what came before it through, then ends everything downstream.
/// Requests (hold, close, cancel) come from other tasks, or from an item's own body, and are looked at between items.
/// </summary>
internal sealed partial class Segment
{
    private readonly StreamRun _run;
    private readonly Head _head;
    private readonly StreamHandle? _headHandle;
    private readonly Step[] _steps;
    private readonly Flow? _flow;
    private readonly SegmentContext _context;
    private readonly SegmentRequests _requests;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _reading;
    private volatile bool _ended;

    public Segment(StreamRun run, Head head, StreamHandle? headHandle, Step[] steps, Flow? flow, EngineTask task)
    {
        _run = run;
        _head = head;
        _headHandle = headHandle;
        _steps = steps;
        _flow = flow;
        Handles = [.. new[] { headHandle }.Concat(steps.Select(static step => step.Handle)).OfType<StreamHandle>()];
        _requests = new SegmentRequests(run, this);
        Task = task;
        task.Segment = this;
        _context = new SegmentContext(run, run.Evaluation.Fork(task, _requests.Cancellation), task, _requests.Cancellation) { Requests = _requests };
        foreach (var mailbox in head.Inputs)
        {
            mailbox.Reader = head.EndsWithInput ? this : null;
        }

        foreach (var handle in Handles)
        {
            handle.Segment = this;
        }

        if (flow is not null)
        {
            flow.Segment = this;
        }

        Upstream = [.. (headHandle?.Inputs ?? InputsOf(steps, flow)).SelectMany(StreamHandle.ChainOf)];
        _requests.Look(_context);
    }

    public Head Head => _head;

    public EngineTask Task { get; }

    /// <summary>Of its last stage.</summary>
    public string Id => _steps.Length > 0 ? _steps[^1].Stage.Identity.Id : _headHandle!.Identity.Id;

    public Flow? Flow => _flow;

    /// <summary>The handles whose items it makes, in the order of its stages.</summary>
    public IReadOnlyList<StreamHandle> Handles { get; }

    /// <summary>The handles whose items come here, as far as no multiplexer stands between: who holds one of them holds this.</summary>
    public IReadOnlyList<StreamHandle> Upstream { get; }

    /// <summary>Whether nothing can come out for now: it has ended, or is blocked and so is what feeds it.</summary>
    public bool IsQuiet => _ended || (Task.IsBlocked && (_requests.IsHolding || !_reading || _head.IsQuiet));

    public bool HasEnded => _ended;

    /// <summary>Whatever the ending was.</summary>
    public Task Ended => _completion.Task;

    public SegmentRequests Requests => _requests;

    /// <summary>Something was asked of one of its handles, or of all of them: looked at after the item in hand.</summary>
    public void Ask() => _requests.Look(_context);

    /// <summary>What happened upstream and its callbacks are to be told of, in turn with its items.</summary>
    public ValueTask PostAsync(Notice notice, EngineTask poster) => _requests.PostAsync(notice, poster);

    /// <summary>Tells the callbacks of its handles and its flow.</summary>
    public async ValueTask TellAsync(StreamEvent happening)
    {
        foreach (var handle in Handles)
        {
            await TellAsync(handle.Observers, happening);
        }

        await TellAsync(_flow?.Observers, happening);
        await TellAsync(_flow?.End.Handle?.Observers, happening);
    }

    /// <param name="now">False: after the item in hand.</param>
    public void Cancel(bool now) => _requests.Cancel(_context, now);

    /// <summary>A reader has left. The last one closes the stream; what has been received goes on to nobody.</summary>
    public void ReaderLeft()
    {
        if (HasNoReader())
        {
            _requests.Close();
        }
    }

    /// <summary>Runs to the end of the stream; never throws. Begun by the caller of <see cref="EngineTask.Begin"/>.</summary>
    public async Task RunAsync()
    {
        var ending = Ending.Complete;
        try
        {
            await WorkAsync();
            ending = _context.Failure is { } failure ? Ending.Failed(failure)
                : _context.Cancellation.IsCancellationRequested ? Ending.Cancelled
                : _head.Upstream;
        }
        catch (Exception error)
        {
            ending = _context.IsCancelled(error) ? Ending.Cancelled : Ending.Failed(FailureHandler.AsRtfs(error, Task.Place));
        }

        await EndAsync(ending);
    }

    private static IReadOnlyList<StreamHandle> InputsOf(Step[] steps, Flow? flow) => steps[0].Handle?.Inputs ?? [flow!.Input];

    private async ValueTask WorkAsync()
    {
        await StartAsync();
        if (_run.Replay is { } replay)
        {
            await ReplayAsync(replay);
        }

        while (_context.Failure is null)
        {
            _context.Cancellation.ThrowIfCancellationRequested();
            await _requests.SettleAsync(_context);
            _reading = true;
            var batch = await _head.ReadAsync(_context, _requests);
            _reading = false;
            if (batch is null)
            {
                _context.Cancellation.ThrowIfCancellationRequested();
                break;
            }

            await PassHeadAsync(batch);
            if (HasNoReader())
            {
                return;
            }
        }

        _context.Failure ??= (_headHandle as SourceHandle)?.TakeFailure();
        if (_context.Failure is null && _head.Upstream is { Failure: null, IsCancelled: false })
        {
            await DrainAsync();
        }
    }

    private ValueTask TellAsync(Observers? observers, StreamEvent happening) => observers?.TellAsync(happening, _context) ?? ValueTask.CompletedTask;

    private async ValueTask StartAsync()
    {
        // What was cancelled before has not started.
        _requests.ThrowIfCancelled();
        foreach (var handle in Handles)
        {
            await TellAsync(handle.Observers, StreamEvent.Start);
        }

        if (_flow is not null)
        {
            await _flow.StartedAsync(_context);
        }

        await _requests.SettleAsync(_context);
        _reading = true;
        await _head.OpenAsync(_context, _requests);
        _reading = false;
        foreach (var step in _steps)
        {
            if (_context.Failure is null)
            {
                await step.Stage.StartAsync(_context);
            }
        }
    }

    private async ValueTask DrainAsync()
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            while (_context.Failure is null)
            {
                _context.Cancellation.ThrowIfCancellationRequested();
                var batch = _run.Pool.Rent();
                batch.Timestamp = _run.Time.GetUtcNow();
                if (!_steps[i].Stage.Drain(batch, _context))
                {
                    _run.Pool.Return(batch);
                    break;
                }

                if (!await GiveAsync(_steps[i].Handle, batch, isLast: i + 1 == _steps.Length))
                {
                    await PassAsync(batch, i + 1);
                }
            }
        }
    }

    private async ValueTask PassHeadAsync(Batch batch)
    {
        if (_context.IsInterrupted)
        {
            await HoldAsync(batch, _steps.Length > 0 ? _steps[0].Stage : null);
        }

        if (!await GiveAsync(_headHandle, batch, isLast: _steps.Length == 0))
        {
            await PassAsync(batch, 0);
        }
    }

    /// <summary>Takes a batch through the stages from <paramref name="from"/> and gives it away.</summary>
    private async ValueTask PassAsync(Batch batch, int from)
    {
        for (var i = from; i < _steps.Length; i++)
        {
            var at = i;
            await _context.WorkOnAsync(_steps[i].Stage, batch, done => FlushAsync(done, at));
            if (batch.Count == 0)
            {
                break;
            }

            if (await GiveAsync(_steps[i].Handle, batch, isLast: i + 1 == _steps.Length))
            {
                return;
            }
        }

        _run.Pool.Return(batch);
    }

    /// <summary>What a stage is done with, while it waits.</summary>
    private async ValueTask FlushAsync(Batch done, int from)
    {
        if (!await GiveAsync(_steps[from].Handle, done, isLast: from + 1 == _steps.Length))
        {
            await PassAsync(done, from + 1);
        }
    }

    /// <summary>What a handle's items go to beside the next stage of this segment. True when the batch was given away.</summary>
    private async ValueTask<bool> GiveAsync(StreamHandle? handle, Batch batch, bool isLast)
    {
        if (handle is null)
        {
            return false;
        }

        if (handle.ItemCallback is { } callback)
        {
            await callback.WatchAsync(batch, _context);
        }

        if (isLast && handle.OutlivesReaders && !handle.Outputs.HasReaders)
        {
            handle.Stage!.Counters.DropUnread(batch.Count);
            return false;
        }

        if (handle.Outputs.IsEmpty || batch.Count == 0)
        {
            return false;
        }

        await handle.Outputs.WriteAsync(batch, handOver: isLast, _context);
        return isLast;
    }

    /// <summary>Holds a batch that no stage has looked at yet.</summary>
    private async ValueTask HoldAsync(Batch batch, Stage? next)
    {
        try
        {
            await _requests.SettleAsync(_context);
        }
        catch (Exception error) when (_context.IsCancelled(error))
        {
            if (next is not null)
            {
                next.DropRest(batch);
                throw;
            }

            // Without a stage here, the readers count it.
        }
    }

    private bool HasNoReader() => _flow is null && Handles.All(static handle => !handle.Outputs.HasReaders && !handle.OutlivesReaders);

    private async Task EndAsync(Ending ending)
    {
        if ((_headHandle as SourceHandle)?.TakeFailure() is { } failed && ending is { Failure: null, IsCancelled: false })
        {
            ending = Ending.Failed(failed);
        }

        try
        {
            await _head.CloseAsync(_context);
        }
        catch (Exception error)
        {
            ending = ending.Failure is null ? Ending.Failed(FailureHandler.AsRtfs(error, Task.Place)) : ending;
        }

        foreach (var handle in Handles)
        {
            handle.Outputs.End(ending);
        }

        _requests.End();
        foreach (var handle in Handles)
        {
            if (handle.Observers is { } observers)
            {
                await observers.EndAsync(ending, _context);
            }
        }

        if (_flow is not null)
        {
            await _flow.EndedAsync(ending, _context);
        }

        _ended = true;
        _context.Evaluation.Return();
        _completion.SetResult();
        Task.End();
        _requests.Dispose();
    }
}
