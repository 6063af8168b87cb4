// A running segment: a head that gives batches, the stages that work on each in turn, and what reads the result.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Heads;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

/// <summary>A stage, and the outputs of the handle that it makes; null behind the last stage of a flow.</summary>
internal readonly record struct Step(Stage Stage, Outputs? Outputs);

/// <summary>
/// Flushes by itself: a batch goes on as soon as its head gives it, however small. The end of the input drains the stages in order (windows
/// give what they hold), unless the stream failed. A failure lets what came before it through, then ends everything downstream.
/// </summary>
internal sealed class Segment(StreamRun run, Head head, Outputs? headOutputs, Step[] steps, Flow? flow, EngineTask task, EvaluationContext evaluation)
{
    private readonly SegmentContext _context = new(run, evaluation.Fork(task), task);
    private volatile bool _reading;
    private volatile bool _ended;

    public Head Head => head;

    public EngineTask Task => task;

    public IReadOnlyList<Step> Steps => steps;

    /// <summary>Whether nothing can come out for now: it has ended, or is blocked and so is what feeds it.</summary>
    public bool IsQuiet => _ended || (task.IsBlocked && (!_reading || head.IsQuiet));

    /// <summary>Runs to the end of the stream; never throws. Begun by the caller of <see cref="EngineTask.Begin"/>.</summary>
    public async Task RunAsync()
    {
        var failure = default(RtfsException);
        var cancelled = false;
        try
        {
            await WorkAsync();
            failure = _context.Failure ?? head.UpstreamFailure;
        }
        catch (Exception error)
        {
            cancelled = _context.IsCancelled(error);
            failure = cancelled ? null : FailureHandler.AsRtfs(error, task.Place);
        }

        await EndAsync(failure, cancelled);
    }

    private async ValueTask WorkAsync()
    {
        if (flow is not null)
        {
            await flow.StartedAsync(_context);
        }

        _reading = true;
        await head.OpenAsync(_context);
        _reading = false;
        foreach (var step in steps)
        {
            if (_context.Failure is null)
            {
                await step.Stage.StartAsync(_context);
            }
        }

        while (_context.Failure is null)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            _reading = true;
            var batch = await head.ReadAsync(_context);
            _reading = false;
            if (batch is null)
            {
                break;
            }

            await PassAsync(batch, from: 0, withHead: true);
            if (HasNoReader())
            {
                return;
            }
        }

        if (_context.Failure is null && head.UpstreamFailure is null)
        {
            await DrainAsync();
        }
    }

    private async ValueTask DrainAsync()
    {
        for (var i = 0; i < steps.Length; i++)
        {
            while (_context.Failure is null)
            {
                run.Cancellation.ThrowIfCancellationRequested();
                var batch = run.Pool.Rent();
                batch.Timestamp = run.Time.GetUtcNow();
                if (!steps[i].Stage.Drain(batch, _context))
                {
                    run.Pool.Return(batch);
                    break;
                }

                if (steps[i].Outputs is { IsEmpty: false } outputs)
                {
                    await outputs.WriteAsync(batch, handOver: i + 1 == steps.Length, _context);
                }

                if (i + 1 < steps.Length)
                {
                    await PassAsync(batch, i + 1, withHead: false);
                }
            }
        }
    }

    /// <summary>Takes a batch through the stages from <paramref name="from"/> and gives it away.</summary>
    private async ValueTask PassAsync(Batch batch, int from, bool withHead)
    {
        if (withHead && headOutputs is { IsEmpty: false })
        {
            await headOutputs.WriteAsync(batch, handOver: steps.Length == 0, _context);
            if (steps.Length == 0)
            {
                return;
            }
        }

        for (var i = from; i < steps.Length; i++)
        {
            var stage = steps[i].Stage;
            try
            {
                if (stage.IsAsynchronous)
                {
                    await stage.ProcessAsync(batch, _context);
                }
                else
                {
                    while (!stage.Process(batch, _context))
                    {
                        await _context.DelayAsync();
                    }
                }
            }
            catch (Exception error) when (_context.IsCancelled(error))
            {
                stage.DropRest(batch);
                throw;
            }

            if (_context.Unobserved.Count > 0)
            {
                await _context.TellObserversAsync();
            }

            if (batch.Count == 0)
            {
                break;
            }

            if (steps[i].Outputs is { IsEmpty: false } outputs)
            {
                var last = i + 1 == steps.Length;
                await outputs.WriteAsync(batch, last, _context);
                if (last)
                {
                    return;
                }
            }
        }

        run.Pool.Return(batch);
    }

    private bool HasNoReader()
    {
        if (flow is not null || headOutputs is { IsEmpty: false })
        {
            return false;
        }

        foreach (var step in steps)
        {
            if (step.Outputs is { IsEmpty: false })
            {
                return false;
            }
        }

        return true;
    }

    private async Task EndAsync(RtfsException? failure, bool cancelled)
    {
        try
        {
            await head.CloseAsync(_context);
        }
        catch (Exception error)
        {
            failure ??= FailureHandler.AsRtfs(error, task.Place);
        }

        headOutputs?.End(failure);
        foreach (var step in steps)
        {
            step.Outputs?.End(failure);
        }

        if (flow is not null)
        {
            await flow.EndedAsync(failure, cancelled, _context);
        }

        _ended = true;
        task.End();
    }
}
