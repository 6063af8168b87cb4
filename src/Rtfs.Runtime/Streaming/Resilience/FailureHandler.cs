// One item failed in one stage: counted, told, kept or raised, as the stage's policy says.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Resilience;

internal enum FailureOutcome
{
    /// <summary>The item is to be tried again, after <see cref="SegmentContext.Delay"/>.</summary>
    Again,

    /// <summary>The item is disposed of.</summary>
    Continue,

    /// <summary>The flow has failed: <see cref="SegmentContext.Failure"/>.</summary>
    Stop,
}

/// <param name="Tries">How often the item has been tried, this time included.</param>
internal readonly record struct ItemFailure(
    Stage Stage, Value Item, long Sequence, DateTimeOffset Timestamp, ErrorCause Cause, Exception Error, int Tries)
{
    /// <summary>Of a stream with keys; null of another.</summary>
    public Value? Key { get; init; }

    /// <summary>Whether it ends the flow.</summary>
    public bool IsLast { get; init; }
}

internal sealed class FailureHandler(RunEvents events)
{
    /// <param name="canGoOn">False: the stage is lost as a whole; no item after this one could fare better, so the flow fails once retries are used up.</param>
    public FailureOutcome Decide(in ItemFailure failure, SegmentContext context, bool canGoOn = true)
    {
        var error = AsRtfs(failure.Error);
        var strategy = failure.Stage.Policy.For(failure.Cause);
        var action = strategy.Action;
        if (action == ErrorAction.Retry)
        {
            if (failure.Tries <= strategy.Attempts)
            {
                failure.Stage.Counters.Retry();
                context.Delay = strategy.DelayBefore(failure.Tries, SeedOf(failure, context.Run));
                Tell(RunEventKind.ItemRetried, failure, error);
                return FailureOutcome.Again;
            }

            action = strategy.Then;
        }

        action = canGoOn ? action : ErrorAction.Fail;
        context.Observe(error, failure with { IsLast = action == ErrorAction.Fail });
        switch (action)
        {
            case ErrorAction.Skip:
                failure.Stage.Counters.Skip();
                Tell(RunEventKind.ItemSkipped, failure, error);
                return FailureOutcome.Continue;
            case ErrorAction.DeadLetter:
                failure.Stage.Counters.DeadLetter();
                context.AddLetter(Letter(failure, error), failure.Stage);
                Tell(RunEventKind.ItemDeadLettered, failure, error);
                return FailureOutcome.Continue;
            default:
                failure.Stage.Counters.Fail();
                context.Failure = Raised(failure, error);
                return FailureOutcome.Stop;
        }
    }

    /// <summary>Whatever a stage, a provider or a host function threw, in the language's terms.</summary>
    public static RtfsException AsRtfs(Exception error, SourcePlace? place = null) => error switch
    {
        RtfsException known => known,
        ProviderException { InnerException: RtfsException inner } => inner,
        ProviderException fault => new RtfsException("RTFS9021", "ResourceError", fault.Message, place, fault),
        _ => new RtfsException("RTFS9021", "ResourceError", $"{error.GetType().Name}: {error.Message}", place, error),
    };

    /// <summary>What callbacks are told of an error.</summary>
    public static Value Describe(RtfsException error, string stage, long? sequence)
    {
        var map = ErrorMap(error).Assoc(Value.Of(Keyword.Of("stage")), Value.String(stage));
        return Value.Of(sequence is { } known ? map.Assoc(Value.Of(Keyword.Of("sequence")), Value.Int(known)) : map);
    }

    /// <summary>Of the item and its attempt, whatever happens beside them.</summary>
    private static int SeedOf(in ItemFailure failure, StreamRun run) =>
        unchecked((((run.SeedOf(failure.Stage.Identity) * 397) ^ failure.Sequence.GetHashCode()) * 397) ^ failure.Tries);

    private static MapValue ErrorMap(RtfsException error)
    {
        var map = MapValue.Empty
            .Assoc(Value.Of(Keyword.Of("code")), Value.String(error.Code))
            .Assoc(Value.Of(Keyword.Of("kind")), Value.String(error.Kind))
            .Assoc(Value.Of(Keyword.Of("message")), Value.String(error.Message));
        map = error is SchemaException departure ? departure.Describe(map) : map;
        return error.Place is { } place ? map.Assoc(Value.Of(Keyword.Of("place")), Value.String(place.ToString())) : map;
    }

    private static RtfsException Raised(in ItemFailure failure, RtfsException error)
    {
        var raised = new RtfsException(
            error.Code,
            error.Kind,
            $"{error.Message} ({failure.Stage.Identity.Id}, item {failure.Sequence})",
            error.Place ?? failure.Stage.Identity.Place,
            failure.Error)
        {
            Payload = Describe(error, failure.Stage.Identity.Id, failure.Sequence),
        };
        return raised;
    }

    /// <summary>Of an item that was a dead letter already, the attempts go on counting, and the envelope is that of the first.</summary>
    private static Value Letter(in ItemFailure failure, RtfsException error)
    {
        var earlier = failure.Stage.Replayed;
        var letter = MapValue.Empty
            .Assoc(Value.Of(Keyword.Of("item")), failure.Item)
            .Assoc(Value.Of(Keyword.Of("stage")), Value.String(failure.Stage.Identity.Id));
        if (failure.Stage.Identity.Capability is { } capability)
        {
            letter = letter.Assoc(Value.Of(Keyword.Of("capability")), Value.String(capability));
        }

        letter = letter
            .Assoc(Value.Of(Keyword.Of("cause")), Value.Of(Keyword.Of(failure.Cause.ToString().ToLowerInvariant())))
            .Assoc(Value.Of(Keyword.Of("error")), Value.Of(ErrorMap(error)))
            .Assoc(Value.Of(Keyword.Of("attempts")), Value.Int(failure.Tries + (earlier?.Attempts ?? 0)))
            .Assoc(Value.Of(Keyword.Of("envelope")), Value.Of(MapValue.Empty
                .Assoc(Value.Of(Keyword.Of("sequence")), Value.Int(earlier?.Sequence ?? failure.Sequence))
                .Assoc(Value.Of(Keyword.Of("timestamp")), Value.Timestamp((earlier?.Timestamp ?? failure.Timestamp).UtcDateTime))));
        return Value.Of(failure.Key is { } key ? letter.Assoc(Value.Of(Keyword.Of("key")), Value.String(ValuePrinter.Print(key))) : letter);
    }

    private void Tell(RunEventKind kind, in ItemFailure failure, RtfsException error) =>
        events.Add(kind, failure.Stage.Identity.Id, $"item {failure.Sequence}: {error.Message}");
}
