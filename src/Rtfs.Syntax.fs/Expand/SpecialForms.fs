/// The words of the language: those that keep their meaning everywhere, and those that a program may give another.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.SpecialForms

open System.Collections.Generic

/// Cannot be shadowed, and are no values.
let names =
    HashSet<string>(
        "if let do def defn fn λ lambda quote and or match loop recur for try catch finally defmacro defstruct deftype module import"
            .Split
            ' '
    )

/// Special forms that a library may also offer as functions.
let alsoFunctions = HashSet<string>([ "and"; "or" ])

/// Forms that give way to a definition or binding of the same name.
let shadowable =
    HashSet<string>("dotimes doseq case step step-if step-loop step-parallel parallel with-resource".Split ' ')

/// Words of Lisps that the language does not have, with what does their work.
let foreign (name: string) : string | null =
    match name with
    | "set!" -> "values do not change; bind a new name by let, or go round with loop and recur"
    | "atom"
    | "swap!"
    | "reset!" -> "there is no changing state; keep it in the arguments of loop, or in a reduce"
    | "delay" -> "write a function (fn [] …) and call it"
    | "ns"
    | "require" -> "write (module name …) and (import name :as alias)"
    | "defn-" -> "write defn, and leave the name out of the module's :exports"
    | _ -> null
