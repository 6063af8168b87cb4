// Structural equality and hashing of values.

namespace Rtfs.Runtime.Values;

public readonly partial struct Value
{
    /// <summary>
    /// Equality of the language: structural and strict on types. <c>0.0</c> equals <c>-0.0</c>. NaN equals nothing, itself
    /// included, as everywhere in floating point; a collection still equals itself, because one object is not searched for NaN.
    /// </summary>
    public bool Equals(Value other)
    {
        var mine = _reference;
        var theirs = other._reference;
        if (ReferenceEquals(mine, theirs))
        {
            return mine is not Marker || (IsFloat ? AsFloat == other.AsFloat : _bits == other._bits);
        }

        return mine is not (null or Marker) && theirs is not null && SameContents(mine, theirs);
    }

    public override int GetHashCode() => _reference switch
    {
        null => 0,
        Marker => !IsFloat ? _bits.GetHashCode() : AsFloat == 0 ? 17 : StableHash.Mix(_bits.GetHashCode()),
        Keyword keyword => keyword.Hash,
        string text => StableHash.Of(text),
        Symbol symbol => symbol.Hash,
        var reference => reference.GetHashCode(),
    };

    private static bool SameContents(object a, object b) => a switch
    {
        string text => b is string other && text.Equals(other, StringComparison.Ordinal),
        Keyword or Symbol => false,
        MapValue map => b is MapValue other && map.Equals(other),
        VectorValue vector => b is VectorValue other && vector.Equals(other),
        ListValue list => b is ListValue other && list.Equals(other),
        _ => a.Equals(b),
    };
}
