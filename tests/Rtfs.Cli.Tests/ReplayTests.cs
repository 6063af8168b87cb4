// Dead letters given back to a plan that was mended, from the command line.

using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly PlanDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_mended_plan_writes_what_had_failed_and_keeps_the_row_that_is_none()
    {
        _directory.Write("in.ndjson", "{\"id\":1,\"pieces\":2}\n{\"id\":2,\"pieces\":0}\nnot json\n{\"id\":3,\"pieces\":4}\n");
        var failing = _directory.Write("failing.rtfs", Plan("(/ 8 (:pieces item))"));
        var mended = _directory.Write("mended.rtfs", Plan("(if (zero? (:pieces item)) 0 (/ 8 (:pieces item)))"));
        var first = await Cli.RunAsync("run", failing, "--yes", "--json", "--dead-letters", _directory.At("letters.ndjson"));
        first.AssertSuccess();
        Assert.Equal(2, first.Json.GetProperty("deadLettered").GetInt32());

        var replay = await Cli.RunAsync(
            "run", mended, "--yes", "--json", "--replay-dead-letters", _directory.At("letters.ndjson"), "--dead-letters", _directory.At("left.ndjson"));
        replay.AssertSuccess();
        Assert.Equal("{\"id\":1,\"share\":4}\n{\"id\":3,\"share\":2}\n{\"id\":2,\"share\":0}\n", _directory.Read("out.ndjson"));
        Assert.Equal((0, 1), (replay.Json.GetProperty("deadLettered").GetInt32(), replay.Json.GetProperty("notReplayed").GetInt32()));
        Assert.Contains("1 letter of the replayed file kept unchanged: no text gives the item back", replay.Error, StringComparison.Ordinal);
        Assert.Equal(_directory.Read("letters.ndjson").Split('\n').Single(static line => line.Contains("not json", StringComparison.Ordinal)) + "\n", _directory.Read("left.ndjson"));
    }

    [Fact]
    public async Task The_letters_are_a_source_like_any_other()
    {
        _directory.Write("in.ndjson", "{\"id\":1,\"pieces\":0}\n{\"id\":2,\"pieces\":0}\n");
        (await Cli.RunAsync("run", _directory.Write("failing.rtfs", Plan("(/ 8 (:pieces item))")), "--yes", "--dead-letters", _directory.At("letters.ndjson"))).AssertSuccess();
        var read = await Cli.RunAsync("run", "--yes", _directory.Write("read.rtfs", """
            (register-stream-capability :capability-id "com.test:v1.0:letters" :type :stream-source :provider {:kind :file :path "letters.ndjson" :format :ndjson})
            (stream-consume (stream-source "com.test:v1.0:letters") {{:keys [stage item text]} => (println stage (:id item) (:id (read-string text)))})
            """));
        read.AssertSuccess();
        Assert.Equal(["map-1 1 1", "map-1 2 2"], read.Lines.Take(2));
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_refused()
    {
        _directory.Write("in.ndjson", "");
        var plan = _directory.Write("plan.rtfs", Plan("1"));
        var letters = _directory.Write("letters.ndjson", "{\"item\":1}\n");
        var refused = await Cli.RunAsync("run", plan, "--yes", "--replay-dead-letters", letters);
        Assert.Equal(ExitCodes.RunFailed, refused.ExitCode);
        Assert.Contains("letters.ndjson:1: this is no dead letter: expected a JSON object as \"envelope\", found none\nThe plan was not run.", refused.Error, StringComparison.Ordinal);
        var same = await Cli.RunAsync("run", plan, "--yes", "--replay-dead-letters", letters, "--dead-letters", letters);
        Assert.Contains("new dead letters cannot go to it: name another file for them", same.Error, StringComparison.Ordinal);
        Assert.Equal("{\"item\":1}\n", _directory.Read("letters.ndjson"));
    }

    private static string Plan(string share) => $$"""
        (register-stream-capability
          :capability-id "com.test:v1.0:in" :type :stream-source :provider {:kind :file :path "in.ndjson" :format :ndjson})
        (register-stream-capability
          :capability-id "com.test:v1.0:out" :type :stream-sink :provider {:kind :file :path "out.ndjson" :format :ndjson :append true})
        (stream-execute
          (stream-pipeline
            [(stream-source "com.test:v1.0:in") (stream-map (fn [item] {:id (:id item) :share {{share}}})) (stream-sink "com.test:v1.0:out")]
            {:error-handling :dead-letter}))
        """;
}
