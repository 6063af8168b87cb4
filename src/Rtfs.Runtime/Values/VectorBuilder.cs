// Builds a vector of any length chunk by chunk, with no version in between.

namespace Rtfs.Runtime.Values;

/// <summary>For one thread; <see cref="ToVector"/> ends it.</summary>
public sealed class VectorBuilder
{
    private readonly List<object> _leaves = [];
    private Value[] _chunk;
    private int _used;

    public VectorBuilder(int capacity = VectorValue.Width) => _chunk = new Value[Math.Clamp(capacity, 0, VectorValue.Width)];

    public int Count => (_leaves.Count * VectorValue.Width) + _used;

    public void Add(Value item)
    {
        if (_used == _chunk.Length)
        {
            Grow();
        }

        _chunk[_used++] = item;
    }

    public void AddRange(ReadOnlySpan<Value> items)
    {
        while (!items.IsEmpty)
        {
            if (_used == _chunk.Length)
            {
                Grow();
            }

            var taken = Math.Min(items.Length, _chunk.Length - _used);
            items[..taken].CopyTo(_chunk.AsSpan(_used));
            _used += taken;
            items = items[taken..];
        }
    }

    public void AddRange(VectorValue items)
    {
        for (var i = 0; i < items.Count;)
        {
            var chunk = items.ChunkFrom(i);
            AddRange(chunk);
            i += chunk.Length;
        }
    }

    /// <summary>Before anything else. One chunk of nil stands for all of them: nobody writes to a chunk that is full.</summary>
    internal void AddEmptyChunks(int count)
    {
        var empty = new Value[VectorValue.Width];
        for (var i = 0; i < count; i++)
        {
            _leaves.Add(empty);
        }
    }

    public VectorValue ToVector()
    {
        if (_used == 0)
        {
            return VectorValue.Empty;
        }

        var tail = _used == _chunk.Length ? _chunk : _chunk.AsSpan(0, _used).ToArray();
        if (_leaves.Count == 0)
        {
            return VectorValue.Built(_used, VectorValue.Bits, null, tail);
        }

        var shift = VectorValue.Bits;
        var level = Parents(_leaves);
        while (level.Count > 1)
        {
            level = Parents(level);
            shift += VectorValue.Bits;
        }

        return VectorValue.Built(Count, shift, (object[])level[0], tail);
    }

    private static List<object> Parents(List<object> children)
    {
        var parents = new List<object>((children.Count / VectorValue.Width) + 1);
        for (var i = 0; i < children.Count; i += VectorValue.Width)
        {
            var branch = new object[VectorValue.Width];
            children.CopyTo(i, branch, 0, Math.Min(VectorValue.Width, children.Count - i));
            parents.Add(branch);
        }

        return parents;
    }

    private void Grow()
    {
        if (_chunk.Length < VectorValue.Width)
        {
            Array.Resize(ref _chunk, Math.Min(VectorValue.Width, Math.Max(4, _chunk.Length * 2)));
            return;
        }

        _leaves.Add(_chunk);
        _chunk = new Value[VectorValue.Width];
        _used = 0;
    }
}
