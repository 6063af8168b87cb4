// The dead letters that a run starts from, in place of its sources.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Syntax;
using Rtfs.Syntax.Plan;
using Rtfs.Syntax.Text;

namespace Rtfs.Runtime.Streaming.Replay;

/// <summary>
/// Each is taken once, by the stage that had failed on it. Those that cannot be replayed, and those that no stage took, are dead letters of
/// this run too, as they were. Stages are known by their ids, and sinks by their capabilities: they are numbered as they are opened, and a
/// replay may open them in another order.
/// </summary>
internal sealed class LetterReplay
{
    private static readonly string[] RunAlone = ["interact-", "callbacks-"];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<ReplayedLetter>> _waiting = new(StringComparer.Ordinal);
    private readonly List<ReplayedLetter> _unreadable = [];
    private readonly List<ReplayedLetter> _failed = [];
    private long _leftOut;

    private LetterReplay(IEnumerable<ReplayedLetter> letters)
    {
        foreach (var letter in letters)
        {
            if (letter.Item is null)
            {
                _unreadable.Add(letter);
            }
            else
            {
                var key = KeyOf(letter);
                (_waiting.TryGetValue(key, out var queue) ? queue : _waiting[key] = new Queue<ReplayedLetter>()).Enqueue(letter);
            }
        }
    }

    /// <summary>How many letters were kept as they were; known at the end of the run.</summary>
    public long Kept { get; private set; }

    /// <summary>Null where the options name no file.</summary>
    /// <exception cref="PlanRefusedException">The file cannot be read, has what is no letter, or names stages that the plan has not.</exception>
    public static LetterReplay? Open(RunOptions options, Analysis plan)
    {
        if (options.ReplayDeadLetters is not { } path)
        {
            return null;
        }

        if (options.DeadLetterPath is { } target && RealPath.Contains(path, target))
        {
            throw Refused($"{path} is replayed, so new dead letters cannot go to it: name another file for them");
        }

        var topology = plan.Topology;
        var letters = Read(path).ConvertAll(letter => Find(letter, topology, plan.Capabilities));
        var unknown = letters.Where(letter => letter.Item is not null && !IsKnown(letter, topology))
            .GroupBy(static letter => letter.Stage).Select(static group => $"{group.Key} ({Letters(group.Count())})").ToArray();
        return unknown.Length == 0
            ? new LetterReplay(letters)
            : throw Refused($"{path} has letters of stages that the plan has not: {string.Join(", ", unknown)}; its stages are {string.Join(", ", topology.Stages.Select(static stage => stage.Id))}");
    }

    /// <summary>One letter of each stage that has some left.</summary>
    public IReadOnlyList<ReplayedLetter> Waiting
    {
        get
        {
            lock (_gate)
            {
                return [.. _waiting.Values.Where(static queue => queue.Count > 0).Select(static queue => queue.Peek())];
            }
        }
    }

    public static bool IsFor(ReplayedLetter letter, StageIdentity stage) => KeysOf(stage).Contains(KeyOf(letter));

    public ReplayedLetter? TryTake(StageIdentity stage)
    {
        lock (_gate)
        {
            foreach (var key in KeysOf(stage))
            {
                if (_waiting.TryGetValue(key, out var queue) && queue.TryDequeue(out var letter))
                {
                    return letter;
                }
            }

            return null;
        }
    }

    /// <summary>A letter that was taken and failed its flow, or could not be written, is not lost.</summary>
    public void Keep(ReplayedLetter letter)
    {
        lock (_gate)
        {
            if (!_failed.Exists(kept => ReferenceEquals(kept, letter)))
            {
                _failed.Add(letter);
            }
        }
    }

    /// <summary>Items that the body of the plan would produce.</summary>
    public void LeaveOut(int items) => Interlocked.Add(ref _leftOut, items);

    /// <summary>At the end of the run.</summary>
    public void Finish(DeadLetters deadLetters, RunEvents events)
    {
        Keep(_unreadable, "no text gives the item back (a row that could not be parsed, a function, a handle)", deadLetters, events);
        lock (_gate)
        {
            foreach (var queue in _waiting.Values.Where(static queue => queue.Count > 0))
            {
                Keep([.. queue], $"nothing in this run took letters of {queue.Peek().Stage}", deadLetters, events);
            }

            Keep(_failed, "they failed the run again", deadLetters, events);
        }

        if (_leftOut > 0)
        {
            events.Log("info", "", $"{(_leftOut == 1 ? "1 item that the body of the plan produces was" : $"{_leftOut} items that the body of the plan produces were")} left out: a replay writes what comes of the letters");
        }
    }

    private static string KeyOf(ReplayedLetter letter) => letter switch
    {
        { Capability: null } => letter.Stage,
        { IsOfSink: true } => $"sink {letter.Capability}",
        _ => $"{letter.Stage} {letter.Capability}",
    };

    /// <summary>Letters of an earlier version have no capability.</summary>
    private static string[] KeysOf(StageIdentity stage) => stage.Capability is { } capability
        ? [stage.Id.StartsWith("sink-", StringComparison.Ordinal) ? $"sink {capability}" : "", $"{stage.Id} {capability}", stage.Id]
        : [stage.Id];

    /// <summary>A capability that the plan does not name has got another id since, or comes of an id that the plan computes: then the number of the stage counts.</summary>
    private static ReplayedLetter Find(ReplayedLetter letter, Topology topology, IReadOnlyList<string> capabilities)
    {
        var capability = letter.Capability is { } id && capabilities.Contains(id) ? id : null;
        var stage = topology.Stages.FirstOrDefault(stage => letter.IsOfSink && capability is not null ? stage.Kind == "sink" && stage.Capability == capability : stage.Id == letter.Stage);
        return letter with { Capability = capability, Place = topology.Source is { } source ? new SourcePlace(source, stage?.Span ?? Span.Of(0, 0)) : null };
    }

    /// <summary>What a conversation is sent, an interaction and the callback of a stream are stages of a run alone, and so may be a second opening.</summary>
    private static bool IsKnown(ReplayedLetter letter, Topology topology)
    {
        var id = letter.Stage.EndsWith("-out", StringComparison.Ordinal) ? letter.Stage[..^"-out".Length] : letter.Stage;
        return letter.Capability is not null || RunAlone.Any(kind => id.StartsWith(kind, StringComparison.Ordinal)) || topology.Stages.Any(stage => stage.Id == id);
    }

    private static List<ReplayedLetter> Read(string path)
    {
        var letters = new List<ReplayedLetter>();
        var number = 0;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                {
                    letters.Add(ReplayedLetter.Read(line));
                }
            }
        }
        catch (FormatException problem)
        {
            throw Refused($"{path}:{number}: this is no dead letter: {problem.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Refused($"the dead letters cannot be read: {fault.Message}");
        }

        return letters;
    }

    private void Keep(IReadOnlyList<ReplayedLetter> letters, string why, DeadLetters deadLetters, RunEvents events)
    {
        if (letters.Count == 0)
        {
            return;
        }

        Kept += letters.Count;
        foreach (var letter in letters)
        {
            deadLetters.AddUnchanged(letter);
        }

        events.Log("warn", "", $"{Letters(letters.Count)} of the replayed file kept unchanged: {why}");
    }

    private static string Letters(int count) => count == 1 ? "1 letter" : $"{count} letters";

    private static PlanRefusedException Refused(string message) => new(message, []);
}
