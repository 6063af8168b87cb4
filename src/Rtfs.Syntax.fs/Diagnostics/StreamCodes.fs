/// RTFS3xxx: streaming forms used wrongly.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.StreamCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let private registered =
    "(register-stream-capability :capability-id \"com.example:v1.0:readings\" :type :stream-source)\n"

let private measured =
    "(register-stream-capability :capability-id \"com.example:v1.0:measured\" :type :stream-source :output-schema [:map [:value :float]])\n"

let private leveled =
    "(register-stream-capability :capability-id \"com.example:v1.0:events\" :type :stream-source :output-schema [:map [:level [:enum :high :low]]])\n"
    + "(register-stream-capability :capability-id \"com.example:v1.0:urgent\" :type :stream-sink)\n"
    + "(register-stream-capability :capability-id \"com.example:v1.0:rest\" :type :stream-sink)\n"

let private written low high =
    $"(register-stream-capability :capability-id \"com.example:v1.0:low\" :type :stream-sink :provider {low})\n"
    + $"(register-stream-capability :capability-id \"com.example:v1.0:high\" :type :stream-sink :provider {high})\n"
    + "(stream-produce (stream-sink \"com.example:v1.0:low\") {:value 1})\n"
    + "(stream-produce (stream-sink \"com.example:v1.0:high\") {:value 40})"

