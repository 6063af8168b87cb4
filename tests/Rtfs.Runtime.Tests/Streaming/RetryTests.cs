// When an item is tried again, and what its stage knows then.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Streaming.Resilience;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class RetryTests
{
    [Fact]
    public void Jitter_stays_within_its_part_of_the_delay()
    {
        var strategy = new ErrorStrategy(ErrorAction.Retry, 5, TimeSpan.FromMilliseconds(1000), Backoff.Exponential, ErrorAction.Fail, 0.25);
        var delays = Enumerable.Range(0, 500).Select(seed => strategy.DelayBefore(2, seed).TotalMilliseconds).ToArray();
        Assert.All(delays, static delay => Assert.InRange(delay, 1500, 2500));
        Assert.True(delays.Max() > 2400 && delays.Min() < 1600 && delays.Distinct().Count() > 400);
    }

    [Fact]
    public void The_same_seed_waits_the_same()
    {
        var first = Waited(7);
        Assert.Equal(first, Waited(7));
        Assert.NotEqual(first, Waited(8));
        Assert.NotEqual(TimeSpan.FromMilliseconds(300), first);
    }

    [Fact]
    public void A_window_is_as_before_when_an_item_fails_in_one_of_several_reducers()
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2 0 4 5 0") + """
            (stream-execute (stream-pipeline ["com.x:v1:in" (stream-window {:type :tumbling :count 2})
                                              (stream-aggregate {:sum [:sum (fn [x] (+ x 100))] :n [:count] :least [:min (fn [x] (/ 20 x))]}) (stream-sink "com.x:v1:out")]
                                             {:error-handling {:retry {:attempts 2 :delay-ms 0 :then :skip}}}))
            """);
        Assert.Equal((2, 4), (summary.Skipped, summary.Retries));
        Assert.Equal("{:sum 203 :n 2 :least 10} {:sum 209 :n 2 :least 4}", sink.Text);
    }

    [Fact]
    public void Jitter_is_a_part_of_the_delay()
    {
        var bench = new Bench();
        bench.Keep("com.x:v1:out");
        var refused = Assert.Throws<PlanRefusedException>(() => bench.Run(Plan("2")));
        Assert.Contains(":jitter must be a number from 0 to 1, found the number 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains(":jitter of :retry of stream-pipeline is a number from 0 to 1", bench.Run(Plan("(+ 1 1)")).Error!.Message, StringComparison.Ordinal);
    }

    /// <summary>How long three attempts take, to the millisecond.</summary>
    private static TimeSpan Waited(int seed)
    {
        var bench = new Bench();
        bench.Keep("com.x:v1:out");
        var run = bench.Start(Plan("0.5"), new RunOptions { Grants = Grants.All, Seed = seed });
        var start = bench.Clock.GetUtcNow();
        bench.Settle();
        while (!run.Completion.IsCompleted)
        {
            bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
            bench.Settle();
        }

        return bench.Clock.GetUtcNow() - start;
    }

    private static string Plan(string jitter) => Bench.Values("com.x:v1:in", "0") + $$"""
        (stream-execute (stream-pipeline ["com.x:v1:in" (stream-map (fn [x] (/ 1 x))) (stream-sink "com.x:v1:out")]
                                         {:error-handling {:retry {:attempts 3 :delay-ms 100 :jitter {{jitter}} :then :skip} } }))
        """;
}
