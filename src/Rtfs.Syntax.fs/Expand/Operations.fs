/// The operations of this version: how many positional arguments each takes and which options, with their allowed values.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Operations

open System.Collections.Generic

/// What the value of an option may be. Only literals can be judged; a computed value passes.
[<RequireQualifiedAccess>]
type Shape =
    | Any
    /// Type data: quoted by lowering.
    | Type
    /// A map with whatever keys.
    | Map
    /// A function that is called with what these words name, or with the first of it alone: as many as `least`.
    | Callback of least: int * given: string list
    | Capability
    /// An integer, this or more.
    | Integer of least: int64
    /// A number from 0 to 1.
    | Fraction
    | Flag
    /// `later` are words of the whole language that this version does not run.
    | OneOf of keywords: string list * later: string list
    /// One of the keywords, or a function.
    | Chooser of keywords: string list
    /// A map with these keys.
    | Table of entries: (string * Shape) list
    /// One of the keywords, or a map with these keys.
    | Choice of keywords: string list * entries: (string * Shape) list
    /// An option of the whole language that this version does not run.
    | Later

type Operation = {
    Name: string
    Least: int
    /// -1: any number.
    Most: int
    /// Empty: the form takes no options, and every argument is positional.
    Options: (string * Shape) list
    Usage: string
}

let private onFailure = [ "fail"; "skip"; "dead-letter" ]

let private retry = [
    "attempts", Shape.Integer 0L
    "delay-ms", Shape.Integer 0L
    "jitter", Shape.Fraction
    "backoff", Shape.OneOf([ "constant"; "linear"; "exponential" ], [])
    "then", Shape.OneOf(onFailure, [])
]

let private errorHandling =
    let byCause = Shape.Choice("retry" :: onFailure, [ "retry", Shape.Table retry ])

    Shape.Choice(
        onFailure,
        [
            "strategy", Shape.Choice(onFailure, [ "retry", Shape.Table retry ])
            "retry", Shape.Table retry
            "dead-letter", Shape.Capability
            "on-parse-error", byCause
            "on-schema-error", byCause
            "on-processing-error", byCause
            "retry-attempts", Shape.Integer 0L
            "retry-delay-ms", Shape.Integer 0L
        ]
    )

/// Told that something happened, or told nothing.
let private event = Shape.Callback(0, [ "event" ])

let private itemCallback = Shape.Callback(1, [ "item" ])

/// What observes errors is told of one, and of its item if it takes two arguments.
let private observer = Shape.Callback(1, [ "error"; "item" ])

let private backpressure =
    let strategies = [ "block"; "drop-oldest"; "drop-newest"; "resize" ]

    Shape.Choice(
        strategies,
        [
            "strategy", Shape.OneOf(strategies, [])
            "buffer-size", Shape.Integer 1L
            "max-size", Shape.Integer 1L
            "on-backpressure", event
        ]
    )

let private tuning = [
    "buffer-size", Shape.Integer 1L
    "batch-size", Shape.Integer 1L
    "timeout-ms", Shape.Integer 1L
    "enable-callbacks", Shape.Flag
    "error-handling", errorHandling
    "backpressure", backpressure
    "parallelism", Shape.Later
    "collect-metrics", Shape.Later
    "max-connections", Shape.Later
]

/// The callbacks of a stream: the logic of a consume as a map, or what `stream-callbacks` registers.
let callbacks = [
    "on-item", itemCallback
    "on-error", observer
    "on-complete", event
    "on-start", event
    "on-cancel", event
    "on-data", itemCallback
    "on-connected", event
    "on-disconnected", event
    "on-pause", event
    "on-resume", event
    "on-backpressure", event
    "enable-callbacks", Shape.Flag
]

/// Second names of callbacks.
let aliases = [
    "on-data", "on-item"
    "on-connected", "on-start"
    "on-disconnected", "on-complete"
]

