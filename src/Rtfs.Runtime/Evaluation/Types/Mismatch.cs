// The first departure of a value from a type: what was expected, what was found, and the way there.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

internal sealed class Mismatch
{
    // A recursive type departs as deep as its value is; a message shows the first steps.
    private const int MaximumSteps = 20;

    // Innermost first: it is found there, and the path grows on the way out.
    private readonly List<Value> _path = [];

    public string Expected { get; private set; } = "";

    public string Found { get; private set; } = "";

    /// <summary>Keys and indexes from the value that was checked to what departs: all of them.</summary>
    public IEnumerable<Value> Path => Enumerable.Reverse(_path);

    /// <summary>
    /// How far a value came on its way into a type: further inside is nearer to what was meant, and there a literal that differs (the tag
    /// of another variant) is less near than anything else. 0: not at all.
    /// </summary>
    public int Reach => _path.Count == 0 ? 0 : (_path.Count * 2) + (IsLiteral ? 0 : 1);

    private bool IsLiteral { get; set; }

    public void Set(string expected, string found, bool literal = false)
    {
        Expected = expected;
        Found = found;
        IsLiteral = literal;
    }

    /// <summary>False: for the validator that adds a step on its way out.</summary>
    public bool In(Value step)
    {
        _path.Add(step);
        return false;
    }

    /// <summary>Becomes what <paramref name="other"/> is.</summary>
    public void Take(Mismatch other)
    {
        Set(other.Expected, other.Found, other.IsLiteral);
        _path.Clear();
        _path.AddRange(other._path);
    }

    public override string ToString()
    {
        var path = _path.Count == 0 ? "" : $" at {string.Join(' ', Path.Take(MaximumSteps))}{(_path.Count > MaximumSteps ? " …" : "")}";
        return $"{path}: expected {Expected}, but found {Found}";
    }
}
