// CSV rows to maps: RFC 4180, the header, conversion by the schema, and the words for what does not fit.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Connectors.Files.Tests;

public sealed class CsvSourceTests : IDisposable
{
    private readonly TestDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Quotes_hold_commas_breaks_and_doubled_quotes()
    {
        _files.Write("f", "a,b\r\n\"x,y\",\"line 1\nline 2\"\r\n\"say \"\"hi\"\"\",\" kept \"\n");
        var rows = await _files.ReadAsync("f", "csv");
        Assert.Equal([Data.Map(("a", "x,y"), ("b", "line 1\nline 2")), Data.Map(("a", "say \"hi\""), ("b", " kept "))], rows.Items);
        Assert.Empty(rows.Faults);
    }

    [Fact]
    public async Task The_schema_of_an_opening_comes_before_that_of_the_registration()
    {
        _files.Write("f", "n\n1\n");
        var asked = TestDirectory.Request.Manifest with { OutputSchema = Data.Schema(("n", "float")) };
        await using var source = await _files.Source("f", "csv", Data.Schema(("n", "string")))
            .OpenSourceAsync(TestDirectory.Request with { Manifest = asked }, default);
        Assert.Equal([Data.Map(("n", 1.0))], (await Rows.ReadAsync(source, 7)).Items);
    }

    [Fact]
    public async Task The_schema_converts_columns_and_an_empty_cell_is_nil()
    {
        _files.Write("f", "date,t,n,num,ok,name,free\n2010-01-01T01:00:00,7,42,1.5,true,x,9\n,,,,,,\n2010-01-01,-1.5e2, 3 ,8,FALSE,\"\",\"\"\n");
        var schema = Data.Schema(("date", "timestamp"), ("t", "float"), ("n", "int"), ("num", "number"), ("ok", "bool"), ("name", "string"));
        var rows = await _files.ReadAsync("f", "csv", schema);
        Assert.Equal(
            [
                Row(new DateTime(2010, 1, 1, 1, 0, 0), 7.0, 42, 1.5, true, "x", "9"),
                Row(null, null, null, null, null, null, null),
                Row(new DateTime(2010, 1, 1), -150.0, 3, 8, false, null, null),
            ],
            rows.Items);
        Assert.Empty(rows.Faults);
    }

    [Theory]
    [InlineData("float", "warm", "a :float")]
    [InlineData("float", "1e999", "a :float")]
    [InlineData("int", "1.5", "an :int (digits with an optional sign, in 64 bits)")]
    [InlineData("int", "9999999999999999999", "an :int (digits with an optional sign, in 64 bits)")]
    [InlineData("number", "0x1", "a :number")]
    [InlineData("bool", "yes", "a :bool (true or false)")]
    [InlineData("timestamp", "2010-02-30", "a :timestamp such as 2010-01-31T09:30:00Z")]
    public async Task A_cell_that_cannot_be_converted_is_a_fault_of_its_row(string type, string text, string expected)
    {
        _files.Write("f", $"k,v\na,1\nb,{text}\n");
        var rows = await _files.ReadAsync("f", "csv", Data.Schema(("v", type)));
        var fault = rows.Faults[^1];
        Assert.Equal(
            ($"b,{text}", $"column v: expected {expected}, found \"{text}\" on line 3", "f:3"),
            (fault.Text, fault.Message, fault.Place));
    }

    [Fact]
    public async Task A_wrong_number_of_cells_is_a_fault()
    {
        _files.Write("f", "a,b\n1\n1,2,3\n1,2\n");
        var rows = await _files.ReadAsync("f", "csv");
        Assert.Single(rows.Items);
        Assert.Equal(
            [
                new ItemFault("1", "expected 2 cells as in the header, found 1", "f:2"),
                new ItemFault("1,2,3", "expected 2 cells as in the header, found 3", "f:3"),
            ],
            rows.Faults);
    }

    [Fact]
    public async Task A_stray_quote_spoils_its_own_row_alone()
    {
        _files.Write("f", "a,b\n5\" pipe,1\n\"x\"y,2\nok,3\n\"open,4\nok,5\n");
        var rows = await _files.ReadAsync("f", "csv");
        Assert.Equal([Data.Map(("a", "ok"), ("b", "3")), Data.Map(("a", "ok"), ("b", "5"))], rows.Items);
        Assert.Equal(
            [
                new ItemFault("5\" pipe,1", "a quote stands inside a cell. Quote the whole cell and double each quote in it", "f:2"),
                new ItemFault("\"x\"y,2", "a quote stands inside a cell. Quote the whole cell and double each quote in it", "f:3"),
                new ItemFault("\"open,4", "a quoted cell has no closing quote. Close it, or double a quote that belongs to the text", "f:5"),
            ],
            rows.Faults);
    }

