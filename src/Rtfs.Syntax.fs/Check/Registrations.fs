/// Registrations of capabilities: what they offer, and what their providers are given.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Registrations

open System.Collections.Generic
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

let private isOf (kind: string) (entries: KeyValuePair<Core, Core> array) =
    entries
    |> Array.exists (fun entry ->
        match entry.Key, entry.Value with
        | Core.Quote(KeywordOf "kind", _), Core.Quote((KeywordOf found | StringOf found), _) -> found = kind
        | _ -> false)

/// The first item of `{:kind :values}` that is written out and is not what the capability says it gives.
let private checkItems (session: Session) (locals: Locals) (offer: Offer) (items: Core) =
    let written =
        match items with
        | Core.Vector(items, _) -> Seq.ofArray items
        | Literal({ Node = Node.Vector items }) -> items.Forms |> Seq.map (fun item -> Core.Quote(item, item.Span))
        | _ -> Seq.empty

    if offer.Output <> Atom.any then
        written
        |> Seq.indexed
        |> Seq.forall (fun (i, item) ->
            let known = session.Infer locals item

            match Relation.fit session.Types known.Type offer.Output with
            | Relation.Fit.Not when not (Known.isAny known) ->
                let what = Mismatch.find session.Types known.Type offer.Output |> Mismatch.describe

                session.ReportAt(
                    "RTFS3021",
                    item.Span,
                    $"item {i} of :items is not what the capability gives: {what}",
                    null,
                    [],
                    what
                )

                false
            | _ -> true)
        |> ignore

/// The function of `{:kind :function}` is called by the provider, with each item; the items of `{:kind :values}` are a vector.
let private provider (session: Session) (locals: Locals) (offer: Offer) (core: Core) =
    match core with
    | Core.Map(entries, _) ->
        for entry in entries do
            match entry.Key with
            | Core.Quote(KeywordOf "fn", _) when isOf "function" entries ->
                let answers = session.Infer locals entry.Value
                let before = session.Trace.Findings.Count
                Callbacks.checkFunction session "fn" [ "item" ] answers entry.Value

                if session.Trace.Findings.Count = before then
                    Expect.knownFits
                        session
                        (fun () -> ":fn of the provider")
                        answers
                        ValueNone
                        (Type.Function([| offer.Input |], null, offer.Output))
                        entry.Value.Span
                    |> ignore
            | Core.Quote(KeywordOf "items", _) when isOf "values" entries ->
                let items = session.Infer locals entry.Value

                match entry.Value with
                | Core.Quote _
                | Core.Map _ -> ()
                | value ->
                    if not (MayBe.sequence session items || MayBe.nothing session items) then
                        session.Report(
                            "RTFS3002",
                            value.Span,
                            $":items must be a vector, found {Callbacks.found value items}",
                            "write :items [1 2 3]"
                        )

                checkItems session locals offer entry.Value
            | _ -> Tuning.callBack session locals entry.Value
    | other -> Tuning.callBack session locals other

/// What a registration offers is known from then on.
let register (session: Session) (locals: Locals) (form: string) (options: Options) =
    match
        optionOf options "capability-id"
        |> Option.map (session.Infer locals >> Stages.idOf)
    with
    | Some(ValueSome text) -> session.Offer (Stages.canonical text) (offerOf session.Origin.Annex options)
    | _ -> ()

    for option in options do
        match option.Key, option.Value with
        | _, Core.Quote _
        | "capability-id", _ -> ()
        | "provider", value -> provider session locals (offerOf session.Origin.Annex options) value
        | "metadata", (Core.Map _ as value) -> Tuning.callBack session locals value
        | key, value -> Tuning.follow session locals (Tuning.shapeOf form key) key value
