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

    /// What a code is about, by the beginning of its number; the families in the order of a listing.
    let families: (string * string) list = [
        "RTFS00", "Reading"
        "RTFS01", "The shape of forms"
        "RTFS1", "Names"
        "RTFS2", "Types"
        "RTFS3", "Streams"
        "RTFS4", "Security"
        "RTFS9", "The run"
    ]

    /// Every number belongs to a family: a test holds the registry to it.
    let familyOf (code: string) : string =
        families
        |> List.tryPick (fun (start, family) ->
            if code.StartsWith(start, System.StringComparison.Ordinal) then
                Some family
            else
                None)
        |> Option.defaultValue "Others"
