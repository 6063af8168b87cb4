// Dead letters that go to a capability: read in the same plan, by the host, or kept by the run where they cannot be written.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class DeadLetterTests
{
    private const string Letters = "(register-stream-capability :capability-id \"com.x:v1:letters\" :type :stream-sink :provider {:kind :local :buffer-size 2})\n";

    private readonly Bench _bench = new();
    private readonly KeepingSink _said;

    public DeadLetterTests() => _said = _bench.Keep("com.x:v1:said");

    [Fact]
    public void A_flow_of_the_same_plan_reads_them_as_items()
    {
        var run = _bench.Start(Letters + Bench.Values("com.x:v1:in", "4 0 2 0") + """
            (stream-consume "com.x:v1:letters"
              {:on-item (fn [letter] (stream-produce "com.x:v1:said" [(:item letter) (:stage letter) (:kind (:error letter)) (:attempts letter) (:sequence (:envelope letter)) (:cause letter)]))
               :on-complete (fn [] (stream-produce "com.x:v1:said" :complete))})
            (def told (stream-consume (stream-source "com.x:v1:in") {x => (/ 8 x)} {:error-handling {:dead-letter "com.x:v1:letters"}}))
            (select-keys told [:items :dead-lettered])
            """);
        var summary = _bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal("{:items 2 :dead-lettered 2}", summary.Value.ToString());
        Assert.Equal("0 \"consume-2\" \"DivisionByZero\" 1 1 :processing 0 \"consume-2\" \"DivisionByZero\" 1 3 :processing :complete", _said.Text);
        Assert.Empty(run.DeadLetters);
        Assert.Equal((2, 0), (summary.DeadLettered, summary.ItemsOut - _said.Items.Count));
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_blocking_consume_of_them_starts_what_writes_them_and_ends_with_it()
    {
        var run = _bench.Start(Letters + Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 20))) + """
            (stream-consume (stream-map (stream-source "com.x:v1:in") (fn [x] (if (even? x) (/ x 0) x)) {:error-handling {:retry {:attempts 1 :delay-ms 0} :dead-letter "com.x:v1:letters"}})
              {:on-item (fn [x] nil)})
            (:items (stream-consume "com.x:v1:letters" {letter => (when (not= (:attempts letter) 2) (/ 1 0))}))
            """);
        var summary = _bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal("10", summary.Value.ToString());
        Assert.Empty(run.DeadLetters);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void A_reader_of_them_ends_without_a_warning_where_nothing_failed()
    {
        var run = _bench.Start(Letters + Bench.Values("com.x:v1:in", "1 2") + """
            (stream-consume (stream-source "com.x:v1:in") {:on-item (fn [x] x)} {:error-handling {:dead-letter "com.x:v1:letters"}})
            (:items (stream-consume "com.x:v1:letters" {letter => letter}))
            """);
        var summary = _bench.Ended(run);
        Assert.Equal("0", summary.Value.ToString());
        Assert.DoesNotContain(Bench.EventsOf(run), static one => one.Level == "warn");
    }

    [Fact]
    public void The_host_reads_them_of_its_channel()
    {
        var channel = new LocalChannel(16);
        _bench.Register("com.x:v1:letters", channel);
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1 0 3") + """
            (stream-consume (stream-source "com.x:v1:in" {:config {:error-handling {:dead-letter "com.x:v1:letters"}}}) {x => (/ 8 x)} {:error-handling :dead-letter})
            """);
        Assert.Null(_bench.Ended(run).Error);
        Assert.Single(run.DeadLetters);

        run = _bench.Start(Bench.Values("com.x:v1:in", "1 0 3") + """
            (stream-consume (stream-source "com.x:v1:in") {x => (/ 8 x)} {:error-handling {:dead-letter "com.x:v1:letters"}})
            """);
        Assert.Null(_bench.Ended(run).Error);
        Assert.Empty(run.DeadLetters);
        var letters = channel.ReadAllAsync().GetAsyncEnumerator();
        Assert.True(letters.MoveNextAsync().AsTask() is { IsCompletedSuccessfully: true, Result: true });
        Assert.Equal("0", letters.Current.As<MapValue>()!.GetOrNil(Keyword.Of("item")).ToString());
    }

    [Fact]
    public void A_plan_names_one_place_for_all_and_what_fails_on_the_letters_themselves_stays_in_the_run()
    {
        var run = _bench.Start("""
            (plan :error-handling {:dead-letter "com.x:v1:letters"}
                  :program (do
                    (register-stream-capability :capability-id "com.x:v1:letters" :type :stream-sink)
                    (register-stream-capability :capability-id "com.x:v1:in" :type :stream-source :output-schema :int :provider {:kind :values :items [1 "two" 0]})
                    (stream-consume "com.x:v1:letters" {:on-item (fn [letter] (do (stream-produce "com.x:v1:said" (:item letter)) (/ 1 0)))})
                    (stream-consume "com.x:v1:in" {:on-item (fn [x] (/ 8 x))})))
            """);
        var summary = _bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal("\"two\" 0", _said.Text);
        Assert.Equal(2, run.DeadLetters.Count);
        Assert.Equal(4, summary.DeadLettered);
        _bench.NothingIsLeft(run);
    }

    [Fact]
    public void Letters_that_cannot_be_written_stay_in_the_run_and_are_reported()
    {
        var broken = _bench.Keep("com.x:v1:letters");
        broken.Fault = static _ => new ProviderException("the disk is full");
        var run = _bench.Start(Bench.Values("com.x:v1:in", "4 0 2") + """
            (stream-consume (stream-source "com.x:v1:in") {x => (stream-produce "com.x:v1:said" (/ 8 x))} {:error-handling {:dead-letter "com.x:v1:letters"}})
            """);
        var summary = _bench.Ended(run);
        Assert.Null(summary.Error);
        Assert.Equal("2 4", _said.Text);
        Assert.Single(run.DeadLetters);
        Assert.Contains(Bench.EventsOf(run), static one => one.Level == "error" && one.Message.Contains("the disk is full", StringComparison.Ordinal));
    }

    [Fact]
    public void Letters_that_wait_for_room_are_kept_when_the_run_is_cancelled()
    {
        _bench.Register("com.x:v1:letters", new HungSink(obeys: true));
        var run = _bench.Start(Bench.Values("com.x:v1:in", "0 1 0") + """
            (stream-consume (stream-source "com.x:v1:in") {x => (/ 8 x)} {:error-handling {:dead-letter "com.x:v1:letters"}})
            """);
        _bench.Settle();
        _ = run.StopAsync(drain: false);
        Assert.Equal(RunOutcome.Cancelled, _bench.Ended(run).Outcome);
        Assert.Equal(2, run.DeadLetters.Count);
        _bench.NothingIsLeft(run);
    }

    [Theory]
    [InlineData("{:dead-letter :nowhere}", "names a sink")]
    [InlineData("{:dead-letter \"com.x:v1:in\"}", "is no sink")]
    public void A_place_that_is_none_is_refused_where_the_stream_is_wired(string handling, string told)
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "0") + $"(stream-consume \"com.x:v1:in\" {{x => x}} (merge {{}} {{:error-handling {handling}}}))");
        Assert.Contains(told, summary.Error?.Message, StringComparison.Ordinal);
    }
}
