// Every example of every library function runs and gives what it says; every function has one, and names are unique.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Library;
using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Xunit;

namespace Rtfs.Runtime.Tests.Library;

public sealed class ExampleTests
{
    public static IEnumerable<object[]> Examples { get; } =
        StandardLibrary.Entries.SelectMany(static entry => StandardLibrary.ExamplesOf(entry.Name))
            .Select(static example => new object[] { example.Source, example.Result });

    public static IEnumerable<object[]> Names { get; } = StandardLibrary.Entries.Select(static entry => new object[] { entry.Name });

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task GivesWhatItSays(string source, string result)
    {
        var printed = await Evaluate.PrintedAsync(source, new NoOperations(null));
        if (result.StartsWith("!! ", StringComparison.Ordinal))
        {
            Assert.StartsWith(result[3..], printed);
        }
        else
        {
            Assert.Equal(result, printed);
        }
    }

    /// <summary>A function that refuses any of these, in the least number of arguments that it takes, has an example of an error.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ShowsHowItFails(string name)
    {
        var function = StandardLibrary.Find(name)!;
        if (function.Examples.Any(static example => example.Result.StartsWith("!! ", StringComparison.Ordinal)))
        {
            return;
        }

        Value[] values = [Value.Nil, Value.True, Value.Int(-1), Value.String("a"), Value.Of(Keyword.Of("a")), Value.Of(VectorValue.Empty)];
        foreach (var value in values)
        {
            var arguments = Enumerable.Repeat(value, Math.Max(function.Minimum, Math.Min(function.Maximum, 1))).ToArray();
            var error = Xunit.Record.Exception(() => function.Invoke(Evaluate.Context(), arguments.AsSpan()));
            Assert.True(error is null, $"{name} has no example of an error, but ({name} {string.Join(' ', arguments)}) raises {error?.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void IsDocumented(string name)
    {
        var entry = StandardLibrary.Entries.Single(entry => entry.Name == name);
        Assert.NotEmpty(StandardLibrary.ExamplesOf(name));
        Assert.EndsWith(".", entry.Documentation);
        Assert.Empty(Language.Read(entry.Signature, name).Diagnostics);
    }
}
