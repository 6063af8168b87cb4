// Count windows per key, and what aggregates make of them.

using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class WindowTests
{
    private const string Readings = "{:k \"a\" :v 1} {:k \"b\" :v 10} {:k \"a\" :v 3} {:k \"a\" :v 8} {:k \"b\" :v 2.5} {:k \"c\" :v 7}";

    private readonly Bench _bench = new();

    [Fact]
    public void Full_windows_come_at_once_and_the_rest_at_the_end()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = Run("(stream-key-by :k) (stream-window {:type :tumbling :count 2}) (stream-aggregate {:average [:avg :v] :n [:count]})");
        Assert.Null(summary.Error);
        Assert.Equal(
            "{:key \"a\" :average 2.0 :n 2} {:key \"b\" :average 6.25 :n 2} {:key \"a\" :average 8.0 :n 1} {:key \"c\" :average 7.0 :n 1}", sink.Text);
        Assert.Equal(["source-1 6/6", "key-by-1 6/6", "window-1 6/6", "aggregate-1 6/4", "sink-1 4/0"], [.. summary.Stages.Select(static stage => $"{stage.Id} {stage.Received}/{stage.Emitted}")]);
    }

    [Fact]
    public void Every_reducer_gives_what_it_says()
    {
        var sink = _bench.Keep("com.x:v1:out");
        Run("(stream-window {:count 6}) (stream-aggregate {:sum [:sum :v] :min [:min :v] :max [:max (fn [r] (* 2 (:v r)))] :first [:first :k] :last [:last :v]})");
        Assert.Equal("{:sum 31.5 :min 1 :max 20 :first \"a\" :last 7}", sink.Text);
    }

    [Fact]
    public void Whole_numbers_sum_to_a_whole_number_and_overflow_is_an_error()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "9223372036854775807 1 2") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-window {:count 2})
              (stream-aggregate {:sum [:sum (fn [x] x)]} :error-handling :skip) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal(2, summary.Skipped);
        Assert.Equal("{:sum 9223372036854775807}", sink.Text);
    }

    [Fact]
    public void A_failing_item_leaves_no_trace_in_any_reducer_of_its_window()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "{:a 1 :b 1} {:a 100 :b \"x\"} {:a 3 :b 3}") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-window {:count 2})
              (stream-aggregate {:a [:sum :a] :b [:sum :b] :n [:count]} :error-handling :skip) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal("{:a 4 :b 4 :n 2}", sink.Text);
        Assert.Equal(1, summary.Skipped);
    }

    [Fact]
    public void A_window_without_an_aggregate_gives_its_items()
    {
        var sink = _bench.Keep("com.x:v1:out");
        _bench.Run(Bench.Values("com.x:v1:in", "1 2 3") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-window {:count 2}) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal("[1 2] [3]", sink.Text);
    }

    [Fact]
    public void A_filter_may_stand_between_the_key_and_the_window()
    {
        var sink = _bench.Keep("com.x:v1:out");
        Run("(stream-key-by :k) (stream-filter (fn [r] (> (:v r) 2))) (stream-window {:count 2}) (stream-aggregate {:n [:count]})");
        Assert.Equal("{:key \"a\" :n 2} {:key \"b\" :n 2} {:key \"c\" :n 1}", sink.Text);
    }

    [Fact]
    public void More_open_windows_than_a_batch_holds_all_come_at_the_end()
    {
        var sink = _bench.Keep("com.x:v1:out");
        _bench.Run(Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 1000))) + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-key-by (fn [x] x)) (stream-window {:count 5})
              (stream-aggregate {:n [:count]}) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal(1000, sink.Items.Count);
    }

    [Theory]
    [InlineData("", "{:key true :items [{:key true :items [1 3]} {:key true :items [5 7]} {:key true :items [9]}]} {:key false :items [{:key false :items [2 4]} {:key false :items [6]}]}")]
    [InlineData("(stream-aggregate {:sum [:sum (fn [x] x)]})", "{:key true :items [{:key true :sum 4} {:key true :sum 12} {:key true :sum 9}]} {:key false :items [{:key false :sum 6} {:key false :sum 6}]}")]
    [InlineData("(stream-map count)", "{:key true :items [2 2 2]} {:key false :items [2 2]}")]
    public void A_window_keeps_its_key_whether_it_is_full_or_not(string between, string expected)
    {
        var sink = _bench.Keep("com.x:v1:out");

        // The window of 2 and 4 is the third of the batch, and the third item has the other key.
        _bench.Run(Bench.Values("com.x:v1:in", "1 3 5 7 2 4 9 6") + $$"""
            (stream-execute (stream-pipeline ["com.x:v1:in" (stream-key-by odd?) (stream-window {:count 2}) {{between}} (stream-window {:count 10}) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal(expected, sink.Text);
    }

    [Fact]
    public void The_letter_of_a_window_that_the_end_gives_has_its_key()
    {
        _bench.Keep("com.x:v1:out");
        var run = _bench.Start(Bench.Values("com.x:v1:in", "1 3 2") + """
            (stream-execute (stream-pipeline ["com.x:v1:in" (stream-key-by odd?) (stream-window {:count 2}) (stream-map (fn [x] (/ 1 0)) {:error-handling :dead-letter}) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal(2, _bench.Ended(run).DeadLettered);
        Assert.Equal(["\"true\"", "\"false\""], run.DeadLetters.Select(static letter => letter.As<MapValue>()!.GetOrNil(Keyword.Of("key")).ToString()));
    }

    [Fact]
    public void Items_without_a_key_take_none_from_those_that_they_are_joined_with()
    {
        var sink = _bench.Keep("com.x:v1:out");
        _bench.Run(Bench.Values("com.x:v1:in", "1 2") + Bench.Values("com.x:v1:more", "10 20") + """
            (stream-execute (stream-pipeline [
              (stream-multiplex [(stream-key-by "com.x:v1:in" (fn [x] x)) "com.x:v1:more"])
              (stream-map (fn [x] x)) (stream-window {:count 5}) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Equal("{:key 1 :items [1]} {:key 2 :items [2]} {:key nil :items [10 20]}", string.Join(' ', sink.Items.Select(static one => one.ToString()).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void An_aggregate_without_a_window_says_so()
    {
        _bench.Keep("com.x:v1:out");
        var summary = Run("(identity (stream-aggregate {:n [:count]}))");
        Assert.Equal("stream-aggregate needs a stream-window directly before it", summary.Error!.Message);
    }

    private RunSummary Run(string stages) => _bench.Run(Bench.Values("com.x:v1:in", Readings) + $$"""
        (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") {{stages}} (stream-sink "com.x:v1:out")]))
        """);
}
