// Items that were given up, with what is known of why.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Replay;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Resilience;

/// <summary>
/// Written to a file as NDJSON when the run has one, else kept in memory: the first 10,000, while the counts of the stages stay
/// right whatever the number. A letter that cannot be written is kept in memory, and the run is told once.
/// </summary>
internal sealed class DeadLetters(string? path, RunEvents events)
{
    public const int MostKept = 10_000;

    private const int MostUnwritten = 256;

    private readonly Lock _gate = new();
    private readonly List<Value> _kept = [];

    // Handed to the file's buffer, so not yet known to be written.
    private readonly List<(Value Letter, string Stage)> _unwritten = [];
    private StreamWriter? _file;
    private bool _fileFailed;
    private bool _overflowTold;

    public IReadOnlyList<Value> Kept
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    public void Add(Value letter, string stage)
    {
        lock (_gate)
        {
            if (path is null || _fileFailed)
            {
                Keep(letter, stage);
                return;
            }

            Write(letter, stage, JsonText.Of(Readable(letter)), path);
        }
    }

    /// <summary>A letter of an earlier run that this one could not replay.</summary>
    public void AddUnchanged(ReplayedLetter letter)
    {
        lock (_gate)
        {
            if (path is null || _fileFailed)
            {
                Keep(letter.ToValue(), letter.Stage);
                return;
            }

            Write(letter.ToValue(), letter.Stage, letter.Line, path);
        }
    }

    /// <summary>Makes what was written readable by others.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (Try(() => _file?.Flush()))
            {
                _unwritten.Clear();
            }
        }
    }

    public void Close()
    {
        Flush();
        lock (_gate)
        {
            Try(() => _file?.Dispose());
            _file = null;
        }
    }

    private void Write(Value letter, string stage, string line, string file)
    {
        _unwritten.Add((letter, stage));
        Try(() =>
        {
            _file ??= Create(file);
            _file.WriteLine(line);
        });
        if (_unwritten.Count >= MostUnwritten)
        {
            Flush();
        }
    }

    /// <summary>JSON has no keywords and no times, so the text of the item stands beside it where that gives it back.</summary>
    private static Value Readable(Value letter)
    {
        var map = letter.As<MapValue>()!;
        var item = map.GetOrNil(Keyword.Of("item"));
        try
        {
            var text = ValuePrinter.Print(item);
            return ValueReader.Read(text) is { Problem: null, Values: [var read] } && read.Equals(item) && ValuePrinter.Print(read) == text
                ? Value.Of(map.Assoc(Value.Of(Keyword.Of("text")), Value.String(text)))
                : letter;
        }
        catch (LimitException)
        {
            return letter;
        }
    }

    private static StreamWriter Create(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } directory)
        {
            Directory.CreateDirectory(directory);
        }

        return new StreamWriter(path, append: false);
    }

    private bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (!_fileFailed)
            {
                _fileFailed = true;
                events.Log("error", "", $"dead letters cannot be written to {path}: {fault.Message} They are kept in memory instead.");
            }

            foreach (var (letter, stage) in _unwritten)
            {
                Keep(letter, stage);
            }

            _unwritten.Clear();
            return false;
        }
    }

    private void Keep(Value letter, string stage)
    {
        if (_kept.Count < MostKept)
        {
            _kept.Add(letter);
        }
        else if (!_overflowTold)
        {
            _overflowTold = true;
            events.Log("warn", stage, $"more than {MostKept} dead letters: only the first {MostKept} are kept in memory, all are counted. Give the run a dead-letter file to keep them all.");
        }
    }
}
