// What converting a deep value has settled already, so that no level of it is asked twice.

namespace Rtfs.Runtime.Evaluation.Types;

/// <summary>
/// A union asks which member takes a value before that member converts it, and an intersection asks again what its parts have converted.
/// In a recursive type each of those questions goes down to the end of the value: without an answer from below, the square of its depth.
/// Values are immutable and validators keep nothing, so that an answer holds; it is kept until the outermost conversion is over, and only
/// from a depth on that items seldom have.
/// </summary>
internal sealed class Settled
{
    private const int Shallow = 8;

    private readonly HashSet<(TypeValidator Type, object Value)> _fitting = new(ByReference.Instance);
    private int _depth;

    public bool IsDeep => _depth > Shallow;

    /// <summary>The conversion of a named type begins.</summary>
    public void Enter() => _depth++;

    public void Leave()
    {
        if (--_depth == 0 && _fitting.Count > 0)
        {
            _fitting.Clear();
            _fitting.TrimExcess();
        }
    }

    public bool Fits(TypeValidator type, object value) => _fitting.Contains((type, value));

    public void Add(TypeValidator type, object value) => _fitting.Add((type, value));

    private sealed class ByReference : IEqualityComparer<(TypeValidator Type, object Value)>
    {
        public static readonly ByReference Instance = new();

        public bool Equals((TypeValidator Type, object Value) x, (TypeValidator Type, object Value) y) =>
            ReferenceEquals(x.Type, y.Type) && ReferenceEquals(x.Value, y.Value);

        public int GetHashCode((TypeValidator Type, object Value) obj) => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Type),
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Value));
    }
}
