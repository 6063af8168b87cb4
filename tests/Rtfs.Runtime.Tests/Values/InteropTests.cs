// Plain objects of C# cross to values and back, and what cannot cross says so.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Values;

public sealed class InteropTests
{
    private static readonly DateTime Noon = new(2024, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    public static TheoryData<object?, string> Objects { get; } = new()
    {
        { null, "nil" },
        { true, "true" },
        { (byte)7, "7" },
        { 7u, "7" },
        { 7L, "7" },
        { 1.5f, "1.5" },
        { 2.5m, "2.5" },
        { 'c', "\"c\"" },
        { "text", "\"text\"" },
        { Noon, "2024-01-02T12:00:00Z" },
        { DateTime.SpecifyKind(Noon, DateTimeKind.Unspecified), "2024-01-02T12:00:00Z" },
        { new DateTimeOffset(2024, 1, 2, 13, 0, 0, TimeSpan.FromHours(1)), "2024-01-02T12:00:00Z" },
        { Guid.Empty, "00000000-0000-0000-0000-000000000000" },
        { new object?[] { 1, "a", null }, "[1 \"a\" nil]" },
        { new List<int> { 1, 2 }, "[1 2]" },
        { new Dictionary<string, object?> { ["id"] = 1, ["two words"] = 2 }, "{:id 1 \"two words\" 2}" },
        { new Dictionary<string, int> { ["id"] = 1 }, "{:id 1}" },
        { new Dictionary<int, string> { [1] = "a" }, "{1 \"a\"}" },
        { Value.Of(Keyword.Of("k")), ":k" },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public void PlainObjectsBecomeValues(object? item, string printed)
    {
        var value = ValueInterop.FromObject(item);
        if (printed.StartsWith('{'))
        {
            Assert.Equal(Evaluate.Value(printed), value);
            return;
        }

        Assert.Equal(printed, value.ToString());
    }

    [Fact]
    public void WhatCannotCrossSaysWhereItStands()
    {
        var items = new Dictionary<string, object?> { ["rows"] = new object[] { 1, TimeSpan.Zero } };
        var error = Assert.Throws<ArgumentException>(() => ValueInterop.FromDictionary(items));
        Assert.StartsWith("the dictionary[\"rows\"][1] is a System.TimeSpan, which has no value in the language", error.Message);
        Assert.Throws<ArgumentException>(() => ValueInterop.FromObject(ulong.MaxValue));
        Assert.Throws<ArgumentException>(() => ValueInterop.ToObject(Evaluate.Value("inc")));
        Assert.Throws<ArgumentException>(() => ValueInterop.ToObject(Evaluate.Value("{1 2}")));
        Assert.Throws<ArgumentException>(() => ValueInterop.ToObject(Evaluate.Value("{:a 1 \"a\" 2}")));
    }

    [Fact]
    public void ValuesBecomePlainObjects()
    {
        var items = ValueInterop.ToDictionary(Evaluate.Value("{:id 1 :tags [:a \"b\" nil 1.5] :at 2024-01-02T12:00:00Z}").As<MapValue>()!);
        Assert.Equal(1L, items["id"]);
        Assert.Equal(Noon, items["at"]);
        Assert.Equal(["a", "b", null, 1.5], Assert.IsAssignableFrom<IReadOnlyList<object?>>(items["tags"]));
    }

    [Fact]
    public void AFunctionInAPlanCannotBePrinted()
    {
        var error = Assert.Throws<RtfsException>(() => ValueForms.ToForm(Evaluate.Value("{:program [inc]}")));
        Assert.Equal("RTFS9009", error.Code);
        Assert.StartsWith("a plan that holds #<fn inc> cannot be printed", error.Message);
    }
}
