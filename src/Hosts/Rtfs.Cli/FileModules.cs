// `(import geo.shapes)` in a file means geo/shapes.rtfs beside that file.

using Rtfs.Syntax;

namespace Rtfs.Cli;

internal sealed class FileModules : IModuleResolver
{
    private const string Extension = ".rtfs";

    public ModuleText? Resolve(string importingSource, string moduleName)
    {
        var file = FileOf(importingSource, moduleName);
        return File.Exists(file) ? new ModuleText(file, File.ReadAllText(file)) : null;
    }

    public IReadOnlyList<string> Places(string importingSource, string moduleName) => [FileOf(importingSource, moduleName)];

    /// <summary>Texts without a file of their own (standard input, an expression) import from the current directory.</summary>
    private static string FileOf(string importingSource, string moduleName)
    {
        var directory = File.Exists(importingSource) ? Path.GetDirectoryName(importingSource)! : "";
        return Path.Combine(directory, moduleName.Replace('.', Path.DirectorySeparatorChar).Replace('/', Path.DirectorySeparatorChar) + Extension);
    }
}
