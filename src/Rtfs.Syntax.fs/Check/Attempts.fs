/// What may fail, and what is done then.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Attempts

open Rtfs.Syntax.Expand

/// The value of `try`: of its body, or of one of its `catch`.
let infer (session: Session) (locals: Locals) body (catches: CatchClause array) (cleanup: Core | null) : Known =
    let before = session.Ended
    let known = session.Infer locals body
    session.Ended <- Ended.tried before session.Ended

    let result =
        catches
        |> Array.fold
            (fun known clause ->
                let inside =
                    match clause.Binding with
                    | null -> locals
                    | binding -> locals.SetItem(binding, Known.ofType Caught.error)

                Sight.either session known (session.Infer inside clause.Body))
            known

    match cleanup with
    | null -> ()
    | present -> session.Infer locals present |> ignore

    result
