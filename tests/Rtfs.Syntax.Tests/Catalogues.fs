/// The host that checks are run against here: the library's names, two capabilities and two provider kinds.
module Rtfs.Syntax.Tests.Catalogues

open System.Collections.Generic
open Rtfs.Syntax

let private variadic = System.Int32.MaxValue

/// Names, the least and the most arguments, and a signature.
let private functions =
    let sequence = "[:forall [a] [:fn [[:vector a]] [:vector a]]]"

    [
        "+ - * / max min", 1, variadic, "[:fn [:number & :number] :number]"
        "mod pow", 2, 2, "[:fn [:number :number] :number]"
        "inc dec abs", 1, 1, "[:fn [:number] :number]"
        "round floor ceil", 1, 1, "[:fn [:number] :int]"
        "sqrt", 1, 1, "[:fn [:number] :float]"
        "=", 1, variadic, "[:fn [:any & :any] :bool]"
        "!= not=", 2, 2, "[:fn [:any :any] :bool]"
        "< > <= >=", 2, 2, "[:fn [[:union :number :string] [:union :number :string]] :bool]"
        "not int? float? number? string? bool? nil? map? vector? list? keyword? symbol? fn? some?",
        1,
        1,
        "[:fn [:any] :bool]"
        "even? odd?", 1, 1, "[:fn [:int] :bool]"
        "str println log-info log-warn log-error log-debug", 0, variadic, "[:fn [& :any] :string]"
        "parse-int", 1, 1, "[:fn [[:union :string :number]] :int?]"
        "get", 2, 3, "[:fn [:any :any :any?] :any]"
        "assoc", 3, variadic, "[:fn [:any :any :any & :any] :any]"
        "dissoc update merge select-keys", 1, variadic, "[:fn [:any & :any] :any]"
        "count", 1, 1, "[:fn [[:union [:vector :any] [:map] :string]] :int]"
        "conj", 2, variadic, "[:fn [:any & :any] :any]"
        "map", 2, 2, "[:forall [a b] [:fn [[:fn [a] b] [:vector a]] [:vector b]]]"
        "filter", 2, 2, "[:forall [a] [:fn [[:fn [a] :any] [:vector a]] [:vector a]]]"
        "reduce", 2, 3, "[:forall [a b] [:fn [[:fn [b a] b] b [:vector a]] b]]"
        "first last", 1, 1, "[:forall [a] [:fn [[:vector a]] a?]]"
        "rest", 1, 1, sequence
        "nth", 2, 3, "[:forall [a] [:fn [[:vector a] :int a?] a]]"
        "keys vals", 1, 1, "[:fn [[:map]] [:vector :any]]"
        "contains?", 2, 2, "[:fn [:any :any] :bool]"
        "concat", 0, variadic, "[:forall [a] [:fn [& [:vector a]] [:vector a]]]"
        "vector", 0, variadic, "[:forall [a] [:fn [& a] [:vector a]]]"
        "list", 0, variadic, "[:forall [a] [:fn [& a] [:list a]]]"
        "hash-map", 0, variadic, "[:fn [& :any] [:map]]"
        "empty?", 1, 1, "[:fn [:any] :bool]"
        "range", 1, 3, "[:fn [:number :number? :number?] [:vector :number]]"
        "apply", 2, variadic, "[:fn [[:fn [& :any] :any] & :any] :any]"
    ]
    |> Seq.collect (fun (names, least, most, signature) ->
        names.Split ' '
        |> Seq.map (fun name -> FunctionEntry(name, signature, name, least, most)))
    |> Array.ofSeq

type private Fixed(capabilities: (string * string) list) =
    let offered =
        capabilities
        |> List.map (fun (id, kind) -> CapabilityEntry(id, kind))
        |> Array.ofList

    interface ICatalogue with
        member _.Functions = functions :> IReadOnlyList<_>
        member _.Capabilities = offered :> IReadOnlyList<_>
        member _.ProviderKinds = [| "file"; "stdio"; "values"; "local" |] :> IReadOnlyList<_>

let empty: ICatalogue = Fixed []

let offering: ICatalogue =
    Fixed [
        "com.example:v1.0:readings", "source"
        "com.example:v1.0:alerts", "sink"
        "com.example:v1.0:enrich", "transform"
        "com.example:v1.0:greet", "function"
    ]

let analyze (text: string) =
    Language.Analyze(Language.Read(text, "plan.rtfs"), offering)

/// Modules by name, for texts called `example`: one that passes, and one for each way not to.
let modules: IModuleResolver =
    let texts =
        dict [
            "checked", "(module checked (:exports [double]) (def two 2) (defn double [x] (* x two)))"
            "unchecked", "(module unchecked (defn f [x] (nobody x)))"
            "broken", "(module broken (defn f))"
            "misnamed", "(module another)"
            "twice", "(module twice (import checked :as c) (defn quadruple [x] (c/double (c/double x))))"
            "round.a", "(module round.a (import round.b))"
            "round.b", "(module round.b (import round.a))"
            "feeds",
            "(module feeds (:exports [put readings])\n"
            + "  (register-stream-capability :capability-id \"a.b:v1.0:low\" :type :stream-sink :provider {:kind :file :path \"out.ndjson\" :format :ndjson})\n"
            + "  (def readings (stream-source \"com.example:v1.0:readings\"))\n"
            + "  (stream-consume readings {:on-item println})\n"
            + "  (defn put [x] (stream-produce (stream-sink \"a.b:v1.0:low\") x)))"
            "logs",
            "(module logs (:exports [put])\n"
            + "  (register-stream-capability :capability-id \"a.b:v1.0:log\" :type :stream-sink :provider {:kind :file :path \"./out.ndjson\" :format :ndjson})\n"
            + "  (defn put [x] (stream-produce (stream-sink \"a.b:v1.0:log\") x)))"
            "again",
            "(module again (def readings (stream-source \"com.example:v1.0:readings\"))\n"
            + "  (stream-consume readings {:on-item println})\n"
            + "  (def readings 5))"
            "macros", "(module macros (defmacro unless [c & body] `(if ~c nil (do ~@body))))"
        ]

    {
        new IModuleResolver with
            member _.Resolve(_, name) =
                match texts.TryGetValue name with
                | true, text -> ModuleText(name + ".rtfs", text)
                | _ when name = "example" -> ModuleText("example", "")
                | _ -> null

            member _.Places(_, name) = [| name.Replace('.', '/') + ".rtfs" |]
    }

let analyzeWithModules (text: string) =
    Language.Analyze(Language.Read(text, "example"), offering, modules)
