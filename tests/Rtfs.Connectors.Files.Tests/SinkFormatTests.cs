// How each kind of value is spelled in each format.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Connectors.Files.Tests;

public sealed class SinkFormatTests : IDisposable
{
    private static readonly DateTime Time = new(2010, 1, 31, 9, 30, 0, DateTimeKind.Utc);
    private static readonly Guid Id = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");

    private readonly TestDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Json_spells_each_kind()
    {
        var item = Data.Map(
            ("sensor-id", "ü<&>\"\\\n"), ("k", Data.Key("high")), ("i", long.MinValue), ("f", 0.1), ("whole", 2.0), ("big", 1e300), ("t", Time),
            ("ms", Time.AddMilliseconds(250)), ("id", Id), ("nil", null), ("no", false), ("v", new object?[] { 1, new object?[] { } }), ("m", Data.Map()));
        await _files.WriteAsync("out", "ndjson", append: false, item);
        Assert.Equal(
            "{\"sensor-id\":\"ü<&>\\\"\\\\\\n\",\"k\":\"high\",\"i\":-9223372036854775808,\"f\":0.1,\"whole\":2.0,\"big\":1E+300,"
                + "\"t\":\"2010-01-31T09:30:00Z\",\"ms\":\"2010-01-31T09:30:00.25Z\",\"id\":\"6f9619ff-8b86-d011-b42d-00c04fc964ff\","
                + "\"nil\":null,\"no\":false,\"v\":[1,[]],\"m\":{}}\n",
            _files.Read("out"));
    }

    [Fact]
    public async Task Json_takes_string_and_int_keys_and_refuses_what_it_cannot_tell_apart()
    {
        var map = MapValue.From([new(Value.String("a b"), Value.Int(1)), new(Value.Int(7), Value.Int(2))]);
        await _files.WriteAsync("out", "ndjson", append: false, Value.Of(map));
        Assert.Contains(_files.Read("out"), new[] { "{\"a b\":1,\"7\":2}\n", "{\"7\":2,\"a b\":1}\n" });
        var twins = MapValue.From([new(Value.String("a"), Value.Int(1)), new(Data.Key("a"), Value.Int(2))]);
        Assert.Equal(
            "two keys of one map are both written \"a\" in JSON, and names must differ", await RefusalAsync("ndjson", Value.Of(twins)));
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public async Task Json_has_no_number_for_these(double number, string name) => Assert.Equal(
        $"JSON has no number for {name} (at key v). Replace it (by nil, for example) or filter such items out",
        await RefusalAsync("ndjson", Data.Map(("v", number))));

    [Fact]
    public async Task Csv_spells_each_kind_and_quotes_only_what_needs_it()
    {
        var item = Data.Map(
            ("s", "a,b"), ("q", "say \"hi\""), ("l", "1\n2"), ("k", Data.Key("high")), ("i", -3), ("f", 2.0), ("b", true), ("t", Time), ("u", Id), ("n", null));
        await _files.WriteAsync("out", "csv", append: false, item);
        Assert.Equal(
            "s,q,l,k,i,f,b,t,u,n\n\"a,b\",\"say \"\"hi\"\"\",\"1\n2\",high,-3,2.0,true,2010-01-31T09:30:00Z,6f9619ff-8b86-d011-b42d-00c04fc964ff,\n",
            _files.Read("out"));
    }

    [Fact]
    public async Task Csv_finds_columns_by_name_and_refuses_other_keys()
    {
        await using var sink = await _files.Sink("out", "csv").OpenSinkAsync(TestDirectory.Request, default);
        Value[] items = [Data.Map(("a", 1), ("b", 2)), Data.Map(("b", 4), ("a", 3)), Data.Map(("a", 5), ("c", 6)), Data.Map(("a", 7), ("b", 8))];
        var fault = await Assert.ThrowsAsync<ProviderException>(async () => await sink.WriteAsync(items, default));
        Assert.Equal("the keys differ from the header (a, b): missing b; not in the header c", fault.Message);
        Assert.Equal((true, 2), (fault.ItemOnly, fault.Accepted));
        await sink.WriteAsync(items.AsMemory(3), default);
        Assert.Equal("a,b\n1,2\n3,4\n7,8\n", _files.Read("out"));
    }

    [Fact]
    public async Task Csv_added_to_keeps_the_header_that_is_there()
    {
        _files.Write("out", "b,a\n1,2\n");
        await _files.WriteAsync("out", "csv", append: true, Data.Map(("a", 3), ("b", 4)));
        Assert.Equal("b,a\n1,2\n4,3\n", _files.Read("out"));
        var fault = await Assert.ThrowsAsync<ProviderException>(
            () => _files.WriteAsync("out", "csv", append: true, Data.Map(("a", 3))));
        Assert.Equal("the keys differ from the header (b, a): missing b", fault.Message);
    }

    [Fact]
    public async Task Csv_refuses_what_is_no_row_and_no_cell()
    {
        Assert.Equal("a CSV row is written from a map, found 5", await RefusalAsync("csv", Value.Int(5)));
        Assert.Equal("an empty map gives a CSV file no columns", await RefusalAsync("csv", Data.Map()));
        Assert.Equal(
            "column v: a CSV cell cannot hold a vector. Write a string or a number, or use format :ndjson",
            await RefusalAsync("csv", Data.Map(("v", Data.Vector(1)))));
    }

    [Fact]
    public async Task A_csv_row_of_one_empty_cell_is_still_a_row()
    {
        await _files.WriteAsync("out", "csv", append: false, Data.Map(("a", null)), Data.Map(("a", "")), Data.Map(("a", "x")));
        Assert.Equal("a\n\"\"\n\"\"\nx\n", _files.Read("out"));
        Assert.Equal([Data.Map(("a", null)), Data.Map(("a", null)), Data.Map(("a", "x"))], (await _files.ReadAsync("out", "csv")).Items);
    }

    [Fact]
    public async Task Lines_are_strings_and_what_str_shows_of_the_rest()
    {
        await _files.WriteAsync("out", "lines", append: false, Value.String("plain"), Value.Int(5), Value.Nil, Data.Key("k"));
        Assert.Equal("plain\n5\nnil\n:k\n", _files.Read("out"));
        Assert.Equal(
            "the text holds a line break, and format :lines is one item a line. Use :ndjson or :edn, or remove the break",
            await RefusalAsync("lines", Value.String("a\nb")));
    }

    [Fact]
    public async Task Edn_reads_back_equal_on_one_line_each()
    {
        Value[] items = [Data.Map(("s", "a\nb\r\n\"q\""), ("t", Time), ("f", 1.0), ("v", new object?[] { null, true, Data.Key("k") })), Value.Uuid(Id)];
        await _files.WriteAsync("out", "edn", append: false, items);
        Assert.Equal(2, _files.Read("out").Count(character => character == '\n'));
        Assert.Equal(items, (await _files.ReadAsync("out", "edn")).Items);
    }

    private async Task<string> RefusalAsync(string format, Value item)
    {
        var fault = await Assert.ThrowsAsync<ProviderException>(() => _files.WriteAsync("refused", format, append: false, item));
        Assert.True(fault.ItemOnly);
        Assert.Equal("", _files.Read("refused"));
        return fault.Message;
    }
}
