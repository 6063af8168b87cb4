// Diagnostics for people, and whether they forbid to go on.

using Rtfs.Syntax;
using Rtfs.Syntax.Diagnostics;

namespace Rtfs.Cli.Output;

internal static class Diagnostics
{
    /// <summary>What checking found, or why the text could not even be decoded.</summary>
    public static IReadOnlyList<Diagnostic> Of(PlanFile file, Analysis analysis) =>
        file.Problem is null ? analysis.Diagnostics : [file.Problem];

    public static bool HasErrors(IReadOnlyList<Diagnostic> diagnostics)
    {
        foreach (var found in diagnostics)
        {
            if (found.Severity == Severity.Error)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes all with excerpts; true when one is an error.</summary>
    public static bool Report(PlanFile file, Analysis analysis, TextWriter text, bool colour)
    {
        var diagnostics = Of(file, analysis);
        if (diagnostics.Count > 0)
        {
            text.WriteLine(Language.Render(file.Source, diagnostics, colour).TrimEnd());
        }

        return HasErrors(diagnostics);
    }
}
