// What a host sees of plans: refusals, parameters, resources, plans as values, local channels.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Marketplace.Providers;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Tests.Streaming;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Plans;

public sealed class PlanTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void A_plan_with_errors_is_refused_with_its_diagnostics()
    {
        var refused = Assert.Throws<PlanRefusedException>(() => _bench.Start("(stream-consume (stream-source \"com.x:v1:nowhere\") {x => x})"));
        Assert.Contains("com.x:v1:nowhere", refused.Message);
        Assert.Empty(refused.MissingGrants);
    }

    [Fact]
    public void Everything_that_is_not_granted_is_named_at_once()
    {
        _bench.Keep("com.x:v1:out");
        _bench.Register("com.x:v1:ask", static (_, _) => new ValueTask<Value>(Value.Nil));
        var refused = Assert.Throws<PlanRefusedException>(() => _bench.Start("(call \"com.x:v1:ask\") (stream-sink \"com.x:v1:out\")", new RunOptions()));
        Assert.Equal(["capability com.x:v1:ask", "capability com.x:v1:out"], [.. refused.MissingGrants.Select(static effect => effect.ToString()).Order()]);
    }

    [Fact]
    public void A_computed_id_is_checked_when_it_is_opened()
    {
        _bench.Register("com.x:v1:ask", static (_, _) => new ValueTask<Value>(Value.Nil));
        var denied = _bench.Run("(call (str \"com.x:v1:\" \"ask\"))", new RunOptions());
        Assert.Equal(("RTFS9022", "SecurityViolation"), (denied.Error!.Code, denied.Error.Kind));
        var unknown = _bench.Run("(call (str \"com.x:v1:\" \"aks\"))", new RunOptions());
        Assert.Equal("there is no capability com.x:v1:aks; did you mean com.x:v1:ask?", unknown.Error!.Message);
    }

    [Fact]
    public void Parameters_and_resources_come_from_the_host()
    {
        var options = new RunOptions
        {
            Grants = Grants.All,
            Parameters = new Dictionary<string, Value> { ["limit"] = Value.Int(2) },
            Bindings = new Dictionary<string, string> { ["upstream"] = "com.x:v1:in" },
        };
        var text = Bench.Values("com.x:v1:in", "1 2 3") + "(:items (stream-consume (stream-filter (resource:ref \"upstream\") (fn [x] (<= x @:limit))) {x => x}))";
        Assert.Equal("2", _bench.Run(text, options).Value.ToString());
        var refused = Assert.Throws<PlanRefusedException>(() => _bench.Start(text));
        Assert.Contains("resource \"upstream\" is not bound", refused.Message);
    }

    [Theory]
    [InlineData("@:limit", ":lmit limit, upsteam ")]
    [InlineData("(get :limit) @upstream", ":lmit limit, upsteam upstream")]
    [InlineData("'(plan :program @:lmit)", "upsteam ")]
    [InlineData("(context/get (keyword \"lmit\"))", "")]
    public void What_a_plan_never_asks_for_is_named_with_the_nearest(string text, string expected)
    {
        var options = new RunOptions
        {
            Parameters = new Dictionary<string, Value> { ["lmit"] = Value.Int(2) },
            Bindings = new Dictionary<string, string> { ["upsteam"] = "com.x:v1:in" },
        };
        var unused = _bench.Engine.Unused(_bench.Engine.Load(text), options);
        Assert.Equal(expected, string.Join(", ", unused.Select(static each => $"{each.Name} {each.Nearest}")));
    }

    [Fact]
    public async Task A_file_is_read_with_a_grant_and_refused_without()
    {
        // A file answers in its own time, which the bench's clock does not drive.
        await using var engine = new RtfsEngine();
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "Ada\n");
            var text = $"(read-file \"{path.Replace("\\", "\\\\")}\")";
            await using var granted = await engine.StartAsync(engine.Load(text), new RunOptions { Grants = Grants.None.AllowRead(path) });
            Assert.Equal("\"Ada\\n\"", (await granted.Completion).Value.ToString());
            var refused = Assert.Throws<PlanRefusedException>(() => _bench.Start(text, new RunOptions()));
            Assert.Equal(["read"], refused.MissingGrants.Select(static effect => effect.Kind));
            var computed = _bench.Run($"(read-file (str {text[11..^1]} \"\"))", new RunOptions());
            Assert.Equal("SecurityViolation", computed.Error!.Kind);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_plan_is_a_value_that_can_be_executed_in_the_same_run()
    {
        var summary = _bench.Run("""
            (def p (plan :type :rtfs.core:v2.0:streaming-plan :plan-id "inner" :error-handling :skip
              :program (do
                (register-stream-capability :capability-id "com.x:v1:in" :type :stream-source :provider {:kind :values :items [1 0 2]})
                (:items (stream-consume (stream-source "com.x:v1:in") {x => (/ 1 x)})))))
            (marketplace:execute-plan p)
            """);
        Assert.Null(summary.Error);
        Assert.Equal("2", summary.Value.ToString());
        Assert.Equal(1, summary.Skipped);
    }

    [Fact]
    public void A_text_that_is_a_plan_is_run_as_one()
    {
        var sink = _bench.Keep("com.x:v1:out");
        var summary = _bench.Run("""
            (plan :type :rtfs.core:v2.0:streaming-plan :plan-id "whole"
              :program (do
                (register-stream-capability :capability-id "com.x:v1:in" :type :stream-source :provider {:kind :values :items [1 2]})
                (stream-transform :input-stream "com.x:v1:in" :output-stream "com.x:v1:out")))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 2", sink.Text);
    }

    [Fact]
    public async Task The_host_writes_and_reads_records_through_local_channels()
    {
        await using var engine = new RtfsEngine();
        var (input, output) = (new LocalChannel(), new LocalChannel());
        await engine.Marketplace.RegisterStreamingProviderAsync("com.x:v1:in", input);
        await engine.Marketplace.RegisterStreamingProviderAsync("com.x:v1:out", output);
        await using var run = await engine.StartAsync(
            engine.Load("""
                (stream-execute (stream-pipeline [(stream-source "com.x:v1:in")
                                                  (stream-map (fn [r] (assoc r :double (* 2 (:value r)))))
                                                  (stream-sink "com.x:v1:out")]))
                """),
            new RunOptions { Grants = Grants.None.AllowCapability("com.x:*") });
        for (var i = 0; i < 2000; i++)
        {
            await input.WriteAsync(new Dictionary<string, object?> { ["value"] = i, ["unit"] = "°C" });
            if (i == 0)
            {
                // The first result can be read before the second item is written: nothing waits for company.
                await foreach (var record in output.ReadRecordsAsync())
                {
                    Assert.Equal(0L, record["double"]);
                    break;
                }

                _ = Drain(output);
            }
        }

        input.Complete();
        var summary = await run.Completion;
        Assert.Equal((RunOutcome.Completed, 2000L), (summary.Outcome, summary.ItemsOut));
    }

    [Fact]
    public async Task A_write_that_nobody_will_read_is_refused()
    {
        await using var engine = new RtfsEngine();
        var input = new LocalChannel();
        await engine.Marketplace.RegisterStreamingProviderAsync("com.x:v1:in", input);
        var taken = new TaskCompletionSource();
        var run = await engine.StartAsync(
            engine.Load("(stream-consume (stream-source \"com.x:v1:in\") {x => (println x)})"),
            new RunOptions { Grants = Grants.All, Log = (_, _) => taken.TrySetResult() });
        await input.WriteAsync(Value.Int(1));
        await taken.Task;
        await run.StopAsync(drain: true);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await input.WriteAsync(Value.Int(2)));
        Assert.StartsWith("Nobody reads the local channel any more", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluation_has_no_grants_and_no_streams()
    {
        await using var engine = new RtfsEngine();
        Assert.Equal("3", (await engine.EvaluateAsync("(+ 1 2)")).Value.ToString());
        Assert.Equal("SecurityViolation", (await engine.EvaluateAsync("(call \"com.x:v1:ask\")")).Error!.Kind);
    }

    [Fact]
    public void Registering_the_same_again_is_nothing_and_another_is_an_error()
    {
        var text = Bench.Values("com.x:v1:in", "1");
        Assert.Null(_bench.Run(text + text).Error);
        Assert.Contains("already registered with another manifest", _bench.Run(text + Bench.Values("com.x:v1:in", "2")).Error!.Message);
    }

    [Fact]
    public void What_a_plan_logs_is_an_event_with_its_level()
    {
        var run = _bench.Start("(log-warn \"low\" 3) (println \"hello\")");
        _bench.Ended(run);
        Assert.Equal(
            ["warn low 3", "print hello"],
            [.. Bench.EventsOf(run).Where(static happened => happened.Kind == RunEventKind.Log).Select(static happened => $"{happened.Level} {happened.Message}")]);
    }

    private static async Task Drain(LocalChannel channel)
    {
        await foreach (var _ in channel.ReadAllAsync())
        {
        }
    }
}
