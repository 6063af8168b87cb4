// A value of the language in 16 bytes: small kinds are stored in place, everything else is a reference.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

public enum ValueKind
{
    Nil,
    Bool,
    Int,
    Float,
    String,
    Keyword,
    Symbol,
    Timestamp,
    Uuid,
    Vector,
    List,
    Map,
    Function,

    /// <summary>Prefixed, function and consume forms that quoted code holds (see <see cref="FormValue"/>).</summary>
    Form,

    /// <summary>An object of the host or the engine: a stream handle, a pipeline, a resource reference, an error.</summary>
    Object,
}

/// <summary>
/// Immutable. <c>default</c> is nil. Equality is structural and strict on types: 1 is not 1.0, a vector is no list.
/// </summary>
public readonly partial struct Value : IEquatable<Value>
{
    // nil: null. bool, int, float, timestamp: a marker here and the payload in _bits. Otherwise the object itself.
    private readonly object? _reference;
    private readonly long _bits;

    private sealed class Marker(ValueKind kind, int code)
    {
        public readonly ValueKind Kind = kind;

        /// <summary>From 1 to 7.</summary>
        public readonly int Code = code;
    }

    private static readonly Marker BoolMarker = new(ValueKind.Bool, 1);
    private static readonly Marker IntMarker = new(ValueKind.Int, 2);
    private static readonly Marker FloatMarker = new(ValueKind.Float, 3);
    private static readonly Marker TimestampMarker = new(ValueKind.Timestamp, 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Value(object? reference, long bits)
    {
        _reference = reference;
        _bits = bits;
    }

    public static Value Nil => default;

    public static Value True => new(BoolMarker, 1);

    public static Value False => new(BoolMarker, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value Int(long value) => new(IntMarker, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value Float(double value) => new(FloatMarker, BitConverter.DoubleToInt64Bits(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value Bool(bool value) => new(BoolMarker, value ? 1 : 0);

    /// <summary>
    /// A point in time to the millisecond, which is what the language can write; <paramref name="utc"/> is read as UTC whatever its kind.
    /// </summary>
    public static Value Timestamp(DateTime utc) => new(TimestampMarker, utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMillisecond));

    public static Value String(string value) => new(value, 0);

    public static Value Uuid(Guid value) => new(value, 0);

    public static Value Of(Keyword value) => new(value, 0);

    public static Value Of(Symbol value) => new(value, 0);

    public static Value Of(VectorValue value) => new(value, 0);

    public static Value Of(ListValue value) => new(value, 0);

    public static Value Of(MapValue value) => new(value, 0);

    /// <summary>A function, a form, or an object of the host.</summary>
    public static Value OfObject(object value) => new(value, 0);

    public bool IsNil
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _reference is null;
    }

    public bool IsInt
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceEquals(_reference, IntMarker);
    }

    public bool IsFloat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceEquals(_reference, FloatMarker);
    }

    public bool IsBool => ReferenceEquals(_reference, BoolMarker);

    public bool IsTimestamp => ReferenceEquals(_reference, TimestampMarker);

    public bool IsNumber => IsInt || IsFloat;

    /// <summary>Everything but nil and false is true.</summary>
    public bool IsTruthy
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _reference is not null && (!ReferenceEquals(_reference, BoolMarker) || _bits != 0);
    }

    /// <summary>Valid only where the kind has been tested.</summary>
    public long AsInt
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bits;
    }

    /// <summary>Valid only where the kind has been tested.</summary>
    public double AsFloat
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BitConverter.Int64BitsToDouble(_bits);
    }

    /// <summary>Valid only where the kind has been tested.</summary>
    public bool AsBool => _bits != 0;

    /// <summary>Valid only where the kind has been tested.</summary>
    public DateTime AsTimestamp => new(_bits, DateTimeKind.Utc);

    /// <summary>The number as a float; valid for ints and floats.</summary>
    public double ToDouble() => IsInt ? _bits : AsFloat;

    /// <summary>The object behind a reference kind; null for nil; a private marker for kinds stored in place.</summary>
    internal object? Reference
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _reference;
    }

    /// <summary>What says how to read the eight bytes of a value that is stored in place; null for nil and for references.</summary>
    internal object? NumberMarker
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _reference as Marker;
    }

    /// <summary>A small number for each kind that is stored in place; 0 for nil and for references.</summary>
    internal int NumberCode => _reference is Marker marker ? marker.Code : 0;

    /// <summary>The value of which these are the reference or <see cref="NumberMarker"/>, and <see cref="AsInt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Value OfParts(object? reference, long bits) => new(reference, bits);

    /// <summary>The object behind this value as <typeparamref name="T"/>, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T? As<T>()
        where T : class => _reference as T;

    public ValueKind Kind => _reference switch
    {
        null => ValueKind.Nil,
        Marker marker => marker.Kind,
        string => ValueKind.String,
        Keyword => ValueKind.Keyword,
        MapValue => ValueKind.Map,
        VectorValue => ValueKind.Vector,
        ListValue => ValueKind.List,
        Symbol => ValueKind.Symbol,
        Guid => ValueKind.Uuid,
        Evaluation.Function => ValueKind.Function,
        FormValue => ValueKind.Form,
        _ => ValueKind.Object,
    };

    public Guid AsUuid => (Guid)_reference!;

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <summary>The readable text (strings quoted), which reads back to an equal value.</summary>
    public override string ToString() => ValuePrinter.Print(this);
}
