// What the compiled assemblies refer to: the ground on which the invariants of docs/architecture.md are tested.

using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Rtfs.Connectors.Files;
using Rtfs.Runtime;
using Rtfs.Syntax;

namespace Rtfs.Architecture.Tests;

/// <summary>The references of one assembly, read from its metadata without loading anything.</summary>
internal sealed class Assemblies
{
    public static readonly Assemblies Syntax = new(typeof(Language).Assembly);
    public static readonly Assemblies Runtime = new(typeof(RtfsEngine).Assembly);
    public static readonly Assemblies Files = new(typeof(FileProviderFactory).Assembly);
    public static readonly Assemblies Cli = new(typeof(Cli.Program).Assembly);

    public static readonly Assemblies[] All = [Syntax, Runtime, Files, Cli];

    private Assemblies(Assembly assembly)
    {
        Assembly = assembly;
        using var file = new PEReader(ImmutableArray.Create(File.ReadAllBytes(assembly.Location)));
        var metadata = file.GetMetadataReader();
        References = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToHashSet();
        Types = metadata.TypeReferences.Select(handle => NameOf(metadata, handle)).ToHashSet();
        Members = metadata.MemberReferences
            .Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => $"{NameOf(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}")
            .ToHashSet();
    }

    public Assembly Assembly { get; }

    public string Name => Assembly.GetName().Name!;

    /// <summary>Names of the assemblies referred to.</summary>
    public IReadOnlySet<string> References { get; }

    /// <summary>Full names of the types referred to.</summary>
    public IReadOnlySet<string> Types { get; }

    /// <summary><c>Namespace.Type.Member</c> of the members of other assemblies that are used.</summary>
    public IReadOnlySet<string> Members { get; }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(metadata, (TypeReferenceHandle)type.ResolutionScope)}+{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
