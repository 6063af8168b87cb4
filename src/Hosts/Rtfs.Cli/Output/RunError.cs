// An error of a running program for people: its code, its place as an excerpt, and where in the run it happened.

using Rtfs.Runtime.Evaluation;
using Rtfs.Syntax;
using Rtfs.Syntax.Diagnostics;

namespace Rtfs.Cli.Output;

internal static class RunError
{
    public static void Write(RtfsException error, TextWriter text, bool colour)
    {
        if (error.Place is { } place)
        {
            var diagnostic = new Diagnostic(error.Code, Severity.Error, place.Span, $"{error.Kind}: {error.Message}", null, []);
            text.WriteLine(Language.Render(place.Source, [diagnostic], colour).TrimEnd());
        }
        else
        {
            text.WriteLine($"error[{error.Code}] {error.Kind}: {error.Message}");
        }

        if (Language.Explain(error.Code) is not null)
        {
            text.WriteLine($"More: rtfs explain {error.Code}");
        }
    }
}
