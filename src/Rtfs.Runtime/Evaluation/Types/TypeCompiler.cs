// Types to validators.

using Rtfs.Runtime.Values;
using Rtfs.Syntax.Tree;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Evaluation.Types;

/// <param name="scope">What names mean; asked when a value is checked, because a struct may name itself or a later one.</param>
/// <param name="named">The validator of a definition.</param>
/// <param name="closed">Whether a record refuses keys that it does not name.</param>
internal sealed class TypeCompiler(TypeScope scope, Func<NamedType, TypeValidator> named, bool closed = false) : ITypeVisitor<TypeValidator>
{
    private static readonly TypeValidator Any = new PlainValidator("anything", static _ => true);

    public TypeValidator Compile(Type type) => DeepStack.IsShort
        ? DeepStack.Run((Compiler: this, Type: type), static call => call.Compiler.Compile(call.Type))
        : type.Accept(this);

    public TypeValidator VisitPrimitive(Primitive primitive) => primitive switch
    {
        Primitive.Any => Any,
        Primitive.Never => new PlainValidator("no value at all", static _ => false),
        Primitive.Nil => new PlainValidator("nil", static value => value.IsNil),
        Primitive.Bool => new PlainValidator("a bool", static value => value.IsBool),
        Primitive.Int => new PlainValidator("an int", static value => value.IsInt),
        Primitive.Float => new FloatValidator(),
        Primitive.Number => new PlainValidator("a number", static value => value.IsNumber),
        Primitive.String => new PlainValidator("a string", static value => value.Reference is string),
        Primitive.Keyword => new PlainValidator("a keyword", static value => value.Reference is Keyword),
        Primitive.Symbol => new PlainValidator("a symbol", static value => value.Reference is Symbol),
        Primitive.Timestamp => new PlainValidator("a timestamp", static value => value.IsTimestamp),
        Primitive.Uuid => new PlainValidator("a uuid", static value => value.Reference is Guid),
        _ => throw new ArgumentOutOfRangeException(nameof(primitive), primitive, "a primitive type without a test"),
    };

    public TypeValidator VisitOptional(Type target) => new OptionalValidator(Compile(target));

    public TypeValidator VisitVector(Type item) => new VectorValidator(Compile(item));

    public TypeValidator VisitList(Type item) => new ListValidator(Compile(item));

    public TypeValidator VisitTuple(IReadOnlyList<Type> items) => new TupleValidator([.. items.Select(Compile)]);

    public TypeValidator VisitMap(IReadOnlyList<Field> fields, Type? wildcard) => Map(fields, wildcard, closed);

    public TypeValidator VisitMapOf(Type key, Type value) => new DictionaryValidator(Compile(key), Compile(value));

    /// <summary>Any function: what it takes and gives shows when it is called.</summary>
    public TypeValidator VisitFunction(IReadOnlyList<Type> parameters, Type? rest, Type result) =>
        new PlainValidator("a function", static value => value.Reference is Function);

    public TypeValidator VisitResource(string name) => Opaque($"the resource {name}");

    public TypeValidator VisitEnum(IReadOnlyList<Form> values) => new LiteralValidator([.. values.Select(ValueForms.FromForm)]);

    public TypeValidator VisitUnion(IReadOnlyList<Type> members) => new UnionValidator([.. members.Select(Compile)]);

    /// <summary>Closed records that are asked of one value are closed as one: each names keys that the others do not.</summary>
    public TypeValidator VisitAnd(Type subject, IReadOnlyList<Refinement> refinements)
    {
        var keys = new RecordKeys();
        var parts = Parts(subject, refinements, keys);
        return closed && keys.AreClosed ? new AndValidator(parts, [new ClosedValidator(keys.Named)]) : parts;
    }

    public TypeValidator VisitVal(Form value) => new LiteralValidator([ValueForms.FromForm(value)]);

    public TypeValidator VisitArray(Type item, IReadOnlyList<long> dimensions)
    {
        var result = Compile(item);
        for (var i = dimensions.Count - 1; i >= 0; i--)
        {
            result = new VectorValidator(result, dimensions[i]);
        }

        return dimensions.Count == 0 ? new VectorValidator(result) : result;
    }

    public TypeValidator VisitStream(Type item) => Opaque("a stream");

    public TypeValidator VisitStreamBi(Type input, Type output) => Opaque("a stream in both directions");

    public TypeValidator VisitStreamDuplex(Type input, Type output) => Opaque("a duplex stream");

    public TypeValidator VisitForAll(IReadOnlyList<string> variables, Type body) => Compile(body);

    /// <summary>Stands for any type, so a value alone cannot depart from it.</summary>
    public TypeValidator VisitVariable(string name) => Any;

    public TypeValidator VisitAlias(string name) => new AliasValidator(name, () => scope.Find(name) is { } found ? named(found) : null);

    private MapValidator Map(IReadOnlyList<Field> fields, Type? wildcard, bool isClosed) => new(
        [.. fields.Select(field => new FieldRule(ValueForms.FromForm(field.Key), Compile(field.Type), field.Optional))],
        wildcard is null ? null : Compile(wildcard),
        isClosed);

    private AndValidator Parts(Type subject, IReadOnlyList<Refinement> refinements, RecordKeys keys)
    {
        var compiler = new RefinementCompiler(part => Part(part, keys));
        var first = Part(subject, keys);
        foreach (var refinement in refinements)
        {
            keys.Add(refinement);
        }

        return new AndValidator(first, [.. refinements.Select(refinement => refinement.Accept(compiler))]);
    }

    /// <summary>A part of an <c>:and</c>: a record is left open here, and its keys are noted.</summary>
    private TypeValidator Part(Type part, RecordKeys keys)
    {
        if (!closed)
        {
            return Compile(part);
        }

        switch (part)
        {
            case Type.Map map:
                keys.Add(map);
                return Map(map.fields, map.wildcard, isClosed: false);
            case Type.And and:
                return Parts(and.subject, and.refinements, keys);
            case Type.Alias alias when scope.Find(alias.name) is { } definition:
                return new TypeCompiler(scope.Within(definition), named, closed).Part(definition.Type, keys);
            default:
                return Compile(part);
        }
    }

    private static PlainValidator Opaque(string expected) =>
        new(expected, static value => value.Kind == ValueKind.Object && value.Reference is not (RtfsException or Consumer));
}
