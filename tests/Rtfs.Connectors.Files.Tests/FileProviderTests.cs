// What a registration may say, and what stands in the way of opening.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Connectors.Files.Tests;

public sealed class FileProviderTests : IDisposable
{
    private readonly TestDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_source_needs_read_and_a_sink_write_on_the_full_path()
    {
        Assert.Equal([new Effect("read", _files.At("data/a.csv"))], _files.Source("data/a.csv", "csv").Effects);
        Assert.Equal([new Effect("write", _files.At("b.csv"))], _files.Sink("./x/../b.csv", "csv").Effects);
        Assert.Equal([new Effect("read", "/etc/hosts")], _files.Source("/etc/hosts", "lines").Effects);
    }

    [Theory]
    [InlineData("{}", ":path is missing. Add it: :path \"data/readings.ndjson\"")]
    [InlineData("path=5", ":path must be a string that is not blank, found 5. For example: :path \"data/readings.ndjson\"")]
    [InlineData("path=' '", ":path must be a string that is not blank, found \" \". For example: :path \"data/readings.ndjson\"")]
    [InlineData("path='a.csv'", ":format is missing. Add it: :format :csv")]
    [InlineData("path='a'", ":format is missing. Add it: :format :ndjson | :csv | :lines | :edn")]
    [InlineData("path='a' format=:json", ":format :json is not available. Available: :ndjson :csv :lines :edn")]
    [InlineData("path='a' format=:ndjsn", ":format :ndjsn is not available. Did you mean :ndjson? Available: :ndjson :csv :lines :edn")]
    [InlineData("path='a' format=:csv append=1", ":append must be true or false, found 1")]
    [InlineData("path='a' format=:csv append=:true", ":append must be true or false, found :true")]
    [InlineData("path='a' formt=:csv", "unknown key :formt. Did you mean :format? Available: :path :format :append")]
    [InlineData("path='a' format=:csv compression=:gzip", "unknown key :compression. Available: :path :format :append")]
    public void A_mistake_in_the_specification_names_the_key_and_the_fix(string specification, string message)
    {
        var fault = Assert.Throws<ProviderException>(() => _files.Provider(CapabilityKind.Sink, default, Parse(specification)));
        Assert.Equal("Provider {:kind :file …} of com.test:v1.0:file: " + message, fault.Message);
    }

    [Fact]
    public void Append_is_for_sinks_and_a_file_is_source_or_sink()
    {
        Assert.EndsWith(
            ":append says how a sink opens its file; a source has no use for it. Remove it",
            Assert.Throws<ProviderException>(
                () => _files.Provider(CapabilityKind.Source, default, Parse("path='a' format=:csv append=true"))).Message);
        Assert.EndsWith(
            "a file is a :stream-source or a :stream-sink, and this capability is registered as :stream-duplex",
            Assert.Throws<ProviderException>(
                () => _files.Provider(CapabilityKind.Duplex, default, Parse("path='a' format=:csv"))).Message);
    }

    [Fact]
    public async Task A_missing_file_says_where_it_was_looked_for_and_what_is_near()
    {
        Directory.CreateDirectory(_files.At("data"));
        _files.Write("data/readings.csv", "");
        Assert.Equal(
            $"No such file: data/reading.csv (looked in {_files.At("data")}). Did you mean readings.csv?",
            await FaultAsync("data/reading.csv"));
        Assert.Equal($"No such file: data/zzz (looked in {_files.At("data")}). Check :path.", await FaultAsync("data/zzz"));
        Assert.Equal(
            $"No such file: dta/x.csv (there is no directory {_files.At("dta")}). Relative paths start at {_files.Path}.",
            await FaultAsync("dta/x.csv"));
    }

    [Fact]
    public async Task A_directory_is_no_file()
    {
        Directory.CreateDirectory(_files.At("data"));
        var message = $"data is a directory, not a file (at {_files.At("data")}). Name a file in it with :path.";
        Assert.Equal(message, await FaultAsync("data"));
        var fault = await Assert.ThrowsAsync<ProviderException>(
            async () => await _files.Sink("data", "lines").OpenSinkAsync(TestDirectory.Request, default));
        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public async Task What_is_denied_is_said_so()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _files.Write("secret", "x");
        File.SetUnixFileMode(_files.At("secret"), UnixFileMode.None);
        if (CanRead(_files.At("secret")))
        {
            return; // The superuser is denied nothing.
        }

        Assert.Equal($"Permission to read secret was denied (at {_files.At("secret")}).", await FaultAsync("secret"));
    }

    [Fact]
    public async Task A_source_is_not_written_and_a_sink_not_read()
    {
        var write = await Assert.ThrowsAsync<ProviderException>(
            async () => await _files.Source("f", "csv").OpenSinkAsync(TestDirectory.Request, default));
        Assert.Equal("com.test:v1.0:file is a source: f can be read, not written. Register it as :stream-sink to write it.", write.Message);
        var read = await Assert.ThrowsAsync<ProviderException>(
            async () => await _files.Sink("f", "csv").OpenSourceAsync(TestDirectory.Request, default));
        Assert.Equal("com.test:v1.0:file is a sink: f can be written, not read. Register it as :stream-source to read it.", read.Message);
        Assert.False(File.Exists(_files.At("f")));
    }

    private async Task<string> FaultAsync(string path) => (await Assert.ThrowsAsync<ProviderException>(
        async () => await _files.Source(path, "csv").OpenSourceAsync(TestDirectory.Request, default))).Message;

    private static bool CanRead(string path)
    {
        try
        {
            File.OpenRead(path).Dispose();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary><c>key=:keyword</c>, <c>key='text'</c>, <c>key=5</c> or <c>key=true</c>, blank between.</summary>
    private static MapValue Parse(string specification) => specification == "{}"
        ? MapValue.Empty
        : TestDirectory.Map([.. specification.Replace("' '", "'_'").Split(' ').Select(entry => entry.Split('=')).Select(pair => (pair[0], Parsed(pair[1])))]);

    private static Value Parsed(string text) => text switch
    {
        "true" => Value.True,
        "'_'" => Value.String(" "),
        [':', ..] => Data.Key(text[1..]),
        ['\'', ..] => Value.String(text[1..^1]),
        _ => Value.Int(int.Parse(text)),
    };
}
