// What a plan needs is known from its text, before anything is opened.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Marketplace;

public sealed class RequirementsTests
{
    private const string Registration = """
        (register-stream-capability :capability-id "t:v1.0:in" :type :stream-source :provider {:kind :probe :path "p"})
        """;

    [Theory]
    [InlineData(Registration)]
    [InlineData("(defn open [] " + Registration + ")")]
    [InlineData("(def where \"p\") (register-stream-capability :capability-id \"t:v1.0:in\" :type :source :provider {:kind :probe :path where})")]
    [InlineData("(def p (plan :program (do " + Registration + "))) p")]
    [InlineData("(def p '(plan :program (do " + Registration + "))) p")]
    public async Task A_literal_registration_tells_its_effects(string text)
    {
        await using var engine = Engine();
        Assert.Equal([new Requirement(new Effect("probe", "p"), "t:v1.0:in", CapabilityKind.Source)], engine.Requirements(engine.Load(text)));
    }

    [Fact]
    public async Task A_computed_registration_is_judged_when_the_run_comes_to_it()
    {
        await using var engine = Engine();
        var plan = engine.Load("""
            (defn open [path] (register-stream-capability :capability-id "t:v1.0:in" :type :source :provider {:kind :probe :path path}))
            """);
        Assert.Empty(engine.Requirements(plan));
    }

    [Fact]
    public async Task A_capability_of_the_host_needs_a_grant_by_its_id()
    {
        await using var engine = Engine();
        await engine.Marketplace.RegisterStreamingProviderAsync("t:v1.0:host", new Probe("inner"));
        var needs = engine.Requirements(engine.Load("(stream-source \"t:v1.0/host\")"));
        Assert.Equal([new Effect("capability", "t:v1.0:host"), new Effect("probe", "inner")], needs.Select(need => need.Effect));
    }

    [Fact]
    public async Task An_unknown_kind_is_told_with_the_nearest()
    {
        await using var engine = Engine();
        var plan = engine.Load("(register-stream-capability :capability-id \"t:v1.0:in\" :type :source :provider {:kind :prob})");
        Assert.Contains(":probe", Assert.Single(plan.Analysis.Diagnostics).Fix, StringComparison.Ordinal);
        Assert.Empty(engine.Requirements(plan));
    }

    [Fact]
    public async Task A_taken_id_is_refused_and_the_same_provider_again_is_not()
    {
        await using var engine = Engine();
        var probe = new Probe("p");
        await engine.Marketplace.RegisterStreamingProviderAsync("t:v1.0:host", probe);
        await engine.Marketplace.RegisterStreamingProviderAsync("t:v1.0:host", probe);
        Assert.Single(engine.Marketplace.Capabilities);
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            async () => await engine.Marketplace.RegisterStreamingProviderAsync("t:v1.0/host", new Probe("q")));
        Assert.StartsWith("t:v1.0:host is already registered with another provider.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_id_is_refused_with_the_form_of_an_id()
    {
        await using var engine = Engine();
        var refused = await Assert.ThrowsAsync<ArgumentException>(
            async () => await engine.Marketplace.RegisterStreamingProviderAsync("sensors", new Probe("p")));
        Assert.Contains("namespace.path:vMAJOR", refused.Message, StringComparison.Ordinal);
    }

    private static RtfsEngine Engine() => new(new RtfsEngineOptions { ProviderFactories = { new ProbeFactory() } });

    private sealed class ProbeFactory : IProviderFactory
    {
        public string Kind => "probe";

        public IStreamingProvider Create(CapabilityManifest manifest, string? baseDirectory) =>
            new Probe(manifest.Provider.GetOrNil(Keyword.Of("path")).As<string>()!);
    }

    private sealed class Probe(string target) : IStreamSourceProvider
    {
        public IReadOnlyList<Effect> Effects => [new Effect("probe", target)];

        public ValueTask<IStreamSource> OpenSourceAsync(OpenRequest request, CancellationToken cancellation) =>
            throw new InvalidOperationException("Asking for requirements must open nothing.");
    }
}
