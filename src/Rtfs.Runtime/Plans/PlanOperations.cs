// The meaning of every operation in a run: what evaluation asks of the engine.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Streaming;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Plans;

/// <summary>One per plan that runs: a plan executed inside another shares its run and has its own place, and its own strategy for errors.</summary>
internal sealed class PlanOperations : IOperations
{
    private readonly PlanScope _scope;
    private readonly StreamForms _forms;
    private readonly FlowForms _flows;
    private readonly LifecycleForms _lifecycle;
    private readonly ProduceForm _produce;
    private readonly ConversationForms _conversations;
    private readonly MultiplexForm _multiplex;
    private readonly DemultiplexForm _demultiplex;
    private readonly PlanErrors _plan;

    public PlanOperations(PlanScope scope, StreamForms forms, PlanErrors plan)
    {
        _scope = scope;
        _forms = forms;
        _plan = plan;
        _flows = new FlowForms(scope.Run, forms, plan);
        _lifecycle = new LifecycleForms(scope.Run, forms, plan);
        _produce = new ProduceForm(scope.Run, forms, plan);
        _conversations = new ConversationForms(scope.Run, forms, plan);
        _multiplex = new MultiplexForm(scope.Run, forms, plan);
        _demultiplex = new DemultiplexForm(scope.Run, forms, plan);
    }

    public Value Apply(OperationCall call, EvaluationContext context) => call.Name switch
    {
        "register-stream-capability" or "marketplace:register-capability" => Register(call),
        "stream-source" => _forms.Source(call),
        "stream-sink" => _forms.Sink(call),
        "stream-transform" => _forms.Transform(call, _plan),
        "stream-map" or "stream-filter" or "stream-key-by" or "stream-aggregate" => _forms.Stage(call, _plan),
        "stream-window" => _forms.Window(call, _plan),
        "stream-multiplex" => _multiplex.Apply(call),
        "stream-demultiplex" => _demultiplex.Apply(call),
        "stream-pipeline" => _forms.Pipeline(call),
        "stream-bidirectional" => _conversations.Bidirectional(call),
        "stream-duplex" => _conversations.Duplex(call),
        "stream-callbacks" => _lifecycle.Callbacks(call),
        "stream-pause" or "stream-resume" => _lifecycle.Pause(call),
        "stream-meta" => LifecycleForms.Meta(call, context),
        "resource:ref" => Resource(call),
        "context" or GivenValues.Asking => Parameter(call, context),
        "log" => Log(call),
        "step" => Step(call),
        _ when OperationNames.MayBlock(call.Name) => throw Errors.Waits(call.Name),
        _ => throw new RtfsException("RTFS9009", "InvalidArgument", $"({call.Name} …) is not available in this version", call.Place),
    };

