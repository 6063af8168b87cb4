// JSON lines to values: kinds, keys, shapes, and the words for a line that is no JSON.

using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Connectors.Files.Tests;

public sealed class NdjsonSourceTests : IDisposable
{
    private readonly TestDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Each_kind_of_json_has_its_value()
    {
        var item = await OneAsync("""{"i":-7,"f":1.0,"e":1e3,"s":"ä\n\"","t":true,"n":null,"a":[1,[2.5],{}],"o":{"in-ner":"x"}}""");
        Assert.Equal(
            Data.Map(
                ("i", -7), ("f", 1.0), ("e", 1000.0), ("s", "ä\n\""), ("t", true), ("n", null),
                ("a", new object?[] { 1, new object?[] { 2.5 }, Data.Map() }),
                ("o", Data.Map(("in-ner", "x")))),
            item);
    }

    [Fact]
    public async Task Any_json_value_is_an_item_and_blank_lines_are_none()
    {
        _files.Write("f", "1\n\n  \t\n\"two\"\nnull\n[3]\n");
        var rows = await _files.ReadAsync("f", "ndjson");
        Assert.Equal([Data.Of(1), Data.Of("two"), Value.Nil, Data.Vector(3)], rows.Items);
        Assert.Empty(rows.Faults);
    }

    [Theory]
    [InlineData("sensor-id", true)]
    [InlineData("ns.sub/id", true)]
    [InlineData("a?", true)]
    [InlineData("1st", false)]
    [InlineData("two words", false)]
    [InlineData("", false)]
    [InlineData("a:b", false)]
    [InlineData("größe", false)]
    public async Task A_key_is_a_keyword_where_a_program_could_write_it(string name, bool keyword)
    {
        var item = await OneAsync($$"""{"before":1,"{{name}}":2,"after":3}""");
        var key = keyword ? Data.Key(name) : Value.String(name);
        Assert.True(item.As<MapValue>()!.TryGet(key, out var value));
        Assert.Equal(Value.Int(2), value);
        Assert.Equal(3, item.As<MapValue>()!.Count);
        Assert.Equal(Value.Int(3), item.As<MapValue>()!.GetOrNil(Keyword.Of("after")));
    }

    [Fact]
    public async Task The_last_of_equal_keys_wins() =>
        Assert.Equal(Data.Map(("a", 2), ("b", 3)), await OneAsync("""{"a":1,"a":2,"b":3}"""));

    [Fact]
    public async Task Rows_of_one_make_share_a_shape_and_others_do_not_disturb_them()
    {
        _files.Write("f", """
            {"a":1,"b":{"x":1}}
            {"a":2,"b":{"x":2}}
            {"a":3}
            {"a":4,"b":{"x":4},"c":5}
            {"b":6,"a":6}
            {"a":7,"b":{"y":7}}
            {"a":8,"b":{"x":8}}
            """);
        var items = (await _files.ReadAsync("f", "ndjson")).Items;
        Assert.Equal(
            [
                Data.Map(("a", 1), ("b", Data.Map(("x", 1)))), Data.Map(("a", 2), ("b", Data.Map(("x", 2)))), Data.Map(("a", 3)),
                Data.Map(("a", 4), ("b", Data.Map(("x", 4))), ("c", 5)), Data.Map(("a", 6), ("b", 6)),
                Data.Map(("a", 7), ("b", Data.Map(("y", 7)))), Data.Map(("a", 8), ("b", Data.Map(("x", 8)))),
            ],
            items);
        Assert.Same(items[0].As<Rtfs.Runtime.Values.Record>()!.Shape, items[6].As<Rtfs.Runtime.Values.Record>()!.Shape);
    }

    [Fact]
    public async Task A_map_of_very_many_keys_is_read_whole()
    {
        var item = await OneAsync("{" + string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"k{i}\":{i}")) + "}");
        Assert.Equal(100, item.As<MapValue>()!.Count);
        Assert.Equal(Value.Int(99), item.As<MapValue>()!.GetOrNil(Keyword.Of("k99")));
    }

    [Fact]
    public async Task The_schema_makes_floats_of_ints_and_times_of_strings()
    {
        _files.Write("f", """{"v":5,"n":5,"at":"2010-01-01T01:00:00"}""" + "\n" + """{"v":1.5,"n":5,"at":"noon"}""");
        var rows = await _files.ReadAsync("f", "ndjson", Data.Schema(("v", "float"), ("n", "int"), ("at", "timestamp")));
        Assert.Equal([Data.Map(("v", 5.0), ("n", 5), ("at", new DateTime(2010, 1, 1, 1, 0, 0, DateTimeKind.Utc)))], rows.Items);
        Assert.Equal("key at: expected a :timestamp such as 2010-01-31T09:30:00Z, found \"noon\"", Assert.Single(rows.Faults).Message);
    }

    [Theory]
    [InlineData("{\"a\":}", "expected a JSON value, found something else at column 6: '}' is an invalid start of a value.")]
    [InlineData("{\"ä\":}", "expected a JSON value, found something else at column 6: '}' is an invalid start of a value.")]
    [InlineData("hello", "expected a JSON value, found something else at column 1: 'h' is an invalid start of a value.")]
    [InlineData("1 2", "expected a JSON value, found something else at column 3: '2' is invalid after a single JSON value. Expected end of data.")]
    [InlineData("{\"id\":12345678901234567890}", "expected an int of 64 bits, found 12345678901234567890. Write it as a string, or with a fraction to have a float")]
    [InlineData("1e999", "expected a number in the range of a float, found 1e999")]
    [InlineData("\"\\ud800\"", "expected JSON, found a string with half of a surrogate pair (\\ud800 to \\udfff must come in pairs)")]
    public async Task A_bad_line_is_a_fault_that_says_what_and_where(string line, string message)
    {
        _files.Write("f", "1\n" + line + "\n2\n");
        var rows = await _files.ReadAsync("f", "ndjson");
        Assert.Equal([Value.Int(1), Value.Int(2)], rows.Items);
        var fault = Assert.Single(rows.Faults);
        Assert.Equal((line, message, "f:2"), (fault.Text, fault.Message, fault.Place));
    }

    [Fact]
    public async Task Depth_is_bounded()
    {
        _files.Write("f", new string('[', 5000) + "\n1\n");
        var rows = await _files.ReadAsync("f", "ndjson");
        Assert.Equal([Value.Int(1)], rows.Items);
        Assert.Contains("maximum configured depth of 128", Assert.Single(rows.Faults).Message);
    }

    private async Task<Value> OneAsync(string line)
    {
        _files.Write("f", line + "\n");
        var rows = await _files.ReadAsync("f", "ndjson");
        Assert.Empty(rows.Faults);
        return Assert.Single(rows.Items);
    }
}
