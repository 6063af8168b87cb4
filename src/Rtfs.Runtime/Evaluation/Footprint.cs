// What values are counted as taking of the memory that an evaluation may use.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>Bytes; estimates that depend on the value alone, never on the machine.</summary>
internal static class Footprint
{
    /// <summary>An item of a vector, with its share of the tree.</summary>
    public const long Item = 20;

    /// <summary>A cell of a list.</summary>
    public const long Cell = 48;

    /// <summary>A key with its value in a map.</summary>
    public const long Entry = 64;

    /// <summary>An object without its contents: a collection, a closure, a string.</summary>
    public const long Header = 40;

    /// <summary>A value that a library function gives, items apart, which are counted as it works on them; a string counts whole.</summary>
    public static long Result(Value result) => result.Reference switch
    {
        string text => Text(text.Length),
        MapValue or VectorValue or ListValue => Entry,
        _ => 0,
    };

    public static long Text(long characters) => Header + (2 * characters);

    public static long Items(long count) => Header + (Item * count);
}
