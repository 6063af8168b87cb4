// A place in a source, cheap to carry: resolved to line and column only when somebody reads it.

using Rtfs.Syntax.Text;

namespace Rtfs.Runtime.Evaluation;

/// <summary>A span, absolute in its source.</summary>
public sealed record SourcePlace(SourceText Source, Span Span)
{
    /// <summary><c>name:line:column</c>, one-based.</summary>
    public override string ToString()
    {
        var position = Source.PositionOf(Span.Start);
        return $"{Source.Name}:{position.Line + 1}:{position.Character + 1}";
    }
}
