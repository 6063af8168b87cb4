// Signatures against what functions do: they are read by a checker, so they must neither refuse what works nor promise what fails.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Library;
using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Tree;
using Xunit;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Tests.Library;

public sealed class SignatureTests
{
    /// <summary>One value of every kind.</summary>
    private static readonly string[] Kinds =
    [
        "nil", "true", "1", "0.5", "\"a\"", ":k", "'s", "[1]", "'(1)", "{:k 1}", "(fn [x] x)", "2024-03-01T12:30:00Z",
        "550e8400-e29b-41d4-a716-446655440000",
    ];

    /// <summary>Arguments whose type depends on another argument, which no signature can say; named by their number, from 1.</summary>
    private static readonly Dictionary<string, int[]> Dependent = new()
    {
        ["<"] = [2],
        [">"] = [2],
        ["<="] = [2],
        [">="] = [2],
        ["apply"] = [2, 3, 4],
        ["assoc"] = [2],
        ["conj"] = [2],
        ["contains?"] = [2],
        ["get"] = [2],
        ["index-of"] = [2],
        ["join"] = [1],
        ["into"] = [1, 2],
        ["last-index-of"] = [2],
        ["update"] = [2],
        ["some?"] = [1],
        ["format"] = [2, 3, 4, 5, 6, 7],
        ["not-empty"] = [1],
    };

    private static readonly TypeCompiler Types = new(default, static named => named.Validator);

    public static IEnumerable<object[]> Names { get; } = StandardLibrary.Entries.Select(static entry => new object[] { entry.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void IsAFunctionTypeWithoutUnknownNames(string name)
    {
        var reading = Language.TypeOf(StandardLibrary.Find(name)!.Signature);
        Assert.Empty(reading.Diagnostics);
        _ = Shape(name);
        Assert.DoesNotContain("Alias", reading.Type!.ToString());
    }

    /// <summary>The arguments that may be left out are those of optional types; a rest stands for any number.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TakesAsManyAsItSays(string name)
    {
        var function = StandardLibrary.Find(name)!;
        var shape = Shape(name);
        Assert.Equal(function.Maximum, shape.rest is null ? shape.parameters.Length : int.MaxValue);
        Assert.InRange(function.Minimum, shape.parameters.Count(static each => each is not Type.Optional), shape.parameters.Length);
    }

    /// <summary>Every argument of every example, replaced by every kind of value.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task TakesWhatItSaysAndNothingElse(string name)
    {
        var shape = Shape(name);
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var arguments in Calls(name))
        {
            var types = Aligned(shape, arguments.Length);
            for (var i = 0; i < arguments.Length; i++)
            {
                foreach (var kind in Kinds)
                {
                    var source = $"({name} {string.Join(' ', arguments.Select((argument, k) => k == i ? kind : argument))})";
                    var outcome = await Evaluate.PrintedAsync(source, new NoOperations(null));
                    var accepted = Accepts(types[i], await Evaluate.ValueAsync(kind));
                    var refused = outcome.StartsWith($"TypeError: {name} ", StringComparison.Ordinal)
                        && outcome.Contains($"argument {i + 1} is ", StringComparison.Ordinal);
                    if (kind == "nil" && types[i] is Type.Optional)
                    {
                        // May be left out; that it may be nil as well is not said.
                        continue;
                    }

                    if (refused && accepted && !(Dependent.TryGetValue(name, out var dependent) && dependent.Contains(i + 1)))
                    {
                        faults.Add($"promises {kind} as argument {i + 1} of {arguments.Length}, but {source} is {outcome}");
                    }
                    else if (!accepted && !IsError(outcome) && !(kind == ":k" && types[i] is Type.Function))
                    {
                        faults.Add($"refuses {kind} as argument {i + 1} of {arguments.Length}, but {source} is {outcome}");
                    }
                }
            }
        }

        Assert.True(faults.Count == 0, $"{StandardLibrary.Find(name)!.Signature}\n{string.Join('\n', faults)}");
    }

    /// <summary>Where a vector is named, functions that give the kind that they take give a list for a list and a string for a string.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task GivesWhatItSays(string name)
    {
        var result = Types.Compile(Shape(name).result);
        foreach (var arguments in Calls(name))
        {
            var source = $"({name} {string.Join(' ', arguments)})";
            var value = await Evaluate.ValueAsync(source, new NoOperations(null));
            var asVector = value.As<ListValue>() is { } list ? Value.Of(VectorValue.Own(list.ToArray())) : value;
            Assert.True(
                result.Fits(Evaluate.Context(), value, null) || result.Fits(Evaluate.Context(), asVector, null) || (value.As<string>() is not null && name == "rest"),
                $"{StandardLibrary.Find(name)!.Signature}: {source} is {value}");
        }
    }

    private static bool IsError(string outcome) => outcome.Split(':')[0] is [>= 'A' and <= 'Z', ..] and not ['#', ..];

    private static bool Accepts(Type type, Value value) => Types.Compile(type).Fits(Evaluate.Context(), value, null);

    /// <summary>The arguments of the examples that go well, where an example is a call of the function itself.</summary>
    private static IEnumerable<string[]> Calls(string name) =>
        from example in StandardLibrary.ExamplesOf(name)
        where !example.Result.StartsWith("!! ", StringComparison.Ordinal)
        let document = Language.Read(example.Source, name)
        where document.Forms.Length == 1
        let call = document.Forms[0].Form.Node as Node.List
        where call is not null && call.items.Forms is [var head, ..] && Language.Print(head) == name
        select call.items.Forms.Skip(1).Select(Language.Print).ToArray();

    private static Type.Function Shape(string name)
    {
        var type = Language.TypeOf(StandardLibrary.Find(name)!.Signature).Type;
        return Assert.IsType<Type.Function>(type is Type.ForAll all ? all.body : type, exactMatch: false);
    }

    /// <summary>The type of each of so many arguments: those left out are the first optional ones that need to be.</summary>
    private static Type[] Aligned(Type.Function shape, int count)
    {
        var parameters = shape.parameters.ToList();
        while (parameters.Count > count)
        {
            parameters.RemoveAt(parameters.FindIndex(static each => each is Type.Optional));
        }

        while (parameters.Count < count)
        {
            parameters.Add(shape.rest!);
        }

        return [.. parameters];
    }
}