    [Fact]
    public async Task Line_numbers_count_the_lines_inside_cells()
    {
        _files.Write("f", "a,n\n\"1\n2\n3\",1\n\"x\ny\",bad\n");
        var fault = Assert.Single((await _files.ReadAsync("f", "csv", Data.Schema(("n", "int")))).Faults);
        Assert.Equal("f:5", fault.Place);
        Assert.EndsWith("found \"bad\" on line 6", fault.Message);
    }

    [Theory]
    [InlineData("a,,c\n", "f: column 2 has no name in the header row. Each column needs one (found: a, , c).")]
    [InlineData("a, b ,b\n", "f: columns 2 and 3 of the header row are both named b. Names must differ.")]
    [InlineData("a,\"b\n1,2\n", "f:1: the header row cannot be read: a quoted cell has no closing quote. Close it, or double a quote that belongs to the text.")]
    public async Task A_header_that_cannot_be_used_is_a_fault_of_the_file(string text, string message)
    {
        _files.Write("f", text);
        Assert.Equal(message, (await Assert.ThrowsAsync<ProviderException>(() => _files.ReadAsync("f", "csv"))).Message);
    }

    [Fact]
    public async Task A_column_that_the_schema_requires_must_be_there()
    {
        _files.Write("f", "temp,wind\n1,2\n");
        var fault = await Assert.ThrowsAsync<ProviderException>(() => _files.ReadAsync("f", "csv", Data.Schema(("temps", "float"))));
        Assert.Equal("f: the schema requires the column temps, and the header row names temp, wind. Did you mean temp?", fault.Message);
        Assert.Single((await _files.ReadAsync("f", "csv", Data.Schema(("temps", "float?")))).Items);
    }

    [Fact]
    public async Task Names_are_trimmed_and_one_that_is_no_keyword_stays_a_string()
    {
        _files.Write("f", " a , air temp\n1,2\n");
        var item = Assert.Single((await _files.ReadAsync("f", "csv")).Items).As<MapValue>()!;
        Assert.Equal(Value.String("1"), item.GetOrNil(Keyword.Of("a")));
        Assert.True(item.TryGet(Value.String("air temp"), out var value));
        Assert.Equal(Value.String("2"), value);
    }

    [Theory]
    [InlineData("2010-01-31", "2010-01-31T00:00:00Z")]
    [InlineData("2010-01-31T09:30", "2010-01-31T09:30:00Z")]
    [InlineData("2010-01-31 09:30:15", "2010-01-31T09:30:15Z")]
    [InlineData("2010-01-31T09:30:15.25Z", "2010-01-31T09:30:15.25Z")]
    [InlineData("2010-01-31T00:30:00+02:00", "2010-01-30T22:30:00Z")]
    [InlineData("2010-01-31T00:30:00-0530", "2010-01-31T06:00:00Z")]
    public async Task A_time_without_a_zone_is_utc(string text, string expected)
    {
        _files.Write("f", $"at\n{text}\n");
        var item = Assert.Single((await _files.ReadAsync("f", "csv", Data.Schema(("at", "timestamp")))).Items);
        Assert.Equal(
            DateTime.Parse(expected, null, System.Globalization.DateTimeStyles.AdjustToUniversal),
            item.As<MapValue>()!.GetOrNil(Keyword.Of("at")).AsTimestamp);
    }

    [Fact]
    public async Task Optional_and_refined_types_convert_like_their_base()
    {
        _files.Write("f", "a,b,c\n1,2,3\n");
        var entry = Data.Vector(Data.Key("b"), Data.Key("float"), Value.Of(Symbol.Of("?")));
        var refined = Data.Vector(Data.Key("c"), Data.Vector(Data.Key("and"), Data.Key("int"), Data.Vector(Data.Key(">"), 0)));
        var schema = Data.Vector(Data.Key("map"), Data.Vector(Data.Key("a"), Data.Key("int?")), entry, refined);
        Assert.Equal([Data.Map(("a", 1), ("b", 2.0), ("c", 3))], (await _files.ReadAsync("f", "csv", schema)).Items);
    }

    private static Value Row(DateTime? date, double? t, int? n, object? num, bool? ok, string? name, string? free) =>
        Data.Map(("date", date), ("t", t), ("n", n), ("num", num), ("ok", ok), ("name", name), ("free", free));
}
