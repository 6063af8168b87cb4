/// Who defines a name, and what it is found to mean.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Definers

open System.Collections.Generic
open Rtfs.Syntax.Text

/// The definitions of one program, found when they are asked for.
let scope (session: Session) (start: string -> unit) =
    let values = Dictionary<string, Known>()
    let busy = HashSet<string>()

    let define (name: string) : Known voption =
        match values.TryGetValue name with
        | true, known -> ValueSome known
        | _ ->
            if busy.Add name then
                start name
                busy.Remove name |> ignore

                match values.TryGetValue name with
                | true, known -> ValueSome known
                | _ -> ValueNone
            else
                ValueNone

    let record (name: string) (known: Known) =
        values[name] <-
            match values.TryGetValue name with
            | true, before when not (obj.ReferenceEquals(before, known)) -> Known.either session.Types before known
            | _ -> known

    struct (define, record)

/// Finds the forms that define a name at their top.
let among (units: Unit array) (isForFew: bool) : string -> Unit list =
    let defines (name: string) (unit: Unit) =
        unit.Facts.Definitions
        |> Array.exists (fun struct (defined, _) -> defined = name)

    if isForFew then
        let known = Dictionary<string, Unit list>()

        let find (name: string) =
            let bit = NameSet.BitOf name
            let mutable found = []

            for i in units.Length - 1 .. -1 .. 0 do
                if units[i].Facts.Defined.Mask &&& bit <> 0UL && defines name units[i] then
                    found <- units[i] :: found

            found

        fun name ->
            match known.TryGetValue name with
            | true, found -> found
            | _ ->
                let found = find name
                known[name] <- found
                found
    else
        let places = Dictionary<string, Unit list>(units.Length)

        for i in units.Length - 1 .. -1 .. 0 do
            for struct (name, _) in units[i].Facts.Definitions do
                match places.TryGetValue name with
                | true, known when obj.ReferenceEquals(known.Head, units[i]) -> ()
                | true, known -> places[name] <- units[i] :: known
                | _ -> places[name] <- [ units[i] ]

        fun name ->
            match places.TryGetValue name with
            | true, known -> known
            | _ -> []
