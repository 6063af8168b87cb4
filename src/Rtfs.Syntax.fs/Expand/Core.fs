/// The small language that every form lowers to: what is checked, compiled and run. C# reads it through `ICoreVisitor`,
/// so that a new node breaks the build of its readers and nobody's run.
namespace Rtfs.Syntax.Expand

open System.Collections.Generic
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// How a value is taken apart where it is bound. Vector patterns are strict on length; map patterns are open.
[<RequireQualifiedAccess; ReferenceEquality>]
type Pattern =
    | Ignore of span: Span
    | Name of binding: Binding
    /// `rest` and `whole` are null when absent. A rest of a `let` is a vector.
    | Vector of items: Pattern array * rest: (Binding | null) * whole: (Binding | null) * span: Span
    /// Keys are literal forms (keyword, string, int); a missing key binds nil. `rest` gets the map without the named keys.
    | Map of entries: KeyValuePair<Form, Pattern> array * rest: (Binding | null) * whole: (Binding | null) * span: Span

/// A function: exact arity, or at least `Parameters.Length` when `Rest` is there (a list of the extra arguments).
/// `Name` is null for an anonymous function. `ParameterTypes` has an entry for each parameter, null where it is not annotated;
/// `RestType` is the type of each extra argument. Types are checked where the function is entered and left.
[<Sealed>]
type Lambda
    (
        name: (string | null),
        parameters: Pattern array,
        parameterTypes: (Type | null) array,
        rest: (Binding | null),
        restType: (Type | null),
        returnType: (Type | null),
        body: Core,
        span: Span
    ) =
    let isTyped = parameterTypes |> Array.exists (fun target -> not (isNull target))

    new(name, parameters: Pattern array, rest, body, span) =
        Lambda(name, parameters, Array.create parameters.Length null, rest, null, null, body, span)

    member _.Name = name
    member _.Parameters = parameters
    member _.ParameterTypes = parameterTypes
    /// Whether any parameter is annotated.
    member internal _.IsTyped = isTyped
    member _.Rest = rest
    member _.RestType = restType
    member _.ReturnType = returnType
    member _.Body = body
    member _.Span = span

    /// Answers that a check has found about the body, as bits of its own making; 0 before.
    member val internal Traits = 0 with get, set

    member internal _.Named(other: string) =
        Lambda(other, parameters, parameterTypes, rest, restType, returnType, body, span)

/// A clause of `match`: tried in order, taken where its pattern matches and its guard (or null) is truthy.
and [<Sealed>] MatchClause(pattern: MatchPattern, guard: (Core | null), body: Core) =
    member _.Pattern = pattern
    member _.Guard = guard
    member _.Body = body

/// A clause of `try`. `Kind` is as written: `TypeError`, `:network-error` (with its colon); null catches every error.
and [<Sealed>] CatchClause(kind: (string | null), binding: (Binding | null), body: Core, span: Span) =
    member _.Kind = kind
    member _.Binding = binding
    member _.Body = body
    member _.Span = span

// Inside its own definition the compiler takes a union for one that represents a case by null (3261); none here does.
#nowarn "3261"

