// What a run may reach. Nothing, unless it was granted.

namespace Rtfs.Runtime.Marketplace;

/// <summary>Immutable; every <c>Allow…</c> gives a new one.</summary>
public sealed record Grants
{
    public static Grants None { get; } = new();

    /// <summary>Everything that a plan declares: for tests and for people who have read the plan.</summary>
    public static Grants All { get; } = new() { AllowsAll = true };

    public bool AllowsAll { get; private init; }

    public IReadOnlyList<string> Capabilities { get; private init; } = [];

    public IReadOnlyList<string> ReadPaths { get; private init; } = [];

    public IReadOnlyList<string> WritePaths { get; private init; } = [];

    /// <param name="pattern">A capability id, where <c>*</c> stands for any run of characters.</param>
    public Grants AllowCapability(string pattern) => this with { Capabilities = [.. Capabilities, pattern] };

    /// <param name="path">A file, or a directory with all that is below it.</param>
    public Grants AllowRead(string path) => this with { ReadPaths = [.. ReadPaths, Path.GetFullPath(path)] };

    /// <param name="path">A file, or a directory with all that is below it.</param>
    public Grants AllowWrite(string path) => this with { WritePaths = [.. WritePaths, Path.GetFullPath(path)] };

    /// <summary>Paths are compared where they really lead: links on the way are followed on both sides.</summary>
    public bool Allows(Effect effect) => AllowsAll || effect.Kind switch
    {
        "capability" => Capabilities.Any(pattern => CapabilityPattern.Matches(pattern, effect.Target)),
        "read" => ReadPaths.Any(path => RealPath.Contains(path, effect.Target)),
        "write" => WritePaths.Any(path => RealPath.Contains(path, effect.Target)),
        _ => false,
    };
}
