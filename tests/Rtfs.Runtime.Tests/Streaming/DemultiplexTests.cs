// One stream taken apart by a key.

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class DemultiplexTests
{
    private const string Rest = """
        (def parts (stream-demultiplex "com.x:v1:in"
                     {:criteria (fn [x] (mod x 3)) :outputs {0 "com.x:v1:zero" 1 (stream-sink "com.x:v1:one")} :default nil}))

        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Each_output_gets_the_items_of_its_key_in_order(int seed)
    {
        var bench = new Bench(seed);
        var (zero, one, two) = (bench.Keep("com.x:v1:zero"), bench.Keep("com.x:v1:one"), bench.Keep("com.x:v1:two"));
        var run = bench.Start(Numbers(1000) + Rest + """
            (stream-execute (stream-pipeline [(:default parts) (stream-map (fn [x] (* 10 x))) (stream-sink "com.x:v1:two")]))
            """);
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 1000).Where(static x => x % 3 == 0)), zero.Text);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 1000).Where(static x => x % 3 == 1)), one.Text);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 1000).Where(static x => x % 3 == 2).Select(static x => x * 10)), two.Text);
        string[] edges = ["demultiplex-1>output-1", "demultiplex-1>output-2", "demultiplex-1>output-3", "map-1>sink-3", "output-1>sink-2", "output-2>sink-1", "output-3>map-1", "source-1>demultiplex-1"];
        Assert.Equal(edges, run.Topology.Edges.Select(static edge => $"{edge.From}>{edge.To}").Order(StringComparer.Ordinal));
        Assert.Equal(["0 334", "1 333", ":default 333"], summary.Stages.Where(static stage => stage.Kind == "output").Select(static stage => $"{stage.Label} {stage.Received}"));
    }

    [Fact]
    public void Its_handles_are_streams_like_any_other_and_several_may_read_one()
    {
        var bench = new Bench();
        var (zero, one) = (bench.Keep("com.x:v1:zero"), bench.Keep("com.x:v1:one"));
        var summary = bench.Run(Numbers(10) + Rest + """
            (def seen (stream-consume (get parts 0) {:on-item (fn [x] (log :info x))}))
            (:items (stream-consume (stream-multiplex [(stream-source (:default parts)) (stream-filter (get parts 1) (fn [x] (> x 5)))]) {x => x}))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("4", summary.Value.ToString());
        Assert.Equal(("0 3 6 9", "1 4 7"), (zero.Text, one.Text));
        Assert.Equal(4, summary.Stages.Single(static stage => stage.Id == "consume-1").Processed);
    }

    [Fact]
    public void Items_of_an_output_that_nobody_reads_are_dropped_there_and_told()
    {
        var bench = new Bench();
        var run = bench.Start(Numbers(10) + """
            (def parts (stream-demultiplex "com.x:v1:in" {:criteria (fn [x] (mod x 2)) :outputs {0 nil 1 nil}}))
            (stream-consume (get parts 0) {x => x})
            """);
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal(5, summary.Dropped);
        Assert.Equal(
            ["output-1 5 5 0", "output-2 5 0 5"],
            summary.Stages.Where(static stage => stage.Kind == "output").Select(static stage => $"{stage.Id} {stage.Received} {stage.Processed} {stage.Dropped}"));
        Assert.Contains(
            "items of the output 1 are dropped, as nobody reads it",
            Assert.Single(Bench.EventsOf(run), static happened => happened is { Kind: RunEventKind.Log, Level: "warn" }).Message);
    }

    [Fact]
    public void A_late_reader_of_an_output_counts_beside_what_was_dropped_before_it()
    {
        var bench = new Bench();
        var source = new PushedSource();
        bench.Register("com.x:v1:in", source);
        var run = bench.Start("""
            (def parts (stream-demultiplex "com.x:v1:in" {:criteria (fn [x] (mod x 2)) :outputs {0 nil 1 nil}}))
            (stream-consume (get parts 0) {x => (stream-consume (get parts 1) {:on-item (fn [y] y)})})
            """);
        foreach (var item in (int[])[1, 2, 3, 5, 7])
        {
            source.Push(item);
            bench.Settle();
        }

        source.End();
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        var late = Assert.Single(summary.Stages, static stage => stage.Id == "output-2");
        Assert.True(late is { Received: 4, Processed: 3, Dropped: 1, IsConserved: true }, late.ToString());
    }

    [Fact]
    public void A_key_without_output_is_a_dead_letter_whatever_the_strategy()
    {
        foreach (var strategy in (string[])[":fail", ":skip", "{:retry {:attempts 3}}"])
        {
            var bench = new Bench();
            var high = bench.Keep("com.x:v1:high");
            var run = bench.Start(Bench.Values("com.x:v1:in", "{:level :high} {:level :odd} {:level :high} {}") + $$"""
                (stream-demultiplex "com.x:v1:in" {:criteria :level :outputs {:high "com.x:v1:high"} :error-handling {{strategy}}})
                """);
            var summary = bench.Ended(run);
            Assert.Equal((RunOutcome.Completed, 2, 2), (summary.Outcome, summary.DeadLettered, summary.Skipped + summary.ItemsOut));
            Assert.Equal(2, high.Items.Count);
            var stage = summary.Stages.Single(static stage => stage.Kind == "demultiplex");
            Assert.Equal((4, 2, 2), (stage.Received, stage.Processed, stage.DeadLettered));
            Assert.Contains("no output of this stream-demultiplex takes the key :odd, and it has no :default", run.DeadLetters[0].ToString(), StringComparison.Ordinal);
            Assert.Contains("takes the key nil", run.DeadLetters[1].ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(":skip", RunOutcome.Completed, 1, 0, 0)]
    [InlineData(":dead-letter", RunOutcome.Completed, 0, 1, 0)]
    [InlineData(":fail", RunOutcome.Failed, 0, 0, 1)]
    public void A_criterion_that_fails_falls_under_the_strategy(string strategy, RunOutcome outcome, int skipped, int deadLettered, int failed)
    {
        foreach (var criterion in (string[])["(fn [x] (if (> (/ 10 x) 1) :yes :no))", "(fn [x] (if (call \"com.x:v1:test\" x) :yes :no))"])
        {
            var bench = new Bench();
            bench.Register("com.x:v1:test", static (arguments, _) =>
                arguments[0].AsInt == 0 ? throw new InvalidOperationException("zero") : new ValueTask<Value>(Value.Bool(arguments[0].AsInt < 10)));
            var yes = bench.Keep("com.x:v1:yes");
            var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2 0 20 3") + $$"""
                (stream-demultiplex "com.x:v1:in" {:criteria {{criterion}} :outputs {:yes "com.x:v1:yes" :no nil} :error-handling {{strategy}}})
                """);
            Assert.Equal((outcome, skipped, deadLettered, failed), (summary.Outcome, summary.Skipped, summary.DeadLettered, summary.Failed));
            Assert.Equal(outcome == RunOutcome.Failed ? "1 2" : "1 2 3", yes.Text);
            Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
        }
    }

    [Fact]
    public void Keys_travel_through_and_what_is_joined_again_does_not_stall()
    {
        var bench = new Bench();
        var summary = bench.Run(Numbers(5000) + """
            (def parts (stream-demultiplex (stream-key-by "com.x:v1:in" (fn [x] (mod x 2))) {:criteria (fn [x] (if (> x 4000) :high :low)) :outputs {:high nil :low nil}}))
            (:items (stream-consume (-> (stream-multiplex [(:high parts) (:low parts)]) (stream-window {:type :tumbling :count 1000}) (stream-aggregate {:n [:count]}))
                                    {w => (log :info (:key w))}))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("6", summary.Value.ToString());
    }

    [Fact]
    public void One_output_can_be_watched_and_given_up_while_the_others_go_on()
    {
        var bench = new Bench();
        var (zero, one) = (bench.Keep("com.x:v1:zero"), bench.Keep("com.x:v1:one"));
        var run = bench.Start(Numbers(3000) + Rest + """
            (stream-callbacks (get parts 0) {:on-complete (fn [] (log :info "zero is over"))})
            (stream-consume (:default parts) {:on-item (fn [x] (when (= x 5) (stream-cancel (:default parts))))})
            """);
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal((1000, 1000), (zero.Items.Count, one.Items.Count));
        Assert.Contains(Bench.EventsOf(run), static happening => happening.Message.Contains("zero is over", StringComparison.Ordinal));
        Assert.True(summary.Stages.Single(static stage => stage.Id == "consume-1") is { Processed: < 1000 });
        Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
    }

    [Theory]
    [InlineData("{:criteria 5 :outputs (identity {:a nil})}", ":criteria of stream-demultiplex is a function or a keyword")]
    [InlineData("(identity {:criteria :x})", "needs :outputs, a map of keys and sinks")]
    [InlineData("(identity {:outputs {:a nil}})", "needs :criteria")]
    [InlineData("(identity {:criteria :x :outputs {}})", "has no outputs")]
    [InlineData("(identity {:criteria :x :outputs {:default nil} :default nil})", "could not be told apart")]
    [InlineData("{:criteria :x :outputs (identity {:a (stream-source \"com.x:v1:in\")})}", "expected a sink")]
    public void Options_that_cannot_be_are_refused(string options, string expected)
    {
        var bench = new Bench();
        Assert.Contains(expected, bench.Run(Numbers(1) + $"(stream-demultiplex \"com.x:v1:in\" {options})").Error!.Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 120)]
    public Property Every_item_is_accounted_for() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<PositiveInt>(), Holds);

    private static bool Holds(int seed, PositiveInt size)
    {
        var bench = new Bench(seed);
        bench.Register("com.x:v1:echo", static (arguments, _) => new ValueTask<Value>(arguments[0]));
        var (zero, one, rest) = (bench.Keep("com.x:v1:zero"), bench.Keep("com.x:v1:one"), bench.Keep("com.x:v1:rest"));
        var count = size.Get * 37 % 1500;
        var items = string.Join(' ', Enumerable.Range(0, count).Select(static item => item % 13 == 12 ? "\"bad\"" : item.ToString()));
        var (pick, waits) = ((seed & 0x7FFFFFFF) % 4, seed % 2 == 0);
        var strategy = (string[])[":skip", ":dead-letter", ":fail", "{:retry {:attempts 1 :delay-ms 0 :then :skip}}"];
        var criterion = waits ? "(fn [x] (mod (call \"com.x:v1:echo\" x) 4))" : "(fn [x] (mod x 4))";
        var run = bench.Start(Bench.Values("com.x:v1:in", items) + $$"""
            (def parts (stream-demultiplex (stream-map "com.x:v1:in" identity)
                         {:criteria {{criterion}} :outputs {0 "com.x:v1:zero" 1 nil 2 nil} :error-handling {{strategy[pick]}}}))
            (stream-consume (get parts 2) {:on-item (fn [x] x)})
            (stream-execute (stream-pipeline [(stream-multiplex [(get parts 1) (stream-filter (get parts 1) (fn [x] (> x 100)))]) (stream-sink "com.x:v1:one")]
                                             {:error-handling :skip}))
            """);
        if (seed % 5 == 0)
        {
            run.StopAsync(drain: seed % 2 == 0);
        }

        var summary = bench.Ended(run);
        Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
        Assert.Equal(summary.ItemsOut, zero.Items.Count + one.Items.Count + rest.Items.Count);
        if (seed % 5 != 0 && pick != 2)
        {
            var stage = summary.Stages.Single(static stage => stage.Kind == "demultiplex");
            var routed = Enumerable.Range(0, count).Where(static item => item % 13 != 12).ToLookup(static item => item % 4);
            Assert.Equal(routed[3].Count(), summary.DeadLettered - (pick == 1 ? count / 13 : 0));
            Assert.Equal((count, routed[0].Count() + routed[1].Count() + routed[2].Count()), (stage.Received, stage.Emitted));
            Assert.Equal(routed[0].Count(), zero.Items.Count);
            Assert.Equal(routed[1].Count() + routed[1].Count(static item => item > 100), one.Items.Count);
            Assert.Equal(routed[2].Count(), summary.Stages.Single(static stage => stage.Id == "consume-1").Processed);
        }

        return true;
    }

    private static string Numbers(int count) => Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, count)));
}
