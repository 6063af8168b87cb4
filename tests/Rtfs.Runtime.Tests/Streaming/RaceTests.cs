// The same laws on the thread pool, where the machine picks the interleaving.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class RaceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string Text =
        Bench.Values("com.x:v1:a", string.Join(' ', Enumerable.Range(0, 3000)))
        + Bench.Values("com.x:v1:b", string.Join(' ', Enumerable.Range(0, 3000))) + """
        (register-stream-capability :capability-id "com.x:v1:pipe" :type :stream-source :provider {:kind :local :buffer-size 64})
        (def a (stream-source "com.x:v1:a"))
        (stream-transform :input-stream a :output-stream (stream-sink "com.x:v1:pipe") :transform-fn (fn [x] (+ x 1)))
        (stream-consume a {:on-item (fn [x] (if (= 0 (mod x 100)) (call "com.x:v1:yield" x) x))})
        (stream-execute
          (stream-pipeline
            [(stream-multiplex [(stream-filter a (fn [x] (< x 1500))) "com.x:v1:b" (stream-source "com.x:v1:pipe")])
             (stream-map (fn [x] (/ 100 (mod x 50))))
             (stream-sink "com.x:v1:out")]
            {:error-handling :skip}))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_lost_and_nothing_hangs(bool stopped)
    {
        for (var round = 0; round < 20; round++)
        {
            await using var engine = new RtfsEngine();
            var sink = new KeepingSink();
            await engine.Marketplace.RegisterStreamingProviderAsync("com.x:v1:out", sink);
            await engine.Marketplace.RegisterCapabilityAsync("com.x:v1:yield", new DelegateCapability(static async (arguments, _) =>
            {
                await Task.Yield();
                return arguments[0];
            }));
            await using var run = await engine.StartAsync(engine.Load(Text), new RunOptions { Grants = Grants.All });
            if (stopped)
            {
                for (var i = 0; i < round; i++)
                {
                    await Task.Yield();
                }

                await run.StopAsync(drain: round % 2 == 0).WaitAsync(Patience);
            }

            var summary = await run.Completion.WaitAsync(Patience);
            Assert.Null(summary.Error);
            Assert.All(summary.Stages, static stage => Assert.True(stage is { IsConserved: true, InFlight: 0 }, stage.ToString()));
            Assert.Equal(sink.Items.Count, summary.ItemsOut);
            Assert.Equal(sink.Opened, sink.Closed);
            if (!stopped)
            {
                Assert.Equal(RunOutcome.Completed, summary.Outcome);

                // Of 1500 + 3000 + 3000 items one in fifty divides by zero.
                Assert.Equal((7350, 150), (summary.ItemsOut, summary.Skipped));
            }
        }
    }
}