let all: CodeEntry array = [|
    error
        "RTFS3001"
        "An option that does not exist"
        "The form, or the map inside its options, knows no such key. An unknown option is refused, not ignored, so that a slip such as `:bufer-size` cannot change what a plan does unseen."
        (registered
         + "(stream-consume (stream-source \"com.example:v1.0:readings\" {:config {:bufer-size 10}}) {r => (println r)})")
        (registered
         + "(stream-consume (stream-source \"com.example:v1.0:readings\" {:config {:buffer-size 10}}) {r => (println r)})")
    error
        "RTFS3002"
        "A value that the option cannot have"
        "The option takes one of a few keywords, a number in a range, true or false, or a map of further options. The message lists what is possible."
        "(stream-filter odd? {:error-handling :skp})"
        "(stream-filter odd? {:error-handling :skip})"
    error
        "RTFS3003"
        "Not available in this version"
        "The operation, option or value belongs to the streaming language, but this version does not run it. It is refused, not ignored."
        (registered + "(stream-take (stream-source \"com.example:v1.0:readings\") 3)")
        (registered
         + "(stream-consume (stream-filter (stream-source \"com.example:v1.0:readings\") some-wanted?) {r => (println r)})"
         |> fun text -> "(defn some-wanted? [item] (> (:value item) 3))\n" + text)
    error
        "RTFS3004"
        "Wrong arguments of an operation"
        "Each operation takes a known number of arguments before its options, and some ask for a vector or for consume logic. The help line shows the form's shape."
        "(stream-pipeline)"
        "(def odd-ones (stream-pipeline [(stream-filter odd?)]))"
    error
        "RTFS3005"
        "An option is missing"
        "The operation cannot work without this option: a registration needs its id and its type, a window its size, a wired transform both of its ends."
        "(stream-window {:type :tumbling})"
        "(stream-window {:type :tumbling :count 10})"
    error
        "RTFS3006"
        "Options that do not go together"
        "Each of the options may stand, and not beside the other: two names of one callback, two sizes of one buffer, a largest size of a buffer that does not grow, a provider that cannot be what its capability is registered as. Which one was meant only you can say."
        (registered
         + "(stream-consume (stream-source \"com.example:v1.0:readings\") {r => (println r)} {:backpressure {:strategy :drop-oldest :max-size 10}})")
        (registered
         + "(stream-consume (stream-source \"com.example:v1.0:readings\") {r => (println r)} {:backpressure {:strategy :resize :max-size 10}})")
    error
        "RTFS3010"
        "What a stage sends does not fit the next"
        "The items of the first stage can never be what the second asks for. The message names both stages, the path inside the item, and what was expected and found."
        (measured
         + "(defn alert [r : [:map [:value :string]]] {:text (:value r)})\n"
         + "(stream-consume (stream-map (stream-source \"com.example:v1.0:measured\") alert) {a => (println a)})")
        (measured
         + "(defn alert [r : [:map [:value :float]]] {:text (str (:value r))})\n"
         + "(stream-consume (stream-map (stream-source \"com.example:v1.0:measured\") alert) {a => (println a)})")
    warning
        "RTFS3011"
        "What a stage sends may not fit the next"
        "Some of the items can come without what the next stage asks for, such as a key that may be missing."
        (measured
         + "(defn alert [r : [:map [:value :float] [:unit :string]]] (str (:value r) (:unit r)))\n"
         + "(stream-consume (stream-map (stream-source \"com.example:v1.0:measured\") alert) {a => (println a)})")
        (measured
         + "(defn alert [r : [:map [:value :float] [:unit :string ?]]] (str (:value r) (:unit r)))\n"
         + "(stream-consume (stream-map (stream-source \"com.example:v1.0:measured\") alert) {a => (println a)})")
    warning
        "RTFS3012"
        "A stream that is read twice, one reader after the other"
        "A channel consume and stream-execute run their streams to the end. What reads the same stream after that finds it ended. Give the first reader callbacks, or read both inside `parallel`: readers that are there when the stream starts see every item."
        (registered
         + "(let [readings (stream-source \"com.example:v1.0:readings\")]\n  (stream-consume readings {r => (println r)})\n  (stream-consume readings {r => (println r)}))")
        (registered
         + "(let [readings (stream-source \"com.example:v1.0:readings\")]\n  (stream-consume readings {:on-item println})\n  (stream-consume readings {r => (println r)}))")
    warning
        "RTFS3013"
        "A reader that comes too late"
        "The callbacks are registered on a stream that a form before them has read to its end; or what is read or written has been closed or cancelled before, or released at the end of its scope. Register readers first, and close what is used no more."
        (registered
         + "(let [readings (stream-source \"com.example:v1.0:readings\")]\n  (stream-consume readings {r => (println r)})\n  (stream-consume readings {:on-item println}))")
        (registered
         + "(let [readings (stream-source \"com.example:v1.0:readings\")]\n  (stream-consume readings {:on-item println})\n  (stream-consume readings {r => (println r)}))")
    error
        "RTFS3014"
        "An end that is opened as the other"
        "A source is read, a sink is written to, and a conversation is both, opened by `stream-bidirectional`. Which one a capability is, its registration says; a channel inside the process, `{:kind :local}`, is a source and a sink."
        ("(register-stream-capability :capability-id \"com.example:v1.0:numbers\" :type :stream-source :provider {:kind :values :items [1 2]})\n"
         + "(stream-execute (stream-pipeline [(stream-source \"com.example:v1.0:numbers\") (stream-sink \"com.example:v1.0:numbers\")]))")
        ("(register-stream-capability :capability-id \"com.example:v1.0:numbers\" :type :stream-source :provider {:kind :values :items [1 2]})\n"
         + "(register-stream-capability :capability-id \"com.example:v1.0:copy\" :type :stream-sink)\n"
         + "(stream-execute (stream-pipeline [(stream-source \"com.example:v1.0:numbers\") (stream-sink \"com.example:v1.0:copy\")]))")
    warning
        "RTFS3015"
        "A stream that nothing reads"
        "A stream is cold: without a reader it never starts, and what it is opened for does not happen. A pipeline is a plan of one: it runs when it is executed or consumed."
        (registered
         + "(stream-filter (stream-source \"com.example:v1.0:readings\") some?)")
        (registered
         + "(stream-consume (stream-filter (stream-source \"com.example:v1.0:readings\") some?) {r => (println r)})")
    error
        "RTFS3016"
        "A circle without a buffer"
        "What is written to the channel comes from what is read of it. When it is full, its writer waits for its reader, which waits for the writer."
        ("(register-stream-capability :capability-id \"com.example:v1.0:loop\" :type :stream-transform)\n"
         + "(stream-transform :input-stream (stream-source \"com.example:v1.0:loop\") :output-stream (stream-sink \"com.example:v1.0:loop\") :transform-fn inc)")
        ("(register-stream-capability :capability-id \"com.example:v1.0:loop\" :type :stream-transform :config {:buffer-size 4096})\n"
         + "(stream-transform :input-stream (stream-source \"com.example:v1.0:loop\") :output-stream (stream-sink \"com.example:v1.0:loop\") :transform-fn inc)")
    warning
        "RTFS3017"
        "A demultiplex output that no item reaches"
        "The criterion never gives the key of the output, as its type tells: the key is misspelt, or is none of the values that the item's schema names."
        (leveled
         + "(stream-demultiplex (stream-source \"com.example:v1.0:events\") {:criteria :level :outputs {:hihg \"com.example:v1.0:urgent\"} :default \"com.example:v1.0:rest\"})")
        (leveled
         + "(stream-demultiplex (stream-source \"com.example:v1.0:events\") {:criteria :level :outputs {:high \"com.example:v1.0:urgent\"} :default \"com.example:v1.0:rest\"})")
    error
        "RTFS3018"
        "A handle's name that is defined again"
        "A name that a `def` has given to a stream or a sink stands for that one stream throughout the plan: forms that use it mean the same stream wherever they stand. Give the other value another name. A `let` may bind the name to something else where it is used."
        (registered
         + "(def readings (stream-source \"com.example:v1.0:readings\"))\n(stream-consume readings {:on-item println})\n(def readings 5)")
        (registered
         + "(def readings (stream-source \"com.example:v1.0:readings\"))\n(stream-consume readings {:on-item println})\n(def most 5)")
    error
        "RTFS3019"
        "Two sinks that write one file"
        "A file sink replaces its file when it is opened, so that of two sinks with one `:path` the second wipes out what the first has written. All openings of one sink share one writer: let both places open the same sink, or give each a file of its own. Two sinks that are both registered with `:append true` may add to one file."
        (written
            "{:kind :file :path \"out.ndjson\" :format :ndjson}"
            "{:kind :file :path \"./out.ndjson\" :format :ndjson}")
        (written
            "{:kind :file :path \"low.ndjson\" :format :ndjson}"
            "{:kind :file :path \"high.ndjson\" :format :ndjson}")
    error
        "RTFS3020"
        "A stream that is awaited in its own body"
        "`stream-await` runs a stream to its end. The body, the callbacks and the stages of a stream run while it does, so there the end could never come. Await it in the body of the plan; to end a stream from inside, `stream-close` asks it to."
        (registered
         + "(def readings (stream-source \"com.example:v1.0:readings\"))\n(stream-consume readings {r => (stream-await readings)})")
        (registered
         + "(def readings (stream-source \"com.example:v1.0:readings\"))\n(stream-consume readings {:on-item println})\n(stream-await readings)")
    warning
        "RTFS3021"
        "An item that is not what its capability gives"
        "The items of a provider of kind :values are held against the :output-schema of the registration when they are read, and one that departs from it is a schema error there. Mend the item or the schema; where the errors are meant, say what becomes of them by :error-handling."
        "(register-stream-capability :capability-id \"com.example:v1.0:numbers\" :type :stream-source :output-schema :int :provider {:kind :values :items [1 \"2\"]})"
        "(register-stream-capability :capability-id \"com.example:v1.0:numbers\" :type :stream-source :output-schema :int :provider {:kind :values :items [1 2]})"
|]
