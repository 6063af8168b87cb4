// The weather sample with one slip at a time: each gives one diagnostic, at the slip, that says what to do.

using System.Runtime.CompilerServices;
using Rtfs.Connectors.Files;
using Rtfs.Runtime;
using Rtfs.Syntax.Diagnostics;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class BrokenSampleTests
{
    private static readonly string Sample = File.ReadAllText(Path.Combine(Folder(), "samples", "iot", "alerts.rtfs"));

    /// <summary>What is written in the sample, what is written instead, the code, the text that the diagnostic covers, a part of what it says.</summary>
    public static TheoryData<string, string, string, string, string> Slips => new()
    {
        { "(sensor \"temp-01\" :temperature", "(sensor \"temp-01\" :temprature", "RTFS2006", "column", "did you mean :temperature?" },
        { "{:keys [sensor-id value]}", "{:keys [sensor-id valeu]}", "RTFS1001", "value", "nothing is named `value`; did you mean `valeu`?" },
        { "(> value high) :high", "(> value \"high\") :high", "RTFS2001", "\"high\"", "expected :number, found \"high\"" },
        { ":fn to-alert)", ":fn to-alrt)", "RTFS1001", "to-alrt", "did you mean `to-alert`?" },
        { "(not= (:severity alert)", "(not= (:serverity alert)", "RTFS2005", ":serverity", "did you mean :severity?" },
        { "(:severity alert) :low)", "(:severity alert) :lwo)", "RTFS2008", "(not= (:severity alert) :lwo)", "never equal" },
        { "(stream-sink \"com.iot:v1.0:alert-system\")", "(stream-sink \"com.iot:v1.0:alert-systm\")", "RTFS1003", "\"com.iot:v1.0:alert-systm\"", "did you mean com.iot:v1.0:alert-system?" },
        { "{:strategy :round-robin}", "{:strategy :round-robbin}", "RTFS3002", ":round-robbin", "did you mean :round-robin?" },
        { "(assoc reading :severity (severity reading))", "(assoc reading :severity)", "RTFS2004", "(assoc reading :severity)", "`assoc` takes at least 3 arguments, found 2" },
        { "(sensor \"wind-01\" :wind \"m/s\")", "(sensor \"wind-01\" :wind)", "RTFS2004", "(sensor \"wind-01\" :wind)", "`sensor` takes 3 arguments, found 2" },
        { "{:high 22.0 :elevated 18.0}", "{:high \"22.0\" :elevated 18.0}", "RTFS2002", "high", "expected :number, found [:enum \"22.0\" 1018.6 4.4]" },
        { ":format :csv}", ":format :csv} :effcts []", "RTFS3001", ":effcts", "did you mean :effects?" },
        { ":type :stream-sink", ":type :stream-sink :input-schema [:map [:severity :string]]", "RTFS3010", "(stream-sink \"com.iot:v1.0:alert-system\")", "at :severity: expected :string, found [:enum :high :medium]" },
    };

    [Theory]
    [MemberData(nameof(Slips))]
    public async Task One_slip_gives_one_diagnostic(string right, string wrong, string code, string covered, string said)
    {
        Assert.Contains(right, Sample, StringComparison.Ordinal);
        await using var engine = Engine();
        var text = Sample.Replace(right, wrong, StringComparison.Ordinal);
        var found = Assert.Single(engine.Load(text, "alerts.rtfs").Analysis.Diagnostics);
        Assert.Equal(code, found.Code);
        Assert.Equal(covered, text.Substring(found.Span.Start, found.Span.Length));
        Assert.Contains(said, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_passes_a_strict_check()
    {
        await using var engine = Engine();
        Assert.Empty(engine.Load(Sample, "alerts.rtfs", strict: true).Analysis.Diagnostics.Where(static one => one.Severity <= Severity.Warning).Select(static one => one.Message));
    }

    private static RtfsEngine Engine()
    {
        var options = new RtfsEngineOptions();
        options.ProviderFactories.Add(new FileProviderFactory());
        return new RtfsEngine(options);
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
