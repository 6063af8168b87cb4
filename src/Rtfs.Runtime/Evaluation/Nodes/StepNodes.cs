// Parts of a program that its host is told of, branches side by side, and hints for host calls.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>
/// Tells the engine when a part of the program begins and how it ends, by an operation <c>step</c> of three arguments: <c>:started</c>,
/// <c>:completed</c> or <c>:failed</c>; the form as a keyword (<c>:step-loop</c>); the name, or nil. The options are those of the form.
/// </summary>
/// <param name="options">Null without options.</param>
internal sealed class StepNode(string kind, string? name, Node? options, Node body, SourcePlace place) : Node(place)
{
    private static readonly Value Started = Value.Of(Keyword.Of("started"));
    private static readonly Value Completed = Value.Of(Keyword.Of("completed"));
    private static readonly Value Failed = Value.Of(Keyword.Of("failed"));

    private readonly Value _kind = Value.Of(Keyword.Of(kind));
    private readonly Value _name = name is null ? Value.Nil : Value.String(name);

    public override bool MayBlock { get; } = body.MayBlock || options is { MayBlock: true };

    public override Value Execute(EvaluationContext context)
    {
        var given = Options(options?.Execute(context) ?? Value.Nil);
        Tell(context, Started, given);
        try
        {
            var result = body.Execute(context);
            Tell(context, Completed, given);
            return result;
        }
        catch (RtfsException) when (TellFailure(context, given))
        {
            throw;
        }
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var given = Options(options is null ? Value.Nil : await options.ExecuteAsync(context));
        Tell(context, Started, given);
        try
        {
            var result = await body.ExecuteAsync(context);
            Tell(context, Completed, given);
            return result;
        }
        catch (RtfsException) when (TellFailure(context, given))
        {
            throw;
        }
    }

    private MapValue Options(Value given) => given.Reference switch
    {
        null => MapValue.Empty,
        MapValue map => map,
        _ => throw Errors.Type($"{kind} takes its options as a map, but found {Errors.Describe(given)}").At(Place),
    };

    private void Tell(EvaluationContext context, Value phase, MapValue given) =>
        context.Operations.Apply(new OperationCall("step", [phase, _kind, _name], given, Place), context);

    private bool TellFailure(EvaluationContext context, MapValue given)
    {
        Tell(context, Failed, given);
        return false;
    }
}

/// <summary>The body again and again while the condition holds; the value of the last round, nil without one.</summary>
internal sealed class WhileNode(Node condition, Node body, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = condition.MayBlock || body.MayBlock;

    public override Value Execute(EvaluationContext context)
    {
        var result = Value.Nil;
        while (condition.ExecuteCondition(context))
        {
            context.Step();
            result = body.Execute(context);
        }

        return result;
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var result = Value.Nil;
        while ((await condition.ExecuteAsync(context)).IsTruthy)
        {
            context.Step();
            result = await body.ExecuteAsync(context);
        }

        return result;
    }
}

/// <summary>
/// The values of branches that wait side by side, each in a context of its own that begins with the frame as it is. When one fails the
/// others are cancelled and awaited; of several errors the first branch's counts.
/// </summary>
internal sealed class ParallelNode(Node[] branches, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = AnyBlocks(branches);

    public override Value Execute(EvaluationContext context)
    {
        context.Charge(Footprint.Items(branches.Length));
        return Value.Of(VectorValue.Own(Values(branches, context)));
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        context.Charge(Footprint.Items(branches.Length));
        using var others = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        var tasks = context.Task?.Branch(branches.Length);
        foreach (var task in tasks ?? [])
        {
            task.Begin();
        }

        var running = new Task<Value>[branches.Length];
        for (var i = 0; i < branches.Length; i++)
        {
            running[i] = RunAsync(branches[i], context.ForkFrame(tasks?[i], others.Token), others);
        }

        Task all = Task.WhenAll(running);
        await WaitAsync(all, context);
        foreach (var task in tasks ?? [])
        {
            task.EndBranch();
        }

        if (!all.IsCompletedSuccessfully)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var failed = Array.Find(running, static branch => branch.IsFaulted) ?? Array.Find(running, static branch => branch.IsCanceled)!;
            await failed;
        }

        return Value.Of(VectorValue.Own([.. running.Select(static branch => branch.Result)]));
    }

    /// <summary>Comes back however they end, on the scheduler of the run.</summary>
    private static async ValueTask WaitAsync(Task all, EvaluationContext context)
    {
        try
        {
            await (context.Task is { } task ? task.InsideAsync(all, "the branches of parallel", isCut: false) : new ValueTask(all));
        }
        catch (Exception)
        {
            // The branches say it themselves.
        }
    }

    private static async Task<Value> RunAsync(Node branch, EvaluationContext context, CancellationTokenSource others)
    {
        try
        {
            return await branch.ExecuteAsync(context);
        }
        catch
        {
            // Not CancelAsync: what the cancellation sets off belongs to the scheduler of the run.
#pragma warning disable CA1849, VSTHRD103
            others.Cancel();
#pragma warning restore CA1849, VSTHRD103
            throw;
        }
        finally
        {
            context.Return();
            if (context.Task is { } task)
            {
                await context.Operations.BranchEndedAsync(context);
                task.Rest();
            }
        }
    }
}

/// <summary>Operations inside of the target find the hints in the context; inner ones win over outer ones.</summary>
internal sealed class HintedNode(Node hints, Node target, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = hints.MayBlock || target.MayBlock;

    public override Value Execute(EvaluationContext context)
    {
        var outer = context.Hints;
        context.Hints = Merged(outer, hints.Execute(context));
        try
        {
            return target.Execute(context);
        }
        finally
        {
            context.Hints = outer;
        }
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var outer = context.Hints;
        context.Hints = Merged(outer, await hints.ExecuteAsync(context));
        try
        {
            return await target.ExecuteAsync(context);
        }
        finally
        {
            context.Hints = outer;
        }
    }

    private static MapValue Merged(MapValue outer, Value inner)
    {
        var result = outer;
        foreach (var (key, value) in inner.As<MapValue>()!.Entries)
        {
            result = result.Assoc(key, value);
        }

        return result;
    }
}
