// A file of cases: how it is read, and how one expectation in it is rewritten.

namespace Rtfs.Corpus.Tests;

/// <summary>A source and what it gives. <see cref="Line"/> is where its name stands, one-based.</summary>
public sealed record CorpusCase(CorpusFile File, string Name, string Source, Expectation Expectation, int Line, int ExpectationLine);

/// <summary>Cases stand between lines of <c>;;;</c>: name lines (<c>;; …</c>), the source, and one expectation line.</summary>
public sealed class CorpusFile
{
    private const string Separator = ";;;";

    private const string NameMark = ";; ";

    private readonly string _path;

    private CorpusFile(string path, string area)
    {
        _path = path;
        Area = area;
        Cases = ReadCases(File.ReadAllLines(path));
    }

    /// <summary>The path under the corpus, without its extension.</summary>
    public string Area { get; }

    public IReadOnlyList<CorpusCase> Cases { get; }

    /// <summary>Every file of a folder, in the order of their names.</summary>
    public static IReadOnlyList<CorpusFile> All(string folder) =>
        [.. from path in Directory.EnumerateFiles(folder, "*.rtfs", SearchOption.AllDirectories)
            let area = Path.ChangeExtension(Path.GetRelativePath(folder, path), null).Replace('\\', '/')
            orderby area
            select new CorpusFile(path, area)];

    public override string ToString() => _path;

    /// <summary>Puts another expectation in the place of a case's own. No line moves.</summary>
    public void Rewrite(CorpusCase one, Expectation expectation)
    {
        var lines = File.ReadAllLines(_path);
        lines[one.ExpectationLine - 1] = expectation.ToString();
        File.WriteAllLines(_path, lines);
    }

    private List<CorpusCase> ReadCases(string[] lines)
    {
        var cases = new List<CorpusCase>();
        var start = 0;
        while (start < lines.Length)
        {
            var end = Array.IndexOf(lines, Separator, start);
            end = end < 0 ? lines.Length : end;
            cases.Add(ReadCase(lines, start, end));
            start = end + 1;
        }

        return cases;
    }

    private CorpusCase ReadCase(string[] lines, int start, int end)
    {
        var source = start;
        while (source < end && lines[source].StartsWith(NameMark, StringComparison.Ordinal))
        {
            source++;
        }

        var last = end - 1;
        var expectation = last < source ? null : Expectation.Read(lines[last]);
        if (source == start || expectation is null)
        {
            throw new FormatException(
                $"{_path}:{start + 1}: a case is name lines that begin with `{NameMark}`, a source, and at its end one line that begins with "
                + $"`{Expectation.ValueMark}` or `{Expectation.ErrorMark}`.");
        }

        var name = string.Join(' ', lines[start..source].Select(line => line[NameMark.Length..].Trim()));
        return new CorpusCase(this, name, string.Join('\n', lines[source..last]), expectation, start + 1, end);
    }
}
