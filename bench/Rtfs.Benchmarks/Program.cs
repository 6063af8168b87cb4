// `goals` measures the figures that the project aims at, `goals evaluation` those of the interpreter alone, `goals checking`
// those of the checker, `goals flows` those of flows beside each other; everything else goes to BenchmarkDotNet.

using BenchmarkDotNet.Running;
using Rtfs.Benchmarks.Checking;
using Rtfs.Benchmarks.Evaluation;
using Rtfs.Benchmarks.Flows;
using Rtfs.Benchmarks.Goals;
using Rtfs.Benchmarks.SensorPipeline;

if (args is not ["goals", ..])
{
    BenchmarkSwitcher.FromAssembly(typeof(SensorPipelineBenchmarks).Assembly).Run(args);
    return 0;
}

if (args is [_, "evaluation", ..])
{
    await CompareEvaluationAsync(args.Length > 2 ? int.Parse(args[2]) : 5);
    return 0;
}

if (args is [_, "checking", ..])
{
    await CheckingGoals.MeasureAsync(args.Length > 2 ? int.Parse(args[2]) : 5, Console.Error);
    return 0;
}

if (args is [_, "flows", ..])
{
    await FlowGoals.MeasureAsync(5_000_000, args.Length > 2 ? int.Parse(args[2]) : 5, Console.Error);
    return 0;
}

var items = args.Length > 1 ? int.Parse(args[1]) : 5_000_000;
var rounds = args.Length > 2 ? int.Parse(args[2]) : 5;

var contest = new Contest(rounds);
contest.Add("idiomatic-channels", () => IdiomaticChannels.RunAsync(items));
contest.Add("fused-loop", () => Task.FromResult(FusedLoop.Run(items)));
contest.Add("rtfs-plan", () => SensorPlan.RunAsync(items));
contest.Add("rtfs-plan-validated", () => SensorPlan.RunAsync(items, validated: true));
await Console.Error.WriteLineAsync($"Sensor pipeline, {items:N0} items, {rounds} rounds after one to warm up");
await contest.RunAsync(Console.Error);

var plan = contest.Seconds("rtfs-plan");
Goal[] goals =
[
    new("throughput-vs-idiomatic-channels", contest.Seconds("idiomatic-channels") / plan, 3, 6, "times"),
    new("throughput-vs-fused-loop", contest.Seconds("fused-loop") / plan, 1, 1.5, "times"),
    new("validated-vs-not-validated", plan / contest.Seconds("rtfs-plan-validated"), 0.5, 0.8, "times"),
    new("allocation", contest.Bytes("rtfs-plan") / items, 110, 110, "bytes an item", LowerIsBetter: true),
];
foreach (var goal in goals)
{
    Console.WriteLine(goal);
}

await CompareEvaluationAsync(rounds);
await CheckingGoals.MeasureAsync(rounds, Console.Error);
await FlowGoals.MeasureAsync(items, rounds, Console.Error);
return 0;

static async Task CompareEvaluationAsync(int rounds)
{
    foreach (var work in EvaluationWork.All)
    {
        // Short rounds: it takes several until the code of both is optimised.
        var contest = new Contest(rounds, warmUps: 5);
        contest.Add("jint", work.InJint());
        contest.Add("rtfs", work.InRtfs());
        await Console.Error.WriteLineAsync($"Evaluation of {work.Name}, {rounds} rounds after five to warm up");
        await contest.RunAsync(Console.Error);
        Console.WriteLine(new Goal($"{work.Name}-vs-jint", contest.Seconds("jint") / contest.Seconds("rtfs"), 3, 3, "times"));
    }
}
