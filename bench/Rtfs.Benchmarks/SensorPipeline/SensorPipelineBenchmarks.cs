// The reference work under BenchmarkDotNet: absolute figures with their spread and their allocation.

using BenchmarkDotNet.Attributes;

namespace Rtfs.Benchmarks.SensorPipeline;

[MemoryDiagnoser]
public class SensorPipelineBenchmarks
{
    [Params(5_000_000)]
    public int Items { get; set; }

    [Benchmark(Baseline = true)]
    public Task<double> Idiomatic_channels() => IdiomaticChannels.RunAsync(Items);

    [Benchmark]
    public double Fused_loop() => FusedLoop.Run(Items);

    [Benchmark]
    public Task<double> Rtfs_plan() => SensorPlan.RunAsync(Items);
}