/// Spans are relative to the top-level form (see `CoreForm.Start`).
and [<RequireQualifiedAccess; ReferenceEquality>] Core =
    /// A self-evaluating literal or quoted data; the form's own nodes tell which. Quoted data may be any form.
    | Quote of datum: Form * span: Span
    | Local of binding: Binding * span: Span
    /// A name that no lexical form binds: a `def` of the program, or a library function.
    | Global of name: string * span: Span
    | Vector of items: Core array * span: Span
    /// Builds a list: a template of quoted code with computed parts.
    | List of items: Core array * span: Span
    | Map of entries: KeyValuePair<Core, Core> array * span: Span
    | If of condition: Core * consequent: Core * alternative: Core * span: Span
    | Do of body: Core array * span: Span
    /// Sequential; later values see earlier bindings. Functions bound by one `let` see themselves and each other.
    | Let of bindings: KeyValuePair<Pattern, Core> array * body: Core * span: Span
    | Function of lambda: Lambda * span: Span
    | Call of callee: Core * arguments: Core array * span: Span
    | And of items: Core array * span: Span
    | Or of items: Core array * span: Span
    /// Binds a global of the program and gives the value.
    | Define of name: string * value: Core * span: Span
    /// The logic of a consume, `{x => body}`: a function of one item, evaluated only where a consumer is expected.
    | Consumer of lambda: Lambda * span: Span
    /// A form of the streaming language or `call`: `Name` as written (`stream-source`, `call`, …), the positional
    /// arguments, and the options written as trailing `:key value` pairs or as a trailing literal map.
    | Operation of name: string * arguments: Core array * options: KeyValuePair<string, Core> array * span: Span
    | Match of value: Core * clauses: MatchClause array * span: Span
    /// Bound in sequence, as by `let`; `recur` binds all of them anew at once, and runs the body again.
    | Loop of bindings: KeyValuePair<Pattern, Core> array * body: Core * span: Span
    /// Back to the nearest loop or function around it, always in tail position. The number of arguments is that of the bindings or
    /// parameters; a function with a rest takes one more, the sequence that becomes the rest.
    | Recur of arguments: Core array * span: Span
    /// A comprehension: a vector of the body's values, the last binding running fastest. Later collections see earlier names.
    | For of bindings: KeyValuePair<Pattern, Core> array * body: Core * span: Span
    /// `Cleanup` is null where there is no `finally`; its value is dropped, its own error wins.
    | Try of body: Core * catches: CatchClause array * cleanup: (Core | null) * span: Span
    /// A checked cast, the value unchanged. `Role` is `let` or `def`, `Name` what is bound (null for a pattern).
    | Check of value: Core * target: Type * role: string * name: (string | null) * span: Span
    /// The function of one value that `defstruct` or `deftype` defines: it checks the value against the type and gives it back.
    | Struct of name: string * target: Type * span: Span
    /// The values of the branches, in their order, as a vector.
    | Parallel of branches: Core array * span: Span
    /// `step`, `step-if`, `step-loop`, `step-parallel`. `Name` is null but for `step`. `step-if` has three parts: condition, consequent, alternative;
    /// `step-loop` two: condition, body.
    | Step of kind: string * name: (string | null) * options: (Core | null) * body: Core array * span: Span
    /// `Hints` is a map of `:runtime.…` keywords; host calls inside the target get it.
    | Hinted of hints: Core * target: Core * span: Span
    /// Bound, used, and released when the body is left, by value or by error.
    | WithResource of binding: Binding * value: Core * body: Core * span: Span

    #warnon "3261"

    member core.Span =
        match core with
        | Quote(_, span)
        | Local(_, span)
        | Global(_, span)
        | Vector(_, span)
        | List(_, span)
        | Map(_, span)
        | If(_, _, _, span)
        | Do(_, span)
        | Let(_, _, span)
        | Function(_, span)
        | Call(_, _, span)
        | And(_, span)
        | Or(_, span)
        | Define(_, _, span)
        | Consumer(_, span)
        | Operation(_, _, _, span)
        | Match(_, _, span)
        | Loop(_, _, span)
        | Recur(_, span)
        | For(_, _, span)
        | Try(_, _, _, span)
        | Check(_, _, _, _, span)
        | Struct(_, _, span)
        | Parallel(_, span)
        | Step(_, _, _, _, span)
        | Hinted(_, _, span)
        | WithResource(_, _, _, span) -> span

/// One lowered top-level form; absolute span = relative span + `Start`, in `Source`: an imported file's forms have their own.
[<Sealed>]
type CoreForm(source: SourceText, start: int, core: Core) =
    member _.Source = source
    member _.Start = start
    member _.Core = core

/// A lowered text: the forms of what it imports, each module once and before those that need it, then its own. `Source` is the text itself.
[<Sealed>]
type CoreProgram(source: SourceText, forms: CoreForm array) =
    member _.Source = source
    member _.Forms = forms

type ICoreVisitor<'R> =
    abstract VisitQuote: datum: Form * span: Span -> 'R
    abstract VisitLocal: binding: Binding * span: Span -> 'R
    abstract VisitGlobal: name: string * span: Span -> 'R
    abstract VisitVector: items: IReadOnlyList<Core> * span: Span -> 'R
    abstract VisitList: items: IReadOnlyList<Core> * span: Span -> 'R
    abstract VisitMap: entries: IReadOnlyList<KeyValuePair<Core, Core>> * span: Span -> 'R
    abstract VisitIf: condition: Core * consequent: Core * alternative: Core * span: Span -> 'R
    abstract VisitDo: body: IReadOnlyList<Core> * span: Span -> 'R
    abstract VisitLet: bindings: IReadOnlyList<KeyValuePair<Pattern, Core>> * body: Core * span: Span -> 'R
    abstract VisitFunction: lambda: Lambda * span: Span -> 'R
    abstract VisitCall: callee: Core * arguments: IReadOnlyList<Core> * span: Span -> 'R
    abstract VisitAnd: items: IReadOnlyList<Core> * span: Span -> 'R
    abstract VisitOr: items: IReadOnlyList<Core> * span: Span -> 'R
    abstract VisitDefine: name: string * value: Core * span: Span -> 'R
    abstract VisitConsumer: lambda: Lambda * span: Span -> 'R

    abstract VisitOperation:
        name: string * arguments: IReadOnlyList<Core> * options: IReadOnlyList<KeyValuePair<string, Core>> * span: Span ->
            'R

    abstract VisitMatch: value: Core * clauses: IReadOnlyList<MatchClause> * span: Span -> 'R
    abstract VisitLoop: bindings: IReadOnlyList<KeyValuePair<Pattern, Core>> * body: Core * span: Span -> 'R
    abstract VisitRecur: arguments: IReadOnlyList<Core> * span: Span -> 'R
    abstract VisitFor: bindings: IReadOnlyList<KeyValuePair<Pattern, Core>> * body: Core * span: Span -> 'R
    abstract VisitTry: body: Core * catches: IReadOnlyList<CatchClause> * cleanup: (Core | null) * span: Span -> 'R
    abstract VisitCheck: value: Core * target: Type * role: string * name: (string | null) * span: Span -> 'R
    abstract VisitStruct: name: string * target: Type * span: Span -> 'R
    abstract VisitParallel: branches: IReadOnlyList<Core> * span: Span -> 'R

    abstract VisitStep:
        kind: string * name: (string | null) * options: (Core | null) * body: IReadOnlyList<Core> * span: Span -> 'R

    abstract VisitHinted: hints: Core * target: Core * span: Span -> 'R
    abstract VisitWithResource: binding: Binding * value: Core * body: Core * span: Span -> 'R

