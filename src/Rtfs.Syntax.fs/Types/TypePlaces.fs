/// Types among other forms: behind a colon, before a value, and in the fields of a struct.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Types.TypePlaces

open Rtfs.Syntax.Tree

/// The type at a place among other forms, and the place after it: a mark `?` behind it belongs to it.
let at (report: Report) (forms: Form array) (i: int) : struct ((Type | null) * int) =
    let target = TypeReader.ofForm report forms[i]

    if i + 1 < forms.Length && isMark forms[i + 1] then
        struct (optional target, i + 2)
    else
        struct (target, i + 1)

/// What `defstruct` names: keys and types in turn. A field with a mark, or whose type is optional, may be missing.
let ofFields (report: Report) (parts: Form array) : Type | null =
    let fields = ResizeArray<Field>()
    let mutable i = 0
    let mutable missing = false

    while i < parts.Length do
        let key = parts[i]

        if not (isKey key) then
            report.Refuse
                "RTFS0135"
                key.Span
                $"a field of `defstruct` begins with its keyword, found {Describe.form key}"
                "write (defstruct Name :field Type …)"

            missing <- true
            i <- parts.Length
        elif i + 1 >= parts.Length then
            report.Refuse "RTFS0135" key.Span $"{Describe.form key} has no type" "write (defstruct Name :field Type …)"
            missing <- true
            i <- parts.Length
        else
            let marked = i + 2 < parts.Length && isMark parts[i + 2]

            match TypeReader.ofForm report parts[i + 1] with
            | null -> missing <- true
            | target ->
                let absent =
                    match target with
                    | Type.Optional _ -> true
                    | _ -> marked

                fields.Add(Field(key, target, absent))

            i <- if marked then i + 3 else i + 2

    if missing then null else Type.Map(fields.ToArray(), null)
