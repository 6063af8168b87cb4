// All that a schema reaches, through the names in it too: found once, so that what no value can be checked against is refused at once.

using System.Text.RegularExpressions;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Tree;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Marketplace.Schemas;

/// <param name="what">What is read: <c>:output-schema of com.x:v1:in</c>.</param>
internal sealed class SchemaReach(string what, TypeScope scope, SourcePlace? place) : ITypeVisitor<bool>, IRefinementVisitor<bool>
{
    private readonly HashSet<NamedType> _definitions = new(ReferenceEqualityComparer.Instance);

    // Names passed since the last vector, list or map: one that comes again would never come to an end.
    private HashSet<NamedType> _passed = new(ReferenceEqualityComparer.Instance);
    private TypeScope _scope = scope;

    public IReadOnlyCollection<NamedType> Definitions => _definitions;

    /// <summary>Whether there is a float anywhere.</summary>
    public bool HasFloat { get; private set; }

    /// <exception cref="RtfsException">InvalidArgument: a name that nothing defines, or a part that no value can be checked against.</exception>
    public bool Walk(Type type) => DeepStack.IsShort
        ? DeepStack.Run((Reach: this, Type: type), static call => call.Reach.Walk(call.Type))
        : type.Accept(this);

    public bool VisitPrimitive(Primitive primitive) => HasFloat |= primitive == Primitive.Float;

    public bool VisitOptional(Type target) => Walk(target);

    public bool VisitVector(Type item) => Inside(item);

    public bool VisitList(Type item) => Inside(item);

    public bool VisitTuple(IReadOnlyList<Type> items) => Inside(items);

    public bool VisitMap(IReadOnlyList<Field> fields, Type? wildcard) =>
        Inside([.. fields.Select(static field => field.Type), .. wildcard is null ? Array.Empty<Type>() : [wildcard]]);

    public bool VisitMapOf(Type key, Type value) => Inside(key, value);

    public bool VisitFunction(IReadOnlyList<Type> parameters, Type? rest, Type result) =>
        throw Unfit("a function type: what a function takes and gives shows only when it is called");

    public bool VisitResource(string name) => throw Unfit("a resource, which is no data");

    public bool VisitEnum(IReadOnlyList<Form> values) => true;

    public bool VisitUnion(IReadOnlyList<Type> members) => All(members);

    public bool VisitAnd(Type subject, IReadOnlyList<Refinement> refinements)
    {
        Walk(subject);
        foreach (var refinement in refinements)
        {
            refinement.Accept(this);
        }

        return true;
    }

    public bool VisitVal(Form value) => true;

    public bool VisitArray(Type item, IReadOnlyList<long> dimensions) => Inside(item);

    public bool VisitStream(Type item) => throw Unfit("a stream inside of an item");

    public bool VisitStreamBi(Type input, Type output) => throw Unfit("a stream in both directions");

    public bool VisitStreamDuplex(Type input, Type output) => throw Unfit("a duplex stream");

    public bool VisitForAll(IReadOnlyList<string> variables, Type body) => throw Unfit("a type with variables");

    public bool VisitVariable(string name) => throw Unfit($"the type variable {name}");

    public bool VisitAlias(string name)
    {
        var definition = _scope.Find(name) ?? throw Unknown(name);
        if (!_passed.Add(definition))
        {
            throw Problem($"the type {name} is defined by itself alone, and has no values; let it stand inside a vector, a list or a map");
        }

        if (_definitions.Add(definition))
        {
            var outer = _scope;
            _scope = _scope.Within(definition);
            Walk(definition.Type);
            _scope = outer;
        }

        return _passed.Remove(definition);
    }

    public bool VisitOfType(Type target) => Walk(target);

    public bool VisitCompare(Comparison comparison, Form bound) => true;

    public bool VisitInRange(Form low, Form high) => true;

    public bool VisitLength(Comparison comparison, long length) => true;

    public bool VisitCount(Comparison comparison, long count) => true;

    public bool VisitNonEmpty() => true;

    public bool VisitMatchesRegex(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
            return true;
        }
        catch (RegexParseException fault)
        {
            throw Problem($"the pattern {Value.String(pattern)} does not read: {fault.Message}");
        }
    }

    public bool VisitHasKey(Form key) => true;

    public bool VisitRequiredKeys(IReadOnlyList<Form> keys) => true;

    public bool VisitIsUrl() => true;

    public bool VisitIsEmail() => true;

    public bool VisitCustom(string name, IReadOnlyList<Form> arguments) => throw Unfit($":{name}, a predicate that nothing defines");

    private bool Inside(params IReadOnlyList<Type> types)
    {
        var outside = _passed;
        _passed = new(ReferenceEqualityComparer.Instance);
        All(types);
        _passed = outside;
        return true;
    }

    private bool All(IReadOnlyList<Type> types)
    {
        foreach (var type in types)
        {
            Walk(type);
        }

        return true;
    }

    private RtfsException Unknown(string name)
    {
        string[] known = [.. _scope.Names, .. Enum.GetNames<Primitive>().Select(static primitive => primitive.ToLowerInvariant())];
        var nearest = Language.Nearest(name, known);
        return Problem($"nothing defines the type {name}"
            + (nearest is null ? $"; define it: (defstruct {name} :field Type …)" : $"; did you mean {(_scope.Find(nearest) is null ? ":" : "")}{nearest}?"));
    }

    private RtfsException Unfit(string part) => Problem($"no value can be checked against {part}");

    private RtfsException Problem(string message) => new("RTFS9009", "InvalidArgument", $"{what}: {message}", place);
}
