// How a plan is to be run.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Plans;

public sealed record RunOptions
{
    public Grants Grants { get; init; } = Grants.None;

    /// <summary>What <c>@:key</c> gives: the plan's parameters.</summary>
    public IReadOnlyDictionary<string, Value> Parameters { get; init; } = new Dictionary<string, Value>();

    /// <summary>What <c>(resource:ref "name")</c> stands for: a capability id by resource name.</summary>
    public IReadOnlyDictionary<string, string> Bindings { get; init; } = new Dictionary<string, string>();

    /// <summary>Where dead letters are written, as NDJSON; null keeps them in the run's own list.</summary>
    public string? DeadLetterPath { get; init; }

    /// <summary>
    /// A file of dead letters that an earlier run wrote. The run opens no source, and what the body of the plan would produce is left out; each
    /// letter's item is given to the stage that had failed on it and goes on from there. A plan that has not all of their stages is refused. New dead letters go to another file. The letters
    /// are held in memory.
    /// </summary>
    public string? ReplayDeadLetters { get; init; }

    /// <summary>
    /// What everything random in the run follows from: a run with the same seed makes the same choices among the same items. Null: one is
    /// taken from the engine's clock; the summary says which.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>
    /// Takes each line that the plan prints or logs, as it does so and on its thread: the level (<c>print</c>, <c>debug</c>,
    /// <c>info</c>, <c>warn</c>, <c>error</c>) and the line. No line is lost, and a slow taker holds the plan back. When null, lines
    /// are events of the run, which are bounded.
    /// </summary>
    public Action<string, string>? Log { get; init; }
}
