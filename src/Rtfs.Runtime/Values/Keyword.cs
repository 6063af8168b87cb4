// Keywords and symbols are names compared by reference, so that a lookup by keyword costs a pointer comparison.

using System.Collections.Concurrent;

namespace Rtfs.Runtime.Values;

/// <summary>An interned name: two keywords of one name are one object. <see cref="Name"/> has no leading colon.</summary>
public sealed class Keyword
{
    private static readonly ConcurrentDictionary<string, Keyword> Interned = new(StringComparer.Ordinal);

    private Keyword(string name)
    {
        Name = name;
        Hash = StableHash.Of(name) ^ 0x5bd1e995;
    }

    public string Name { get; }

    internal int Hash { get; }

    public static Keyword Of(string name) => Interned.GetOrAdd(name, static n => new Keyword(n));

    public override string ToString() => ":" + Name;
}

/// <summary>A name that quoted code carries. Interned like <see cref="Keyword"/>.</summary>
public sealed class Symbol
{
    private static readonly ConcurrentDictionary<string, Symbol> Interned = new(StringComparer.Ordinal);

    private Symbol(string name)
    {
        Name = name;
        Hash = StableHash.Of(name) ^ 0x1b873593;
    }

    public string Name { get; }

    internal int Hash { get; }

    public static Symbol Of(string name) => Interned.GetOrAdd(name, static n => new Symbol(n));

    public override string ToString() => Name;
}
