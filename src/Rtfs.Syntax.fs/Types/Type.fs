/// The types of the language as a tree: what annotations, schemas and `defstruct` say of values. C# reads it through `ITypeVisitor`.
namespace Rtfs.Syntax.Types

open System.Collections.Generic
open Rtfs.Syntax.Tree

type Primitive =
    | Any = 0
    | Never = 1
    | Nil = 2
    | Bool = 3
    | Int = 4
    | Float = 5
    /// An int or a float.
    | Number = 6
    | String = 7
    | Keyword = 8
    | Symbol = 9
    | Timestamp = 10
    | Uuid = 11

type Comparison =
    | Greater = 0
    | GreaterOrEqual = 1
    | Less = 2
    | LessOrEqual = 3
    | Equal = 4
    | NotEqual = 5

// Inside its own definition the compiler takes a union for one that represents a case by null (3261); none here does.
#nowarn "3261"

/// Structural equality. Compound types are at most as deep as the text that they were read from.
[<RequireQualifiedAccess; NoComparison; StructuralEquality>]
type Type =
    | Primitive of primitive: Primitive
    /// `T?`: the type or nil; never an optional inside of another.
    | Optional of target: Type
    | Vector of item: Type
    | List of item: Type
    /// Vectors of exactly these items.
    | Tuple of items: Type array
    /// Open: keys that are not named may be there. `Wildcard` is `[:* T]`, the type of those, or null.
    | Map of fields: Field array * wildcard: (Type | null)
    | MapOf of key: Type * value: Type
    /// `Rest` is the type of each extra argument, or null for an exact number of arguments.
    | Function of parameters: Type array * rest: (Type | null) * result: Type
    | Resource of name: string
    /// One of the literals.
    | Enum of values: Form array
    | Union of members: Type array
    /// A subject that also satisfies each refinement.
    | And of subject: Type * refinements: Refinement array
    /// Exactly this literal.
    | Val of value: Form
    /// A vector nested by dimensions, outermost first: a size, or -1 for any; no dimensions is a vector of any size.
    | Array of item: Type * dimensions: int64 array
    | Stream of item: Type
    | StreamBi of input: Type * output: Type
    | StreamDuplex of input: Type * output: Type
    /// A signature that holds for all types in place of its variables.
    | ForAll of variables: string array * body: Type
    | Variable of name: string
    /// A name that a `defstruct` or `deftype`, or nobody, defines.
    | Alias of name: string

and [<Sealed>] Field(key: Form, target: Type, optional: bool) =
    /// A keyword, string or integer.
    member _.Key = key
    member _.Type = target
    member _.Optional = optional

    override _.Equals(other: obj) =
        match other with
        | :? Field as other -> key.Equals other.Key && optional = other.Optional && target.Equals other.Type
        | _ -> false

    override _.GetHashCode() = key.GetHashCode()

/// What `:and` asks of a value besides its type.
and [<RequireQualifiedAccess; NoComparison; StructuralEquality>] Refinement =
    | OfType of target: Type
    /// `[:> 5]`; the bound is a literal. Order is between numbers, or between strings.
    | Compare of comparison: Comparison * bound: Form
    /// `[:in-range low high]`, both inclusive.
    | InRange of low: Form * high: Form
    /// The length of a string: `:min-length` (GreaterOrEqual), `:max-length` (LessOrEqual), `:length` (Equal).
    | Length of comparison: Comparison * length: int64
    /// The items of a collection: `:min-count`, `:max-count`, `:count`.
    | Count of comparison: Comparison * count: int64
    | NonEmpty
    | MatchesRegex of pattern: string
    | HasKey of key: Form
    | RequiredKeys of keys: Form array
    | IsUrl
    | IsEmail
    /// A predicate that the language does not know: its name without the colon, and literals.
    | Custom of name: string * arguments: Form array

#warnon "3261"

[<AutoOpen>]
module internal TypeView =
    /// A record's wildcard that lets no other key in. (A union's case is not to be asked of null.)
    [<return: Struct>]
    let (|Closed|_|) (wildcard: Type | null) =
        match wildcard with
        | null -> ValueNone
        | present ->
            match present with
            | Type.Primitive Primitive.Never -> ValueSome()
            | _ -> ValueNone

