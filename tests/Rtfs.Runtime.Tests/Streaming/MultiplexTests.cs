// Several streams read in turn.

using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
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

    [Theory]
    [InlineData("{:strategy :priority}", "1 2 3 10 20 100")]
    [InlineData("{:strategy :priority :priorities {2 5 1 1}}", "100 10 20 1 2 3")]
    [InlineData("{:strategy :priority :priorities {\"com.x:v1:b\" 5 :com.x:v1/c 0.5}}", "10 20 100 1 2 3")]
    [InlineData("{:strategy :round-robin}", "1 10 100 2 20 3")]
    [InlineData("{:strategy (fn [ready] (:index (last ready)))}", "100 10 20 1 2 3")]
    [InlineData("{:strategy (fn [ready] (:index (first (sort-by :item ready))))}", "1 2 3 10 20 100")]
    [InlineData("{:strategy (fn [ready] (call \"com.x:v1:last\" ready))}", "100 10 20 1 2 3")]
    public void A_strategy_chooses_among_the_inputs_that_are_ready(string options, string expected)
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var bench = new Bench(seed);
            bench.Register("com.x:v1:last", static (arguments, _) => new ValueTask<Value>(arguments[0].As<VectorValue>()!.Items.Last().As<MapValue>()!.GetOrNil(Keyword.Of("index"))));
            var sink = bench.Keep("com.x:v1:out");
            var summary = bench.Run(Inputs + Joined(options));
            Assert.Null(summary.Error);
            Assert.Equal(expected, sink.Text);
        }
    }

    [Fact]
    public void The_seed_decides_what_a_random_strategy_chooses()
    {
        static string Chosen(string options, int? seed, int schedule)
        {
            var bench = new Bench(schedule);
            var sink = bench.Keep("com.x:v1:out");
            var summary = bench.Run(
                Bench.Values("com.x:v1:a", string.Join(' ', Enumerable.Range(0, 400))) + Bench.Values("com.x:v1:b", string.Join(' ', Enumerable.Range(1000, 400)))
                + Bench.Values("com.x:v1:c", "2000 2001") + Joined(options),
                new RunOptions { Grants = Runtime.Marketplace.Grants.All, Seed = seed });
            Assert.Equal(802, sink.Items.Count);
            Assert.Equal(seed ?? summary.Seed, summary.Seed);
            return sink.Text;
        }

        var seven = Chosen("{:strategy :random :seed 7}", null, 1);
        Assert.Equal(seven, Chosen("{:strategy :random :seed 7}", 3, 2));
        Assert.NotEqual(seven, Chosen("{:strategy :random :seed 8}", null, 1));
        var run = Chosen("{:strategy :random}", 7, 1);
        Assert.Equal(run, Chosen("{:strategy :random}", 7, 5));
        Assert.NotEqual(run, Chosen("{:strategy :random}", 8, 1));
    }

    [Fact]
    public void Priority_waits_for_no_input_while_another_is_ready()
    {
        var bench = new Bench();
        var (high, low) = (new PushedSource(), new PushedSource());
        bench.Register("com.x:v1:high", high);
        bench.Register("com.x:v1:low", low);
        var sink = bench.Keep("com.x:v1:out");
        var run = bench.Start("""
            (stream-execute (stream-pipeline [(stream-multiplex ["com.x:v1:high" "com.x:v1:low"] {:strategy :priority}) (stream-sink "com.x:v1:out")]))
            """);
        low.Push(1, 2);
        bench.Settle();
        low.Push(3, 4);
        high.Push(100, 101);
        bench.Settle();
        high.End();
        low.Push(5);
        low.End();
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
        Assert.Equal("1 2 100 101 3 4 5", sink.Text);
    }

    [Theory]
    [InlineData(":skip", 1, 0, 0)]
    [InlineData(":dead-letter", 0, 1, 0)]
    [InlineData("{:retry {:attempts 2 :delay-ms 0 :then :skip}}", 1, 0, 2)]
    public void What_a_function_cannot_choose_falls_under_the_strategy_of_the_stage(string errors, int skipped, int deadLettered, int retries)
    {
        var bench = new Bench();
        var sink = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Inputs + Joined($"{{:strategy (fn [ready] (if (= 2 (:item (first ready))) 9 (:index (first ready)))) :error-handling {errors}}}"));
        Assert.Null(summary.Error);
        var stage = summary.Stages.Single(static stage => stage.Kind == "multiplex");
        Assert.Equal((6, 6 - skipped - deadLettered, skipped, deadLettered, retries), (stage.Received, stage.Processed, stage.Skipped, stage.DeadLettered, stage.Retries));
        Assert.Equal("1 3 10 20 100", sink.Text);
    }

    [Fact]
    public void A_choice_that_is_none_fails_the_flow_and_names_the_ready_inputs()
    {
        var bench = new Bench();
        bench.Keep("com.x:v1:out");
        var summary = bench.Run(Inputs + Joined("{:strategy (fn [ready] 7)}"));
        Assert.Contains("gives the :index of an input that is ready (0, 1, 2), found the int 7", summary.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(1, summary.Failed);
    }

    [Theory]
    [InlineData("{:strategy (keyword \"prioritty\")}", "did you mean :priority?")]
    [InlineData("{:strategy :priority :priorities (identity {7 1})}", "names the input 7, and the inputs are 0 to 2")]
    [InlineData("{:strategy :priority :priorities {\"com.x:v1:z\" 1}}", "names com.x:v1:z, which none of the inputs reads")]
    [InlineData("{:strategy :priority :priorities (identity {0 :high})}", "the priority of 0 is a number")]
    [InlineData("(identity {:strategy :priority :seed 1})", ":seed of stream-multiplex goes with :strategy :random")]
    public void Options_that_cannot_be_are_refused(string options, string expected)
    {
        var bench = new Bench();
        bench.Keep("com.x:v1:out");
        Assert.Contains(expected, bench.Run(Inputs + Joined(options)).Error!.Message, StringComparison.Ordinal);
    }

    private static string Inputs => Bench.Values("com.x:v1:a", "1 2 3") + Bench.Values("com.x:v1:b", "10 20") + Bench.Values("com.x:v1:c", "100");

    private static string Joined(string options) => $$"""
        (stream-execute (stream-pipeline [(stream-multiplex ["com.x:v1:a" "com.x:v1:b" (stream-filter "com.x:v1:c" some?)] {{options}}) (stream-sink "com.x:v1:out")]))
        """;

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
