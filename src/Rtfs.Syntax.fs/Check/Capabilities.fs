/// Capability ids that are malformed (RTFS1002) or that nobody offers (RTFS1003), and the ids that a text names.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Capabilities

open System
open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// How strictly a place asks for an id.
[<RequireQualifiedAccess; Struct>]
type Asked =
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

/// Where `:error-handling` says that dead letters go: among the options, or in their `:config`.
let rec private letters (options: KeyValuePair<string, Core> array) : struct (Core * Asked) array =
    let inside (entries: KeyValuePair<Core, Core> array) =
        entries
        |> Array.choose (fun entry ->
            match entry.Key with
            | Core.Quote(KeywordOf key, _) -> Some(KeyValuePair(key, entry.Value))
            | _ -> None)

    options
    |> Array.collect (fun option ->
        match option.Key, option.Value with
        | "error-handling", Core.Map(entries, _) ->
            inside entries
            |> Array.filter (fun entry -> entry.Key = "dead-letter")
            |> Array.map (fun entry -> struct (entry.Value, Asked.Stream))
        | "config", Core.Map(entries, _) -> letters (inside entries)
        | _ -> Array.empty)

let private ownPlaces (name: string) (arguments: Core array) (options: KeyValuePair<string, Core> array) =
    let option key place =
        options
        |> Array.choose (fun entry ->
            if entry.Key = key then
                Some(struct (entry.Value, place))
            else
                None)

    let first place =
        if arguments.Length = 0 then
            Array.empty
        else
            [| struct (arguments[0], place) |]

    match name with
    | "stream-source"
    | "stream-bidirectional"
    | "stream-sink" -> first Asked.Id
    | "stream-duplex" -> Array.append (option "input-capability" Asked.Id) (option "output-capability" Asked.Id)
    | "stream-interact" -> first Asked.Stream
    | "stream-transform" ->
        Array.concat [
            first Asked.Stream
            option "input-stream" Asked.Stream
            option "output-stream" Asked.Stream
        ]
    | "stream-map"
    | "stream-filter"
    | "stream-key-by"
    | "stream-aggregate" ->
        if arguments.Length > 1 then
            first Asked.Stream
        else
            Array.empty
    | "stream-window"
    | "stream-produce"
    | "stream-close"
    | "stream-pause"
    | "stream-resume"
    | "stream-cancel"
    | "stream-await"
    | "stream-consume" -> first Asked.Stream
    | "stream-callbacks" -> Array.append (first Asked.Stream) (option "stream-handle" Asked.Stream)
    | "stream-multiplex"
    | "stream-pipeline" ->
        arguments
        |> Array.truncate 1
        |> Array.collect items
        |> Array.map (fun item -> struct (item, Asked.Stream))
    | "stream-demultiplex" ->
        let outputs =
            options
            |> Array.collect (fun entry ->
                match entry.Key, entry.Value with
                | "outputs", Core.Map(entries, _) ->
                    entries |> Array.map (fun output -> struct (output.Value, Asked.Stream))
                | _ -> Array.empty)

        Array.concat [ first Asked.Stream; outputs; option "default" Asked.Stream ]
    | "call" -> first Asked.Call
    | "register-stream-capability"
    | "marketplace:register-capability" -> option "capability-id" Asked.Registration
    | _ -> Array.empty

/// The places of one operation where a stream or a capability is named.
let places (name: string) (arguments: Core array) (options: KeyValuePair<string, Core> array) =
    let own = ownPlaces name arguments options

    match options with
    | [||] -> own
    | _ -> Array.append own (letters options)

let private canonical (text: string) =
    match CapabilityId.parse text with
    | null -> text
    | id -> id

/// What a literal says where an id is asked for.
[<RequireQualifiedAccess>]
type Reading =
    | Id of canonical: string
    | Malformed of Diagnostic
    | Nothing

let private malformed (span: Span) (shown: string) (reason: string) =
    Reading.Malformed(
        Source.diagnostic
            "RTFS1002"
            span
            $"{shown} is no capability id: {reason}"
            "write \"namespace.path:v1.0:name\""
            Array.empty
    )

let private read (asked: Asked) (datum: Form) (span: Span) : Reading =
    let ofText (before: string) (text: string) (behind: string) =
        match CapabilityId.parse text with
        | null when asked <> Asked.Call -> malformed span $"{before}{text}{behind}" (CapabilityId.fault text)
        | null -> Reading.Id text
        | id -> Reading.Id id

    match datum with
    | StringOf text -> ofText "\"" text "\""
    | (KeywordOf text | SymbolOf text) when CapabilityId.looksVersioned text -> ofText ":" text ""
    | KeywordOf text when asked = Asked.Call -> ofText ":" text ""
    | _ when asked = Asked.Stream -> Reading.Nothing
    | other -> malformed span (Describe.form other) "an id is a string, or a versioned keyword or symbol"

/// A place where a literal is asked to be an id, or where a global is that may stand for one.
type Use = {
    Asked: Asked
    Span: Span
    Reading: Reading
    /// The id that is registered here, or null.
    Registers: string | null
    /// The global, or null.
    Global: string | null
}

/// What is registered need not be written as an id is elsewhere.
let private registered (asked: Asked) (datum: Form) : string | null =
    match asked, datum with
    | Asked.Registration, (StringOf text | KeywordOf text | SymbolOf text) -> canonical text
    | _ -> null

let ofLiteral (asked: Asked) (span: Span) (datum: Form) : Use = {
    Asked = asked
    Span = span
    Reading = read asked datum span
    Registers = registered asked datum
    Global = null
}

let ofGlobal (asked: Asked) (span: Span) (name: string) : Use = {
    Asked = asked
    Span = span
    Reading = Reading.Nothing
    Registers = null
    Global = name
}

let known (offered: seq<string>) : HashSet<string> =
    HashSet<string>(offered |> Seq.map canonical, StringComparer.Ordinal)

/// RTFS1003 for an id that is not among the known.
let unknown (known: HashSet<string>) (id: string) (span: Span) : Diagnostic =
    let message, fix =
        match Nearest.find id known with
        | null ->
            $"no capability is known as {id}", "register it with register-stream-capability, or have the host offer it"
        | near -> $"no capability is known as {id}; did you mean {near}?", $"write {near}"

    Source.diagnostic "RTFS1003" span message fix Array.empty
