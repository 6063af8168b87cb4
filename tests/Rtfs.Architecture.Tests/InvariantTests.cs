// The invariants of docs/architecture.md, by their numbers there.

using System.Reflection;
using Rtfs.Syntax;
using Xunit;

namespace Rtfs.Architecture.Tests;

public sealed class InvariantTests
{
    private static readonly string[] OutsideWorld =
    [
        "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.DirectoryInfo",
        "System.IO.StreamReader", "System.IO.StreamWriter", "System.Console", "System.Environment", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch", "System.Threading.Thread", "System.Threading.Timer", "System.Threading.Tasks.Task",
        "System.Random", "System.TimeProvider",
    ];

    private static readonly string[] AmbientTimeAndChance =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Diagnostics.Stopwatch.StartNew", "System.Diagnostics.Stopwatch.GetTimestamp",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64",
        "System.Random.get_Shared", "System.Guid.NewGuid", "System.Threading.Thread.Sleep",
    ];

    [Fact]
    public void Invariant_1_the_syntax_assembly_touches_nothing_outside_itself()
    {
        Assert.Empty(Assemblies.Syntax.Types.Intersect(OutsideWorld));
        Assert.DoesNotContain(Assemblies.Syntax.Types, type => type.StartsWith("System.Net.", StringComparison.Ordinal));
        Assert.Empty(Assemblies.Syntax.Members.Intersect(AmbientTimeAndChance));
    }

    [Fact]
    public void Invariant_1_the_syntax_assembly_knows_no_other_room() =>
        Assert.DoesNotContain(Assemblies.Syntax.References, name => name.StartsWith("Rtfs.", StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF(def x 1) ; end")]
    [InlineData("(((\uFFFF\0\ud800)")]
    [InlineData("(a [b {c \"unclosed")]
    [InlineData("}])\r\n'`~~@@^#|")]
    public void Invariant_2_reading_is_total_and_loses_nothing(string text) =>
        Assert.Equal(text, Language.Print(Language.Read(text, "any")));

    [Fact]
    public void Invariant_3_no_type_of_fsharp_stands_on_the_door_to_csharp()
    {
        var offenders =
            from type in Assemblies.Syntax.Assembly.GetExportedTypes()
            where !IsCompilerMade(type)
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            from signature in SignatureOf(member)
            where ReachesFSharp(signature)
            select $"{type.FullName}.{member.Name}: {signature}";
        Assert.Empty(offenders);
    }

    [Fact]
    public void Invariant_4_the_runtime_knows_no_connector_and_no_host() =>
        Assert.DoesNotContain(
            Assemblies.Runtime.References,
            name => name.StartsWith("Rtfs.", StringComparison.Ordinal) && name != "Rtfs.Syntax");

    [Fact]
    public void Invariant_4_a_connector_knows_the_runtime_and_no_fsharp()
    {
        var known = Assemblies.Files.References.Where(name =>
            name.StartsWith("Rtfs.", StringComparison.Ordinal) || name.StartsWith("FSharp", StringComparison.Ordinal));
        Assert.Equal(["Rtfs.Runtime"], known);
    }

    [Fact]
    public void Invariant_5_the_runtime_reaches_no_network_and_starts_no_process()
    {
        Assert.DoesNotContain(Assemblies.Runtime.Types, type => type.StartsWith("System.Net.", StringComparison.Ordinal));
        Assert.DoesNotContain("System.Diagnostics.Process", Assemblies.Runtime.Types);
    }

    [Fact]
    public void Invariant_6_no_channel_is_unbounded() => Assert.All(
        Assemblies.All,
        assembly => Assert.DoesNotContain(
            assembly.Members, member => member.StartsWith("System.Threading.Channels.Channel.CreateUnbounded", StringComparison.Ordinal)));

    [Fact]
    public void Invariant_7_time_and_chance_come_from_the_host()
    {
        Assert.Empty(Assemblies.Runtime.Members.Intersect(AmbientTimeAndChance));
        Assert.Empty(Assemblies.Files.Members.Intersect(AmbientTimeAndChance));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{:a ")]
    [InlineData("'")]
    [InlineData("#(")]
    public void Invariant_8_depth_is_bounded_by_a_diagnostic(string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, 200_000));
        var document = Language.Read(text, "deep");
        Assert.NotEmpty(document.Diagnostics);
        Assert.Equal(text, Language.Print(document));
    }

    private static bool IsCompilerMade(Type type) =>
        type.Namespace is null || type.Namespace.StartsWith("<", StringComparison.Ordinal);

    private static IEnumerable<Type> SignatureOf(MemberInfo member) => member switch
    {
        MethodInfo method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType),
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        PropertyInfo property => [property.PropertyType],
        FieldInfo field => [field.FieldType],
        _ => [],
    };

    private static bool ReachesFSharp(Type type) =>
        type.FullName?.StartsWith("Microsoft.FSharp.", StringComparison.Ordinal) == true
        || (type.HasElementType && ReachesFSharp(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(ReachesFSharp));
}
