// stream-window: gathers a fixed number of items, per key where the stream is keyed.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

/// <param name="count">Items per window.</param>
internal sealed class WindowOperator(int count, SourcePlace? place) : Operator("window", $"{count} items", ErrorOptions.None, place)
{
    public int Count => count;

    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => new WindowStage(identity, policy, count);

    /// <summary>The window in front of an aggregate, which does the gathering itself: this one only counts what passes.</summary>
    public Stage CreatePassage(StageIdentity identity, ErrorPolicy policy) => new PassageStage(identity, policy);

    public static WindowOperator Read(MapValue options, SourcePlace? place)
    {
        var reader = new OptionReader(options, "stream-window", place);
        var type = reader.Take("type");
        var count = reader.OptionalCount("count", 1);
        reader.Finish();
        if (!type.IsNil && type.As<Keyword>()?.Name != "tumbling")
        {
            throw reader.Problem($":type of stream-window is :tumbling in this version, found {type}");
        }

        return new WindowOperator(count ?? throw reader.Problem("stream-window needs :count, the number of items per window: {:type :tumbling :count 100}"), place);
    }
}

internal sealed class PassageStage(StageIdentity identity, ErrorPolicy policy) : Stage(identity, policy)
{
    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        cursor.Read = batch.Count;
        cursor.Kept = batch.Count;
    }
}

/// <summary>Gives <c>{:key k :items […]}</c> per window, or the vector alone; windows that are not full come when the stream ends.</summary>
internal sealed class WindowStage(StageIdentity identity, ErrorPolicy policy, int count) : Stage(identity, policy)
{
    private static readonly Shape Keyed = Shape.Of(Keyword.Of("key"), Keyword.Of("items"));
    private readonly Dictionary<Value, List<Value>> _windows = [];
    private readonly List<Value> _single = [];
    private IEnumerator<KeyValuePair<Value, List<Value>>>? _rest;

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        for (; cursor.Read < batch.Count; cursor.Read++)
        {
            var window = _single;
            if (batch.IsKeyed && !_windows.TryGetValue(batch.Keys![cursor.Read], out window!))
            {
                _windows[batch.Keys[cursor.Read]] = window = [];
            }

            window.Add(batch.Items[cursor.Read]);
            if (window.Count == count)
            {
                batch.Items[cursor.Kept] = Give(batch.IsKeyed ? batch.Keys![cursor.Read] : null, window);
                batch.MoveBeside(cursor.Read, cursor.Kept++);
            }
        }
    }

    public override bool Drain(Batch batch, SegmentContext context)
    {
        if (_single.Count > 0)
        {
            batch.Add(Give(null, _single), null);
        }

        _rest ??= _windows.GetEnumerator();
        while (batch.Count < batch.Items.Length && _rest.MoveNext())
        {
            if (_rest.Current.Value.Count > 0)
            {
                batch.Add(Give(_rest.Current.Key, _rest.Current.Value), _rest.Current.Key);
            }
        }

        Counters.Emit(batch.Count);
        return batch.Count > 0;
    }

    private static Value Give(Value? key, List<Value> window)
    {
        var items = Value.Of(VectorValue.From(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(window)));
        window.Clear();
        return key is { } known ? Value.Of(Record.Of(Keyed, known, items)) : items;
    }
}
