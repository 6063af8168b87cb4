// What every format keeps when it reads: one suite, inherited by each.

using System.Text;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Connectors.Files.Tests;

public abstract class SourceContract : IDisposable
{
    private readonly TestDirectory _files = new();

    protected abstract string Format { get; }

    /// <summary>What stands before the first row, with its line break.</summary>
    protected virtual string Header => "";

    /// <summary>The text of one row that holds some text, which needs no escape.</summary>
    protected abstract string Row(string text);

    protected abstract Value Item(string text);

    private int HeaderLines => Header.Count(character => character == '\n');

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task An_empty_file_ends_at_once()
    {
        _files.Write("f", "");
        var rows = await _files.ReadAsync("f", Format);
        Assert.Empty(rows.Order);
    }

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\n", false)]
    [InlineData("\r\n", true)]
    [InlineData("\r\n", false)]
    public async Task Both_line_breaks_are_accepted_and_the_last_may_be_missing(string lineBreak, bool last)
    {
        var text = Header.Replace("\n", lineBreak) + Row("a") + lineBreak + Row("b") + (last ? lineBreak : "");
        _files.Write("f", text);
        var rows = await _files.ReadAsync("f", Format);
        Assert.Equal([Item("a"), Item("b")], rows.Items);
        Assert.Empty(rows.Faults);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_row()
    {
        _files.Write("f", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Header + Row("ä") + "\n")]);
        Assert.Equal([Item("ä")], (await _files.ReadAsync("f", Format)).Items);
    }

    [Fact]
    public async Task Rows_are_whole_and_in_order_wherever_a_block_ends()
    {
        var texts = Enumerable.Range(0, 9_000).Select(i => $"row-{i}-" + new string((char)('a' + (i % 26)), i % 211)).ToArray();
        _files.Write("f", Header + string.Concat(texts.Select(text => Row(text) + "\n")));
        Assert.True(new FileInfo(_files.At("f")).Length > 3 * 256 * 1024);
        var rows = await _files.ReadAsync("f", Format, capacity: 256);
        Assert.Equal(texts.Select(Item), rows.Items);
        Assert.Empty(rows.Faults);
    }

    [Fact]
    public async Task A_row_of_a_megabyte_is_a_row()
    {
        var text = new string('x', 1024 * 1024);
        _files.Write("f", Header + Row("a") + "\n" + Row(text) + "\n" + Row("b"));
        Assert.Equal([Item("a"), Item(text), Item("b")], (await _files.ReadAsync("f", Format)).Items);
    }

    [Fact]
    public async Task A_row_beyond_the_limit_is_a_fault_and_the_rest_is_read()
    {
        _files.Write("f", Header + Row("a") + "\n" + Row(new string('x', 17 * 1024 * 1024)) + "\n" + Row("b") + "\n");
        var rows = await _files.ReadAsync("f", Format);
        Assert.Equal([Item("a"), Item("b")], rows.Items);
        var fault = Assert.Single(rows.Faults);
        Assert.Contains("is longer than 16 MiB", fault.Message);
        Assert.True(fault.Text.Length <= 501);
        Assert.Equal($"f:{HeaderLines + 2}", fault.Place);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_a_fault_of_their_row_alone()
    {
        byte[] bad = [.. Encoding.UTF8.GetBytes(Row("b@d"))];
        bad[Array.IndexOf(bad, (byte)'@')] = 0xFF;
        _files.Write("f", [.. Encoding.UTF8.GetBytes(Header + Row("a") + "\n"), .. bad, (byte)'\n', .. Encoding.UTF8.GetBytes(Row("c"))]);
        var rows = await _files.ReadAsync("f", Format);
        Assert.Equal([Item("a"), Item("c")], rows.Items);
        Assert.Equal(
            [new ItemFault(Row("b\uFFFDd"), "expected UTF-8 text, found bytes that are not UTF-8", $"f:{HeaderLines + 2}")], rows.Faults);
        Assert.Equal(["item", $"fault at f:{HeaderLines + 2}", "item"], rows.Order);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public async Task A_batch_is_filled_to_its_capacity_and_no_further(int capacity)
    {
        _files.Write("f", Header + string.Concat(Enumerable.Range(0, 5).Select(i => Row($"r{i}") + "\n")));
        var rows = await _files.ReadAsync("f", Format, capacity: capacity);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => Item($"r{i}")), rows.Items);
    }

    [Fact]
    public async Task After_the_end_and_after_closing_there_is_nothing()
    {
        _files.Write("f", Header + Row("a") + "\n");
        var source = await _files.Source("f", Format).OpenSourceAsync(TestDirectory.Request, default);
        Assert.Single((await Rows.ReadAsync(source, 4)).Items);
        Assert.False(await source.ReadAsync(new SourceBatch(4), default));
        await source.DisposeAsync();
        await source.DisposeAsync();
        Assert.False(await source.ReadAsync(new SourceBatch(4), default));
    }

    [Fact]
    public async Task A_cancelled_read_reads_nothing()
    {
        _files.Write("f", Header + Row("a") + "\n");
        await using var source = await _files.Source("f", Format).OpenSourceAsync(TestDirectory.Request, default);
        var batch = new SourceBatch(4);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await source.ReadAsync(batch, new CancellationToken(true)));
        Assert.True(batch.IsEmpty);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        // About 20 MB. What an item needs is counted, not the time that it takes.
        var text = new StringBuilder(Header);
        var count = 0;
        while (text.Length < 20_000_000)
        {
            text.Append(Row($"sensor-{count % 50}-{new string('x', 60)}")).Append('\n');
            count++;
        }

        _files.Write("f", text.ToString());
        await using var source = await _files.Source("f", Format).OpenSourceAsync(TestDirectory.Request, default);
        var batch = new SourceBatch(256);
        Assert.True(await source.ReadAsync(batch, default));
        var read = batch.Count;
        batch.Clear();
        long allocated = 0;
        while (true)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var more = source.ReadAsync(batch, default);
            if (more.IsCompleted)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            if (!await more)
            {
                break;
            }

            read += batch.Count;
            batch.Clear();
        }

        Assert.Equal(count, read);
        Assert.InRange(allocated / read, 1, BytesPerItem);
    }

    /// <summary>A record of one string of about 70 characters is under 260 bytes.</summary>
    protected virtual long BytesPerItem => 320;
}

public sealed class NdjsonSourceContract : SourceContract
{
    protected override string Format => "ndjson";

    protected override string Row(string text) => $"{{\"text\":\"{text}\"}}";

    protected override Value Item(string text) => Data.Map(("text", text));
}

public sealed class CsvSourceContract : SourceContract
{
    protected override string Format => "csv";

    protected override string Header => "text,n\n";

    protected override string Row(string text) => $"{text},1";

    protected override Value Item(string text) => Data.Map(("text", text), ("n", "1"));
}

public sealed class LinesSourceContract : SourceContract
{
    protected override string Format => "lines";

    protected override string Row(string text) => text;

    protected override Value Item(string text) => Value.String(text);
}

public sealed class EdnSourceContract : SourceContract
{
    protected override string Format => "edn";

    protected override string Row(string text) => $"{{:text \"{text}\"}}";

    protected override Value Item(string text) => Data.Map(("text", text));

    /// <summary>The reader makes a tree before the value.</summary>
    protected override long BytesPerItem => 8_000;
}
