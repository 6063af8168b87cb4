// A checked plan: source, diagnostics and core, ready to run any number of times.

using Rtfs.Syntax;

namespace Rtfs.Runtime.Plans;

/// <summary>Inert: making one runs nothing. <see cref="BaseDirectory"/> is what relative paths in the plan start from; null for the current one.</summary>
public sealed class Plan
{
    internal Plan(Analysis analysis, string? baseDirectory)
    {
        Analysis = analysis;
        BaseDirectory = baseDirectory;
    }

    public Analysis Analysis { get; }

    public string? BaseDirectory { get; }

    public string Name => Analysis.Document.Source.Name;
}
