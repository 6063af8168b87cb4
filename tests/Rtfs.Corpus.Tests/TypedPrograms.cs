// Programs generated with a type in mind, and now and then with a mistake: what the checker's promise is tried on.

using System.Globalization;

namespace Rtfs.Corpus.Tests;

/// <summary>What an expression is meant to give.</summary>
public enum Kind
{
    Int,
    Float,
    Text,
    Truth,
    Ints,
    Texts,
    Reading,
    MaybeInt,
    Tag,
}

/// <summary>The same programs for the same seed.</summary>
public sealed class TypedPrograms(int seed)
{
    private static readonly Kind[] Kinds = Enum.GetValues<Kind>();

    private readonly Random _random = new(seed);

    private int _names;

    /// <summary>A few functions with annotated parameters, and an expression that may call them.</summary>
    public string Next()
    {
        _names = 0;
        var functions = new List<Function>();
        var lines = new List<string> { "(defstruct Reading :id String :value Float :unit String?)" };
        for (var i = _random.Next(3); i > 0; i--)
        {
            var parameters = Enumerable.Range(0, 1 + _random.Next(2)).Select(_ => new Name(Fresh(), Pick(Kinds))).ToArray();
            var function = new Function(Fresh(), parameters, Pick(Kinds));
            var body = Expression(function.Result, 3, [.. parameters], functions);
            var result = _random.Next(2) == 0 ? $" : {TypeOf(function.Result)}" : "";
            lines.Add($"(defn {function.Name} [{string.Join(' ', parameters.Select(static one => $"{one.Text} : {TypeOf(one.Kind)}"))}]{result} {body})");
            functions.Add(function);
        }

        lines.Add(Expression(Pick(Kinds), 4, [], functions));
        return string.Join('\n', lines);
    }

    private static string TypeOf(Kind kind) => kind switch
    {
        Kind.Int => ":int",
        Kind.Float => ":float",
        Kind.Text => ":string",
        Kind.Truth => ":bool",
        Kind.Ints => "[:vector :int]",
        Kind.Texts => "[:vector :string]",
        Kind.Reading => "Reading",
        Kind.MaybeInt => ":int?",
        _ => "[:enum :low :high]",
    };

    private string Expression(Kind kind, int depth, IReadOnlyList<Name> scope, IReadOnlyList<Function> functions)
    {
        // One in forty is of another type than it should be.
        if (_random.Next(40) == 0)
        {
            kind = Pick(Kinds);
        }

        var names = scope.Where(name => name.Kind == kind).ToArray();
        if (names.Length > 0 && _random.Next(3) == 0)
        {
            return Pick(names).Text;
        }

        if (depth == 0)
        {
            return Literal(kind);
        }

        var callable = functions.Where(function => function.Result == kind).ToArray();
        if (callable.Length > 0 && _random.Next(4) == 0)
        {
            var function = Pick(callable);
            return $"({function.Name} {string.Join(' ', function.Parameters.Select(parameter => Of(parameter.Kind)))})";
        }

        return _random.Next(8) switch
        {
            0 => $"(if {Of(Kind.Truth)} {Of(kind)} {Of(kind)})",
            1 => Let(kind, depth, scope, functions),
            2 => $"(cond {Of(Kind.Truth)} {Of(kind)} {Of(Kind.Truth)} {Of(kind)} :else {Of(kind)})",
            3 => Narrowed(kind, depth, scope, functions),
            _ => Made(kind, depth, scope, functions),
        };

        string Of(Kind wanted) => Expression(wanted, depth - 1, scope, functions);
    }

