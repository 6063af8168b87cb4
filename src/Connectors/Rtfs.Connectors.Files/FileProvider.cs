// One registered file: it says which effect it needs and opens the source or sink of its format.

using Rtfs.Connectors.Files.Reading;
using Rtfs.Connectors.Files.Writing;
using Rtfs.Runtime.Marketplace;

namespace Rtfs.Connectors.Files;

internal sealed class FileProvider(FileSpecification specification) : IStreamSourceProvider, IStreamSinkProvider
{
    public IReadOnlyList<Effect> Effects { get; } =
        [new Effect(specification.IsSink ? "write" : "read", specification.FullPath)];

    public bool ItemsAreAtHand => true;

    // What a device is written is not replaced.
    public bool Replaces => specification is { IsSink: true, Append: false } && !specification.FullPath.StartsWith("/dev/", StringComparison.Ordinal);

    public async ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation)
    {
        if (specification.IsSink)
        {
            throw new ProviderException(
                $"{specification.Manifest.Id} is a sink: {specification.Path} can be written, not read. Register it as :stream-source to read it.");
        }

        // The schema of this opening, with the names in it replaced; a host that opens by itself may say nothing.
        var schema = RowSchema.From(request.Manifest.OutputSchema is { IsNil: false } asked ? asked : specification.Manifest.OutputSchema);
        var blocks = new BlockReader(await OpenFile.ForReadingAsync(specification, cancellation), specification.Path);
        return specification.Format switch
        {
            FileFormat.Ndjson => new NdjsonSource(blocks, schema),
            FileFormat.Csv => new CsvSource(blocks, schema),
            FileFormat.Lines => new LinesSource(blocks),
            _ => new EdnSource(blocks),
        };
    }

    public async ValueTask<IStreamSink> OpenSinkAsync(OpenRequest request, CancellationToken cancellation)
    {
        if (!specification.IsSink)
        {
            throw new ProviderException(
                $"{specification.Manifest.Id} is a source: {specification.Path} can be read, not written. Register it as :stream-sink to write it.");
        }

        // The header of a file that is added to decides the columns, so it is read before the file is opened for writing.
        var header = specification is { Format: FileFormat.Csv, Append: true }
            ? await CsvHeader.ReadAsync(specification, cancellation)
            : null;
        var output = await OutputFile.OpenAsync(specification, cancellation);
        return specification.Format switch
        {
            FileFormat.Ndjson => new FileSink(output, new NdjsonWriter()),
            FileFormat.Csv => new FileSink(output, new CsvWriter(header)),
            FileFormat.Lines => new FileSink(output, new LinesWriter()),
            _ => new FileSink(output, new EdnWriter()),
        };
    }
}
