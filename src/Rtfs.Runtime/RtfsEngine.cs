// DOOR 2: what a C# host uses.

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Conversations;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Streaming.Replay;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Syntax;
using Rtfs.Syntax.Expand;

namespace Rtfs.Runtime;

/// <summary>How an engine is made. <c>AddRtfs()</c> takes the same.</summary>
public sealed class RtfsEngineOptions
{
    /// <summary>All time in the engine comes from here.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Where imported modules come from; null when texts of this host import nothing.</summary>
    public IModuleResolver? Modules { get; init; }

    /// <summary>Takes what evaluated texts print and log: the level (<c>print</c>, <c>debug</c>, <c>info</c>, <c>warn</c>, <c>error</c>) and the line. Runs of plans have their events.</summary>
    public Action<string, string>? EvaluationLog { get; init; }

    /// <summary>Provider kinds beyond <c>:local</c> and <c>:values</c>: hosts compose connectors here.</summary>
    public IList<IProviderFactory> ProviderFactories { get; } = [];
}

/// <summary>Thread-safe. Disposing stops the runs that are not over and waits for them.</summary>
public sealed class RtfsEngine : IAsyncDisposable
{
    private readonly ConcurrentDictionary<PlanRun, byte> _running = [];
    private readonly ILogger _logger;

    public RtfsEngine(RtfsEngineOptions? options = null)
    {
        Options = options ?? new RtfsEngineOptions();
        Factories = new ProviderFactories([new ValuesProviderFactory(), new FunctionProviderFactory(), .. Options.ProviderFactories]);
        Marketplace = new Marketplace.Marketplace(this);
        _logger = Options.LoggerFactory?.CreateLogger("Rtfs") ?? NullLogger.Instance;
    }

    public Marketplace.Marketplace Marketplace { get; }

    internal RtfsEngineOptions Options { get; }

    internal ProviderFactories Factories { get; }

    /// <summary>Where engine tasks run; tests put a seeded one here.</summary>
    internal TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Whether runs assert the conservation law as they go: in tests, on one thread.</summary>
    internal bool Audits { get; init; }

    /// <summary>What a check is told of this host: its functions, and the capabilities and provider kinds of now.</summary>
    public ICatalogue Catalogue => new Catalogue(Marketplace.Capabilities, Factories.Kinds);

    /// <summary>Reads and checks. Never throws on any text: see <see cref="Plan.Analysis"/>.</summary>
    /// <param name="strict">Whether to say, too, where nothing is known of a value's type.</param>
    public Plan Load(string text, string name = "<plan>", string? baseDirectory = null, bool strict = false) =>
        new(Language.Analyze(Language.Read(text, name), Catalogue, Options.Modules, strict), baseDirectory);

    /// <summary>
    /// What running the plan needs a grant for, each with the capability that needs it, granted or not. Opens nothing and runs nothing;
    /// empty for a plan with errors.
    /// </summary>
    /// <exception cref="ProviderException">A literal registration that no provider takes.</exception>
    public IReadOnlyList<Requirement> Requirements(Plan plan, RunOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Analysis.HasErrors ? [] : PlanNeeds.Of(plan, options ?? new RunOptions(), Marketplace, Factories).Requirements;
    }

    /// <summary>
    /// What the options give to the plan and it never asks for, each with the nearest name that it does ask for, or null: names of
    /// parameters as <c>:name</c>, of resources as they are. Empty where the plan computes what it asks for.
    /// </summary>
    public IReadOnlyList<(string Name, string? Nearest)> Unused(Plan plan, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        var literals = PlanLiterals.Of(plan.Analysis.Program);
        if (literals.ReadsComputed)
        {
            return [];
        }

        string[] resources = [.. literals.Resources.Select(static resource => resource.Name)];
        return
        [
            .. options.Parameters.Keys.Where(name => !literals.Parameters.Contains(name))
                .Select(name => ($":{name}", Language.Nearest(name, [.. literals.Parameters]))),
            .. options.Bindings.Keys.Where(name => !resources.Contains(name)).Select(name => (name, Language.Nearest(name, resources))),
        ];
    }

