/// What is known of one diagnostic code.
namespace Rtfs.Syntax.Diagnostics

/// `Wrong` and `Right` are whole texts: the first gives exactly this code, the second gives nothing.
type internal CodeEntry = {
    Code: string
    Title: string
    Severity: Severity
    Meaning: string
    Wrong: string
    Right: string
}

module internal CodeEntry =
    let private entry severity code title meaning wrong right = {
        Code = code
        Title = title
        Severity = severity
        Meaning = meaning
        Wrong = wrong
        Right = right
    }

    let error code title meaning wrong right =
        entry Severity.Error code title meaning wrong right

    let warning code title meaning wrong right =
        entry Severity.Warning code title meaning wrong right
