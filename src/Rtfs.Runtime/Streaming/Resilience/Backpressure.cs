// What a reader's buffer does when it is full.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Resilience;

internal enum BackpressureStrategy
{
    /// <summary>The writer waits; nothing is lost.</summary>
    Block,

    /// <summary>What has waited longest gives way.</summary>
    DropOldest,

    /// <summary>What comes is not taken.</summary>
    DropNewest,

    /// <summary>The buffer grows, up to its largest size; there the writer waits.</summary>
    Resize,
}

/// <param name="MaxSize">Items, for <see cref="BackpressureStrategy.Resize"/>.</param>
/// <param name="OnBackpressure">Told when the buffer has become full, once until it has half emptied.</param>
internal sealed record Backpressure(BackpressureStrategy Strategy, int? BufferSize = null, int MaxSize = 0, Function? OnBackpressure = null)
{
    /// <summary>A buffer that grows and is given no limit grows to this many items.</summary>
    public const int DefaultMaxSize = 65_536;

    public static Backpressure Block { get; } = new(BackpressureStrategy.Block);

    public string Name => Strategy switch
    {
        BackpressureStrategy.DropOldest => "drop-oldest",
        BackpressureStrategy.DropNewest => "drop-newest",
        BackpressureStrategy.Resize => "resize",
        _ => "block",
    };

    /// <summary>A keyword, or a map with <c>:strategy</c>; null for nil.</summary>
    public static Backpressure? Read(Value value, string form, SourcePlace? place)
    {
        if (value.IsNil)
        {
            return null;
        }

        if (value.As<Keyword>() is { } name)
        {
            return new Backpressure(StrategyOf(name.Name, value, form, place), MaxSize: DefaultMaxSize);
        }

        var options = new OptionReader(value, $":backpressure of {form}", place);
        var strategy = options.Take("strategy");
        var size = options.OptionalCount("buffer-size", 1);
        var largest = options.OptionalCount("max-size", 1);
        var told = options.Function("on-backpressure");
        options.Finish();
        var read = strategy.IsNil ? BackpressureStrategy.Block : StrategyOf(strategy.As<Keyword>()?.Name, strategy, form, place);
        if (largest is not null && read != BackpressureStrategy.Resize)
        {
            throw options.Problem($":max-size of {form} belongs to {{:strategy :resize}}; a buffer that does not grow has :buffer-size");
        }

        return largest < size
            ? throw options.Problem($":max-size {largest} of {form} is less than its :buffer-size {size}")
            : new Backpressure(read, size, largest ?? Math.Max(DefaultMaxSize, size ?? 0), told);
    }

    private static BackpressureStrategy StrategyOf(string? name, Value found, string form, SourcePlace? place) => name switch
    {
        "block" => BackpressureStrategy.Block,
        "drop-oldest" => BackpressureStrategy.DropOldest,
        "drop-newest" => BackpressureStrategy.DropNewest,
        "resize" => BackpressureStrategy.Resize,
        _ => throw new RtfsException(
            "RTFS9009", "InvalidArgument", $":backpressure of {form} is :block, :drop-oldest, :drop-newest or :resize, found {found}", place),
    };
}
