// The reference of the standard library as a page: area by area, each function with its signature, its line and its examples.

using System.Globalization;
using System.Text;

namespace Rtfs.Runtime.Library;

internal static class LibraryReference
{
    public static string Markdown()
    {
        var page = new StringBuilder(
            "# The standard library\n\n"
            + "Made from the declarations in `src/Rtfs.Runtime/Library`; every example is a test. Regenerate with\n"
            + "`RTFS_UPDATE=1 dotnet test tests/Rtfs.Runtime.Tests --filter ReferencePageTests`.\n\n"
            + "A signature is a type: `[:fn [ARGUMENT … & MORE] RESULT]`, with `T?` for a value that may be nil or an argument that may be\n"
            + "left out. In the examples `;=>` gives the value and `;!!` the kind of error, with the beginning of its message.\n\n");
        foreach (var area in StandardLibrary.Areas)
        {
            page.Append(CultureInfo.InvariantCulture, $"- [{area.Title}](#{Anchor(area.Title)}): ")
                .AppendJoin(' ', area.Functions.Select(static function => $"`{function.Name}`"))
                .Append('\n');
        }

        foreach (var area in StandardLibrary.Areas)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {area.Title}\n");
            foreach (var function in area.Functions)
            {
                AppendFunction(page, function);
            }
        }

        return page.ToString();
    }

    private static void AppendFunction(StringBuilder page, LibraryFunction function)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n### `{function.Name}`\n\n`{function.Signature}`\n\n{function.Documentation}\n\n```clojure\n");
        foreach (var (source, result) in function.Examples)
        {
            page.Append(source).Append(result.StartsWith("!! ", StringComparison.Ordinal) ? " ;" : " ;=> ").Append(result).Append('\n');
        }

        page.Append("```\n");
    }

    private static string Anchor(string title) => title.ToLowerInvariant().Replace(' ', '-').Replace(",", "", StringComparison.Ordinal);
}
