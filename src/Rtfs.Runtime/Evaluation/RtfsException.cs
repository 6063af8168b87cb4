// An error of a running program, as the language sees it.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>
/// Raised by evaluation, the engine and providers' faults. <see cref="Kind"/> is a name of the language
/// (<c>TypeError</c>, <c>DivisionByZero</c>, …); <see cref="Code"/> is registered as RTFS9xxx (or the family that refused the plan).
/// </summary>
public class RtfsException : Exception
{
    public RtfsException(string code, string kind, string message, SourcePlace? place = null, Exception? inner = null)
        : base(message, inner)
    {
        Code = code;
        Kind = kind;
        Place = place;
    }

    public string Code { get; }

    public string Kind { get; }

    /// <summary>Where in the program, when known. Set once, by the innermost node that knows.</summary>
    public SourcePlace? Place { get; private set; }

    /// <summary>Data that a program or provider attached.</summary>
    public Value Payload { get; init; }

    internal RtfsException At(SourcePlace place)
    {
        Place ??= place;
        return this;
    }

    /// <summary>For exception filters: notes the place and lets the exception pass. The innermost filter runs first, and wins.</summary>
    internal bool Passes(SourcePlace place)
    {
        Place ??= place;
        return false;
    }
}
