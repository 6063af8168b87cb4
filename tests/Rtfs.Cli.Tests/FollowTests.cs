// A run as the command sees it, played by hand: interrupts, what is told while it runs, and the summary in both forms.

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Plan;
using Rtfs.Syntax.Text;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class FollowTests
{
    private readonly StringWriter _out = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    [Fact]
    public async Task The_summary_says_everything_that_was_counted()
    {
        var (exitCode, _) = await FollowAsync(new PlayedRun(), run => run.End(PlayedRun.Summary(RunOutcome.Completed)));
        Assert.Equal(0, exitCode);
        Assert.Equal(
            """
            Completed in 2.000 s: 4,000 in, 3,990 out, 2,000 items/s
            skipped 4, dead-lettered 3, dropped 2, failed 1, retries 7
              stage  what  received  processed  emitted  skipped  dead-lettered  dropped  failed  retries
              map-1  inc      4,000      3,990    3,990        4              3        2       1        7
            Dead letters: letters.ndjson

            """,
            _out.ToString());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task The_same_as_json_is_one_line()
    {
        var (exitCode, _) = await FollowAsync(new PlayedRun(), run => run.End(PlayedRun.Summary(RunOutcome.Completed)), json: true);
        Assert.Equal(0, exitCode);
        Assert.Equal(
            """
            {"outcome":"completed","plan":"a.rtfs","itemsIn":4000,"itemsOut":3990,"skipped":4,"deadLettered":3,"dropped":2,"failed":1,
            "retries":7,"elapsedMs":2000,"itemsPerSecond":2000,"stages":[{"id":"map-1","kind":"map","label":"inc","received":4000,
            "processed":3990,"emitted":3990,"skipped":4,"deadLettered":3,"dropped":2,"failed":1,"inFlight":0,"retries":7}],
            "seed":0,"value":"5","deadLetters":"letters.ndjson"}
            """.ReplaceLineEndings("") + "\n",
            _out.ToString());
        Assert.StartsWith("Completed in 2.000 s", _error.ToString());
    }

    [Fact]
    public async Task An_error_shows_its_place_and_fails()
    {
        var source = new SourceText("a.rtfs", "(def n 0)\n(/ 1 n)\n");
        var error = new RtfsException("RTFS9004", "DivisionByZero", "1 divided by 0", new SourcePlace(source, Span.Of(10, 7)));
        var (exitCode, _) = await FollowAsync(
            new PlayedRun(), run => run.End(PlayedRun.Summary(RunOutcome.Failed) with { Error = error }), json: true);
        Assert.Equal(1, exitCode);
        Assert.Contains("a.rtfs:2:1", _error.ToString());
        Assert.Contains("(/ 1 n)", _error.ToString());
        Assert.Contains("More: rtfs explain RTFS9004\n", _error.ToString());
        Assert.Contains(
            "\"error\":{\"code\":\"RTFS9004\",\"kind\":\"DivisionByZero\",\"message\":\"1 divided by 0\",\"file\":\"a.rtfs\",\"line\":1,\"character\":0}",
            _out.ToString());
    }

    [Fact]
    public async Task What_the_plan_prints_goes_out_and_the_rest_to_error()
    {
        var (exitCode, _) = await FollowAsync(new PlayedRun(), run =>
        {
            run.Say(RunEventKind.Log, "hello", "print");
            run.Say(RunEventKind.Log, "careful", "warn");
            run.Say(RunEventKind.Started, "");
            run.Say(RunEventKind.ObserverFailed, "no such key");
            for (var i = 1; i <= 25; i++)
            {
                run.Say(i % 2 == 0 ? RunEventKind.ItemSkipped : RunEventKind.ItemRetried, $"bad {i}");
            }

            run.End(PlayedRun.Summary(RunOutcome.Completed));
        });
        Assert.Equal(0, exitCode);
        Assert.StartsWith("hello\nCompleted", _out.ToString());
        var told = _error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("[warn] careful", told[0]);
        Assert.Equal("map-1: a callback failed: no such key", told[1]);
        Assert.Equal("map-1: tries an item again: bad 1", told[2]);
        Assert.Equal("map-1: skipped an item: bad 20", told[21]);
        Assert.Equal("More items were skipped, dead-lettered or retried; the summary counts them all.", told[22]);
        Assert.Equal(23, told.Length);
    }

    [Fact]
    public async Task The_first_interrupt_drains_and_the_second_stops_at_once()
    {
        var (drained, first) = await FollowAsync(new PlayedRun(), (run, interrupts) =>
        {
            interrupts.Raise();
            run.Drain();
        });
        Assert.Equal((130, "drain"), (drained, string.Join(' ', first.Stops)));
        Assert.Equal("Interrupted: finishing what was read. Interrupt again to stop at once.\n", _error.ToString());
        Assert.StartsWith("Interrupted in 2.000 s: 4,000 in, 3,990 out", _out.ToString());

        var (stopped, second) = await FollowAsync(new PlayedRun(), (_, interrupts) =>
        {
            interrupts.Raise();
            interrupts.Raise();
        });
        Assert.Equal((130, "drain stop"), (stopped, string.Join(' ', second.Stops)));
    }

    [Fact]
    public void An_interrupt_before_there_is_a_run_ends_the_process_as_usual()
    {
        var interrupts = new Interrupts();
        Assert.False(interrupts.Raise());
        interrupts.Listen();
        Assert.True(interrupts.Raise());
        Assert.True(interrupts.Raise());
        Assert.False(interrupts.Raise());
    }

    [Fact]
    public async Task Dead_letters_that_nobody_keeps_are_shown()
    {
        var letters = Enumerable.Range(1, 5).Select(static n => Value.Int(n)).ToArray();
        var (_, _) = await FollowAsync(
            new PlayedRun { Kept = letters }, run => run.End(PlayedRun.Summary(RunOutcome.Completed) with { DeadLettered = 5 }), letters: null);
        Assert.EndsWith(
            "Dead letters (keep them all with --dead-letters FILE):\n  1\n  2\n  3\n  … and 2 more\n", _out.ToString());
    }

    [Fact]
    public async Task A_terminal_shows_the_stages_while_they_run()
    {
        var (exitCode, _) = await FollowAsync(
            new PlayedRun(),
            run =>
            {
                run.Say(RunEventKind.Log, "hello", "print");
                run.End(PlayedRun.Summary(RunOutcome.Completed));
            },
            terminal: true);
        Assert.Equal(0, exitCode);
        Assert.Contains("map-1 inc", _error.ToString());
        Assert.Contains("items/s", _error.ToString());
        Assert.StartsWith("hello\nCompleted", _out.ToString());
    }

    private Task<(int ExitCode, PlayedRun Run)> FollowAsync(
        PlayedRun run, Action<PlayedRun> play, bool json = false, string? letters = "letters.ndjson", bool terminal = false) =>
        FollowAsync(run, (played, _) => play(played), json, letters, isTerminal: terminal);

    private async Task<(int ExitCode, PlayedRun Run)> FollowAsync(
        PlayedRun run, Action<PlayedRun, Interrupts> play, bool json = false, string? letters = "letters.ndjson", bool isTerminal = false)
    {
        using var terminal = new Terminal
        {
            In = Stream.Null,
            Out = _out,
            Error = TextWriter.Synchronized(_error),
            ErrorIsTerminal = isTerminal,
            NoColour = true,
        };
        var following = new RunFollower(terminal, "a.rtfs", json).FollowAsync(run, letters);
        play(run, terminal.Interrupts);
        return (await following, run);
    }

    private sealed class PlayedRun : PlanRun
    {
        private readonly TaskCompletionSource<RunSummary> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Channel<RunEvent> _events = Channel.CreateBounded<RunEvent>(100);

        public List<string> Stops { get; } = [];

        public override Task<RunSummary> Completion => _completion.Task;

        public override IAsyncEnumerable<RunEvent> Events => ReadAsync();

        public override Topology Topology { get; } = new([], []);

        public override void Pause() => throw new NotSupportedException();

        public override void Resume() => throw new NotSupportedException();

        public override Task<RunSummary> StopAsync(TimeSpan deadline, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override IReadOnlyList<Value> DeadLetters => Kept;

        public IReadOnlyList<Value> Kept { get; init; } = [];

        public static RunSummary Summary(RunOutcome outcome) => new()
        {
            Outcome = outcome,
            ItemsIn = 4000,
            ItemsOut = 3990,
            Skipped = 4,
            DeadLettered = 3,
            Dropped = 2,
            Failed = 1,
            Retries = 7,
            Elapsed = TimeSpan.FromSeconds(2),
            Value = Value.Int(5),
            Stages =
            [
                new StageSummary
                {
                    Id = "map-1", Kind = "map", Label = "inc", Received = 4000, Processed = 3990, Emitted = 3990,
                    Skipped = 4, DeadLettered = 3, Dropped = 2, Failed = 1, Retries = 7,
                },
            ],
        };

        public void Say(RunEventKind kind, string message, string level = "") =>
            Assert.True(_events.Writer.TryWrite(new RunEvent(kind, "map-1", message, DateTimeOffset.UnixEpoch) { Level = level }));

        public void End(RunSummary summary)
        {
            _events.Writer.TryComplete();
            _completion.TrySetResult(summary);
        }

        public void Drain() => _drained.TrySetResult();

        public override RunSummary Snapshot() => Summary(RunOutcome.Completed);

        public override async Task<RunSummary> StopAsync(bool drain, CancellationToken cancellation = default)
        {
            Stops.Add(drain ? "drain" : "stop");
            if (drain)
            {
                await _drained.Task;
            }

            End(Summary(RunOutcome.Cancelled));
            return await _completion.Task;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async IAsyncEnumerable<RunEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            await foreach (var happened in _events.Reader.ReadAllAsync(cancellation))
            {
                yield return happened;
            }
        }
    }
}
