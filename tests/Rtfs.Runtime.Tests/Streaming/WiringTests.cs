// Readers that come to streams which have ended, and what becomes of the forms that wire them.

using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class WiringTests
{
    private readonly Bench _bench = new();

    /// <summary>What a form that comes too late says, and that the plan goes on and ends.</summary>
    [Theory]
    [InlineData("(stream-consume h {:on-item println})")]
    [InlineData("(stream-consume h {x => x})")]
    [InlineData("(stream-consume (stream-map h inc) {:on-item println})")]
    [InlineData("(stream-execute (stream-pipeline [h (stream-sink \"com.x:v1:out\")]))")]
    [InlineData("(stream-transform :input-stream h :output-stream \"com.x:v1:out\" :transform-fn inc)")]
    [InlineData("(stream-consume (stream-multiplex [h \"com.x:v1:other\"]) {x => x})")]
    public void A_reader_of_a_stream_that_has_ended_is_refused_and_the_plan_goes_on(string late)
    {
        var kept = _bench.Keep("com.x:v1:kept");
        _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + Bench.Values("com.x:v1:other", "3") + $$"""
            (def h (stream-source "com.x:v1:in"))
            (stream-consume h {x => x})
            (stream-produce "com.x:v1:kept" (try {{late}} (catch StreamEnded e "too late")))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("\"too late\"", kept.Text);
        Assert.Equal(2, summary.ItemsIn);
    }

    [Theory]
    [InlineData("stream-close")]
    [InlineData("stream-cancel")]
    public void A_source_that_was_ended_before_its_start_has_no_readers_any_more(string form)
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + $$"""
            (def h (stream-source "com.x:v1:in"))
            ({{form}} h)
            (stream-consume (stream-map h inc) {x => x})
            """);
        Assert.Equal("StreamEnded", summary.Error?.Kind);
    }

    [Fact]
    public void A_late_reader_in_a_body_falls_under_the_strategy_of_the_body()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2 3") + Bench.Values("com.x:v1:other", "4 5") + """
            (stream-consume "com.x:v1:in" {x => (stream-consume "com.x:v1:other" {y => y})} {:error-handling :skip})
            """);
        Assert.Null(summary.Error);
        Assert.Equal((2, 5), (summary.Skipped, summary.ItemsIn));
    }

    [Fact]
    public void A_scope_says_what_failed_in_it()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (with-resource [h StreamHandle (stream-source "com.x:v1:in")]
              (stream-consume h {x => x})
              (stream-consume h {x => x}))
            """);
        Assert.Equal("StreamEnded", summary.Error?.Kind);
    }

    [Fact]
    public void Streams_that_wait_for_each_other_are_stalled_and_end_at_once()
    {
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1") + Bench.Values("com.x:v1:other", "2") + """
            (def a (stream-source "com.x:v1:in"))
            (def b (stream-source "com.x:v1:other"))
            (stream-consume a {:on-item (fn [x] (stream-await b))})
            (stream-consume b {:on-item (fn [x] (stream-await a))})
            """);
        var summary = _bench.Ended(run);
        Assert.Equal("Stalled", summary.Error?.Kind);
        Assert.DoesNotContain(Bench.EventsOf(run), static happened => happened is { Kind: RunEventKind.Log, Level: "warn" });
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData("(stream-consume \"com.x:v1:in\" {:on-item (fn [x] (stream-produce \"com.x:v1:pipe\" x))})")]
    [InlineData("(stream-transform :input-stream \"com.x:v1:in\" :output-stream \"com.x:v1:pipe\")")]
    [InlineData("(stream-produce \"com.x:v1:pipe\" [1 2])")]
    public void A_channel_whose_writers_have_ended_ends_before_the_idle_time_of_its_reader(string writer)
    {
        var sink = _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1 2") + $$"""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-source)
            {{writer}}
            (stream-produce "com.x:v1:out" (:items (stream-consume "com.x:v1:pipe" {x => x} {:timeout-ms 2000})))
            """);
        var summary = _bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal("2", sink.Text);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void What_nothing_moves_any_more_ends_at_the_idle_time_where_there_is_one()
    {
        var run = _bench.Start("""
            (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-source)
            (stream-consume "com.x:v1:pipe" {x => x} {:timeout-ms 2000})
            """);
        _bench.Settle();
        Assert.False(run.Completion.IsCompleted);
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(2000));
        Assert.Equal("Timeout", _bench.Ended(run).Error?.Kind);
    }

    /// <summary>There are 2^40 ways from the source to the sink.</summary>
    [Fact]
    public void Streams_that_part_and_meet_again_and_again_are_looked_at_once_each()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var diamonds = string.Join('\n', Enumerable.Range(0, 40).Select(static i => $"(def h{i + 1} (stream-multiplex [(stream-map h{i} inc) (stream-filter h{i} neg?)]))"));
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + $"""
            (def h0 (stream-source "com.x:v1:in"))
            {diamonds}
            (stream-execute (stream-pipeline [h40 "com.x:v1:out"]))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("41 42", sink.Text);
    }
}
