// stream-aggregate: one record per window, made by reducers as the items come, so that no window keeps its items.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Streaming.Operators;

internal sealed class AggregateOperator(Reducer[] reducers, int count, ErrorOptions errors, SourcePlace? place)
    : Operator("aggregate", string.Join(' ', reducers.Select(static reducer => reducer.Name)), errors, place)
{
    private static readonly string[] Kinds = [.. Enum.GetNames<ReducerKind>().Select(static name => name.ToLowerInvariant())];

    /// <summary>The same over windows of <paramref name="size"/> items: known when the window in front of it is.</summary>
    public AggregateOperator Over(int size) => new(reducers, size, Errors, Place);

    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => count > 0
        ? new AggregateStage(identity, policy, reducers, count)
        : throw new RtfsException("RTFS9030", "StreamError", "stream-aggregate needs a stream-window directly before it", Place);

    /// <summary>From <c>{:average [:avg :value] :n [:count]}</c>.</summary>
    public static AggregateOperator Read(Value specification, ErrorOptions errors, SourcePlace? place)
    {
        if (specification.As<MapValue>() is not { Count: > 0 } map)
        {
            throw Problem($"stream-aggregate expects a map of names and reducers, {{:average [:avg :value]}}, found {Evaluation.Errors.Describe(specification)}", place);
        }

        var reducers = new List<Reducer>();
        foreach (var (key, value) in map.Entries)
        {
            var name = key.As<Keyword>()?.Name ?? throw Problem($"the names of stream-aggregate are keywords, found {key}", place);
            reducers.Add(ReadReducer(name, value, place));
        }

        return new AggregateOperator([.. reducers], 0, errors, place);
    }

    private static Reducer ReadReducer(string name, Value value, SourcePlace? place)
    {
        if (value.As<VectorValue>() is not { Count: 1 or 2 } parts || parts[0].As<Keyword>() is not { } word)
        {
            throw Problem($":{name} of stream-aggregate is a vector of a reducer and what it reads, [:avg :value], found {value}", place);
        }

        var index = Array.IndexOf(Kinds, word.Name);
        if (index < 0)
        {
            var nearest = Language.Nearest(word.Name, Kinds);
            throw Problem(
                $"{word} is no reducer of stream-aggregate; " + (nearest is null ? $"there are {string.Join(' ', Kinds.Select(static kind => ":" + kind))}" : $"did you mean :{nearest}?"),
                place);
        }

        var input = parts.Count == 2 ? OptionReader.FunctionOf(parts[1], $":{name} of stream-aggregate", place) : null;
        return input is { MayBlock: true }
            ? throw Problem($":{name} of stream-aggregate calls the host or waits for a stream; do that in a stream-map before the window", place)
            : new Reducer(name, (ReducerKind)index, input);
    }

    private static RtfsException Problem(string message, SourcePlace? place) => new("RTFS9009", "InvalidArgument", message, place);
}

/// <summary>
/// A small array of accumulators per key, and no allocation per item but the record that a full window gives. Windows that are not full
/// come when the stream ends, in the order in which their keys first came.
/// </summary>
internal sealed class AggregateStage : Stage
{
    private readonly Reducer[] _reducers;
    private readonly int _count;
    private readonly Dictionary<Value, Window> _windows = [];
    private readonly Value[] _inputs;
    private readonly Shape _shape;
    private readonly Shape _keyedShape;
    private Window? _single;
    private Window? _recent;
    private IEnumerator<KeyValuePair<Value, Window>>? _rest;

    public AggregateStage(StageIdentity identity, ErrorPolicy policy, Reducer[] reducers, int count)
        : base(identity, policy)
    {
        _reducers = reducers;
        _count = count;
        _inputs = new Value[reducers.Length];
        var names = Array.ConvertAll(reducers, static reducer => Keyword.Of(reducer.Name));
        _shape = Shape.Of(names);
        _keyedShape = Shape.Of([Keyword.Of("key"), .. names]);
    }

    protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor)
    {
        var items = batch.Items;
        var keys = batch.IsKeyed ? batch.Keys : null;
        for (; cursor.Read < batch.Count; cursor.Read++)
        {
            var window = keys is null ? _single ??= new Window(Value.Nil, _reducers.Length, false) : WindowOf(keys[cursor.Read]);
            Add(window, items[cursor.Read], context.Evaluation);
            if (window.Count == _count)
            {
                items[cursor.Kept] = Give(window);
                batch.MoveBeside(cursor.Read, cursor.Kept++);
            }
        }
    }

    public override bool Drain(Batch batch, SegmentContext context)
    {
        if (_single is { Count: > 0 })
        {
            batch.Add(Give(_single), null);
        }

        _rest ??= _windows.GetEnumerator();
        while (batch.Count < batch.Items.Length && _rest.MoveNext())
        {
            if (_rest.Current.Value.Count > 0)
            {
                batch.Add(Give(_rest.Current.Value), _rest.Current.Key);
            }
        }

        Counters.Emit(batch.Count);
        return batch.Count > 0;
    }

    private Window WindowOf(Value key)
    {
        if (_recent is { } recent && recent.Key.Equals(key))
        {
            return recent;
        }

        ref var window = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_windows, key, out var known);
        if (!known)
        {
            window = new Window(key, _reducers.Length, true);
        }

        return _recent = window!;
    }

    private void Add(Window window, Value item, EvaluationContext context)
    {
        for (var i = 0; i < _reducers.Length; i++)
        {
            if (_reducers[i].Kind != ReducerKind.Count)
            {
                _inputs[i] = _reducers[i].Read(item, context);
                _reducers[i].Check(window.Accumulators[i], _inputs[i]);
            }
        }

        for (var i = 0; i < _reducers.Length; i++)
        {
            _reducers[i].Add(ref window.Accumulators[i], _inputs[i], window.Count == 0);
        }

        window.Count++;
    }

    private Value Give(Window window)
    {
        var offset = window.IsKeyed ? 1 : 0;
        var values = new Value[_reducers.Length + offset];
        if (window.IsKeyed)
        {
            values[0] = window.Key;
        }

        for (var i = 0; i < _reducers.Length; i++)
        {
            values[i + offset] = _reducers[i].Give(window.Accumulators[i], window.Count);
        }

        Array.Clear(window.Accumulators);
        window.Count = 0;
        return Value.Of(Record.Own(window.IsKeyed ? _keyedShape : _shape, values));
    }

    private sealed class Window(Value key, int reducers, bool keyed)
    {
        public readonly Value Key = key;
        public readonly bool IsKeyed = keyed;
        public readonly Accumulator[] Accumulators = new Accumulator[reducers];
        public int Count;
    }
}
