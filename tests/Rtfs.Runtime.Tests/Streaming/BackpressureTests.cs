// What a full buffer does: nothing, waiting, growing, or giving items up; always counted.

using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class BackpressureTests
{
    [Theory]
    [InlineData("{:strategy :drop-oldest :buffer-size 4}", "16 17 18 19", 16)]
    [InlineData("{:strategy :drop-newest :buffer-size 4}", "0 1 2 3", 16)]
    [InlineData("{:strategy :block :buffer-size 4}", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19", 0)]
    [InlineData("{:strategy :resize :buffer-size 4 :max-size 64}", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19", 0)]
    [InlineData("{:strategy :resize :buffer-size 4 :max-size 8}", "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19", 0)]
    public void A_reader_that_comes_late_finds_what_its_strategy_left(string backpressure, string expected, int dropped)
    {
        var (bench, source, sink, answer) = BesideAnAnswer();
        var run = bench.Start($$"""
            (stream-consume (stream-source "com.x:v1:in")
              {:on-start (fn [] (call "com.x:v1:wait")) :on-item (fn [x] (stream-produce "com.x:v1:out" x))}
              {:backpressure {{backpressure}}})
            """);
        PushEach(bench, source, 20);
        answer.SetResult();
        bench.Settle();
        source.End();
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal(expected, sink.Text);
        Assert.Equal(dropped, summary.Dropped);
        Assert.Equal(20, summary.ItemsIn);
    }

    [Fact]
    public void Batches_that_are_larger_than_the_buffer_keep_to_its_bound()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 1000))) + """
            (stream-consume (stream-source "com.x:v1:in") {x => (stream-produce "com.x:v1:out" x)} {:backpressure {:strategy :block :buffer-size 7}})
            """);
        Assert.Null(summary.Error);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 1000)), sink.Text);
    }

    [Fact]
    public void A_sink_says_itself_what_its_full_buffer_does()
    {
        var bench = new Bench();
        var source = new PushedSource();
        bench.Register("com.x:v1:in", source);
        var sink = bench.Keep("com.x:v1:out");
        var run = bench.Start("""
            (def out (stream-sink "com.x:v1:out" {:config {:backpressure {:strategy :drop-newest :buffer-size 2}}}))
            (stream-transform :input-stream (stream-source "com.x:v1:in") :output-stream out)
            (stream-pause out)
            """);
        for (var i = 0; i < 6; i++)
        {
            source.Push(i);
            bench.Settle();
        }

        Assert.Equal("", sink.Text);
        run.StopAsync(drain: true);
        var summary = bench.Ended(run);
        Assert.Equal("0 1", sink.Text);
        Assert.Equal(4, summary.Dropped);
    }

    [Fact]
    public void A_slow_reader_that_drops_does_not_hold_the_others_back()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        bench.Register("com.x:v1:hang", static (_, cancellation) => new ValueTask<Value>(Never(cancellation)));
        var run = bench.Start(Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 5000))) + """
            (def h (stream-source "com.x:v1:in"))
            (stream-consume h {:on-item (fn [x] (call "com.x:v1:hang"))} {:backpressure :drop-oldest})
            (stream-consume h {:on-item (fn [x] (stream-produce "com.x:v1:out" x))})
            """);
        bench.Settle();
        Assert.Equal(5000, sink.Items.Count);
        run.StopAsync(drain: false);
        var summary = bench.Ended(run);
        Assert.Equal(RunOutcome.Cancelled, summary.Outcome);
        Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
    }

    [Theory]
    [InlineData(":on-backpressure tell", "")]
    [InlineData("", ":on-backpressure tell")]
    public void A_full_buffer_is_told_to_the_reader_with_what_was_dropped(string callback, string option)
    {
        var (bench, source, sink, answer) = BesideAnAnswer();
        var run = bench.Start($$"""
            (defn tell [e] (stream-produce "com.x:v1:out" (assoc e :stream (string? (:stream e)))))
            (stream-consume (stream-source "com.x:v1:in")
              {:on-start (fn [] (call "com.x:v1:wait")) :on-item (fn [x] x) {{callback}}}
              {:backpressure {:strategy :drop-newest :buffer-size 2 {{option}} } })
            """);
        PushEach(bench, source, 5);
        answer.SetResult();
        bench.Settle();
        Assert.Equal("{:event :backpressure :stream true :strategy :drop-newest :buffered 2 :buffer-size 2 :dropped 3}", sink.Text);
        source.End();
        var summary = bench.Ended(run);
        Assert.Equal(3, summary.Dropped);
        Assert.Contains(Bench.EventsOf(run), static one => one.Kind == RunEventKind.ItemDropped);
    }

    [Theory]
    [InlineData("{:strategy :resize :buffer-size 2 :max-size 64}", "{:buffered 2 :buffer-size 2 :dropped 0}")]
    [InlineData("{:strategy :drop-oldest :buffer-size 2}", "{:buffered 2 :buffer-size 2 :dropped 7}")]
    [InlineData("{:strategy :drop-newest :buffer-size 2}", "{:buffered 2 :buffer-size 2 :dropped 7}")]
    [InlineData("{:strategy :block :buffer-size 2}", "{:buffered 2 :buffer-size 2 :dropped 0}")]
    public void A_full_buffer_is_told_with_the_figures_of_when_it_became_full(string backpressure, string told)
    {
        var (bench, source, sink, answer) = BesideAnAnswer();
        var run = bench.Start($$"""
            (stream-consume (stream-source "com.x:v1:in")
              {:on-item (fn [x] (call "com.x:v1:wait"))
               :on-backpressure (fn [e] (stream-produce "com.x:v1:out" (select-keys e [:buffered :buffer-size :dropped])))}
              {:backpressure {{backpressure}}})
            """);
        PushEach(bench, source, 10);
        answer.SetResult();
        source.End();
        Assert.Null(bench.Ended(run).Error);
        Assert.StartsWith(told, sink.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{:strategy :drop-all}", ":drop-newest")]
    [InlineData(":blok", ":block")]
    [InlineData("{:strategy :resize :buffer-size 10 :max-size 5}", "less than")]
    [InlineData("{:strategy :block :max-size 5}", ":resize")]
    public void A_wrong_strategy_says_what_there_is(string backpressure, string told)
    {
        var bench = new Bench();
        bench.Register("com.x:v1:in", new PushedSource());

        // Computed, so that the checker cannot know it.
        var summary = bench.Run($$"""(stream-consume (stream-source "com.x:v1:in") {x => x} (merge {} {:backpressure {{backpressure}}}))""");
        Assert.Contains(told, summary.Error?.Message, StringComparison.Ordinal);
    }

    private static async Task<Value> Never(CancellationToken cancellation)
    {
        var never = new TaskCompletionSource<Value>();
        await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource<Value>)state!).TrySetCanceled(token), never);
        return await never.Task;
    }

    /// <summary>What waits for the answer, such as a callback, goes on when the test gives it.</summary>
    private static (Bench Bench, PushedSource Source, KeepingSink Sink, TaskCompletionSource Answer) BesideAnAnswer()
    {
        var bench = new Bench();
        var source = new PushedSource();
        bench.Register("com.x:v1:in", source);
        var answer = new TaskCompletionSource();
        bench.Register("com.x:v1:wait", async (_, _) =>
        {
            await answer.Task;
            return default;
        });
        return (bench, source, bench.Keep("com.x:v1:out"), answer);
    }

    private static void PushEach(Bench bench, PushedSource source, int items)
    {
        for (var i = 0; i < items; i++)
        {
            source.Push(i);
            bench.Settle();
        }
    }
}
