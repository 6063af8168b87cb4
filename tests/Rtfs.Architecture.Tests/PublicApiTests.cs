// The public face of each package, held in approval files: a change of it is seen in review.

using System.Runtime.CompilerServices;
using PublicApiGenerator;
using Xunit;

namespace Rtfs.Architecture.Tests;

public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Rtfs.Runtime")]
    [InlineData("Rtfs.Connectors.Files")]
    public void The_public_api_is_the_approved_one(string name)
    {
        var assembly = Assemblies.All.Single(candidate => candidate.Name == name).Assembly;
        // Names that the compiler makes are nobody's API.
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false, ExcludeAttributes = [typeof(AsyncIteratorStateMachineAttribute).FullName!] };
        var actual = assembly.GeneratePublicApi(options).ReplaceLineEndings("\n");
        var approved = ApprovalFile(name);
        if (Environment.GetEnvironmentVariable("RTFS_UPDATE") == "1")
        {
            File.WriteAllText(approved, actual + "\n");
        }

        Assert.True(
            File.Exists(approved) && File.ReadAllText(approved).ReplaceLineEndings("\n").TrimEnd() == actual.TrimEnd(),
            $"The public API of {name} differs from {Path.GetFileName(approved)}. If that is meant: RTFS_UPDATE=1 dotnet test tests/Rtfs.Architecture.Tests");
    }

    private static string ApprovalFile(string name, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Approved", $"{name}.txt");
}
