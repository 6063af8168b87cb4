/// The names that a text defines, found before lowering, so that a form may use what a later one defines.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Expand.Definitions

open System.Collections.Generic
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// Quoted data and a plan's program are other programs: what they define is theirs.
let private isOwn (form: Form) =
    match form.Node with
    | Node.Prefixed((Prefix.Quote | Prefix.QuasiQuote), _) -> false
    | Node.List items when items.Forms.Length > 0 ->
        match items.Forms[0] with
        | SymbolOf("quote" | "plan" | "module") -> false
        | _ -> true
    | _ -> true

/// The names in one form.
[<Sealed>]
type FormNames(defined: string array, structs: string array, mentioned: NameSet) =
    /// Those that it defines as a part of the text, whatever stands around the definition.
    member _.Defined = defined
    /// Those of types among them.
    member _.Structs = structs
    /// Every symbol and keyword in it: its meaning can change only with the meaning of one of these.
    member _.Mentioned = mentioned

/// What the form defines if it is a definition, and whether that is a type.
let private definitionOf (form: Form) : struct (string * bool) voption =
    match form.Node with
    | Node.List items when items.Forms.Length > 1 ->
        match items.Forms[0] with
        | SymbolOf("def" | "defn" | "defstruct" | "deftype" as word) ->
            match bare items.Forms[1] with
            | SymbolOf name -> ValueSome(struct (name, word = "defstruct" || word = "deftype"))
            | _ -> ValueNone
        | _ -> ValueNone
    | _ -> ValueNone

/// Goes through one form once.
let inForm (root: Form) : FormNames =
    let defined = ResizeArray<string>()
    let structs = ResizeArray<string>()
    let mentioned = NameSet()
    let pending = Stack<struct (Form * bool)>()

    /// Names are noted at once: most parts are names.
    let note (isOwn: bool) (part: Form) =
        match part.Node with
        | Node.Symbol name
        | Node.Keyword name -> mentioned.Add name
        | _ -> pending.Push(struct (part, isOwn))

    let ofOwn, ofOthers = note true, note false
    ofOwn root

    while pending.Count > 0 do
        let struct (form, own) = pending.Pop()

        if own then
            match definitionOf form with
            | ValueSome(struct (name, isStruct)) ->
                defined.Add name

                if isStruct then
                    structs.Add name
            | ValueNone -> ()

        form |> eachPart (if own && isOwn form then ofOwn else ofOthers)

    FormNames(defined.ToArray(), structs.ToArray(), mentioned)

/// What the names of forms mean that stand by themselves.
let together (forms: seq<FormNames>) : Names =
    let defined = HashSet<string>()
    let structs = HashSet<string>()

    for form in forms do
        defined.UnionWith form.Defined
        structs.UnionWith form.Structs

    Names.defining defined structs

/// The names of a text that stands by itself, from its forms.
let names (roots: seq<Form>) : Names = roots |> Seq.map inForm |> together