let private lifecycle = [
    "on-pipeline-start", event
    "on-pipeline-complete", event
    "on-stage-error", Shape.Callback(2, [ "stage"; "error" ])
]

let private config = "config", Shape.Table tuning

/// A stage has no buffer of its own: what is said of buffers is said where the stream is consumed.
let private stageConfig =
    "config",
    Shape.Table(
        tuning
        |> List.map (fun (name, shape) ->
            match name with
            | "buffer-size"
            | "batch-size"
            | "timeout-ms"
            | "backpressure" -> name, Shape.Later
            | _ -> name, shape)
    )

let private handling = "error-handling", errorHandling

let streamTypes = [
    "stream-source"
    "stream-sink"
    "stream-transform"
    "stream-bidirectional"
    "stream-duplex"
    "source"
    "sink"
    "transform"
    "bidirectional"
    "duplex"
]

let private registration = [
    "capability-id", Shape.Capability
    "type", Shape.OneOf(streamTypes, [])
    "input-schema", Shape.Type
    "output-schema", Shape.Type
    config
    "provider", Shape.Map
    "effects", Shape.Later
    "metadata", Shape.Map
]

let private opening = [
    config
    "schema", Shape.Type
    "strict-validation", Shape.Flag
    "params", Shape.Map
]

let private operation name least most options usage = {
    Name = name
    Least = least
    Most = most
    Options = options
    Usage = usage
}

let all = [
    operation
        "register-stream-capability"
        0
        0
        registration
        "(register-stream-capability :capability-id ID :type TYPE …)"
    operation
        "marketplace:register-capability"
        0
        0
        registration
        "(marketplace:register-capability :capability-id ID :type TYPE …)"
    operation "stream-source" 1 1 opening "(stream-source REF options?)"
    operation "stream-sink" 1 1 opening "(stream-sink REF options?)"
    operation
        "stream-transform"
        0
        2
        [
            "fn", Shape.Any
            "input-stream", Shape.Capability
            "output-stream", Shape.Capability
            "transform-fn", Shape.Any
            stageConfig
            handling
        ]
        "(stream-transform f), (stream-transform stream f) or (stream-transform :input-stream A :output-stream B :transform-fn f)"
    operation "stream-map" 1 2 [ stageConfig; handling ] "(stream-map f) or (stream-map stream f)"
    operation "stream-filter" 1 2 [ stageConfig; handling ] "(stream-filter f) or (stream-filter stream f)"
    operation "stream-key-by" 1 2 [ stageConfig; handling ] "(stream-key-by f) or (stream-key-by stream f)"
    operation
        "stream-window"
        0
        1
        [
            "type", Shape.OneOf([ "tumbling" ], [ "sliding"; "session" ])
            "count", Shape.Integer 1L
        ]
        "(stream-window {:type :tumbling :count n}), with a stream first when it is no stage"
    operation
        "stream-aggregate"
        1
        2
        [ handling ]
        "(stream-aggregate {:name [:avg :key]}), with a stream first when it is no stage"
    operation "stream-pipeline" 1 1 [ config; handling ] "(stream-pipeline [stage …] options?)"
    operation
        "stream-execute"
        1
        1
        [ "config", Shape.Table(tuning @ lifecycle); handling ]
        "(stream-execute pipeline options?)"
    operation
        "stream-consume"
        2
        2
        (config :: tuning)
        "(stream-consume stream {item => body…} options?) or (stream-consume stream {:on-item f …} options?)"
    operation
        "stream-callbacks"
        0
        2
        (("stream-handle", Shape.Capability)
         :: ("events", Shape.Table callbacks)
         :: callbacks)
        "(stream-callbacks stream {:on-item f …})"
    operation
        "stream-produce"
        2
        2
        [
            "on-success", itemCallback
            "on-error", Shape.Callback(2, [ "item"; "error" ])
            "enable-callbacks", Shape.Flag
            handling
        ]
        "(stream-produce sink item options?) or (stream-produce sink [item …] options?)"
    operation "stream-bidirectional" 1 1 opening "(stream-bidirectional REF options?)"
    operation
        "stream-duplex"
        0
        0
        [
            "input-capability", Shape.Capability
            "output-capability", Shape.Capability
            config
        ]
        "(stream-duplex :input-capability A :output-capability B)"
    operation
        "stream-interact"
        1
        1
        ([
            "send", Shape.Any
            "receive", Shape.Any
            "replies", Shape.Integer 1L
            "config",
            Shape.Table(
                tuning
                @ [
                    "replies", Shape.Integer 1L
                    "on-send", itemCallback
                    "on-receive", Shape.Callback(1, [ "answer" ])
                    "on-error", observer
                ]
            )
         ]
         @ tuning)
        "(stream-interact stream :send item :receive {answer => body…})"
    operation "stream-close" 1 1 [] "(stream-close stream)"
    operation "stream-pause" 1 1 [] "(stream-pause stream)"
    operation "stream-resume" 1 1 [] "(stream-resume stream)"
    operation "stream-cancel" 1 1 [] "(stream-cancel stream)"
    operation "stream-await" 1 1 [] "(stream-await stream)"
    operation "stream-meta" 0 0 [] "(stream-meta)"
    operation
        "stream-multiplex"
        1
        1
        [
            "strategy", Shape.Chooser [ "round-robin"; "priority"; "random" ]
            "priorities", Shape.Map
            "seed", Shape.Integer 0L
            stageConfig
            handling
        ]
        "(stream-multiplex [ref …] {:strategy :round-robin})"
    operation
        "stream-demultiplex"
        1
        1
        [
            "criteria", Shape.Any
            "outputs", Shape.Any
            "default", Shape.Any
            stageConfig
            handling
        ]
        "(stream-demultiplex ref {:criteria f :outputs {key ref …} :default ref})"
    operation "call" 1 -1 [] "(call CAPABILITY-ID argument…)"
    operation "resource:ref" 1 1 [] "(resource:ref \"name\")"
    operation "context" 1 2 [] "@:key"
    operation "read-file" 1 1 [] "(read-file \"path\")"
    operation "marketplace:execute-plan" 1 1 [] "(marketplace:execute-plan plan)"
]

