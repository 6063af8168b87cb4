// What the names of types mean in one program: annotations and schemas look them up here.

using Rtfs.Syntax.Text;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Evaluation.Types;

/// <summary>A definition; the names in <paramref name="Type"/> are those of <paramref name="Source"/>.</summary>
internal sealed record NamedType(string Name, Type Type, SourceText? Source, TypeValidator Validator);

/// <summary>Filled while the program is compiled, read afterwards.</summary>
internal sealed class NamedTypes
{
    // By name alone: what an import brings along is of another source.
    private readonly Dictionary<string, NamedType> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<(SourceText, string), NamedType> _own = [];

    public void Define(string name, Type type, SourceText source, TypeValidator validator)
    {
        var defined = new NamedType(name, type, source, validator);
        _byName[name] = defined;
        _own[(source, name)] = defined;
    }

    /// <summary>The definition of that source, else of any.</summary>
    public NamedType? Find(SourceText? source, string name) =>
        source is not null && _own.TryGetValue((source, name), out var own) ? own : _byName.GetValueOrDefault(name);

    public IEnumerable<string> Names => _byName.Keys;
}

/// <summary>The names as one source sees them; the default knows none.</summary>
internal readonly record struct TypeScope(NamedTypes? Types, SourceText? Source)
{
    public IEnumerable<string> Names => Types?.Names ?? [];

    public NamedType? Find(string name) => Types?.Find(Source, name);

    /// <summary>The scope of the names inside a definition.</summary>
    public TypeScope Within(NamedType definition) => this with { Source = definition.Source };
}
