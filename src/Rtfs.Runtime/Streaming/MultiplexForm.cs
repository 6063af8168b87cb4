// stream-multiplex: several streams as one, by a strategy.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Streaming.Heads;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Streaming;

internal sealed class MultiplexForm(StreamRun run, StreamForms forms, PlanErrors plan)
{
    private static readonly string[] Strategies = ["round-robin", "priority", "random"];

    public Value Apply(OperationCall call)
    {
        var options = new OptionReader(StreamForms.Merge(ref call, 1), call.Name, call.Place);
        var strategy = options.Take("strategy");
        var priorities = options.Take("priorities");
        var seed = options.OptionalCount("seed", 0);
        var errors = StreamForms.ErrorsOf(options, call);
        options.Finish();
        var inputs = StreamForms.Items(call.Arguments[0], "stream-multiplex expects a vector of streams", call.Place)
            .Select(item => forms.Stream(item, plan, call.Place)).ToArray();
        if (inputs.Length == 0)
        {
            throw Problem("stream-multiplex needs at least one stream", call.Place);
        }

        var identity = run.Name("multiplex", null, null, call.Place);
        var made = Strategy(strategy, priorities, seed, inputs, identity);
        return Value.OfObject(new MultiplexHandle(identity, inputs, made, errors));
    }

    private MultiplexStrategy Strategy(Value strategy, Value priorities, int? seed, StreamHandle[] inputs, StageIdentity identity)
    {
        var place = identity.Place!;
        var word = strategy.IsNil ? "round-robin" : strategy.As<Keyword>()?.Name;
        if (!priorities.IsNil && word != "priority")
        {
            throw Problem(":priorities of stream-multiplex goes with :strategy :priority", place);
        }

        if (seed is not null && word != "random")
        {
            throw Problem(":seed of stream-multiplex goes with :strategy :random", place);
        }

        return word switch
        {
            "round-robin" => new RoundRobinStrategy(),
            "priority" => new PriorityStrategy(Priorities(priorities, inputs, place)),
            "random" => new RandomStrategy(seed ?? run.SeedOf(identity)),
            null when strategy.As<Function>() is { } function => new FunctionStrategy(function, place),
            _ => throw Unknown(strategy, word, place),
        };
    }

    /// <summary>Where nothing is said, the first input comes first; an input that a map does not name has 0.</summary>
    private static double[] Priorities(Value written, StreamHandle[] inputs, SourcePlace place)
    {
        var priorities = new double[inputs.Length];
        if (written.IsNil)
        {
            return priorities;
        }

        if (written.As<MapValue>() is not { } map)
        {
            throw Problem($":priorities of stream-multiplex is a map of inputs and numbers, {{0 10 \"com.example:v1:feed\" 5}}, found {Errors.Describe(written)}", place);
        }

        foreach (var (input, value) in map.Entries)
        {
            var priority = value.IsInt ? value.AsInt
                : value is { IsFloat: true, AsFloat: var number } && !double.IsNaN(number) ? number
                : throw Problem($"the priority of {input} is a number, found {Errors.Describe(value)}", place);
            foreach (var index in Named(input, inputs, place))
            {
                priorities[index] = priority;
            }
        }

        return priorities;
    }

    private static int[] Named(Value input, StreamHandle[] inputs, SourcePlace place)
    {
        if (input.IsInt)
        {
            return input.AsInt >= 0 && input.AsInt < inputs.Length
                ? [(int)input.AsInt]
                : throw Problem($":priorities names the input {input}, and the inputs are 0 to {inputs.Length - 1}", place);
        }

        var id = RegistrationForm.IdOf(input, place);
        int[] found = [.. Enumerable.Range(0, inputs.Length).Where(index => OriginOf(inputs[index]) == id)];
        if (found.Length > 0)
        {
            return found;
        }

        var nearest = Language.Nearest(id, [.. inputs.Select(OriginOf).OfType<string>()]);
        throw Problem(
            $":priorities names {id}, which none of the inputs reads; " + (nearest is null ? "name an input by its index, or by the id of its capability" : $"did you mean {nearest}?"),
            place);
    }

    /// <summary>The capability that an input reads, behind whatever operators; null where it reads several.</summary>
    private static string? OriginOf(StreamHandle handle)
    {
        while (handle.Inputs is [var only])
        {
            handle = only;
        }

        return handle.Identity.Capability;
    }

    private static RtfsException Unknown(Value strategy, string? word, SourcePlace place)
    {
        var nearest = word is null ? null : Language.Nearest(word, Strategies);
        return Problem(
            $":strategy of stream-multiplex is :round-robin, :priority, :random or a function, found {strategy}" + (nearest is null ? "" : $"; did you mean :{nearest}?"),
            place);
    }

    private static RtfsException Problem(string message, SourcePlace place) => new("RTFS9009", "InvalidArgument", message, place);
}
