// Interactions whose answers do not come as asked for.

using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class InteractionTests
{
    [Fact]
    public void What_was_not_sent_is_not_waited_for_and_the_conversation_goes_on()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var run = bench.Start(Bench.Values("com.x:v1:in", "1 0 2") + """
            (register-stream-capability :capability-id "com.x:v1:halves" :type :stream-bidirectional
              :config {:error-handling :skip} :provider {:kind :function :fn (fn [n] (/ 2 n))})
            (def halves (stream-bidirectional "com.x:v1:halves"))
            (stream-consume "com.x:v1:in" {n => (stream-produce "com.x:v1:out" (stream-interact halves :send n :receive {h => h}))})
            """);
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal(("2 nil 1", 1), (sink.Text, summary.Skipped));
        Assert.DoesNotContain(Bench.EventsOf(run), static happened => happened is { Kind: RunEventKind.Log, Level: "warn" });
    }

    [Theory]
    [InlineData("{x => x}")]
    [InlineData("{:on-item (fn [x] x)}")]
    public void An_interaction_that_ends_before_its_replies_have_come_says_so(string receive)
    {
        var bench = new Bench();
        var run = bench.Start($$"""
            (register-stream-capability :capability-id "com.x:v1:echo" :type :stream-bidirectional :provider {:kind :function :fn identity})
            (stream-interact "com.x:v1:echo" :send 1 :receive {{receive}} :replies 2)
            """);
        Assert.Null(bench.Ended(run).Error);
        Assert.Contains(Bench.EventsOf(run), static happened => happened is { Kind: RunEventKind.Log, Level: "warn", Message: "the conversation with echo ended with 1 of 2 replies" });
    }

    [Theory]
    [InlineData(":skip", 1, 0)]
    [InlineData("{:retry {:attempts 2 :then :skip}}", 1, 2)]
    public void An_answer_that_the_body_fails_on_has_come_all_the_same(string strategy, int skipped, int retries)
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var run = bench.Start($$"""
            (register-stream-capability :capability-id "com.x:v1:echo" :type :stream-bidirectional :provider {:kind :function :fn identity})
            (def echo (stream-bidirectional "com.x:v1:echo"))
            (defn ask [n] (stream-interact echo :send n :receive {x => (/ 6 x)} :config {:error-handling {{strategy}}}))
            (stream-produce "com.x:v1:out" [(ask 2) (ask 0) (ask 3)])
            """);
        for (var i = 0; i < retries; i++)
        {
            bench.Settle();
            bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal(("2 nil 3", skipped, retries), (sink.Text, summary.Skipped, summary.Retries));
    }
}
