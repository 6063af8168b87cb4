// RTFS data, one value a line.

using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Connectors.Files.Tests;

public sealed class EdnSourceTests : IDisposable
{
    private readonly TestDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Values_are_read_and_never_evaluated()
    {
        _files.Write("f", "; readings\n{:a 1.0}\n\n(call \"x\")\n:k\n");
        var rows = await _files.ReadAsync("f", "edn");
        Assert.Empty(rows.Faults);
        Assert.Equal(
            [
                Data.Map(("a", 1.0)),
                Value.Of(ListValue.From([Value.Of(Symbol.Of("call")), Value.String("x")])),
                Data.Key("k"),
            ],
            rows.Items);
    }

    [Fact]
    public async Task Two_values_on_a_line_and_half_a_value_are_faults()
    {
        _files.Write("f", "1 2\n{:a\n3\n");
        var rows = await _files.ReadAsync("f", "edn");
        Assert.Equal([Value.Int(3)], rows.Items);
        Assert.Equal("expected one RTFS value on the line, found 2. Write each on a line of its own", rows.Faults[0].Message);
        Assert.StartsWith("expected one RTFS value, ", rows.Faults[1].Message);
        Assert.Equal(["f:1", "f:2"], rows.Faults.Select(fault => fault.Place));
    }
}
