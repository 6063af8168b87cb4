// What is known of an item beside its data.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>Which way an item goes, seen from the program.</summary>
internal enum ItemDirection
{
    Inbound,
    Outbound,
    Bidirectional,
}

/// <summary>Kept once per batch, and made per item only where it is asked for.</summary>
/// <param name="Sequence">The place of the item in the stream that the stage reads, from 0.</param>
/// <param name="Timestamp">When its source handed it over.</param>
/// <param name="Stage">The stage that works on it.</param>
internal readonly record struct ItemEnvelope(long Sequence, DateTimeOffset Timestamp, StageIdentity Stage, ItemDirection Direction, string? CorrelationId = null)
{
    /// <summary>What <c>(stream-meta)</c> gives.</summary>
    public Value ToValue() => Value.Of(MapValue.Empty
        .Assoc(Value.Of(Keyword.Of("sequence")), Value.Int(Sequence))
        .Assoc(Value.Of(Keyword.Of("timestamp")), Value.Timestamp(Timestamp.UtcDateTime))
        .Assoc(Value.Of(Keyword.Of("direction")), Value.Of(Keyword.Of(Enum.GetName(Direction)!.ToLowerInvariant())))
        .Assoc(Value.Of(Keyword.Of("correlation-id")), CorrelationId is { } id ? Value.String(id) : Value.Nil)
        .Assoc(Value.Of(Keyword.Of("stage")), Value.String(Stage.Id))
        .Assoc(Value.Of(Keyword.Of("metadata")), Value.Of(MapValue.Empty)));
}
