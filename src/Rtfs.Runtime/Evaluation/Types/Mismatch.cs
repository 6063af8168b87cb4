// The first departure of a value from a type: what was expected, what was found, and the way there.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Types;

internal sealed class Mismatch
{
    // A recursive type departs as deep as its value is; a message shows the first steps.
    private const int MaximumSteps = 20;

    public string Expected => State.Expected;

    public string Found => State.Found;

    /// <summary>Keys and indexes from the value that was checked to what departs: all of them.</summary>
    public IEnumerable<Value> Path
    {
        get
        {
            for (var at = State.Path; at is not null; at = at.Inner)
            {
                yield return at.Key;
            }
        }
    }

    /// <summary>
    /// How far a value came on its way into a type: further inside is nearer to what was meant, and there a literal that differs (the tag
    /// of another variant) is less near than anything else. 0: not at all.
    /// </summary>
    public int Reach => Steps == 0 ? 0 : (Steps * 2) + (State.IsLiteral ? 0 : 1);

    /// <summary>All that has been told so far: a union takes it back where another member comes further.</summary>
    public Departure State { get; set; } = Departure.None;

    private int Steps => State.Path?.Count ?? 0;

    public void Set(string expected, string found, bool literal = false) => State = State with { Expected = expected, Found = found, IsLiteral = literal };

    public void Reset() => State = Departure.None;

    /// <summary>False: for the validator that adds a step on its way out.</summary>
    public bool In(Value step)
    {
        State = State with { Path = new Step(step, State.Path) };
        return false;
    }

    public override string ToString()
    {
        var path = Steps == 0 ? "" : $" at {string.Join(' ', Path.Take(MaximumSteps))}{(Steps > MaximumSteps ? " …" : "")}";
        return $"{path}: expected {Expected}, but found {Found}";
    }

    /// <summary>A step and those inside of it: it departs there, and the path grows on the way out.</summary>
    internal sealed class Step(Value key, Step? inner)
    {
        public Value Key => key;

        public Step? Inner => inner;

        public int Count { get; } = (inner?.Count ?? 0) + 1;
    }

    internal readonly record struct Departure(string Expected, string Found, bool IsLiteral, Step? Path)
    {
        public static Departure None => new("", "", false, null);
    }
}
