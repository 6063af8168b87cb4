// Programs and exactly what a check says of each, against the library as it is: codes, places and messages, nothing more and nothing less.

using System.Runtime.CompilerServices;
using Rtfs.Runtime;
using Rtfs.Runtime.Marketplace;
using Xunit;

namespace Rtfs.Corpus.Tests;

public sealed class CheckCorpusTests
{
    /// <summary>With this set to 1, a case that differs gets what was said as its expectation.</summary>
    private const string UpdateVariable = "RTFS_UPDATE";

    private const string Expectation = "=> ";

    /// <summary>The first line of a case that is checked strictly.</summary>
    private const string StrictMark = "; strict";

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder(), "*.txt").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Each_program_gives_exactly_its_diagnostics(string file)
    {
        var path = Path.Combine(Folder(), file + ".txt");
        await using var engine = new RtfsEngine(new RtfsEngineOptions { ProviderFactories = { new FileKind() } });
        var blocks = Blocks(path).ToArray();
        var said = blocks.Select(block => Say(engine, block.Program)).ToArray();
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            await File.WriteAllTextAsync(path, string.Join("\n\n", blocks.Zip(said, static (block, lines) => string.Join('\n', [block.Program, .. lines]))) + "\n");
            return;
        }

        foreach (var (block, lines) in blocks.Zip(said))
        {
            Assert.True(
                block.Said.SequenceEqual(lines),
                $"{file}:\n{block.Program}\n\nexpected\n{string.Join('\n', block.Said)}\n\nfound\n{string.Join('\n', lines)}\n\n"
                + "accept with: RTFS_UPDATE=1 dotnet test tests/Rtfs.Corpus.Tests --filter CheckCorpusTests");
        }
    }

    [Fact]
    public void There_are_many_wrong_programs()
    {
        var wrong = Directory.EnumerateFiles(Folder(), "*.txt").SelectMany(Blocks).Count(static block => block.Said is not [Expectation + "nothing"]);
        Assert.True(wrong >= 150, $"{wrong} wrong programs");
    }

    private static string[] Say(RtfsEngine engine, string program)
    {
        var analysis = engine.Load(program, "plan.rtfs", strict: program.StartsWith(StrictMark, StringComparison.Ordinal)).Analysis;
        var lines = analysis.Diagnostics.Select(found =>
        {
            var place = analysis.Document.Source.PositionOf(found.Span.Start);
            return $"{Expectation}{found.Code} {place.Line + 1}:{place.Character + 1}+{found.Span.Length} {found.Message}";
        }).ToArray();
        return lines.Length > 0 ? lines : [Expectation + "nothing"];
    }

    /// <summary>A case is the lines of a program, then a line for each diagnostic; a blank line ends it.</summary>
    private static IEnumerable<(string Program, string[] Said)> Blocks(string path)
    {
        foreach (var block in File.ReadAllText(path).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Trim('\n').Split('\n');
            var program = lines.Where(static line => !line.StartsWith(Expectation, StringComparison.Ordinal));
            yield return (string.Join('\n', program), [.. lines.Where(static line => line.StartsWith(Expectation, StringComparison.Ordinal))]);
        }
    }

    /// <summary>A kind of provider that plans may name; nothing runs here.</summary>
    private sealed class FileKind : IProviderFactory
    {
        public string Kind => "file";

        public IStreamingProvider Create(CapabilityManifest manifest, string? baseDirectory) => throw new NotSupportedException();
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "corpus", "check"));
}
