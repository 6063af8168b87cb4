// docs/library.md says what the declarations say, and every function stands there once.

using System.Runtime.CompilerServices;
using Rtfs.Runtime.Library;
using Xunit;

namespace Rtfs.Runtime.Tests.Library;

public sealed class ReferencePageTests
{
    [Fact]
    public void TheReferenceIsCurrent()
    {
        var page = PagePath();
        var text = LibraryReference.Markdown();
        if (Environment.GetEnvironmentVariable("RTFS_UPDATE") == "1")
        {
            File.WriteAllText(page, text);
        }

        Assert.True(
            File.Exists(page) && File.ReadAllText(page) == text,
            "docs/library.md is out of date; regenerate with: RTFS_UPDATE=1 dotnet test tests/Rtfs.Runtime.Tests --filter ReferencePageTests");
    }

    [Fact]
    public void NoTwoFunctionsShareAName() =>
        Assert.Equal(StandardLibrary.All.Count, StandardLibrary.All.Select(static function => function.Name).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void TheAreasHoldAllFunctions() =>
        Assert.Equal(StandardLibrary.All, StandardLibrary.Areas.SelectMany(static area => area.Functions));

    private static string PagePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "library.md"));
}
