// A directory of its own for each test, and the shortest way to read and write files in it through the connector.

using System.Text;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Tests;

internal sealed class TestDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rtfs-files-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text) => File.WriteAllText(At(name), text, new UTF8Encoding(false));

    public void Write(string name, byte[] bytes) => File.WriteAllBytes(At(name), bytes);

    public string Read(string name) => File.ReadAllText(At(name));

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public FileProvider Source(string name, string format, Value schema = default) =>
        (FileProvider)Provider(CapabilityKind.Source, schema, Map(("path", Value.String(name)), ("format", Data.Key(format))));

    public FileProvider Sink(string name, string format, bool append = false) =>
        (FileProvider)Provider(
            CapabilityKind.Sink,
            default,
            Map(("path", Value.String(name)), ("format", Data.Key(format)), ("append", Value.Bool(append))));

    public IStreamingProvider Provider(CapabilityKind kind, Value schema, MapValue specification)
    {
        var manifest = new CapabilityManifest
        {
            Id = "com.test:v1.0:file",
            Kind = kind,
            OutputSchema = schema,
            Provider = (MapValue)specification.Assoc(Data.Key("kind"), Data.Key("file")),
        };
        return new FileProviderFactory().Create(manifest, Path);
    }

    public static MapValue Map(params (string Key, Value Value)[] entries) =>
        MapValue.From(entries.Select(entry => new KeyValuePair<Value, Value>(Data.Key(entry.Key), entry.Value)));

    public static OpenRequest Request { get; } = new(
        new CapabilityManifest { Id = "com.test:v1.0:file", Kind = CapabilityKind.Source }, MapValue.Empty, TimeProvider.System);

    /// <summary>Reads a file to its end.</summary>
    public async Task<Rows> ReadAsync(string name, string format, Value schema = default, int capacity = 7)
    {
        await using var source = await Source(name, format, schema).OpenSourceAsync(Request, default);
        return await Rows.ReadAsync(source, capacity);
    }

    /// <summary>Writes the items in one call and closes.</summary>
    public async Task WriteAsync(string name, string format, bool append, params Value[] items)
    {
        await using var sink = await Sink(name, format, append).OpenSinkAsync(Request, default);
        await sink.WriteAsync(items, default);
        await sink.FlushAsync(default);
    }
}

/// <summary>What a source gave: items and faults, and both in their order as text.</summary>
internal sealed record Rows(List<Value> Items, List<ItemFault> Faults, List<string> Order)
{
    public static async Task<Rows> ReadAsync(IStreamSource source, int capacity)
    {
        var rows = new Rows([], [], []);
        var batch = new SourceBatch(capacity);
        while (await source.ReadAsync(batch, default))
        {
            rows.Take(batch);
            batch.Clear();
        }

        return rows;
    }

    private void Take(SourceBatch batch)
    {
        if (batch.IsEmpty || batch.Count + batch.Faults.Count > batch.Capacity)
        {
            throw new InvalidOperationException("A read that says true adds between one row and the capacity of the batch.");
        }

        var fault = 0;
        for (var i = 0; i <= batch.Count; i++)
        {
            for (; fault < batch.Faults.Count && batch.Faults[fault].Before == i; fault++)
            {
                Faults.Add(batch.Faults[fault].Fault);
                Order.Add("fault at " + batch.Faults[fault].Fault.Place);
            }

            if (i < batch.Count)
            {
                Items.Add(batch.Items[i]);
                Order.Add("item");
            }
        }
    }
}

/// <summary>Short ways to make values.</summary>
internal static class Data
{
    public static Value Key(string name) => Value.Of(Keyword.Of(name));

    public static Value Of(object? item) => item switch
    {
        null => Value.Nil,
        Value value => value,
        bool flag => Value.Bool(flag),
        int number => Value.Int(number),
        long number => Value.Int(number),
        double number => Value.Float(number),
        string text => Value.String(text),
        DateTime time => Value.Timestamp(time),
        Guid id => Value.Uuid(id),
        object?[] items => Value.Of(VectorValue.From(items.Select(Of).ToArray())),
        _ => throw new ArgumentException($"no value of {item.GetType()}", nameof(item)),
    };

    public static Value Map(params (string Key, object? Value)[] entries) =>
        Value.Of(TestDirectory.Map([.. entries.Select(entry => (entry.Key, Of(entry.Value)))]));

    public static Value Vector(params object?[] items) => Of(items);

    /// <summary><c>[:stream [:map [:name :type] …]]</c>; a type ending in <c>?</c> is optional.</summary>
    public static Value Schema(params (string Name, string Type)[] columns) => Vector(
        Key("stream"),
        Value.Of(VectorValue.From([Key("map"), .. columns.Select(column => Vector(Key(column.Name), Key(column.Type)))])));
}
