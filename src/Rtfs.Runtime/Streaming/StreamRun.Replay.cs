// What a run does otherwise where it starts from dead letters: see LetterReplay.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Streaming.Replay;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;

namespace Rtfs.Runtime.Streaming;

internal sealed partial class StreamRun
{
    /// <summary>The dead letters that it starts from in place of its sources; null for a run of its own.</summary>
    public LetterReplay? Replay { get; init; }

    /// <summary>Opens the sink that a replayed letter is for; null where it cannot be known.</summary>
    public Func<ReplayedLetter, SinkHandle?> SinkOf { get; set; } = null!;

    private static ErrorOptions AsBefore { get; } = new() { General = ErrorStrategy.DeadLetter };

    /// <summary>Whether a conversation is opened in a replay: where what is replayed may be sent to it.</summary>
    public bool IsAnswered(SourceHandle stream) => stream.IsConversation && Locked(() => _writers.IsWritten(stream));

    /// <summary>
    /// At the end of the body, letters of sinks that no flow ends in. Forms in functions of the plan had written those items, for items that
    /// do not come again.
    /// </summary>
    private async ValueTask WriteLettersAsync(LetterReplay replay, EngineTask body)
    {
        foreach (var sink in Locked(() => _writers.Sinks.ToArray()))
        {
            await ShowLettersAsync(replay, sink, body);
        }

        foreach (var waiting in replay.Waiting)
        {
            if (Locked(() => _flows.Exists(flow => !flow.Completion.IsCompleted && LetterReplay.IsFor(waiting, flow.End.Identity))) || SinkOf(waiting) is not { } sink)
            {
                continue;
            }

            var policy = new ErrorPolicy(sink.Errors.Own, sink.Errors.Capability, AsBefore);
            while (replay.TryTake(sink.Identity) is { } letter)
            {
                try
                {
                    await DirectWrite.WriteAsync(this, sink, policy, [letter.Item!.Value], null, Evaluation.Fork(body), body, letter: letter);
                }
                catch (Exception fault) when (fault is RtfsException or ProviderException)
                {
                    Events.Log("error", sink.Id, $"a letter of {letter.Stage} cannot be written: {fault.Message}");
                }
            }
        }
    }

    /// <summary>Letters of the callback that watches a sink: the sink has the items already.</summary>
    private async ValueTask ShowLettersAsync(LetterReplay replay, SharedSink sink, EngineTask body)
    {
        while (sink.ItemCallback is { TakesLetters: true } callback && replay.TryTake(callback.Identity) is { } letter)
        {
            var context = new SegmentContext(this, Evaluation.Fork(body), body, Cancellation);
            var batch = Pool.Rent();
            batch.Add(letter.Item!.Value, letter.Key);
            batch.Timestamp = letter.Timestamp;
            callback.Replayed = letter;
            body.TellsOfLetter = true;
            try
            {
                await callback.WatchAsync(batch, context);
            }
            finally
            {
                body.TellsOfLetter = false;
                callback.Replayed = null;
            }

            Pool.Return(batch);
            if (context.Failure is { } failure)
            {
                replay.Keep(letter);
                Events.Log("error", callback.Identity.Id, $"a letter of {letter.Stage} fails the run again: {failure.Message}");
                return;
            }
        }
    }
}
