/// RTFS9xxx: what goes wrong while a program runs. Each has the name by which the language knows its kind.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.RunCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let private stream id kind provider =
    $"(register-stream-capability :capability-id \"{id}\" :type :stream-{kind} :provider {provider})\n"

let private numbers items =
    stream "com.example:v1.0:numbers" "source" $"{{:kind :values :items {items}}}"

let all: CodeEntry array = [|
    error
        "RTFS9001"
        "TypeError: a value of the wrong type"
        "A function was given a value that it cannot work on, or something was called that is no function. The message names the operation, what it expected and what it found."
        "(+ 1 \"2\")"
        "(+ 1 2)"
    error
        "RTFS9002"
        "UndefinedSymbol: a name without a value"
        "The name had no value when the program got there: nothing defines it, or its `def` comes later. `rtfs check` finds names that nothing defines before anything runs."
        "(str unknown-name)"
        "(let [known-name 1] (str known-name))"
    error
        "RTFS9003"
        "ArityMismatch: the wrong number of arguments"
        "A function takes exactly as many arguments as it has parameters, or at least that many where it has `& rest`."
        "((fn [a b] (+ a b)) 1)"
        "((fn [a b] (+ a b)) 1 2)"
    error
        "RTFS9004"
        "DivisionByZero: a number divided by zero"
        "Neither `/` nor `mod` divides by zero, be it an integer or a float. Test the divisor first."
        "(/ 1 0)"
        "(let [n 0] (if (= n 0) nil (/ 1 n)))"
    error
        "RTFS9005"
        "IndexOutOfBounds: no item at this index"
        "The index is negative or not below the number of items. `nth` and `get` take a default for that case."
        "(nth [1 2 3] 3)"
        "(nth [1 2 3] 3 :none)"
    error
        "RTFS9006"
        "KeyNotFound: a key that must be there is not"
        "A parameter of the plan was read by `@:key` that it was not started with: give it with `--param key=value`. `get` gives nil or a default for a missing key of a map."
        "(str @:region)"
        "(str (get {:region \"north\"} :region))"
    error
        "RTFS9007"
        "MatchError: no clause of match takes the value"
        "No clause of a `match` takes the value. Add one that does, or end with `_`, which takes everything. A `let` or a parameter whose pattern does not fit is a TypeError."
        "(match [1 2 3] [a b] (+ a b) {:sum total} total)"
        "(match [1 2 3] [a b] (+ a b) _ :something-else)"
    error
        "RTFS9008"
        "TypeValidationError: a value does not fit its schema"
        "A value departs from its type: an item, argument or answer from the schema of the capability whose boundary it crosses, or a value of the program from its annotation. The message gives the path to what departs. Correct the data or the schema; for items, `:error-handling {:on-schema-error :skip}` or `:dead-letter` lets the others pass."
        (stream
            "com.example:v1.0:readings"
            "source"
            "{:kind :values :items [{:value \"high\"}]} :output-schema [:map [:value :float]]"
         + "(stream-consume (stream-source \"com.example:v1.0:readings\") {r => (println r)})")
        (stream
            "com.example:v1.0:readings"
            "source"
            "{:kind :values :items [{:value 1.5}]} :output-schema [:map [:value :float]]"
         + "(stream-consume (stream-source \"com.example:v1.0:readings\") {r => (println r)})")
    error
        "RTFS9009"
        "InvalidArgument: a value that makes no sense here"
        "The argument has the right type, but the function cannot work on it, such as the square root of a negative number or keys and values that do not come in pairs."
        "(sqrt -1)"
        "(sqrt (abs -1))"
    error
        "RTFS9010"
        "ArithmeticError: the result does not fit"
        "Integers have 64 bits. A result outside of that range is an error, never a wrapped number. Work with floats where such sizes are meant."
        "(* 9223372036854775807 2)"
        "(* 9223372036854775807.0 2)"
    error
        "RTFS9011"
        "StackOverflow: calls nested too deeply"
        "Functions called each other to a depth beyond the limit, usually because a recursion has no end. Test for its end first, or use `reduce`."
        "(do (defn down [n] (down (inc n))) (down 0))"
        "(do (defn down [n] (if (= n 0) :done (down (dec n)))) (down 10))"
    error
        "RTFS9012"
        "JsonError: text that is not JSON, or a value that JSON cannot hold"
        "`parse-json` was given a text that is not one JSON value; the message says where it goes wrong. `serialize-json` was given a value that JSON has no notation for, such as a keyword, a function or an infinite number, or a key that is no string, keyword or int."
        "(serialize-json {:status :open})"
        "(serialize-json {:status (name :open)})"
    error
        "RTFS9013"
        "Generic: an error that the program threw"
        "The program raised an error by `throw`. The message is its own; `(ex-data e)` gives what was thrown with it. `try` with `catch` goes on from there."
        "(throw (ex-info \"no stock\" {:sku 7}))"
        "(try (throw (ex-info \"no stock\" {:sku 7})) (catch e (:sku (ex-data e))))"
    error
        "RTFS9020"
        "UnknownCapability: nobody offers it"
        "A capability was opened or called whose id was computed, and that neither the host offers nor the program registered."
        "(call (str \"com.example:v1.0:\" \"greet\") \"Ada\")"
        (numbers "[1 2]" + "(stream-source (str \"com.example:v1.0:\" \"numbers\"))")
    error
        "RTFS9021"
        "ResourceError: a provider failed"
        "What is behind a capability failed: a file that is not there, a service that answers with an error. The message is the provider's own."
        (stream "com.example:v1.0:missing" "source" "{:kind :file :path \"no-such-file.ndjson\" :format :ndjson}"
         + "(stream-consume (stream-source \"com.example:v1.0:missing\") {x => (println x)})")
        (numbers "[1 2]"
         + "(stream-consume (stream-source \"com.example:v1.0:numbers\") {x => (println x)})")
    error
        "RTFS9022"
        "SecurityViolation: not granted"
        "A plan has no rights of its own: every capability, file and host that it reaches must be granted when it is started. The message names what is missing and the flag that grants it."
        (stream "com.example:v1.0:secrets" "source" "{:kind :file :path \"/etc/passwd\" :format :lines}"
         + "(stream-consume (stream-source \"com.example:v1.0:secrets\") {x => (println x)})")
        (numbers "[1 2]"
         + "(stream-consume (stream-source \"com.example:v1.0:numbers\") {x => (println x)})")
    error
        "RTFS9023"
        "ParseError: a row that cannot be read"
        "A row of a file is not in the format that its provider was told, or a column does not convert to the type that the schema gives it. `:error-handling {:on-parse-error :skip}` or `:dead-letter` lets the others pass."
        (stream "com.example:v1.0:rows" "source" "{:kind :file :path \"rows.json\" :format :ndjson}"
         + "(stream-consume (stream-source \"com.example:v1.0:rows\") {x => (println x)})")
        (stream "com.example:v1.0:rows" "source" "{:kind :file :path \"rows.json\" :format :ndjson}"
         + "(stream-consume (stream-source \"com.example:v1.0:rows\") {x => (println x)} {:error-handling {:on-parse-error :skip}})")
    error
        "RTFS9024"
        "Timeout: nothing came in time"
        "A consume with `:timeout-ms` waited that long for its next item. Wait longer, or give the consume an `:error-handling` strategy."
        (stream "com.example:v1.0:quiet" "source" "{:kind :local}"
         + "(stream-consume (stream-source \"com.example:v1.0:quiet\") {x => (println x)} {:timeout-ms 10})")
        (numbers "[1 2]"
         + "(stream-consume (stream-source \"com.example:v1.0:numbers\") {x => (println x)} {:timeout-ms 1000})")
    error
        "RTFS9030"
        "StreamError: streams wired wrongly"
        "A stream form was given something that it cannot work on, or stands where it cannot work: a sink where a source is needed, a pipeline that leads nowhere, a resource reference that nothing is bound to, `stream-meta` where no item is in hand."
        "(println (:sequence (stream-meta)))"
        (numbers "[1 2]"
         + "(stream-consume (stream-source \"com.example:v1.0:numbers\") {x => (println (:sequence (stream-meta)))})")
    error
        "RTFS9031"
        "Stalled: nothing can move any more"
        "Every flow of the run waits for another, and no timer, host or provider is left to end the waiting. The message names each form that waits."
        (stream "com.example:v1.0:loop" "source" "{:kind :local}"
         + "(stream-consume (stream-source \"com.example:v1.0:loop\") {x => (println x)})")
        (numbers "[1 2]"
         + "(stream-consume (stream-source \"com.example:v1.0:numbers\") {x => (println x)})")
    error
        "RTFS9032"
        "StreamEnded: the stream has ended already"
        "A reader was wired to a stream, or an item produced to a sink, that had ended or been closed before. Wire all readers before a form runs the stream; open the source again to read it a second time."
        (numbers "[1 2]"
         + "(let [numbers (stream-source \"com.example:v1.0:numbers\")]\n  (stream-consume numbers {x => (println x)})\n  (stream-consume numbers {x => (println x)}))")
        (numbers "[1 2]"
         + "(let [numbers (stream-source \"com.example:v1.0:numbers\")]\n  (stream-consume numbers {:on-item println})\n  (stream-consume numbers {x => (println x)}))")
    error
        "RTFS9040"
        "StepLimit: more steps than are allowed"
        "A step is a call of a function of the program, a round of a loop, or an item that a library function works on; a program takes the same number on every run. Usually a loop has no end; if not, allow more with `--max-steps`. `try` does not catch this, and `finally` still runs, within 10,000 steps of its own."
        "(loop [n 0] (recur (inc n)))"
        "(loop [n 0] (if (< n 10) (recur (inc n)) n))"
    error
        "RTFS9041"
        "MemoryLimit: more memory than is allowed"
        "The strings and collections that the program built, those included that it no longer uses, take more bytes than it may use. Build less, or allow more with `--max-memory`. `try` does not catch this."
        "(loop [s \"ab\"] (recur (str s s)))"
        "(loop [s \"ab\"] (if (< (string-length s) 100) (recur (str s s)) s))"
    error
        "RTFS9042"
        "TimeLimit: more time than is allowed"
        "The program took longer than it may. Make it end, or allow more with `--max-time`. `try` does not catch this."
        "(loop [n 0] (recur (inc n)))"
        "(loop [n 0] (if (< n 10) (recur (inc n)) n))"
|]
