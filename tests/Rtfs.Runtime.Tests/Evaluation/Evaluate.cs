// Runs texts for the tests: from text to the printed value, or to "Kind: message" when the program fails.

using Microsoft.Extensions.Time.Testing;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Library;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Xunit;

namespace Rtfs.Runtime.Tests.Evaluation;

internal static class Evaluate
{
    public static CompiledProgram Compile(string text)
    {
        var analysis = Language.Analyze(Language.Read(text, "<test>"), LibraryCatalogue.Instance);
        Assert.True(analysis.Reads, string.Join("\n", analysis.Diagnostics.Select(static found => found.Message)));
        return CompiledProgram.Compile(analysis.Program);
    }

    public static EvaluationContext Context(IOperations? operations = null, CancellationToken cancellation = default) =>
        new(operations ?? new RecordedOperations(), new FakeTimeProvider(), cancellation);

    public static async Task<Value> ValueAsync(string text, IOperations? operations = null) =>
        await Compile(text).RunAsync(Context(operations));

    /// <summary>The value of a program that cannot wait.</summary>
    public static Value Value(string text)
    {
        var running = Compile(text).RunAsync(Context());
        Assert.True(running.IsCompleted);
        return running.GetAwaiter().GetResult();
    }

    public static async Task<string> PrintedAsync(string text, IOperations? operations = null)
    {
        try
        {
            return (await ValueAsync(text, operations)).ToString();
        }
        catch (RtfsException error)
        {
            return $"{error.Kind}: {error.Message}";
        }
    }

    public static Function Function(string text) => Value(text).As<Function>()!;

    private sealed class LibraryCatalogue : ICatalogue
    {
        public static LibraryCatalogue Instance { get; } = new();

        public IReadOnlyList<FunctionEntry> Functions => StandardLibrary.Entries;

        public IReadOnlyList<CapabilityEntry> Capabilities => [];

        public IReadOnlyList<string> ProviderKinds => [];
    }
}
