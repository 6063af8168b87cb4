/// What a clause of `match` asks of a value. Unlike a binding's pattern it may fail, and the next clause is tried.
namespace Rtfs.Syntax.Expand

open System.Collections.Generic
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// A name that a lexical form binds. Two bindings of one name are two objects; identity is by reference.
[<Sealed>]
type Binding(name: string, span: Span) =
    member _.Name = name
    member _.Span = span

[<RequireQualifiedAccess; ReferenceEquality>]
type MatchPattern =
    /// `_`
    | Any of span: Span
    | Name of binding: Binding
    /// A literal, or quoted data: the value must be equal to it.
    | Literal of datum: Form * span: Span
    /// Vectors and lists of exactly these items, or at least these where a rest is named; the rest is a vector.
    | Vector of items: MatchPattern array * rest: (Binding | null) * span: Span
    /// Maps that have every key (open: others may be there). Keys are literal forms. The rest is the map without them.
    | Map of entries: KeyValuePair<Form, MatchPattern> array * rest: (Binding | null) * span: Span
    /// `(:as name pattern)`, and `:as name` inside a vector or map: the whole value under a name, where the pattern matches.
    | As of binding: Binding * pattern: MatchPattern * span: Span
    | OfType of target: Type * span: Span

type IMatchPatternVisitor<'R> =
    abstract VisitAny: span: Span -> 'R
    abstract VisitName: binding: Binding -> 'R
    abstract VisitLiteral: datum: Form * span: Span -> 'R
    abstract VisitVector: items: IReadOnlyList<MatchPattern> * rest: (Binding | null) * span: Span -> 'R

    abstract VisitMap:
        entries: IReadOnlyList<KeyValuePair<Form, MatchPattern>> * rest: (Binding | null) * span: Span -> 'R

    abstract VisitAs: binding: Binding * pattern: MatchPattern * span: Span -> 'R
    abstract VisitOfType: target: Type * span: Span -> 'R

type MatchPattern with

    member pattern.Accept(visitor: IMatchPatternVisitor<'R>) : 'R =
        match pattern with
        | MatchPattern.Any span -> visitor.VisitAny span
        | MatchPattern.Name binding -> visitor.VisitName binding
        | MatchPattern.Literal(datum, span) -> visitor.VisitLiteral(datum, span)
        | MatchPattern.Vector(items, rest, span) -> visitor.VisitVector(items, rest, span)
        | MatchPattern.Map(entries, rest, span) -> visitor.VisitMap(entries, rest, span)
        | MatchPattern.As(binding, pattern, span) -> visitor.VisitAs(binding, pattern, span)
        | MatchPattern.OfType(target, span) -> visitor.VisitOfType(target, span)
