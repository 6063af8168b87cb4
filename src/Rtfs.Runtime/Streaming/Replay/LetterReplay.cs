// The dead letters that a run starts from, in place of its sources.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Syntax.Plan;

namespace Rtfs.Runtime.Streaming.Replay;

/// <summary>
/// Each is taken once, by the stage that had failed on it. Those that cannot be replayed, and those that no stage took, are dead letters of
/// this run too, as they were.
/// </summary>
internal sealed class LetterReplay
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<ReplayedLetter>> _waiting = new(StringComparer.Ordinal);
    private readonly List<ReplayedLetter> _unreadable = [];

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
                (_waiting.TryGetValue(letter.Stage, out var queue) ? queue : _waiting[letter.Stage] = new Queue<ReplayedLetter>()).Enqueue(letter);
            }
        }
    }

    /// <summary>How many letters were kept as they were; known at the end of the run.</summary>
    public long Kept { get; private set; }

    /// <summary>Null where the options name no file.</summary>
    /// <exception cref="PlanRefusedException">The file cannot be read, has what is no letter, or names stages that the plan has not.</exception>
    public static LetterReplay? Open(RunOptions options, Topology topology)
    {
        if (options.ReplayDeadLetters is not { } path)
        {
            return null;
        }

        if (options.DeadLetterPath is { } target && RealPath.Contains(path, target))
        {
            throw Refused($"{path} is replayed, so new dead letters cannot go to it: name another file for them");
        }

        var letters = Read(path);
        var unknown = letters.Where(letter => letter.Item is not null && topology.Stages.All(stage => stage.Id != letter.Stage))
            .GroupBy(static letter => letter.Stage).Select(static group => $"{group.Key} ({Letters(group.Count())})").ToArray();
        return unknown.Length == 0
            ? new LetterReplay(letters)
            : throw Refused($"{path} has letters of stages that the plan has not: {string.Join(", ", unknown)}; its stages are {string.Join(", ", topology.Stages.Select(static stage => stage.Id))}");
    }

    public ReplayedLetter? TryTake(string stage)
    {
        lock (_gate)
        {
            return _waiting.TryGetValue(stage, out var queue) && queue.TryDequeue(out var letter) ? letter : null;
        }
    }

    /// <summary>At the end of the run.</summary>
    public void Finish(DeadLetters deadLetters, RunEvents events)
    {
        Keep(_unreadable, "no text gives the item back (a row that could not be parsed, a function, a handle)", deadLetters, events);
        lock (_gate)
        {
            Keep([.. _waiting.Values.SelectMany(static queue => queue)], "the stage did not run, or had failed", deadLetters, events);
        }
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
