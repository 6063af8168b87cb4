/// Capability ids that are malformed (RTFS1002) or that nobody offers (RTFS1003), and the ids that a text names.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Capabilities

open System
open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// Names that stand for one literal, so that an id may be given a name.
type private Constants = {
    Globals: Dictionary<string, Form voption>
    Locals: Dictionary<Binding, Form>
}

let private constants (source: Source) : Constants =
    let globals = Dictionary<string, Form voption>()
    let locals = Dictionary<Binding, Form>(HashIdentity.Reference)

    for struct (core, _, _) in Source.nodes source do
        match core with
        | Core.Define(name, Core.Quote(datum, _), _) when not (globals.ContainsKey name) ->
            globals[name] <- ValueSome datum
        | Core.Define(name, _, _) -> globals[name] <- ValueNone
        | Core.Let(bindings, _, _) ->
            for binding in bindings do
                match binding.Key, binding.Value with
                | Pattern.Name name, Core.Quote(datum, _) -> locals[name] <- datum
                | _ -> ()
        | Core.Quote _
        | Core.Local _
        | Core.Global _
        | Core.Vector _
        | Core.List _
        | Core.Map _
        | Core.If _
        | Core.Do _
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

    { Globals = globals; Locals = locals }

/// How strictly a place asks for an id.
[<RequireQualifiedAccess; Struct>]
type private Place =
    /// Nothing but an id can be meant by a literal here.
    | Id
    /// A stream: a string or a versioned name is an id, another literal may be a function.
    | Stream
    /// The id of a `call`, which needs no version.
    | Call
    /// What is registered here.
    | Registration

let private items (core: Core) =
    match core with
    | Core.Vector(items, _) -> items
    | _ -> Array.empty

/// The places of one operation where a stream or a capability is named.
let private places (name: string) (arguments: Core array) (options: KeyValuePair<string, Core> array) =
    let option key place =
        options
        |> Array.filter (fun entry -> entry.Key = key)
        |> Array.map (fun entry -> struct (entry.Value, place))

    let first place =
        arguments
        |> Array.truncate 1
        |> Array.map (fun argument -> struct (argument, place))

    match name with
    | "stream-source"
    | "stream-bidirectional"
    | "stream-sink" -> first Place.Id
    | "stream-duplex" -> Array.append (option "input-capability" Place.Id) (option "output-capability" Place.Id)
    | "stream-interact" -> first Place.Stream
    | "stream-transform" ->
        Array.concat [
            first Place.Stream
            option "input-stream" Place.Stream
            option "output-stream" Place.Stream
        ]
    | "stream-map"
    | "stream-filter"
    | "stream-key-by"
    | "stream-aggregate" ->
        if arguments.Length > 1 then
            first Place.Stream
        else
            Array.empty
    | "stream-window"
    | "stream-produce"
    | "stream-close"
    | "stream-pause"
    | "stream-resume"
    | "stream-cancel"
    | "stream-await"
    | "stream-consume" -> first Place.Stream
    | "stream-callbacks" -> Array.append (first Place.Stream) (option "stream-handle" Place.Stream)
    | "stream-multiplex"
    | "stream-pipeline" ->
        arguments
        |> Array.truncate 1
        |> Array.collect items
        |> Array.map (fun item -> struct (item, Place.Stream))
    | "stream-demultiplex" ->
        let outputs =
            options
            |> Array.collect (fun entry ->
                match entry.Key, entry.Value with
                | "outputs", Core.Map(entries, _) ->
                    entries |> Array.map (fun output -> struct (output.Value, Place.Stream))
                | _ -> Array.empty)

        Array.concat [ first Place.Stream; outputs; option "default" Place.Stream ]
    | "call" -> first Place.Call
    | "register-stream-capability"
    | "marketplace:register-capability" -> option "capability-id" Place.Registration
    | _ -> Array.empty

let private canonical (text: string) =
    match CapabilityId.parse text with
    | null -> text
    | id -> id

type Found = {
    Diagnostics: Diagnostic array
    /// Canonical, each once, in the order of the text.
    Named: string array
}

/// Ids are registered for the whole run, so a registration anywhere in the text counts for all of it.
let check (offered: seq<string>) (sources: Source array) : Found =
    let uses = ResizeArray()

    for source in sources do
        let names = constants source

        for struct (core, _, start) in Source.nodes source do
            match core with
            | Core.Operation(name, arguments, options, _) ->
                for struct (value, place) in places name arguments options do
                    let literal =
                        match value with
                        | Core.Quote(datum, _) -> ValueSome datum
                        | Core.Local(binding, _) ->
                            match names.Locals.TryGetValue binding with
                            | true, datum -> ValueSome datum
                            | _ -> ValueNone
                        | Core.Global(name, _) ->
                            match names.Globals.TryGetValue name with
                            | true, datum -> datum
                            | _ -> ValueNone
                        | _ -> ValueNone

                    match literal with
                    | ValueSome datum -> uses.Add(struct (datum, place, value.Span.Shift start))
                    | ValueNone -> ()
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
            | Core.Define _
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
            | Core.Consumer _ -> ()

    let known = HashSet<string>(offered |> Seq.map canonical, StringComparer.Ordinal)

    for struct (datum, place, _) in uses do
        match place, datum with
        | Place.Registration, (StringOf text | KeywordOf text | SymbolOf text) -> known.Add(canonical text) |> ignore
        | _ -> ()

    let named = ResizeArray<string>()
    let found = ResizeArray<Diagnostic>()

    let malformed (span: Span) (shown: string) (reason: string) =
        found.Add(
            Source.diagnostic
                "RTFS1002"
                span
                0
                $"{shown} is no capability id: {reason}"
                "write \"namespace.path:v1.0:name\""
                Array.empty
        )

    let judge span place (shown: string) (text: string) =
        match CapabilityId.parse text with
        | null when place <> Place.Call -> malformed span shown (CapabilityId.fault text)
        | _ ->
            let id = canonical text

            if not (named.Contains id) then
                named.Add id

            if not (known.Contains id) then
                let message, fix =
                    match Nearest.find id known with
                    | null ->
                        $"no capability is known as {id}",
                        "register it with register-stream-capability, or have the host offer it"
                    | near -> $"no capability is known as {id}; did you mean {near}?", $"write {near}"

                found.Add(Source.diagnostic "RTFS1003" span 0 message fix Array.empty)

    for struct (datum, place, span) in uses do
        match datum with
        | StringOf text -> judge span place $"\"{text}\"" text
        | (KeywordOf text | SymbolOf text) when CapabilityId.looksVersioned text -> judge span place $":{text}" text
        | KeywordOf text when place = Place.Call -> judge span place $":{text}" text
        | _ when place = Place.Stream -> ()
        | other -> malformed span (Describe.form other) "an id is a string, or a versioned keyword or symbol"

    {
        Diagnostics = found.ToArray()
        Named = named.ToArray()
    }