    /// <summary>By a function of the library that gives the kind.</summary>
    private string Made(Kind kind, int depth, IReadOnlyList<Name> scope, IReadOnlyList<Function> functions)
    {
        var name = Fresh();
        return kind switch
        {
            Kind.Int => Pick(
                [
                    $"(+ {Of(Kind.Int)} {Of(Kind.Int)})", $"(* {Of(Kind.Int)} 2)", $"(inc {Of(Kind.Int)})", $"(count {Of(Kind.Ints)})",
                    $"(string-length {Of(Kind.Text)})", $"(reduce (fn [sum {name}] (+ sum {name})) 0 {Of(Kind.Ints)})", $"(or (first {Of(Kind.Ints)}) 0)",
                    $"(get {{\"a\" 1 \"b\" 2}} {Of(Kind.Text)} 0)", $"(loop [n 0 sum 0] (if (< n 3) (recur (inc n) (+ sum n)) sum))",
                    $"(match {Of(Kind.Tag)} :low {Of(Kind.Int)} :high {Of(Kind.Int)})", $"((comp inc string-length) {Of(Kind.Text)})",
                    $"((partial + {Of(Kind.Int)}) {Of(Kind.Int)})", $"((fnil inc {Of(Kind.Int)}) {Of(Kind.MaybeInt)})",
                    $"((if {Of(Kind.Truth)} inc dec) {Of(Kind.Int)})", $"(:a (merge-with + {{:a {Of(Kind.Int)}}} {{:a {Of(Kind.Int)}}}))",
                    $"(reduce-kv (fn [sum key {name}] (+ sum {name})) 0 {{:a {Of(Kind.Int)} :b {Of(Kind.Int)}}})",
                ]),
            Kind.Float => Pick([$"(sqrt (abs {Of(Kind.Int)}))", $"(+ 0.5 {Of(Kind.Float)})", $"(:value {Of(Kind.Reading)})", $"(float {Of(Kind.Int)})"]),
            Kind.Text => Pick(
                [
                    $"(str {Of(Kind.Int)} {Of(Kind.Text)})", $"(string-upper {Of(Kind.Text)})", $"(:id {Of(Kind.Reading)})",
                    $"(join \",\" {Of(Kind.Texts)})", $"(or (:unit {Of(Kind.Reading)}) {Of(Kind.Text)})", $"(name {Of(Kind.Tag)})",
                ]),
            Kind.Truth => Pick(
                [
                    $"(< {Of(Kind.Int)} {Of(Kind.Int)})", $"(not {Of(Kind.Truth)})", $"(even? {Of(Kind.Int)})", $"(nil? {Of(Kind.MaybeInt)})",
                    $"(= {Of(Kind.Text)} {Of(Kind.Text)})", $"(empty? {Of(Kind.Ints)})", $"(and {Of(Kind.Truth)} {Of(Kind.Truth)})", $"((complement even?) {Of(Kind.Int)})",
                ]),
            Kind.Ints => Pick(
                [
                    $"[{Of(Kind.Int)} {Of(Kind.Int)}]", $"(map inc {Of(Kind.Ints)})", $"(filter even? {Of(Kind.Ints)})", $"(conj {Of(Kind.Ints)} {Of(Kind.Int)})",
                    $"(map (fn [{name}] (string-length {name})) {Of(Kind.Texts)})", $"(for [{name} {Of(Kind.Ints)}] (* 2 {name}))", $"(take 2 {Of(Kind.Ints)})",
                    $"(sort {Of(Kind.Ints)})", $"(concat {Of(Kind.Ints)} {Of(Kind.Ints)})", $"((juxt inc dec) {Of(Kind.Int)})",
                    $"(map (partial + {Of(Kind.Int)}) {Of(Kind.Ints)})",
                ]),
            Kind.Texts => Pick(
                [
                    $"[{Of(Kind.Text)}]", $"(split {Of(Kind.Text)} \",\")", $"(map (fn [{name}] (str {name})) {Of(Kind.Ints)})",
                    $"(map :id [{Of(Kind.Reading)}])", $"(distinct {Of(Kind.Texts)})", $"(map (comp string-upper :id) [{Of(Kind.Reading)}])",
                ]),
            Kind.Reading => Pick(
                [
                    $"{{:id {Of(Kind.Text)} :value {Of(Kind.Float)}}}", $"(assoc {Of(Kind.Reading)} :unit {Of(Kind.Text)})",
                    $"(update {Of(Kind.Reading)} :value (fn [{name}] (+ 1.0 {name})))", $"(Reading {{:id {Of(Kind.Text)} :value {Of(Kind.Float)}}})",
                    $"(merge {Of(Kind.Reading)} {{:id {Of(Kind.Text)}}})",
                ]),
            Kind.MaybeInt => Pick([$"(first {Of(Kind.Ints)})", $"(parse-int {Of(Kind.Text)})", $"(get {{:a 1}} {Of(Kind.Tag)})", Of(Kind.Int), "nil"]),
            _ => Pick([$"(if {Of(Kind.Truth)} :low :high)", ":low", ":high"]),
        };

        string Of(Kind wanted) => Expression(wanted, depth - 1, scope, functions);
    }

    private string Let(Kind kind, int depth, IReadOnlyList<Name> scope, IReadOnlyList<Function> functions)
    {
        var bound = new Name(Fresh(), Pick(Kinds));
        var value = Expression(bound.Kind, depth - 1, scope, functions);
        var body = Expression(kind, depth - 1, [.. scope, bound], functions);
        return _random.Next(2) == 0
            ? $"(second (let [{bound.Text} {value}] [{bound.Text} {body}]))"
            : $"(let [{bound.Text} {value}] (do (str {bound.Text}) {body}))";
    }

    /// <summary>A value that may be nil or of another type, tested before it is used.</summary>
    private string Narrowed(Kind kind, int depth, IReadOnlyList<Name> scope, IReadOnlyList<Function> functions)
    {
        var tested = new Name(Fresh(), Kind.Int);
        var maybe = Expression(Kind.MaybeInt, depth - 1, scope, functions);
        var with = Expression(kind, depth - 1, [.. scope, tested], functions);
        var without = Expression(kind, depth - 1, scope, functions);
        return Pick(
            [
                $"(let [{tested.Text} {maybe}] (if {tested.Text} {with} {without}))",
                $"(let [{tested.Text} {maybe}] (if (nil? {tested.Text}) {without} {with}))",
                $"(let [{tested.Text} {maybe}] (if (int? {tested.Text}) {with} {without}))",
                $"(let [{tested.Text} (or {maybe} 0)] (if (even? {tested.Text}) {with} {without}))",
            ]);
    }

    private string Literal(Kind kind) => kind switch
    {
        Kind.Int => _random.Next(-5, 20).ToString(CultureInfo.InvariantCulture),
        Kind.Float => $"{_random.Next(9)}.5",
        Kind.Text => Pick(["\"a\"", "\"3\"", "\"x,y\"", "\"\""]),
        Kind.Truth => Pick(["true", "false"]),
        Kind.Ints => Pick(["[]", "[1 2]", "[3]"]),
        Kind.Texts => Pick(["[\"a\"]", "[\"b\" \"c\"]"]),
        Kind.Reading => "{:id \"t\" :value 1.5}",
        Kind.MaybeInt => Pick(["nil", "7"]),
        _ => Pick([":low", ":high"]),
    };

    private string Fresh() => string.Create(CultureInfo.InvariantCulture, $"x{_names++}");

    private T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private sealed record Name(string Text, Kind Kind);

    private sealed record Function(string Name, IReadOnlyList<Name> Parameters, Kind Result);
}
