/// Names that nothing binds: RTFS1001.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Names

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text

let private operations = Operations.all |> List.map _.Name

let private defined (source: Source) =
    let found = HashSet<string>()

    for struct (core, _, _) in Source.nodes source do
        match core with
        | Core.Define(name, _, _) -> found.Add name |> ignore
        | Core.Quote _
        | Core.Local _
        | Core.Global _
        | Core.Vector _
        | Core.List _
        | Core.Map _
        | Core.If _
        | Core.Do _
        | Core.Let _
        | Core.Function _
        | Core.Call _
        | Core.And _
        | Core.Or _
        | Core.Consumer _
        | Core.Match _
        | Core.Loop _
        | Core.Recur _
        | Core.For _
        | Core.Try _
        | Core.Check _
        | Core.Struct _
        | Core.Parallel _
        | Core.Step _
        | Core.Hinted _
        | Core.WithResource _
        | Core.Operation _ -> ()

    found

let private describe inPlan elsewhere (name: string) (near: string | null) : struct (string * (string | null)) =
    if inPlan && elsewhere then
        struct ($"`{name}` is defined outside of this plan, and a plan's program sees its own definitions alone",
                $"define it inside the :program, or insert its value with ~{name}")
    else
        match near with
        | null ->
            struct ($"nothing is named `{name}`", $"define it: (def {name} value) or (defn {name} [parameters] body)")
        | near -> struct ($"nothing is named `{name}`; did you mean `{near}`?", $"write {near}")

/// `outer` are the names that the whole text defines, broken forms included. One diagnostic for each name and program, at its first
/// use; the others are its related places.
let check (functions: HashSet<string>) (outer: HashSet<string>) (source: Source) : Diagnostic seq =
    let own = defined source

    if not source.InPlan then
        own.UnionWith outer

    let uses = Dictionary<string, ResizeArray<struct (Span * string list)>>()
    let order = ResizeArray<string>()

    for struct (core, reach, start) in Source.nodes source do
        match core with
        | Core.Global(name, span) when
            // What a template is filled by begins with a blank: lowering has named it, no text.
            not (
                name.StartsWith ' '
                || own.Contains name
                || functions.Contains name
                || (Operations.tryFind name).IsSome
            )
            ->
            match uses.TryGetValue name with
            | true, found -> found.Add(struct (span.Shift start, reach))
            | _ ->
                order.Add name
                uses[name] <- ResizeArray [ struct (span.Shift start, reach) ]
        | Core.Global _
        | Core.Quote _
        | Core.Local _
        | Core.Vector _
        | Core.List _
        | Core.Map _
        | Core.If _
        | Core.Do _
        | Core.Let _
        | Core.Function _
        | Core.Call _
        | Core.And _
        | Core.Or _
        | Core.Define _
        | Core.Consumer _
        | Core.Match _
        | Core.Loop _
        | Core.Recur _
        | Core.For _
        | Core.Try _
        | Core.Check _
        | Core.Struct _
        | Core.Parallel _
        | Core.Step _
        | Core.Hinted _
        | Core.WithResource _
        | Core.Operation _ -> ()

    order
    |> Seq.map (fun name ->
        let places = uses[name]
        let struct (span, reach) = places[0]

        let candidates =
            Seq.concat [
                Seq.ofList reach
                own |> Seq.filter (fun name -> not (name.Contains ' '))
                functions
                operations
                SpecialForms.names
                Sugar.names
            ]

        let struct (message, fix) =
            describe source.InPlan (outer.Contains name) name (Nearest.find name candidates)

        let related =
            places
            |> Seq.skip 1
            |> Seq.map (fun (struct (place, _)) -> RelatedPlace(place, "used here too"))
            |> Array.ofSeq

        Source.diagnostic "RTFS1001" span 0 message fix related)