    public ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context) => call.Name switch
    {
        "stream-consume" => _flows.ConsumeAsync(call, Waiting(call, context), context.Cancellation),
        "stream-execute" => _flows.ExecuteAsync(call, Waiting(call, context), context.Cancellation),
        "stream-produce" => _produce.ProduceAsync(call, context, Waiting(call, context)),
        "stream-interact" => _conversations.InteractAsync(call, context, Waiting(call, context)),
        "stream-close" => _lifecycle.CloseAsync(call, Waiting(call, context)),
        "stream-cancel" => _lifecycle.CancelAsync(call, Waiting(call, context)),
        "stream-await" => _lifecycle.AwaitAsync(call, context, Waiting(call, context)),
        "call" => CallAsync(call, context),
        "read-file" => FileText.ReadAsync(call, _scope, context),
        "marketplace:execute-plan" => _scope.ExecuteAsync(call.Arguments[0], Waiting(call, context), call.Place, isWhole: false),
        _ => new(Apply(call, context)),
    };

    public ValueTask ReleaseAsync(Value resource, bool failed, EvaluationContext context) =>
        context.Task is { } task ? _lifecycle.ReleaseAsync(resource, failed, context, task) : ValueTask.CompletedTask;

    public ValueTask BranchEndedAsync(EvaluationContext context) => context.Task?.Among?.EndAsync(_scope.Run) ?? ValueTask.CompletedTask;

    private Value Register(OperationCall call)
    {
        var manifest = RegistrationForm.Read(StreamForms.Merge(ref call, 0), call.Name, call.Place);
        try
        {
            _scope.Capabilities.Register(manifest, _scope.BaseDirectory, call.Types, call.Place);
            return Value.Of(RegistrationForm.ToMap(manifest));
        }
        catch (ProviderException fault)
        {
            throw FailureHandler.AsRtfs(fault, call.Place);
        }
    }

    private Value Resource(OperationCall call)
    {
        var name = call.Arguments[0].As<string>() ?? throw Errors.Argument("resource:ref", "a string", 1, call.Arguments[0]);
        return _scope.Options.Bindings.TryGetValue(name, out var id)
            ? Value.String(id)
            : throw PlanScope.Unbound(name, _scope.Options, call.Place);
    }

    private Value Parameter(OperationCall call, EvaluationContext context)
    {
        if (context.Given.TryAnswer(call, _scope.Options.Parameters, out var name, out var answer))
        {
            return answer;
        }

        var nearest = Language.Nearest(name, _scope.Options.Parameters.Keys);
        throw new RtfsException(
            "RTFS9006",
            "KeyNotFound",
            $"the run has no parameter {name}; " + (nearest is null ? $"start it with --param {name}=VALUE, or RunOptions.Parameters" : $"did you mean {nearest}?"),
            call.Place);
    }

    /// <summary>What the run's watch over waiting tasks knows this evaluation as.</summary>
    private static EngineTask Waiting(OperationCall call, EvaluationContext context) => context.Task
        ?? throw new RtfsException("RTFS9009", "InvalidArgument", $"({call.Name} …) waits for a stream, and nothing runs streams here", call.Place);

    /// <summary>The beginning and the end of a step form: <c>[:started :step "name"]</c>.</summary>
    private Value Step(OperationCall call)
    {
        _scope.Run.Events.Log("debug", "", string.Join(' ', call.Arguments.Select(ValuePrinter.Display)));
        return Value.Nil;
    }

    private Value Log(OperationCall call)
    {
        _scope.Run.Events.Log(
            call.Arguments[0].As<string>() ?? "info",
            "",
            call.Arguments[1].As<string>() ?? ValuePrinter.Display(call.Arguments[1]));
        return Value.Nil;
    }

    private async ValueTask<Value> CallAsync(OperationCall call, EvaluationContext context)
    {
        var id = RegistrationForm.IdOf(call.Arguments[0], call.Place);
        var capability = _scope.Capabilities.Find(id, call.Place);
        if (capability.Provider is not ICapabilityProvider function)
        {
            throw new RtfsException("RTFS9009", "InvalidArgument", $"{id} is a stream, and cannot be called; open it with stream-source or stream-sink", call.Place);
        }

        try
        {
            var arguments = call.Arguments[1..];
            if (capability.Input is { } input)
            {
                Conform(input, arguments, id, call.Place, context);
            }

            var pending = function.CallAsync(arguments, context.Cancellation);
            var answer = context.Task is { } task ? await task.OutsideAsync(pending, $"{id} to answer") : await pending;
            return capability.Output is not { } output || output.Validator(closed: false) is var type && type.Conform(context, ref answer)
                ? answer
                : throw type.Departure(context, answer, $"the answer of {id}", call.Place);
        }
        catch (Exception error) when (error is not RtfsException && !(error is OperationCanceledException && context.Cancellation.IsCancellationRequested))
        {
            throw FailureHandler.AsRtfs(error, call.Place);
        }
    }

    /// <summary>The one argument against the schema, or the vector of several; nil where there is none.</summary>
    private static void Conform(ItemSchema schema, Value[] arguments, string id, SourcePlace place, EvaluationContext context)
    {
        var type = schema.Validator(closed: false);
        if (arguments.Length == 1)
        {
            if (!type.Conform(context, ref arguments[0]))
            {
                throw type.Departure(context, arguments[0], $"the argument of {id}", place);
            }

            return;
        }

        var given = arguments.Length == 0 ? Value.Nil : Value.Of(VectorValue.From(arguments));
        if (!type.Conform(context, ref given))
        {
            throw type.Departure(context, given, $"the arguments of {id}", place);
        }

        if (given.As<VectorValue>() is { } conformed)
        {
            conformed.Items.ToArray().CopyTo(arguments, 0);
        }
    }
}
