// A text that does not read, told as an error of its evaluation.

using Rtfs.Syntax;
using Rtfs.Syntax.Diagnostics;

namespace Rtfs.Runtime.Evaluation;

internal static class UnreadableText
{
    /// <summary>The first error of reading; <paramref name="analysis"/> has one.</summary>
    public static RtfsException Error(Analysis analysis)
    {
        var first = analysis.Diagnostics.First(found =>
            found.Severity == Severity.Error && found.Code.StartsWith("RTFS0", StringComparison.Ordinal));
        return new RtfsException(first.Code, "ParseError", first.Message, new SourcePlace(analysis.Document.Source, first.Span));
    }
}
