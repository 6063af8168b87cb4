// The slots of one function's frame at compile time, and which of them hold captured values.

using Rtfs.Syntax.Expand;

namespace Rtfs.Runtime.Evaluation;

/// <summary>Every binding has a slot of its own: a frame is small, and a slot that is never reused needs no clearing.</summary>
internal sealed class FunctionScope
{
    private readonly Dictionary<Binding, int> _slots = new(ReferenceEqualityComparer.Instance);
    private readonly List<Binding> _captured = [];

    /// <summary>The globals that the function names, and the capability ids that its operations are given, those of inner functions included.</summary>
    public HashSet<object> Mentions { get; } = [];

    /// <summary>What this function takes from around it, in the order of <see cref="CaptureSlots"/>.</summary>
    public IReadOnlyList<Binding> Captured => _captured;

    public int[] CaptureSlots => [.. _captured.Select(binding => _slots[binding])];

    public int Size { get; private set; }

    /// <summary>A slot without a name.</summary>
    public int Reserve() => Size++;

    public int Declare(Binding binding)
    {
        _slots[binding] = Size;
        return Size++;
    }

    public void DeclareAt(Binding binding, int slot) => _slots[binding] = slot;

    /// <summary>The slot of a binding; one that is not of this function becomes captured.</summary>
    public int Resolve(Binding binding)
    {
        if (_slots.TryGetValue(binding, out var slot))
        {
            return slot;
        }

        _captured.Add(binding);
        return Declare(binding);
    }
}
