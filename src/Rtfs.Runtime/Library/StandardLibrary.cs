// The standard library as one catalogue: what evaluation binds names to, and what checker, completion and reference are told.

using Rtfs.Syntax;

namespace Rtfs.Runtime.Library;

public static class StandardLibrary
{
    private static readonly Dictionary<string, LibraryFunction> ByName = new(StringComparer.Ordinal);

    static StandardLibrary()
    {
        foreach (var function in All.Concat(Templates.Functions))
        {
            ByName.Add(function.Name, function);
        }

        Entries = [.. All.Select(static function => new FunctionEntry(function.Name, function.Signature, function.Documentation, function.Minimum, function.Maximum))];
    }

    /// <summary>In the order of the reference.</summary>
    internal static IReadOnlyList<(string Title, LibraryFunction[] Functions)> Areas { get; } =
    [
        ("Arithmetic", Arithmetic.Functions),
        ("Mathematics", Mathematics.Functions),
        ("Bits", Bits.Functions),
        ("Equality, order and truth", Comparison.Functions),
        ("Sorting", Ordering.Functions),
        ("Kinds of values", Predicates.Functions),
        ("Conversion", Conversion.Functions),
        ("Text", Text.Functions),
        ("Strings", Strings.Functions),
        ("Searching and splitting strings", StringSearch.Functions),
        ("Regular expressions", Patterns.Functions),
        ("Formatting", Formatting.Functions),
        ("Time", Timestamps.Functions),
        ("Maps", Maps.Functions),
        ("Maps in maps", NestedMaps.Functions),
        ("Maps entry by entry", MapShapes.Functions),
        ("Collections", Collections.Functions),
        ("Parts of sequences", Slices.Functions),
        ("Building collections", Building.Functions),
        ("Sequences as sets", Sets.Functions),
        ("Mapping and reducing", HigherOrder.Functions),
        ("Mapping in other ways", Transforming.Functions),
        ("Asking about items", Searching.Functions),
        ("Functions of functions", Combinators.Functions),
        ("Aggregates", Aggregates.Functions),
        ("JSON and text as data", Json.Functions),
        ("Errors", ErrorFunctions.Functions),
        ("Logging", Logging.Functions),
        ("The run", HostAccess.Functions),
    ];

    internal static IReadOnlyList<LibraryFunction> All { get; } = [.. Areas.SelectMany(static area => area.Functions)];

    /// <summary>Name, signature and documentation of every function, area by area.</summary>
    public static IReadOnlyList<FunctionEntry> Entries { get; }

    /// <summary>The examples of a function: calls and the values that they print; empty for an unknown name.</summary>
    public static IReadOnlyList<LibraryExample> ExamplesOf(string name) => Find(name)?.Examples ?? [];

    internal static LibraryFunction? Find(string name) => ByName.GetValueOrDefault(name);
}
