// A persistent map for any keys and any number of them.

namespace Rtfs.Runtime.Values;

internal sealed class HashMapValue : MapValue
{
    private readonly HashTrie _trie;

    private HashMapValue(HashTrie trie, int count)
    {
        _trie = trie;
        Count = count;
    }

    public override int Count { get; }

    public override IEnumerable<KeyValuePair<Value, Value>> Entries => _trie.Entries;

    public static new HashMapValue From(IEnumerable<KeyValuePair<Value, Value>> entries)
    {
        var trie = HashTrie.Of(entries as KeyValuePair<Value, Value>[] ?? [.. entries], out var count);
        return new HashMapValue(trie, count);
    }

    public override bool TryGet(Value key, out Value value) => _trie.TryGet(key, out value);

    public override MapValue Assoc(Value key, Value value)
    {
        var trie = _trie.With(key, value, out var added);
        return new HashMapValue(trie, added ? Count + 1 : Count);
    }

    public override MapValue Dissoc(Value key)
    {
        var trie = _trie.Without(key);
        return ReferenceEquals(trie, _trie) ? this : new HashMapValue(trie, Count - 1);
    }
}