type IPatternVisitor<'R> =
    abstract VisitIgnore: span: Span -> 'R
    abstract VisitName: binding: Binding -> 'R

    abstract VisitVector:
        items: IReadOnlyList<Pattern> * rest: (Binding | null) * whole: (Binding | null) * span: Span -> 'R

    abstract VisitMap:
        entries: IReadOnlyList<KeyValuePair<Form, Pattern>> *
        rest: (Binding | null) *
        whole: (Binding | null) *
        span: Span ->
            'R

type Core with

    member core.Accept(visitor: ICoreVisitor<'R>) : 'R =
        match core with
        | Core.Quote(datum, span) -> visitor.VisitQuote(datum, span)
        | Core.Local(binding, span) -> visitor.VisitLocal(binding, span)
        | Core.Global(name, span) -> visitor.VisitGlobal(name, span)
        | Core.Vector(items, span) -> visitor.VisitVector(items, span)
        | Core.List(items, span) -> visitor.VisitList(items, span)
        | Core.Map(entries, span) -> visitor.VisitMap(entries, span)
        | Core.If(condition, consequent, alternative, span) -> visitor.VisitIf(condition, consequent, alternative, span)
        | Core.Do(body, span) -> visitor.VisitDo(body, span)
        | Core.Let(bindings, body, span) -> visitor.VisitLet(bindings, body, span)
        | Core.Function(lambda, span) -> visitor.VisitFunction(lambda, span)
        | Core.Call(callee, arguments, span) -> visitor.VisitCall(callee, arguments, span)
        | Core.And(items, span) -> visitor.VisitAnd(items, span)
        | Core.Or(items, span) -> visitor.VisitOr(items, span)
        | Core.Define(name, value, span) -> visitor.VisitDefine(name, value, span)
        | Core.Consumer(lambda, span) -> visitor.VisitConsumer(lambda, span)
        | Core.Operation(name, arguments, options, span) -> visitor.VisitOperation(name, arguments, options, span)
        | Core.Match(value, clauses, span) -> visitor.VisitMatch(value, clauses, span)
        | Core.Loop(bindings, body, span) -> visitor.VisitLoop(bindings, body, span)
        | Core.Recur(arguments, span) -> visitor.VisitRecur(arguments, span)
        | Core.For(bindings, body, span) -> visitor.VisitFor(bindings, body, span)
        | Core.Try(body, catches, cleanup, span) -> visitor.VisitTry(body, catches, cleanup, span)
        | Core.Check(value, target, role, name, span) -> visitor.VisitCheck(value, target, role, name, span)
        | Core.Struct(name, target, span) -> visitor.VisitStruct(name, target, span)
        | Core.Parallel(branches, span) -> visitor.VisitParallel(branches, span)
        | Core.Step(kind, name, options, body, span) -> visitor.VisitStep(kind, name, options, body, span)
        | Core.Hinted(hints, target, span) -> visitor.VisitHinted(hints, target, span)
        | Core.WithResource(binding, value, body, span) -> visitor.VisitWithResource(binding, value, body, span)

type Pattern with

    member pattern.Accept(visitor: IPatternVisitor<'R>) : 'R =
        match pattern with
        | Pattern.Ignore span -> visitor.VisitIgnore span
        | Pattern.Name binding -> visitor.VisitName binding
        | Pattern.Vector(items, rest, whole, span) -> visitor.VisitVector(items, rest, whole, span)
        | Pattern.Map(entries, rest, whole, span) -> visitor.VisitMap(entries, rest, whole, span)
