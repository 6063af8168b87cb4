// Transform capabilities that are opened by their id: what is written to it is read of it as results.

using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class TransformCapabilityTests
{
    private const string Twice = """
        (register-stream-capability :capability-id "com.x:v1:twice" :type :stream-transform :input-schema :int :output-schema :int
          :provider {:kind :function :fn (fn [x] (* 2 x))})

        """;

    private readonly Bench _bench = new();
    private readonly KeepingSink _said;

    public TransformCapabilityTests() => _said = _bench.Keep("com.x:v1:said");

    [Theory]
    [InlineData("(stream-produce twice [1 2])")]
    [InlineData("(stream-produce \"com.x:v1:twice\" [1 2])")]
    [InlineData("(stream-produce (stream-sink \"com.x:v1:twice\") [1 2])")]
    [InlineData("(stream-transform :input-stream \"com.x:v1:in\" :output-stream twice)")]
    [InlineData("(stream-transform :input-stream \"com.x:v1:in\" :output-stream \"com.x:v1:twice\")")]
    [InlineData("(stream-execute (stream-pipeline [(stream-source \"com.x:v1:in\") (stream-sink \"com.x:v1:twice\")]))")]
    [InlineData("(stream-consume (stream-source \"com.x:v1:in\") {:on-item (fn [x] (stream-produce \"com.x:v1:twice\" x))})")]
    public void What_is_written_to_its_id_is_read_of_its_source(string write)
    {
        var run = _bench.Start(Twice + Bench.Values("com.x:v1:in", "1 2") + $$"""
            (def twice (stream-source "com.x:v1:twice"))
            (stream-consume twice {:on-item (fn [x] (stream-produce "com.x:v1:said" x)) :on-complete (fn [] (stream-produce "com.x:v1:said" :complete))})
            {{write}}
            """);
        var summary = _bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal("2 4 :complete", _said.Text);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void Its_source_is_one_handle_however_it_is_written()
    {
        var summary = _bench.Run(Twice + """
            (stream-consume (stream-source "com.x:v1:twice") {:on-item (fn [x] (stream-produce "com.x:v1:said" [[:a x]]))})
            (stream-consume (stream-filter "com.x:v1:twice" (fn [x] (> x 2))) {:on-item (fn [x] (stream-produce "com.x:v1:said" [[:b x]]))})
            (stream-produce "com.x:v1:twice" [1 2])
            (stream-produce "com.x:v1:said" (:items (stream-await "com.x:v1:twice")))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("3", _said.Items[^1].ToString());
        Assert.Equal("[:a 2] [:a 4] [:b 4]", string.Join(' ', _said.Items.Take(3).Select(static one => one.ToString()).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_blocking_consume_of_it_ends_when_its_writer_has()
    {
        var summary = _bench.Run(Twice + Bench.Values("com.x:v1:in", "1 2 3") + """
            (stream-transform :input-stream (stream-filter "com.x:v1:in" odd?) :output-stream "com.x:v1:twice")
            (:items (stream-consume (stream-source "com.x:v1:twice") {x => x}))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("2", summary.Value.ToString());
    }

    [Fact]
    public void Its_schemas_are_those_of_its_ends()
    {
        var summary = _bench.Run("""
            (register-stream-capability :capability-id "com.x:v1:text" :type :stream-transform :input-schema :int :output-schema :string
              :config {:error-handling :skip} :provider {:kind :function :fn (fn [x] (if (= x 2) x (str x)))})
            (stream-consume (stream-source "com.x:v1:text") {:on-item (fn [x] (stream-produce "com.x:v1:said" x))})
            (stream-produce "com.x:v1:text" (vec (map (fn [x] (if (= x 4) "4" x)) [1 2 3 4])))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("\"1\" \"3\"", _said.Text);
        Assert.Equal(2, summary.Skipped);
    }

    [Fact]
    public void Results_that_nobody_reads_are_counted_as_dropped()
    {
        var run = _bench.Start(Twice + """(stream-produce "com.x:v1:twice" [1 2 3])""");
        var summary = _bench.Ended(run);
        Assert.Equal((RunOutcome.Completed, 3), (summary.Outcome, summary.Dropped));
        Assert.Contains(Bench.EventsOf(run), static one => one.Kind == RunEventKind.ItemDropped);
    }

    [Fact]
    public void It_is_stopped_like_a_channel_of_the_plan()
    {
        var source = new PushedSource();
        _bench.Register("com.x:v1:data", source);
        var run = _bench.Start(Twice + """
            (stream-transform :input-stream "com.x:v1:data" :output-stream "com.x:v1:twice")
            (stream-consume (stream-source "com.x:v1:twice") {:on-item (fn [x] (stream-produce "com.x:v1:said" x))})
            """);
        source.Push(1, 2);
        _bench.Settle();
        _ = run.StopAsync(drain: true);
        Assert.Equal(RunOutcome.Completed, _bench.Ended(run).Outcome);
        Assert.Equal("2 4", _said.Text);
        _bench.NothingIsLeft(run);
    }
}
