// Scopes over streams: in the bodies of other streams, and over sinks that are read.

using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class ScopeTests
{
    private readonly Bench _bench = new();
    private readonly KeepingSink _seen;

    public ScopeTests() => _seen = _bench.Keep("com.x:v1:seen");

    [Fact]
    public void A_scope_in_a_body_works_through_its_stream()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + Bench.Values("com.x:v1:other", "10 20") + """
            (defn note [x] (stream-produce "com.x:v1:seen" x))
            (stream-consume "com.x:v1:in"
              {x => (do (with-resource [o StreamHandle (stream-source "com.x:v1:other")]
                          (stream-consume o {:on-item (fn [y] (note (* x y))) :on-complete (fn [] (note :end))}))
                        (note :next))})
            """);
        Assert.Null(summary.Error);
        Assert.Equal("10 20 :end :next 20 40 :end :next", _seen.Text);
    }

    [Fact]
    public void A_scope_over_the_stream_that_its_body_reads_asks_it_to_close()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2 3") + """
            (def h (stream-source "com.x:v1:in" {:config {:batch-size 1}}))
            (stream-consume h {x => (do (stream-produce "com.x:v1:seen" x) (with-resource [same StreamHandle h] nil))})
            """);
        Assert.Null(summary.Error);
        Assert.StartsWith("1", _seen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("(register-stream-capability :capability-id \"com.x:v1:out\" :type :stream-sink)")]
    public void A_scope_over_a_sink_ends_with_what_writes_and_what_reads_it(string registration)
    {
        if (registration.Length == 0)
        {
            _bench.Keep("com.x:v1:out");
        }

        var endless = new PushedSource();
        _bench.Register("com.x:v1:endless", endless);
        var run = _bench.Start(registration + Bench.Values("com.x:v1:in", "1 2") + """
            (defn note [x] (stream-produce "com.x:v1:seen" x))
            (stream-consume "com.x:v1:endless" {:on-item (fn [x] x)})
            (with-resource [out StreamHandle (stream-sink "com.x:v1:out")]
              (stream-consume out {:on-item note :on-complete (fn [] (note :end))})
              (stream-consume "com.x:v1:in" {:on-item (fn [x] (stream-produce out x))}))
            (note :after)
            """);
        _bench.Settle();
        Assert.Equal("1 2 :end :after", _seen.Text);
        endless.End();
        Assert.Null(_bench.Ended(run).Error);
    }

    [Fact]
    public void A_scope_over_an_id_works_through_what_the_id_stands_for()
    {
        var summary = _bench.Run(Bench.Values("com.x:v1:in", "1 2") + """
            (defn note [x] (stream-produce "com.x:v1:seen" x))
            (with-resource [h StreamHandle "com.x:v1:in"] (stream-consume h {:on-item note}))
            (note :after)
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 2 :after", _seen.Text);
    }
}
