// try: catch by kind, and finally, which runs whatever happened.

using System.Runtime.ExceptionServices;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <param name="Slot">Where the error goes, or -1.</param>
internal readonly record struct CatchCase(ErrorFilter Filter, int Slot, Node Body);

/// <summary>Limits and cancellation pass: a program cannot keep the host from stopping it.</summary>
internal sealed class TryNode(Node body, CatchCase[] catches, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = body.MayBlock || Array.Exists(catches, static one => one.Body.MayBlock);

    public override Value Execute(EvaluationContext context)
    {
        Node handler;
        try
        {
            return body.Execute(context);
        }
        catch (RtfsException error) when (Find(error) >= 0)
        {
            // The handler runs after this block, where the stack is that of the try again.
            handler = Enter(context, error);
        }

        return handler.Execute(context);
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        Node handler;
        try
        {
            return await body.ExecuteAsync(context);
        }
        catch (RtfsException error) when (Find(error) >= 0)
        {
            handler = Enter(context, error);
        }

        return await handler.ExecuteAsync(context);
    }

    private int Find(RtfsException error) =>
        error is LimitException ? -1 : Array.FindIndex(catches, one => one.Filter.Takes(error));

    private Node Enter(EvaluationContext context, RtfsException error)
    {
        var chosen = catches[Find(error)];
        if (chosen.Slot >= 0)
        {
            context.Slot(chosen.Slot) = Value.OfObject(error);
        }

        return chosen.Body;
    }
}

/// <summary>
/// The cleanup's value is dropped; its own error takes the place of whatever there was. What ends the run goes on whatever the cleanup
/// does, and the work of that cleanup is bounded.
/// </summary>
internal sealed class FinallyNode(Node body, Node cleanup, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = body.MayBlock || cleanup.MayBlock;

    public override Value Execute(EvaluationContext context)
    {
        Value result = default;
        ExceptionDispatchInfo? failure = null;
        try
        {
            result = body.Execute(context);
        }
        catch (Exception error)
        {
            failure = ExceptionDispatchInfo.Capture(error);
        }

        if (!IsStop(failure))
        {
            cleanup.Execute(context);
            failure?.Throw();
            return result;
        }

        var bounded = context.BeginCleanup();
        try
        {
            cleanup.Execute(context);
        }
        catch (RtfsException)
        {
            // Less than what ended the run.
        }
        finally
        {
            End(context, bounded);
        }

        failure!.Throw();
        return result;
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        Value result = default;
        ExceptionDispatchInfo? failure = null;
        try
        {
            result = await body.ExecuteAsync(context);
        }
        catch (Exception error)
        {
            failure = ExceptionDispatchInfo.Capture(error);
        }

        if (!IsStop(failure))
        {
            await cleanup.ExecuteAsync(context);
            failure?.Throw();
            return result;
        }

        var bounded = context.BeginCleanup();
        try
        {
            await cleanup.ExecuteAsync(context);
        }
        catch (RtfsException)
        {
            // Less than what ended the run.
        }
        finally
        {
            End(context, bounded);
        }

        failure!.Throw();
        return result;
    }

    private static bool IsStop(ExceptionDispatchInfo? failure) =>
        failure?.SourceException is LimitException or OperationCanceledException;

    private static void End(EvaluationContext context, bool bounded)
    {
        if (bounded)
        {
            context.EndCleanup();
        }
    }
}

/// <summary>The body with the resource in a slot, which is released however the body ends; its release's own error takes the place of what there was.</summary>
internal sealed class WithResourceNode(Node body, int slot, SourcePlace place) : Node(place)
{
    public override bool MayBlock => true;

    public override Value Execute(EvaluationContext context)
    {
        var running = ExecuteAsync(context);
        return running.IsCompleted ? running.GetAwaiter().GetResult() : throw Errors.Waits("with-resource").At(Place);
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        Value result = default;
        ExceptionDispatchInfo? failure = null;
        try
        {
            result = await body.ExecuteAsync(context);
        }
        catch (Exception error)
        {
            failure = ExceptionDispatchInfo.Capture(error);
        }

        var bounded = failure?.SourceException is LimitException or OperationCanceledException && context.BeginCleanup();
        try
        {
            await context.Operations.ReleaseAsync(context.Slot(slot), failure is not null, context);
        }
        catch (RtfsException) when (failure is not null)
        {
            // Less than what ended the body.
        }
        finally
        {
            if (bounded)
            {
                context.EndCleanup();
            }
        }

        failure?.Throw();
        return result;
    }
}
