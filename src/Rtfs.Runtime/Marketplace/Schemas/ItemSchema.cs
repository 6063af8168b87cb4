// A schema of a capability or of an opening: read from type data, checked at once, compiled when it is first asked for.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Tree;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Marketplace.Schemas;

/// <summary>The type of one item; <c>[:stream T]</c> says T. Safe for threads.</summary>
internal sealed class ItemSchema
{
    private readonly Type _item;
    private readonly TypeScope _scope;
    private readonly SchemaReach _reach;
    private readonly Lazy<ItemValidator> _open;
    private readonly Lazy<ItemValidator> _closed;

    private ItemSchema(Value data, Type item, TypeScope scope, SchemaReach reach)
    {
        Written = data;
        _item = item;
        _scope = scope;
        _reach = reach;
        _open = new Lazy<ItemValidator>(() => Compile(closed: false));
        _closed = new Lazy<ItemValidator>(() => Compile(closed: true));
    }

    /// <summary>The type data as it was written.</summary>
    public Value Written { get; }

    /// <summary>The type data for a connector, which knows no names: they are replaced by what they mean, except where a type holds itself.</summary>
    public Value Data => _reach.Definitions.Count == 0 ? Written : ValueReader.Read(Language.Print(Type.NewStream(Unfold(_item, _scope, [])))).Values[0];

    /// <summary>Null for nil: nothing is asked of items.</summary>
    /// <param name="what">What is read: <c>:output-schema of com.x:v1:in</c>.</param>
    /// <exception cref="RtfsException">InvalidArgument: it is no type, or none that a value can be checked against.</exception>
    public static ItemSchema? Read(Value data, string what, TypeScope scope, SourcePlace? place)
    {
        if (data.IsNil)
        {
            return null;
        }

        var type = TypeOf(data, what, place);
        var passed = new HashSet<NamedType>(ReferenceEqualityComparer.Instance);
        while (type is Type.Alias alias && scope.Find(alias.name) is { Type: Type.Stream or Type.Alias } definition && passed.Add(definition))
        {
            (type, scope) = (definition.Type, scope.Within(definition));
        }

        var item = type is Type.Stream stream ? stream.item : type;
        var reach = new SchemaReach(what, scope, place);
        reach.Walk(item);
        return new ItemSchema(data, item, scope, reach);
    }

    /// <param name="closed">Whether records refuse keys that they do not name, at every depth.</param>
    public ItemValidator Validator(bool closed) => (closed ? _closed : _open).Value;

    private static Type TypeOf(Value data, string what, SourcePlace? place)
    {
        Form form;
        try
        {
            // The name of a struct, written alone, is evaluated: its constructor.
            form = data.As<StructFunction>() is { } named ? Forms.Symbol(named.Name) : ValueForms.ToForm(data);
        }
        catch (RtfsException)
        {
            throw Problem($"expected a type, found {Errors.Describe(data)}");
        }

        var reading = Language.TypeOf(form);
        return reading.Type ?? throw Problem(reading.Diagnostics is [var first, ..] ? first.Message : $"expected a type, found {Errors.Describe(data)}");

        RtfsException Problem(string message) => new("RTFS9009", "InvalidArgument", $"{what}: {message}", place);
    }

    private ItemValidator Compile(bool closed)
    {
        var named = new Dictionary<NamedType, TypeValidator>(ReferenceEqualityComparer.Instance);
        foreach (var definition in _reach.Definitions)
        {
            named[definition] = new TypeCompiler(_scope.Within(definition), found => named[found], closed).Compile(definition.Type);
        }

        return new ItemValidator(new TypeCompiler(_scope, found => named[found], closed).Compile(_item), _reach.HasFloat, Written, closed);
    }

    private static Type Unfold(Type type, TypeScope scope, HashSet<NamedType> within)
    {
        switch (type)
        {
            case Type.Alias alias when scope.Find(alias.name) is { } definition && within.Add(definition):
                var meaning = Unfold(definition.Type, scope.Within(definition), within);
                within.Remove(definition);
                return meaning;
            case Type.Optional optional:
                return Unfold(optional.target, scope, within) is var target && target is Type.Optional ? target : Type.NewOptional(target);
            case Type.And and:
                return Type.NewAnd(Unfold(and.subject, scope, within), and.refinements);
            case Type.Map map:
                return Type.NewMap([.. map.fields.Select(field => new Field(field.Key, Unfold(field.Type, scope, within), field.Optional))], map.wildcard);
            default:
                return type;
        }
    }
}
