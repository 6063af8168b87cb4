/// What checking knows of a value: its type and, beyond the type, what calling and wiring need.
namespace Rtfs.Syntax.Check

open System.Collections.Generic
open System.Collections.Immutable
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

[<ReferenceEquality>]
type internal Known = { Type: Type; Shape: Shape }

and [<RequireQualifiedAccess; ReferenceEquality>] internal Shape =
    | Plain
    /// A literal.
    | Datum of Form
    | Closure of Closure
    /// A function of the catalogue.
    | Library of name: string
    /// A function that a function of the catalogue makes of others.
    | Combined of Combination
    /// The items of a vector or list.
    | Many of Known list
    /// What a map holds under literal keys.
    | Entries of (struct (Form * Known)) list
    /// A stream that can be read, by the stage that sends it.
    | Stream of DraftStage
    | Sink of DraftStage
    /// A stage that no stream has been given to yet.
    | Operator of Pending
    | Pipeline of Assembly
    | Plan of program: Core * origin: Origin
    /// `:any`, and somebody has been told so.
    | Told
    /// A name's value, by what was asked in the scope of the names in it. Only the name itself has it: elsewhere they may mean others.
    | Test of condition: Core

and [<RequireQualifiedAccess>] internal Combination =
    /// The last is called first.
    | Comp of parts: Part list
    | Partial of f: Part * given: Part list
    | Juxt of parts: Part list
    | Complement of f: Part
    | Constantly of value: Part
    | EveryPred of parts: Part list
    | SomeFn of parts: Part list
    | Fnil of f: Part * defaults: Part list

    /// One of several functions, as a condition decides.
    | OneOf of functions: Known list

/// What a combination is made of, and where that stands.
and internal Part = { Known: Known; Place: Place }

/// A function with the names around it. `Locals` is set once more where the functions of one `let` see each other.
and [<Sealed>] internal Closure(lambda: Lambda, locals: Locals, origin: Origin) =
    member _.Lambda = lambda
    member val Locals = locals with get, set
    member _.Origin = origin

and internal Locals = ImmutableDictionary<Binding, Known>

/// What a stage does to the type of what passes it.
and [<RequireQualifiedAccess>] internal Passage =
    | Keep
    | KeepWhere of predicate: Known
    /// Every item passes as it is; the function is called with each.
    | Observe of f: Known
    | Through of f: Known
    | KeyBy of f: Known
    /// What each field is made of, and where what it reads stands.
    | Aggregate of fields: (struct (Form * Known list * Span)) list
    /// A capability that asks for one type and gives another.
    | Capability of input: Type * output: Type

and internal Pending = {
    Kind: string
    Label: string | null
    Capability: string | null
    Place: Place
    /// Where the function stands that the stage works by.
    FunctionSpan: Span
    Passage: Passage
}

/// A pipeline's stages. `Drawn` once it has been executed; one that never is gets drawn at the end.
and [<Sealed>] internal Assembly(parts: Known list, spans: Span list, place: Place, maker: obj) =
    /// The mark of the check that made it, which alone may still change it.
    member _.Maker = maker
    member _.Parts = parts
    /// Where the parts stand, if they stand in a text.
    member _.Spans = spans
    member _.Place = place
    member val Drawn = false with get, set

module internal Known =
    let ofType (target: Type) : Known = { Type = target; Shape = Shape.Plain }
    let any = ofType Atom.any
    let nil = ofType Atom.nil
    let told = { Type = Atom.any; Shape = Shape.Told }

    let isAny (known: Known) =
        match known.Type with
        | Type.Primitive Primitive.Any -> true
        | _ -> false

    /// Of a value that is one of two. Wiring prefers what it can follow.
    let either (names: NamedTypes) (a: Known) (b: Known) : Known =
        let shape =
            match a.Shape with
            | Shape.Plain
            | Shape.Datum _ ->
                match b.Shape with
                | Shape.Plain -> Shape.Plain
                | Shape.Datum _ when
                    (match a.Shape with
                     | Shape.Datum _ -> false
                     | _ -> true)
                    ->
                    Shape.Plain
                | Shape.Datum _ -> a.Shape
                | other -> other
            | kept -> kept

        // Two literals are no one literal.
        let shape =
            match a.Shape, b.Shape with
            | Shape.Datum a, Shape.Datum b when not (a.Equals b) -> Shape.Plain
            | _ -> shape

        {
            Type = Join.bounded (Join.join names a.Type b.Type)
            Shape = shape
        }

    let noLocals: Locals =
        ImmutableDictionary.Create<Binding, Known>(HashIdentity.Reference, null)
