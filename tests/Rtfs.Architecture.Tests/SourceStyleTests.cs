// The rules of the source that a compiler does not check.

using System.Runtime.CompilerServices;
using Xunit;

namespace Rtfs.Architecture.Tests;

public sealed class SourceStyleTests
{
    private const int LongestFile = 400;

    private static readonly string Root = FindRoot();

    public static TheoryData<string> Sources => [.. SourceFiles()];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_file_is_short_and_opens_by_saying_what_it_is(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, file));
        Assert.True(lines.Length <= LongestFile, $"{file} has {lines.Length} lines; {LongestFile} is the limit: split it by what it does.");
        Assert.True(
            lines[0].StartsWith("//", StringComparison.Ordinal),
            $"{file} must open with a comment of one sentence that says what it is.");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void No_file_is_a_drawer_for_anything(string file)
    {
        string[] drawers = ["Utils", "Util", "Helpers", "Helper", "Common", "Manager"];
        var name = Path.GetFileNameWithoutExtension(file);
        Assert.DoesNotContain(drawers, drawer => name.EndsWith(drawer, StringComparison.Ordinal));
    }

    private static IEnumerable<string> SourceFiles() =>
        from folder in new[] { "src", "bench" }
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.*", SearchOption.AllDirectories)
        where Path.GetExtension(file) is ".cs" or ".fs" or ".fsi"
        let relative = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !relative.Contains("/obj/", StringComparison.Ordinal) && !relative.Contains("/bin/", StringComparison.Ordinal)
        orderby relative
        select relative;

    private static string FindRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
