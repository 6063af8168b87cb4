// How a segment begins where the run starts from dead letters: in place of what its head would read.

using Rtfs.Runtime.Streaming.Replay;

namespace Rtfs.Runtime.Streaming;

internal sealed partial class Segment
{
    /// <summary>Letters of an earlier run enter one by one at the stage that had failed on them, and go on from there.</summary>
    private async ValueTask ReplayAsync(LetterReplay replay)
    {
        if (_headHandle?.Stage is { } own)
        {
            while (Enter(replay, own) is { } batch)
            {
                await _head.AdmitAsync(batch, _context);
                Leave(replay, own);
                await PassHeadAsync(batch);
            }
        }

        await ReplayCallbackAsync(replay, _headHandle);
        for (var i = 0; i < _steps.Length; i++)
        {
            while (Enter(replay, _steps[i].Stage) is { } batch)
            {
                await PassAsync(batch, i);
                Leave(replay, _steps[i].Stage);
            }

            await ReplayCallbackAsync(replay, _steps[i].Handle);
        }
    }

    /// <summary>Those of the callback that watches a handle; its readers had the items all the same.</summary>
    private async ValueTask ReplayCallbackAsync(LetterReplay replay, StreamHandle? handle)
    {
        while (handle?.ItemCallback is { } callback && Enter(replay, callback) is { } batch)
        {
            await callback.WatchAsync(batch, _context);
            _run.Pool.Return(batch);
            Leave(replay, callback);
        }
    }

    private void Leave(LetterReplay replay, Stage stage)
    {
        if (_context.Failure is not null)
        {
            replay.Keep(stage.Replayed!);
        }

        stage.Replayed = null;
    }

    private Batch? Enter(LetterReplay replay, Stage stage)
    {
        _context.Cancellation.ThrowIfCancellationRequested();
        if (_context.Failure is not null || !stage.TakesLetters || replay.TryTake(stage.Identity) is not { } letter)
        {
            return null;
        }

        stage.Replayed = letter;
        var batch = _run.Pool.Rent();
        batch.Add(letter.Item!.Value, letter.Key);
        batch.Timestamp = letter.Timestamp;
        return batch;
    }
}
