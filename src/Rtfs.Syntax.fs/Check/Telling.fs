/// What following a text has found, told of the places where its forms stand now.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Telling

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text

/// Where the forms of the text itself begin now.
let private startsOf (text: CheckedText) (units: Unit array) : Origin -> int =
    let starts =
        lazy
            (let found = Dictionary<Origin, int>(units.Length, HashIdentity.Reference)
             let mutable i = 0

             for unit in units do
                 if unit.Origin.IsOwn then
                     found[unit.Origin] <- Texts.startOf text i
                     i <- i + 1

             found)

    fun (origin: Origin) ->
        match starts.Value.TryGetValue origin with
        | true, start -> start
        | _ -> 0

/// Where things stand in the text, and in the texts that it imports, whose forms come before its own.
let private placing (imported: CheckedText array) (startOf: Origin -> int) (units: Unit array) : Twice.Placing =
    let modules =
        lazy
            (let found = Dictionary<Origin, struct (CheckedText * int)>(HashIdentity.Reference)
             let mutable next = 0

             for text in imported do
                 for i in 0 .. text.Facts.Length - 1 do
                     found[units[next].Origin] <- struct (text, i)
                     next <- next + 1

             found)

    fun unit span ->
        if unit.Origin.IsOwn then
            {
                Span = span.Shift(startOf unit.Origin)
                Inside = null
            }
        else
            let struct (text, i) = modules.Value[unit.Origin]
            let source = text.Lowered.Document.Source
            let position = source.PositionOf(span.Shift(Texts.startOf text i).Start)

            {
                Span = text.Lowered.Through
                Inside = $"{source.Name}:{position.Line + 1}:{position.Character + 1}"
            }

/// The diagnostics of types and wiring. `isSound` is whether the text has no other error: what nobody reads may be left unread by one.
let tell
    (imported: CheckedText array)
    (text: CheckedText)
    (isStrict: bool)
    (isSound: bool)
    (followed: Checker.Followed)
    : Diagnostic array =
    let startOf = startsOf text followed.Units

    let own =
        Array.append
            (Told.findings startOf isStrict followed.TracesWithFindings)
            (Twice.check (placing imported startOf followed.Units) followed.Units)

    let flows =
        if isSound && own |> Array.forall (fun found -> found.Severity <> Severity.Error) then
            Told.flows startOf followed
        else
            Array.empty

    Told.distinct (Array.append own flows)

let draw (text: CheckedText) (followed: Checker.Followed) : Topology =
    Told.topology (startsOf text followed.Units) followed.Units text.Lowered.Document.Source
