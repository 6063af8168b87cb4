/// Whether a value of which something is known may be what a form takes: a function, a stream. What nothing is known of may be anything.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.MayBe

open Rtfs.Syntax.Expand
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// `fits` says of a type that is no union whether its values may be what is asked for.
let private any (session: Session) (fits: Type -> bool) (target: Type) : bool =
    let isOpen (part: Type) =
        match part with
        | Type.Primitive Primitive.Any
        | Type.Alias _
        | Type.Variable _
        | Type.ForAll _ -> true
        | _ -> fits part

    match Atom.ofType session.Types target with
    // Code that is never reached.
    | [] -> true
    | atoms -> atoms |> List.exists (fun atom -> atom.Parts |> List.forall isOpen)

let private isPrimitive (wanted: Primitive) (part: Type) =
    match part with
    | Type.Primitive found -> found = wanted
    | _ -> false

let nothing (session: Session) (known: Known) : bool =
    any session (isPrimitive Primitive.Nil) known.Type

let callable (session: Session) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Function _
        | Type.Val(KeywordOf _)
        | Type.Primitive Primitive.Keyword -> true
        | _ -> false

    any session fits known.Type

/// A function, and no keyword in place of one.
let aFunction (session: Session) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Function _ -> true
        | _ -> false

    any session fits known.Type

/// What stands for a stream whichever end of it is asked for: the id of a capability, or a handle with both ends. What a literal id is, is told
/// where ids are read.
let private isEitherEnd (part: Type) =
    match part with
    | Type.StreamBi _
    | Type.StreamDuplex _
    | Type.Primitive(Primitive.String | Primitive.Keyword | Primitive.Symbol)
    | Type.Val(StringOf _) -> true
    | Type.Val(KeywordOf text) -> CapabilityId.looksVersioned text
    | _ -> false

let stream (session: Session) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Stream _ -> true
        | Type.Resource name -> name <> "StreamStage" && not (part.Equals Caught.error)
        | other -> isEitherEnd other

    any session fits known.Type

/// A stage of a pipeline behind the first: a stage, a function, a sink or a conversation.
let stage (session: Session) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Resource _ -> not (part.Equals Caught.error)
        | Type.Function _ -> true
        | other -> isEitherEnd other

    any session fits known.Type

let sequence (session: Session) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Vector _
        | Type.List _
        | Type.Tuple _
        | Type.Array _ -> true
        | _ -> false

    any session fits known.Type

/// A handle or an id. What a handle is besides, its stage tells.
let sink (session: Session) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Stream _ -> true
        | Type.Resource name -> name = "StreamSink"
        | other -> isEitherEnd other

    any session fits known.Type

let map (session: Session) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Map _
        | Type.MapOf _ -> true
        | _ -> false

    any session fits known.Type

let primitive (session: Session) (wanted: Primitive) (known: Known) : bool =
    let fits (part: Type) =
        match part with
        | Type.Val literal -> TypeNames.isLiteral literal && Literals.primitiveOf literal = wanted
        | other -> isPrimitive wanted other

    any session fits known.Type
