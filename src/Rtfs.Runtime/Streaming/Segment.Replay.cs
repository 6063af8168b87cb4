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

        await ReplayCallbackAsync(replay, _headHandle, 0);
        for (var i = 0; i < _steps.Length; i++)
        {
            while (Enter(replay, _steps[i].Stage) is { } batch)
            {
                await PassAsync(batch, i);
                Leave(replay, _steps[i].Stage);
            }

            await ReplayCallbackAsync(replay, _steps[i].Handle, i + 1);
        }
    }

    /// <summary>Those of the callback that watches a handle, which is a stage between it and its readers.</summary>
    private async ValueTask ReplayCallbackAsync(LetterReplay replay, StreamHandle? handle, int next)
    {
        while (handle?.ItemCallback is { } callback && Enter(replay, callback) is { } batch)
        {
            if (!await GiveAsync(handle, batch, isLast: next == _steps.Length))
            {
                await PassAsync(batch, next);
            }

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
