// What a plan that runs shares with the plans that it executes: the run, its capabilities, its options.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Plans;

internal sealed class PlanScope(RtfsEngine engine, StreamRun run, CapabilityTable capabilities, StreamForms forms, RunOptions options, string? baseDirectory)
{
    private const string PlanType = "rtfs.core:v2.0:streaming-plan";

    public StreamRun Run => run;

    public CapabilityTable Capabilities => capabilities;

    public RunOptions Options => options;

    public string? BaseDirectory => baseDirectory;

    /// <summary>Whether a value is a plan: a map with a program, of the type of plans where it says one.</summary>
    public static bool IsPlan(Value value) =>
        value.As<MapValue>() is { } map && map.TryGet(Keyword.Of("program"), out _)
        && (!map.TryGet(Keyword.Of("type"), out var type) || (type.As<Keyword>() is { } name && Language.CapabilityId(name.Name) == PlanType));

    /// <summary>Runs the program of a plan that is a value, in this run; its flows run to their ends. Gives the program's value.</summary>
    /// <param name="isWhole">Whether the run is of this plan alone: then its time is the run's.</param>
    /// <exception cref="RtfsException">Timeout: the body of a plan within another had not ended when its time was over.</exception>
    public async ValueTask<Value> ExecuteAsync(Value plan, EngineTask task, SourcePlace place, bool isWhole)
    {
        var map = plan.As<MapValue>() ?? throw new RtfsException("RTFS9001", "TypeError", $"marketplace:execute-plan expects a plan, found {Errors.Describe(plan)}", place);
        var header = new OptionReader(map, "plan", place);
        var type = header.Take("type");
        var name = header.Take("plan-id");
        header.Take("version");
        var resources = header.Take("resources");
        var needed = header.Take("capabilities");
        var program = header.Take("program");
        var errors = header.ErrorHandling();
        var limits = new OptionReader(header.Take("limits"), ":limits of plan", place);
        var longest = limits.OptionalCount("max-run-ms", 1);
        var shutdown = limits.OptionalCount("shutdown-ms", 1);
        limits.Finish();
        header.Finish();
        if (!type.IsNil && (type.As<Keyword>() is not { } written || Language.CapabilityId(written.Name) != PlanType))
        {
            throw header.Problem($":type of a plan is :rtfs.core:v2.0:streaming-plan, found {type}");
        }

        CheckResources(resources, place);
        foreach (var id in Items(needed))
        {
            _ = RegistrationForm.IdOf(id, place);
        }

        var analysis = Language.Analyze([ValueForms.ToForm(program)], name.As<string>() ?? "<plan>", engine.Catalogue);
        if (analysis.HasErrors)
        {
            var first = analysis.Diagnostics.First(static found => found.Severity == Syntax.Diagnostics.Severity.Error);
            throw new RtfsException(first.Code, "PlanError", $"the plan has errors:\n{Language.Render(analysis.Document.Source, analysis.Diagnostics, false)}", place);
        }

        var compiled = CompiledProgram.Compile(analysis.Program);
        LiteralSchema.CheckAll(PlanLiterals.Of(analysis.Program).Schemas, compiled.Types);
        var own = new PlanErrors(errors);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        var context = new EvaluationContext(new PlanOperations(this, forms, own), run.Time, over.Token) { Task = task, Shutdown = run.Shutdown };
        if (shutdown is { } most)
        {
            run.Shutdown.Limit = TimeSpan.FromMilliseconds(most);
        }

        // What has been received is worked through; what does not end then is cancelled.
        await using var clock = longest is { } limit
            ? run.Time.CreateTimer(_ => run.Stop(own), null, TimeSpan.FromMilliseconds(limit), Timeout.InfiniteTimeSpan)
            : null;
        await using var end = longest is { } total
            ? run.Time.CreateTimer(_ => CutOff(), null, TimeSpan.FromMilliseconds(total) + run.Shutdown.Limit, Timeout.InfiniteTimeSpan)
            : null;
        Value value;
        try
        {
            value = await compiled.RunAsync(context);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !run.Cancellation.IsCancellationRequested)
        {
            throw new RtfsException("RTFS9024", "Timeout", Late(), place);
        }

        await run.FinishAsync(own, task);
        return value;

        string Late() => $"the plan had not ended {run.Shutdown.Limit.TotalMilliseconds:0} ms after its :max-run-ms of {longest}, and is cancelled";

        void CutOff()
        {
            run.Events.Log("warn", "", Late());
            if (isWhole)
            {
                run.Cancel();
            }
            else
            {
                run.Cancel(own);
                over.Cancel();
            }
        }
    }

    public static RtfsException Unbound(string name, RunOptions options, SourcePlace place)
    {
        var nearest = Language.Nearest(name, options.Bindings.Keys);
        return new RtfsException(
            "RTFS9030",
            "StreamError",
            $"resource \"{name}\" is not bound" + (nearest is not null ? $"; did you mean \"{nearest}\"?" : $": start the plan with --bind {name}=CAPABILITY-ID, or RunOptions.Bindings"),
            place);
    }

    private static IEnumerable<Value> Items(Value value) => value.As<VectorValue>()?.Items ?? value.As<ListValue>()?.Items ?? [];

    private void CheckResources(Value resources, SourcePlace place)
    {
        foreach (var resource in Items(resources))
        {
            // A plan is data: its resources are the very forms (resource:ref "name"), or were evaluated when the plan was made.
            if (resource.As<ListValue>() is { Count: 2 } form && form[1].As<string>() is { } name && !options.Bindings.ContainsKey(name))
            {
                throw Unbound(name, options, place);
            }
        }
    }
}
