// The columns of a CSV file, from its header row and the schema: names, conversions, and the shape that all its items share.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Reading;

internal sealed class CsvColumns
{
    private const int MaximumKeys = 64;

    private readonly string[] _names;
    private readonly Value[] _keys;
    private readonly ColumnType[] _types;
    private readonly Shape? _shape;

    private CsvColumns(string[] names, RowSchema schema)
    {
        _names = names;
        _keys = [.. names.Select(KeyNames.KeyOf)];
        _types = [.. names.Select(schema.TypeOf)];
        var keywords = _keys.Select(key => key.As<Keyword>()).OfType<Keyword>().ToArray();
        _shape = keywords.Length == names.Length && names.Length <= MaximumKeys ? Shape.Of(keywords) : null;
    }

    public int Count => _names.Length;

    public string NameAt(int column) => _names[column];

    public ColumnType TypeAt(int column) => _types[column];

    /// <summary>The columns that a header names. A file whose header cannot be used is a <see cref="ProviderException"/>.</summary>
    public static CsvColumns From(IReadOnlyList<string> header, RowSchema schema, string path)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < header.Count; i++)
        {
            if (header[i].Length == 0)
            {
                throw new ProviderException(
                    $"{path}: column {i + 1} has no name in the header row. Each column needs one (found: {string.Join(", ", header)}).");
            }

            if (!seen.TryAdd(header[i], i))
            {
                throw new ProviderException(
                    $"{path}: columns {seen[header[i]] + 1} and {i + 1} of the header row are both named {header[i]}. Names must differ.");
            }
        }

        foreach (var column in schema.Columns)
        {
            if (column.Required && !seen.ContainsKey(column.Name))
            {
                var nearest = NearestName.Of(column.Name, header);
                throw new ProviderException(
                    $"{path}: the schema requires the column {column.Name}, and the header row names {string.Join(", ", header)}. "
                        + (nearest is null
                            ? $"Add the column, or make it optional: [:{column.Name} T ?]."
                            : $"Did you mean {nearest}?"));
            }
        }

        return new CsvColumns([.. header], schema);
    }

    /// <summary>Copies <paramref name="values"/>, one for each column.</summary>
    public Value ToItem(Value[] values) => Value.Of(
        _shape is not null
            ? Record.Of(_shape, values)
            : MapValue.From(_keys.Select((key, i) => new KeyValuePair<Value, Value>(key, values[i]))));
}