let private byName =
    let found = Dictionary<string, Operation>()

    for entry in all do
        found.Add(entry.Name, entry)

    found

let tryFind (name: string) : Operation voption =
    match byName.TryGetValue name with
    | true, found -> ValueSome found
    | _ -> ValueNone

let reducers = [ "count"; "sum"; "avg"; "min"; "max"; "first"; "last" ]

/// Keys of `(plan …)`.
let planKeys = [
    "type", Shape.OneOf([ "rtfs.core:v2.0/streaming-plan" ], [])
    "plan-id", Shape.Any
    "version", Shape.Any
    "resources", Shape.Any
    "capabilities", Shape.Any
    "limits", Shape.Table [ "max-run-ms", Shape.Integer 1L; "shutdown-ms", Shape.Integer 1L ]
    handling
    "program", Shape.Any
]

/// Forms of the streaming language that this version does not run.
let unavailable =
    HashSet<string>(
        [
            "stream-profile"
            "stream-circuit-breaker"
            "circuit-breaker:call"
            "stream-keep"
            "stream-flat-map"
            "stream-take"
            "stream-drop"
            "stream-take-while"
            "stream-distinct"
            "stream-tap"
            "stream-scan"
            "stream-reduce"
            "stream-batch"
            "stream-join"
            "stream-pattern"
            "stream-rate-limit"
            "stream-throttle"
            "stream-debounce"
            "stream-merge"
            "stream-branch"
            "stream-validate"
            "stream-migrate"
            "stream-parallel"
            "stream-checkpoint"
            "mcp-stream"
            "marketplace:discover-capabilities"
        ]
    )
