// Several streams read in turn.

using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class MultiplexTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Inputs_that_are_at_hand_interleave_item_by_item_whatever_the_schedule(int seed)
    {
        var bench = new Bench(seed);
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(
            Bench.Values("com.x:v1:a", string.Join(' ', Enumerable.Range(0, 1000)))
            + Bench.Values("com.x:v1:b", "-1 -2 -3")
            + Bench.Values("com.x:v1:c", string.Join(' ', Enumerable.Range(5000, 600))) + """
            (stream-execute (stream-pipeline [(stream-multiplex [(stream-source "com.x:v1:a") (stream-map (stream-source "com.x:v1:b") (fn [x] x)) "com.x:v1:c"]
                                                {:strategy :round-robin})
                                              (stream-sink "com.x:v1:out")]))
            """);
        Assert.Null(summary.Error);
        var expected = new List<int>();
        for (var i = 0; i < 1000; i++)
        {
            expected.Add(i);
            if (i < 3)
            {
                expected.Add(-1 - i);
            }

            if (i < 600)
            {
                expected.Add(5000 + i);
            }
        }

        Assert.Equal(string.Join(' ', expected), sink.Text);
    }

    [Fact]
    public void An_input_that_has_nothing_is_passed_over_and_one_that_ended_leaves()
    {
        var bench = new Bench();
        var (slow, quick) = (new PushedSource(), new PushedSource());
        bench.Register("com.x:v1:slow", slow);
        bench.Register("com.x:v1:quick", quick);
        var sink = bench.Keep("com.x:v1:out");
        var run = bench.Start("""
            (stream-execute (stream-pipeline [(stream-multiplex ["com.x:v1:slow" "com.x:v1:quick"]) (stream-sink "com.x:v1:out")]))
            """);
        quick.Push(1, 2, 3);
        bench.Settle();
        Assert.Equal("1 2 3", sink.Text);
        slow.Push(10);
        bench.Settle();
        quick.Push(4);
        quick.End();
        bench.Settle();
        slow.Push(11, 12);
        slow.End();
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
        Assert.Equal("1 2 3 10 4 11 12", sink.Text);
    }

    [Fact]
    public void One_stream_split_and_joined_again_neither_loses_nor_stalls()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 5000))) + """
            (def s (stream-source "com.x:v1:in"))
            (stream-execute (stream-pipeline [(stream-multiplex [(stream-filter s (fn [x] (> x 4000))) (stream-filter s (fn [x] (<= x 4000)))])
                                              (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal(RunOutcome.Completed, summary.Outcome);
        Assert.Equal(5000, sink.Items.Count);
    }
}
