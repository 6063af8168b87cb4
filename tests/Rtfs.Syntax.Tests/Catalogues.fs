/// The host that checks are run against here: the library's names, two capabilities and two provider kinds.
module Rtfs.Syntax.Tests.Catalogues

open System.Collections.Generic
open Rtfs.Syntax

let private names =
    "+ - * / mod inc dec max min abs = != not= < > <= >= not str get assoc dissoc update merge select-keys count conj map filter "
    + "reduce int? float? number? string? bool? nil? map? vector? list? keyword? symbol? fn? even? odd? first rest last nth keys "
    + "vals contains? concat vector list hash-map empty? range round floor ceil sqrt pow println log-info log-warn log-error log-debug"

type private Fixed(capabilities: (string * string) list) =
    let functions =
        names.Split ' '
        |> Array.map (fun name -> FunctionEntry(name, "[:fn [& :any] :any]", name))

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
