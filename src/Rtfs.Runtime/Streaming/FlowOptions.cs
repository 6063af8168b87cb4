// What `:config` and the trailing options of a form say about how its items flow.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <summary>Null where nothing is said.</summary>
internal sealed record FlowOptions
{
    public const int DefaultBufferSize = 1024;

    public static FlowOptions None { get; } = new();

    /// <summary>Items that a mailbox holds.</summary>
    public int? BufferSize { get; init; }

    /// <summary>Items that travel together at most.</summary>
    public int? BatchSize { get; init; }

    /// <summary>How long the next item may take.</summary>
    public TimeSpan? Idle { get; init; }

    public bool? CallbacksEnabled { get; init; }

    /// <summary>What a reader's full buffer does.</summary>
    public Backpressure? Backpressure { get; init; }

    public ErrorOptions Errors { get; init; } = ErrorOptions.None;

    /// <summary>Reads the keys that stand in <c>:config</c>; <paramref name="config"/> may be nil.</summary>
    public static FlowOptions Read(Value config, string form, SourcePlace? place)
    {
        var options = new OptionReader(config, $":config of {form}", place);
        var read = Take(options);
        options.Finish();
        return read;
    }

    /// <summary>Takes the keys from a map that may hold others.</summary>
    public static FlowOptions Take(OptionReader options)
    {
        var size = options.OptionalCount("buffer-size", 1);
        var backpressure = options.Backpressure();
        return size is not null && backpressure?.BufferSize is { } other && other != size
            ? throw options.Problem($":buffer-size {size} and :backpressure {{:buffer-size {other}}} are one size; give one of them")
            : Take(options, backpressure?.BufferSize ?? size, backpressure);
    }

    private static FlowOptions Take(OptionReader options, int? size, Backpressure? backpressure) => new()
    {
        BufferSize = size,
        Backpressure = backpressure,
        BatchSize = options.OptionalCount("batch-size", 1),
        Idle = options.OptionalCount("timeout-ms", 1) is { } limit ? TimeSpan.FromMilliseconds(limit) : null,
        CallbacksEnabled = options.Flag("enable-callbacks"),
        Errors = options.ErrorHandling(),
    };

    /// <summary>This, and where it says nothing <paramref name="outer"/>; errors likewise, cause by cause.</summary>
    public FlowOptions Or(FlowOptions outer) => new()
    {
        BufferSize = BufferSize ?? outer.BufferSize,
        BatchSize = BatchSize ?? outer.BatchSize,
        Idle = Idle ?? outer.Idle,
        CallbacksEnabled = CallbacksEnabled ?? outer.CallbacksEnabled,
        Backpressure = Backpressure ?? outer.Backpressure,
        Errors = new ErrorOptions
        {
            General = Errors.General ?? outer.Errors.General,
            OnParse = Errors.OnParse ?? outer.Errors.OnParse,
            OnSchema = Errors.OnSchema ?? outer.Errors.OnSchema,
            OnProcessing = Errors.OnProcessing ?? outer.Errors.OnProcessing,
            Letters = Errors.Letters ?? outer.Errors.Letters,
        },
    };
}
