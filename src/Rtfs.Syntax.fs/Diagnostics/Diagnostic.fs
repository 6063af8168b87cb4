/// What is wrong with a text, as data: a stable code, a place, what was expected and found, and how to mend it.
namespace Rtfs.Syntax.Diagnostics

open Rtfs.Syntax.Text

type Severity =
    | Error = 1
    | Warning = 2
    | Information = 3

/// A second place that explains the first (the bracket that was opened, the earlier definition).
[<Sealed>]
type RelatedPlace(span: Span, message: string) =
    member _.Span = span
    member _.Message = message

/// `Span` is absolute in its document once the document hands it out. `Fix` is one sentence in the imperative, or null.
[<Sealed>]
type Diagnostic
    (code: string, severity: Severity, span: Span, message: string, fix: (string | null), related: RelatedPlace array) =
    member _.Code = code
    member _.Severity = severity
    member _.Span = span
    member _.Message = message
    member _.Fix = fix
    member _.Related = related

    member _.Shift(offset: int) =
        if offset = 0 then
            Diagnostic(code, severity, span, message, fix, related)
        else
            Diagnostic(
                code,
                severity,
                span.Shift offset,
                message,
                fix,
                related
                |> Array.map (fun place -> RelatedPlace(place.Span.Shift offset, place.Message))
            )
