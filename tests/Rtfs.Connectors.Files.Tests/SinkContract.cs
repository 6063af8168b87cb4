// What every format keeps when it writes: one suite, inherited by each.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Connectors.Files.Tests;

public abstract class SinkContract : IDisposable
{
    private readonly TestDirectory _files = new();

    protected abstract string Format { get; }

    protected virtual string Header => "";

    protected abstract Value Item(string text);

    protected abstract string Line(string text);

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Items_are_whole_lines_in_order()
    {
        await _files.WriteAsync("out", Format, append: false, Item("a"), Item("ä b"));
        Assert.Equal(Header + Line("a") + "\n" + Line("ä b") + "\n", _files.Read("out"));
    }

    [Fact]
    public async Task What_was_written_is_there_before_the_sink_is_closed()
    {
        await using var sink = await _files.Sink("out", Format).OpenSinkAsync(TestDirectory.Request, default);
        await sink.WriteAsync(new[] { Item("a") }, default);
        await sink.FlushAsync(default);
        Assert.Equal(Header + Line("a") + "\n", _files.Read("out"));
    }

    [Fact]
    public async Task A_file_is_replaced_when_the_sink_opens_even_by_nothing()
    {
        _files.Write("out", "old text that is much longer than what follows\n");
        await using var sink = await _files.Sink("out", Format).OpenSinkAsync(TestDirectory.Request, default);
        Assert.Equal("", _files.Read("out"));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("")]
    public async Task Append_adds_on_a_line_of_its_own(string end)
    {
        _files.Write("out", Header + Line("a") + end);
        await _files.WriteAsync("out", Format, append: true, Item("b"));
        await _files.WriteAsync("out", Format, append: true, Item("c"));
        Assert.Equal(Header + Line("a") + "\n" + Line("b") + "\n" + Line("c") + "\n", _files.Read("out"));
    }

    [Fact]
    public async Task Append_makes_a_file_that_is_not_there()
    {
        await _files.WriteAsync("out", Format, append: true, Item("a"));
        Assert.Equal(Header + Line("a") + "\n", _files.Read("out"));
    }

    [Fact]
    public async Task Missing_directories_are_made_below_the_base_and_nowhere_else()
    {
        await _files.WriteAsync("x/y/out", Format, append: false, Item("a"));
        Assert.Equal(Header + Line("a") + "\n", _files.Read("x/y/out"));

        var elsewhere = _files.Path + "-elsewhere";
        var fault = await Assert.ThrowsAsync<ProviderException>(
            () => _files.WriteAsync(Path.Combine(elsewhere, "out"), Format, append: false, Item("a")));
        Assert.Equal(
            $"No such directory: {elsewhere}, where {elsewhere}/out is to be written. Create it first (only directories below {_files.Path} are made).",
            fault.Message);
        Assert.False(Directory.Exists(elsewhere));
    }

    [Fact]
    public async Task An_item_that_cannot_be_written_costs_that_item_alone()
    {
        await using var sink = await _files.Sink("out", Format).OpenSinkAsync(TestDirectory.Request, default);
        Value[] items = [Item("a"), Item("b"), Value.OfObject(new Named()), Item("d")];
        var fault = await Assert.ThrowsAsync<ProviderException>(async () => await sink.WriteAsync(items, default));
        Assert.True(fault.ItemOnly);
        Assert.Equal(2, fault.Accepted);
        Assert.Contains("a function", fault.Message);
        await sink.WriteAsync(items.AsMemory(3), default);
        Assert.Equal(Header + string.Concat(new[] { "a", "b", "d" }.Select(text => Line(text) + "\n")), _files.Read("out"));
    }

    [Fact]
    public async Task A_first_item_that_cannot_be_written_leaves_no_trace()
    {
        await using var sink = await _files.Sink("out", Format).OpenSinkAsync(TestDirectory.Request, default);
        var fault = await Assert.ThrowsAsync<ProviderException>(
            async () => await sink.WriteAsync(new[] { Data.Map(("f", Value.OfObject(new Named()))), Item("b") }, default));
        Assert.Equal((true, 0), (fault.ItemOnly, fault.Accepted));
        await sink.WriteAsync(new[] { Item("b") }, default);
        Assert.Equal(Header + Line("b") + "\n", _files.Read("out"));
    }

    [Fact]
    public async Task A_full_disk_is_a_fault_of_the_file()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        await using var sink = await _files.Sink("/dev/full", Format).OpenSinkAsync(TestDirectory.Request, default);
        var fault = await Assert.ThrowsAsync<ProviderException>(async () => await sink.WriteAsync(new[] { Item("a") }, default));
        Assert.False(fault.ItemOnly);
        Assert.Equal(0, fault.Accepted);
        Assert.StartsWith("Writing /dev/full failed: No space left on device", fault.Message);
    }

    [Fact]
    public async Task A_closed_sink_takes_nothing()
    {
        var sink = await _files.Sink("out", Format).OpenSinkAsync(TestDirectory.Request, default);
        await sink.DisposeAsync();
        await sink.DisposeAsync();
        var fault = await Assert.ThrowsAsync<ProviderException>(async () => await sink.WriteAsync(new[] { Item("a") }, default));
        Assert.Equal("out has been closed; nothing more can be written to it.", fault.Message);
        Assert.False(fault.ItemOnly);
    }

    [Fact]
    public async Task What_is_written_reads_back()
    {
        Value[] items = [Item("a"), Item("ä, \"quoted\" ; text"), Item("#\t'")];
        await _files.WriteAsync("out", Format, append: false, items);
        var rows = await _files.ReadAsync("out", Format);
        Assert.Equal(items, rows.Items);
        Assert.Empty(rows.Faults);
    }

    private sealed class Named : Function
    {
        public override string Name => "f";

        public override bool MayBlock => false;

        public override Value Invoke(EvaluationContext context, ReadOnlySpan<Value> arguments) => Value.Nil;
    }
}

public sealed class NdjsonSinkContract : SinkContract
{
    protected override string Format => "ndjson";

    protected override Value Item(string text) => Data.Map(("text", text), ("n", 1));

    protected override string Line(string text) => $"{{\"text\":\"{text}\",\"n\":1}}";
}

public sealed class CsvSinkContract : SinkContract
{
    protected override string Format => "csv";

    protected override string Header => "text,n\n";

    protected override Value Item(string text) => Data.Map(("text", text), ("n", "1"));

    protected override string Line(string text) => $"{text},1";
}

public sealed class LinesSinkContract : SinkContract
{
    protected override string Format => "lines";

    protected override Value Item(string text) => Value.String(text);

    protected override string Line(string text) => text;
}

public sealed class EdnSinkContract : SinkContract
{
    protected override string Format => "edn";

    protected override Value Item(string text) => Data.Map(("text", text));

    protected override string Line(string text) => $"{{:text \"{text}\"}}";
}