type ITypeVisitor<'R> =
    abstract VisitPrimitive: primitive: Primitive -> 'R
    abstract VisitOptional: target: Type -> 'R
    abstract VisitVector: item: Type -> 'R
    abstract VisitList: item: Type -> 'R
    abstract VisitTuple: items: IReadOnlyList<Type> -> 'R
    abstract VisitMap: fields: IReadOnlyList<Field> * wildcard: (Type | null) -> 'R
    abstract VisitMapOf: key: Type * value: Type -> 'R
    abstract VisitFunction: parameters: IReadOnlyList<Type> * rest: (Type | null) * result: Type -> 'R
    abstract VisitResource: name: string -> 'R
    abstract VisitEnum: values: IReadOnlyList<Form> -> 'R
    abstract VisitUnion: members: IReadOnlyList<Type> -> 'R
    abstract VisitAnd: subject: Type * refinements: IReadOnlyList<Refinement> -> 'R
    abstract VisitVal: value: Form -> 'R
    abstract VisitArray: item: Type * dimensions: IReadOnlyList<int64> -> 'R
    abstract VisitStream: item: Type -> 'R
    abstract VisitStreamBi: input: Type * output: Type -> 'R
    abstract VisitStreamDuplex: input: Type * output: Type -> 'R
    abstract VisitForAll: variables: IReadOnlyList<string> * body: Type -> 'R
    abstract VisitVariable: name: string -> 'R
    abstract VisitAlias: name: string -> 'R

type IRefinementVisitor<'R> =
    abstract VisitOfType: target: Type -> 'R
    abstract VisitCompare: comparison: Comparison * bound: Form -> 'R
    abstract VisitInRange: low: Form * high: Form -> 'R
    abstract VisitLength: comparison: Comparison * length: int64 -> 'R
    abstract VisitCount: comparison: Comparison * count: int64 -> 'R
    abstract VisitNonEmpty: unit -> 'R
    abstract VisitMatchesRegex: pattern: string -> 'R
    abstract VisitHasKey: key: Form -> 'R
    abstract VisitRequiredKeys: keys: IReadOnlyList<Form> -> 'R
    abstract VisitIsUrl: unit -> 'R
    abstract VisitIsEmail: unit -> 'R
    abstract VisitCustom: name: string * arguments: IReadOnlyList<Form> -> 'R

type Type with

    member target.Accept(visitor: ITypeVisitor<'R>) : 'R =
        match target with
        | Type.Primitive primitive -> visitor.VisitPrimitive primitive
        | Type.Optional target -> visitor.VisitOptional target
        | Type.Vector item -> visitor.VisitVector item
        | Type.List item -> visitor.VisitList item
        | Type.Tuple items -> visitor.VisitTuple items
        | Type.Map(fields, wildcard) -> visitor.VisitMap(fields, wildcard)
        | Type.MapOf(key, value) -> visitor.VisitMapOf(key, value)
        | Type.Function(parameters, rest, result) -> visitor.VisitFunction(parameters, rest, result)
        | Type.Resource name -> visitor.VisitResource name
        | Type.Enum values -> visitor.VisitEnum values
        | Type.Union members -> visitor.VisitUnion members
        | Type.And(subject, refinements) -> visitor.VisitAnd(subject, refinements)
        | Type.Val value -> visitor.VisitVal value
        | Type.Array(item, dimensions) -> visitor.VisitArray(item, dimensions)
        | Type.Stream item -> visitor.VisitStream item
        | Type.StreamBi(input, output) -> visitor.VisitStreamBi(input, output)
        | Type.StreamDuplex(input, output) -> visitor.VisitStreamDuplex(input, output)
        | Type.ForAll(variables, body) -> visitor.VisitForAll(variables, body)
        | Type.Variable name -> visitor.VisitVariable name
        | Type.Alias name -> visitor.VisitAlias name

type Refinement with

    member refinement.Accept(visitor: IRefinementVisitor<'R>) : 'R =
        match refinement with
        | Refinement.OfType target -> visitor.VisitOfType target
        | Refinement.Compare(comparison, bound) -> visitor.VisitCompare(comparison, bound)
        | Refinement.InRange(low, high) -> visitor.VisitInRange(low, high)
        | Refinement.Length(comparison, length) -> visitor.VisitLength(comparison, length)
        | Refinement.Count(comparison, count) -> visitor.VisitCount(comparison, count)
        | Refinement.NonEmpty -> visitor.VisitNonEmpty()
        | Refinement.MatchesRegex pattern -> visitor.VisitMatchesRegex pattern
        | Refinement.HasKey key -> visitor.VisitHasKey key
        | Refinement.RequiredKeys keys -> visitor.VisitRequiredKeys keys
        | Refinement.IsUrl -> visitor.VisitIsUrl()
        | Refinement.IsEmail -> visitor.VisitIsEmail()
        | Refinement.Custom(name, arguments) -> visitor.VisitCustom(name, arguments)
