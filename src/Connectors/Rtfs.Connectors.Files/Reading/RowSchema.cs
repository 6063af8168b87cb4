// What a capability's `:output-schema` says of the columns of its rows: which text becomes which kind of value.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

/// <summary>What a cell is converted to. <see cref="Unknown"/>: nothing is known that would change it.</summary>
internal enum ColumnType
{
    Unknown,
    String,
    Int,
    Float,
    Number,
    Bool,
    Timestamp,
}

/// <param name="Required">Neither <c>[:k T ?]</c> nor <c>T?</c>.</param>
internal sealed record SchemaColumn(string Name, ColumnType Type, bool Required);

/// <summary>
/// Read from type data: <c>[:stream [:map [:k T] [:k T ?] …]]</c>, with or without <c>:stream</c>, refinements
/// (<c>[:and T …]</c>) by their base type. Whether values fit the schema is for the engine to judge.
/// </summary>
internal sealed class RowSchema
{
    private static readonly string[] TypeNames =
    [
        "string", "int", "float", "number", "bool", "timestamp", "uuid", "keyword", "symbol", "nil", "any", "never",
        "String", "Int", "Float", "Number", "Bool", "Timestamp", "Uuid", "Keyword", "Symbol", "Nil", "Any", "Never",
    ];

    private readonly Dictionary<string, SchemaColumn> _columns;

    private RowSchema(IReadOnlyList<SchemaColumn> columns)
    {
        Columns = columns;
        _columns = new Dictionary<string, SchemaColumn>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            _columns[column.Name] = column;
        }
    }

    public IReadOnlyList<SchemaColumn> Columns { get; }

    public bool IsEmpty => Columns.Count == 0;

    public ColumnType TypeOf(string column) => _columns.TryGetValue(column, out var found) ? found.Type : ColumnType.Unknown;

    public static RowSchema From(Value schema)
    {
        var type = schema;
        while (type.As<VectorValue>() is { Count: > 1 } wrapped && NameOf(wrapped[0]) is "stream" or "and")
        {
            type = wrapped[1];
        }

        var columns = new List<SchemaColumn>();
        if (type.As<VectorValue>() is { Count: > 0 } map && NameOf(map[0]) is "map" or "record")
        {
            for (var i = 1; i < map.Count; i++)
            {
                AddEntry(map[i], columns);
            }
        }

        return new RowSchema(columns);
    }

    private static void AddEntry(Value entry, List<SchemaColumn> columns)
    {
        if (entry.As<MapValue>() is { } braced)
        {
            foreach (var (key, type) in braced.Entries)
            {
                Add(key, type, optional: false, columns);
            }
        }
        else if (entry.As<VectorValue>() is { Count: >= 2 } pair)
        {
            Add(pair[0], pair[1], pair.Count > 2 && NameOf(pair[2]) == "?", columns);
        }
    }

    private static void Add(Value key, Value type, bool optional, List<SchemaColumn> columns)
    {
        // `[:* T]`, the type of all other keys, names no column.
        if (NameOf(key) is { } name and not "*")
        {
            Refuse(name, type);
            var (column, nilable) = Resolve(type);
            columns.Add(new SchemaColumn(name, column, !optional && !nilable));
        }
    }

    /// <summary>A name that is nearly one of a type is a slip; any other may name a type of the plan, which converts nothing.</summary>
    private static void Refuse(string column, Value type)
    {
        if (NameOf(type)?.TrimEnd('?') is { } name && !TypeNames.Contains(name) && NearestName.Of(name, TypeNames) is { } nearest)
        {
            throw new ProviderException($"The schema's column :{column} has the unknown type :{name}. Did you mean :{nearest}?");
        }
    }

    private static (ColumnType Type, bool Nilable) Resolve(Value type)
    {
        if (type.As<VectorValue>() is { Count: > 1 } compound)
        {
            switch (NameOf(compound[0]))
            {
                case "and":
                    return Resolve(compound[1]);
                case "union":
                    var members = compound.Items.Skip(1).Select(Resolve).ToArray();
                    var known = members.FirstOrDefault(member => member.Type != ColumnType.Unknown);
                    return (known.Type, members.Any(member => member.Nilable));
                default:
                    return (ColumnType.Unknown, false);
            }
        }

        var name = NameOf(type) ?? "";
        return name.Length > 1 && name[^1] == '?' ? (Named(name[..^1]), true) : (Named(name), name is "nil" or "any" or "Nil" or "Any");
    }

    private static ColumnType Named(string name) => name switch
    {
        "string" or "String" => ColumnType.String,
        "int" or "Int" => ColumnType.Int,
        "float" or "Float" => ColumnType.Float,
        "number" or "Number" => ColumnType.Number,
        "bool" or "Bool" => ColumnType.Bool,
        "timestamp" or "Timestamp" => ColumnType.Timestamp,
        _ => ColumnType.Unknown,
    };

    private static string? NameOf(Value value) =>
        value.As<Keyword>()?.Name ?? value.As<Symbol>()?.Name ?? value.As<string>();
}
