// Peers that are written in the language: `{:kind :function :fn f}`, opened in both directions.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class FunctionPeerTests
{
    private readonly Bench _bench = new();
    private readonly KeepingSink _said;

    public FunctionPeerTests()
    {
        _said = _bench.Keep("com.x:v1:said");
        _bench.Register("com.x:v1:never", static async (_, cancellation) =>
        {
            var never = new TaskCompletionSource<Value>(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource<Value>)state!).TrySetCanceled(token), never);
            return await never.Task;
        });
    }

    [Theory]
    [InlineData("(stream-close b)", ":complete")]
    [InlineData("(stream-cancel b)", ":cancel")]
    [InlineData("nil", ":complete")]
    [InlineData("(do (stream-close b) (stream-close b))", ":complete")]
    [InlineData("(do (stream-produce b 2) (stream-close b))", "4 :complete")]
    [InlineData("(with-resource [r StreamHandle b] nil)", ":complete")]
    [InlineData("(try (with-resource [r StreamHandle b] (/ 1 0)) (catch DivisionByZero e nil))", ":cancel")]
    public void A_peer_that_is_closed_while_it_is_cold_ends_with_one_event(string ending, string said)
    {
        var summary = Run("(fn [x] (* x x))", ending, out var run);
        Assert.Null(summary.Error);
        Assert.Equal(said, _said.Text);
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData("(stream-close b)")]
    [InlineData("(stream-cancel b)")]
    [InlineData("nil")]
    public void A_peer_that_nobody_reads_ends_too(string ending)
    {
        var run = _bench.Start(Peer("(fn [x] x)") + $"""
            (def b (stream-bidirectional "com.x:v1:peer"))
            {ending}
            """);
        Assert.Null(_bench.Ended(run).Error);
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData("(fn [x] nil)", "nil nil")]
    [InlineData("(fn [x] [x x])", "[2 2] [3 3]")]
    [InlineData("(fn [x] [])", "[] []")]
    public void One_item_has_one_answer_whatever_it_is(string function, string answers)
    {
        var summary = Run(function, "(stream-produce b [2 3])", out var run);
        Assert.Null(summary.Error);
        Assert.Equal(answers + " :complete", _said.Text);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_plan_that_is_data_may_register_a_function()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run("""
            (plan :plan-id "squares"
              :program
              (do (register-stream-capability :capability-id "com.x:v1:squares" :type :stream-bidirectional
                    :provider {:kind :function :fn (fn [n] (* n n))})
                  (stream-produce "com.x:v1:out" (stream-interact "com.x:v1:squares" :send 3 :receive {x => x}))))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("9", sink.Text);
    }

    [Fact]
    public void An_interaction_gives_nil_where_the_answer_is_nil()
    {
        var summary = Run("(fn [x] nil)", """(stream-produce "com.x:v1:said" (nil? (stream-interact b :send 1 :receive {a => a})))""", out _);
        Assert.Null(summary.Error);
        Assert.Contains("true", _said.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_function_throws_is_raised_where_the_item_was_sent_and_the_conversation_goes_on()
    {
        var summary = Run(
            "(fn [x] (/ 12 x))",
            """
            (stream-produce "com.x:v1:said" (try (stream-produce b 0) (catch DivisionByZero e :caught)))
            (stream-produce b 4)
            """,
            out var run);
        Assert.Null(summary.Error);
        Assert.Equal(":caught 3 :complete", _said.Text);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void What_the_function_throws_uncaught_fails_the_run_and_cancels_the_stream()
    {
        var summary = Run("(fn [x] (/ 12 x))", "(stream-produce b [3 0 4])", out var run);
        Assert.Equal("DivisionByZero", summary.Error?.Kind);
        Assert.Equal(1, _said.Items.Count(static one => one.ToString() is ":complete" or ":cancel" or ":error"));
        Assert.EndsWith(":cancel", _said.Text, StringComparison.Ordinal);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_function_that_is_cancelled_in_mid_item_counts_the_item_as_dropped()
    {
        var run = _bench.Start(Peer("(fn [x] (call \"com.x:v1:never\" x))") + Bench.Values("com.x:v1:in", "1 2 3") + """
            (def b (stream-bidirectional "com.x:v1:peer"))
            (stream-consume b {:on-item (fn [x] (stream-produce "com.x:v1:said" x))
                               :on-complete (fn [] (stream-produce "com.x:v1:said" :complete)) :on-cancel (fn [] (stream-produce "com.x:v1:said" :cancel))})
            (stream-execute (stream-pipeline ["com.x:v1:in" b]))
            """);
        _bench.Settle();
        _ = run.StopAsync(drain: false);
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Cancelled, null), (summary.Outcome, summary.Error));
        Assert.Equal(":cancel", _said.Text);
        var sent = Assert.Single(summary.Stages, static stage => stage.Id == "bidirectional-1-out");
        Assert.Equal((3, 0, 3), (sent.Received, sent.Processed, sent.Dropped));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_conversation_that_is_cancelled_in_mid_item_ends_and_the_run_goes_on()
    {
        var control = new PushedSource();
        _bench.Register("com.x:v1:control", control);
        var run = _bench.Start(Peer("(fn [x] (call \"com.x:v1:never\" x))") + Bench.Values("com.x:v1:in", "1 2 3") + """
            (def b (stream-bidirectional "com.x:v1:peer"))
            (stream-consume b {:on-item (fn [x] (stream-produce "com.x:v1:said" x))
                               :on-complete (fn [] (stream-produce "com.x:v1:said" :complete)) :on-cancel (fn [] (stream-produce "com.x:v1:said" :cancel))})
            (stream-transform :input-stream "com.x:v1:in" :output-stream b)
            (stream-consume "com.x:v1:control" {:on-item (fn [x] (stream-cancel b)) :on-complete (fn [] (stream-produce "com.x:v1:said" :controlled))})
            """);
        _bench.Settle();
        control.Push(1);
        _bench.Settle();
        Assert.Equal(":cancel", _said.Text);
        control.End();
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Completed, null), (summary.Outcome, summary.Error));
        Assert.Equal(":cancel :controlled", _said.Text);
        _bench.NothingIsLeft(run);
    }

    private static string Peer(string function) =>
        $"(register-stream-capability :capability-id \"com.x:v1:peer\" :type :stream-bidirectional :provider {{:kind :function :fn {function}}})\n";

    private RunSummary Run(string function, string body, out PlanRun run)
    {
        run = _bench.Start(Peer(function) + $$"""
            (defn say [word] (fn [] (stream-produce "com.x:v1:said" word)))
            (def b (stream-bidirectional "com.x:v1:peer"))
            (stream-consume b {:on-item (fn [x] (stream-produce "com.x:v1:said" [x])) :on-complete (say :complete) :on-cancel (say :cancel) :on-error (fn [e] ((say :error)))})
            {{body}}
            """);
        return _bench.Ended(run);
    }
}