    /// <summary>Starts a plan. A plan with errors, or one that needs what is not granted, is refused with an <see cref="PlanRefusedException"/>.</summary>
    /// <exception cref="PlanRefusedException">All that is missing is named at once.</exception>
    /// <exception cref="ProviderException">A registration that is written out in the plan is wrong.</exception>
    public Task<PlanRun> StartAsync(Plan plan, RunOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        cancellation.ThrowIfCancellationRequested();
        options ??= new RunOptions();
        if (plan.Analysis.HasErrors)
        {
            throw new PlanRefusedException(Language.Render(plan.Analysis.Document.Source, plan.Analysis.Diagnostics, false), []);
        }

        var needs = PlanNeeds.Of(plan, options, Marketplace, Factories);
        if (needs.UnboundResources is [var (name, place), ..])
        {
            throw new PlanRefusedException($"{place}: {PlanScope.Unbound(name, options, place).Message}", []);
        }

        var missing = needs.Requirements.Select(static requirement => requirement.Effect).Distinct().Where(effect => !options.Grants.Allows(effect)).ToArray();
        if (missing.Length > 0)
        {
            throw new PlanRefusedException($"The plan needs what is not granted: {string.Join(", ", missing.Select(static effect => effect.ToString()))}.", missing);
        }

        var program = CompiledProgram.Compile(plan.Analysis.Program);
        try
        {
            LiteralSchema.CheckAll(needs.Schemas, program.Types);
        }
        catch (RtfsException mistake)
        {
            throw new PlanRefusedException($"{mistake.Place}: {mistake.Message}", []);
        }

        var replay = LetterReplay.Open(options, plan.Analysis);
        return Task.FromResult(Start(
            options,
            plan.BaseDirectory,
            async (scope, context) =>
            {
                var value = await program.RunAsync(context);

                // A text that is a plan, and not a program, is run as one.
                return plan.Analysis.Program.Forms is [.., var last] && last.Core is not Core.Define && PlanScope.IsPlan(value)
                    ? await scope.ExecuteAsync(value, context.Task!, new SourcePlace(plan.Analysis.Program.Source, last.Core.Span.Shift(last.Start)), isWhole: true)
                    : value;
            },
            replay,
            cancellation));
    }

    /// <summary>
    /// Evaluates a text in a fresh environment with no grants; only what does not read is refused before it runs. Streaming forms
    /// and <c>call</c> are refused when they are reached.
    /// </summary>
    public Task<EvaluationResult> EvaluateAsync(string text, string name = "<eval>", CancellationToken cancellation = default) =>
        EvaluateAsync(text, name, EvaluationLimits.Standard, cancellation);

    /// <summary>The same within limits; going beyond one is the error of the result.</summary>
    public async Task<EvaluationResult> EvaluateAsync(
        string text, string name, EvaluationLimits limits, CancellationToken cancellation = default)
    {
        var analysis = Load(text, name).Analysis;
        if (!analysis.Reads)
        {
            return new EvaluationResult(default, UnreadableText.Error(analysis));
        }

        var context = new EvaluationContext(new NoOperations(Options.EvaluationLog), Options.Time, limits, cancellation);
        try
        {
            var value = await CompiledProgram.Compile(analysis.Program).RunAsync(context);
            return new EvaluationResult(value, null) { Steps = context.StepsUsed };
        }
        catch (RtfsException error)
        {
            return new EvaluationResult(default, error) { Steps = context.StepsUsed };
        }
        catch (OutOfMemoryException)
        {
            // A single string or vector beyond what the process can hold, asked for before it could be counted.
            return new EvaluationResult(default, Errors.MemoryLimit(limits.MaxMemory)) { Steps = context.StepsUsed };
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (run, _) in _running)
        {
            await run.DisposeAsync();
        }
    }

    /// <summary>Starts a run whose body is given by code.</summary>
    internal PlanRun Start(
        RunOptions options, string? baseDirectory, Func<PlanScope, EvaluationContext, ValueTask<Values.Value>> body, LetterReplay? replay = null, CancellationToken cancellation = default)
    {
        var events = new RunEvents(Options.Time, _logger, options.Log);
        var run = new StreamRun(Options.Time, Scheduler, events, options.DeadLetterPath, cancellation)
        {
            Audits = Audits,
            Replay = replay,
            Seed = options.Seed ?? Options.Time.GetUtcNow().Ticks.GetHashCode(),
        };
        var capabilities = new CapabilityTable(Marketplace, Factories, options.Grants);
        var forms = new StreamForms(run, capabilities);
        run.LettersTo = forms.Letters;
        run.SinkOf = forms.Openings.SinkOf;
        var scope = new PlanScope(this, run, capabilities, forms, options, baseDirectory);
        run.Evaluation = new EvaluationContext(new PlanOperations(scope, forms, new PlanErrors(ErrorOptions.None)), Options.Time, run.Cancellation) { Shutdown = run.Shutdown };
        var execution = new PlanExecution(run);
        _running[execution] = 0;
        _ = execution.Completion.ContinueWith(
            static (_, state) => ((Action)state!)(),
            () => _running.TryRemove(execution, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        execution.Begin(task => body(scope, run.Evaluation.Fork(task)), Scheduler);
        return execution;
    }
}

/// <summary>Exactly one of value and error: <see cref="Error"/> is null when it went well.</summary>
public sealed record EvaluationResult(Values.Value Value, Evaluation.RtfsException? Error)
{
    /// <summary>What was used of <see cref="EvaluationLimits.MaxSteps"/>.</summary>
    public long Steps { get; init; }
}

/// <summary>A plan that may not run: <see cref="MissingGrants"/> is empty when its diagnostics are the reason.</summary>
public sealed class PlanRefusedException(string message, IReadOnlyList<Effect> missingGrants) : Exception(message)
{
    public IReadOnlyList<Effect> MissingGrants { get; } = missingGrants;
}
