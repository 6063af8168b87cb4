// Steps, memory, time and depth: counted the same on every run, stopped by code, and beyond the reach of try.

using Microsoft.Extensions.Time.Testing;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Evaluation;

public sealed class LimitTests
{
    private const string Work =
        "(defn f [n] (if (= n 0) 0 (+ 1 (f (dec n))))) "
        + "(let [xs (map (fn [x] (* x x)) (range 50))] [(f 30) (reduce + xs) (loop [i 0] (if (< i 40) (recur (inc i)) i)) (for [x [1 2 3]] x)])";

    [Fact]
    public async Task AThousandRunsTakeTheSameSteps()
    {
        var counts = new HashSet<long>();
        for (var i = 0; i < 1000; i++)
        {
            counts.Add((await RunAsync(Work, EvaluationLimits.Standard)).Steps);
        }

        Assert.True(Assert.Single(counts) > 200);
    }

    [Fact]
    public async Task SoManyStepsAreEnoughAndOneLessIsNot()
    {
        var (_, steps) = await RunAsync(Work, EvaluationLimits.Standard);
        Assert.Equal(steps, (await RunAsync(Work, new EvaluationLimits { MaxSteps = steps })).Steps);
        Assert.Equal("RTFS9040", await CodeAsync(Work, new EvaluationLimits { MaxSteps = steps - 1 }));
    }

    [Theory]
    [InlineData("(loop [i 0] (recur (inc i)))")]
    [InlineData("((fn [i] (recur (inc i))) 0)")]
    [InlineData("(step-loop true 1)")]
    [InlineData("(reduce (fn [a b] a) 0 (range 100000))")]
    [InlineData("(try (loop [] (recur)) (catch e :caught))")]
    [InlineData("(try (loop [] (recur)) (catch StepLimit e :caught))")]
    [InlineData("(try (loop [] (recur)) (finally (throw \"other\")))")]
    [InlineData("(try (try (loop [] (recur)) (finally (loop [] (recur)))) (catch e :caught))")]
    [InlineData("(loop [] (try (loop [] (recur)) (catch e nil) (finally 1)) 1)")]
    public async Task NothingGoesOnBeyondTheSteps(string text) =>
        Assert.Equal("RTFS9040", await CodeAsync(text, new EvaluationLimits { MaxSteps = 10_000 }));

    [Theory]
    [InlineData("(loop [s \"ab\"] (recur (str s s)))")]
    [InlineData("(loop [v [1 2]] (recur (concat v v)))")]
    [InlineData("(loop [v []] (recur (conj v 1)))")]
    [InlineData("(loop [m {} i 0] (recur (assoc m i i) (inc i)))")]
    [InlineData("(range 1000000000)")]
    [InlineData("(loop [v nil] (recur [v v]))")]
    [InlineData("(loop [v nil] (recur {:a v}))")]
    [InlineData("(loop [v nil] (recur (fn [] v)))")]
    [InlineData("(try (loop [v [1]] (recur (into v v))) (catch e :caught))")]
    public async Task NothingGoesOnBeyondTheMemory(string text) =>
        Assert.Equal("RTFS9041", await CodeAsync(text, new EvaluationLimits { MaxMemory = 10_000_000 }));

    [Fact]
    public async Task NothingGoesOnBeyondTheTime()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var context = new EvaluationContext(new RecordedOperations(), time, EvaluationLimits.Standard, CancellationToken.None);
        var error = await Assert.ThrowsAsync<LimitException>(
            async () => await Evaluate.Compile("(try (loop [] (recur)) (catch e :caught))").RunAsync(context));
        Assert.Equal(("RTFS9042", "TimeLimit"), (error.Code, error.Kind));
    }

    [Theory]
    [InlineData("(defn down [n] (inc (down n))) (try (down 0) (catch StackOverflow e :caught))")]
    [InlineData("(defn a [n] (inc (b n))) (defn b [n] (inc (a n))) (a 0)")]
    [InlineData("(defn a [xs] (map (fn [x] (a [x])) xs)) (a [1])")]
    public async Task NothingGoesOnBeyondTheDepth(string text) =>
        Assert.Equal("RTFS9011", await CodeAsync(text, new EvaluationLimits { MaxDepth = 5_000 }));

    [Fact]
    public async Task TheDepthIsTheCallersToSet()
    {
        const string text = "(defn down [n] (if (= n 0) :done (down (dec n)))) (down 99)";
        Assert.Equal(":done", (await RunAsync(text, new EvaluationLimits { MaxDepth = 101 })).Value.ToString());
        Assert.Equal("RTFS9011", await CodeAsync(text, new EvaluationLimits { MaxDepth = 100 }));
    }

    [Fact]
    public async Task AFinallyRunsAfterALimitAndAfterCancellation()
    {
        var operations = new RecordedOperations();
        var limited = new EvaluationContext(
            operations, new FakeTimeProvider(), new EvaluationLimits { MaxSteps = 1_000 }, CancellationToken.None);
        await Assert.ThrowsAsync<LimitException>(async () =>
            await Evaluate.Compile("(try (loop [] (recur)) (finally (log-info (reduce + (range 100)))))").RunAsync(limited));
        var said = Assert.Single(operations.Calls);
        Assert.Equal("4950", said.Arguments[^1].As<string>());

        using var cancelled = new CancellationTokenSource();
        var stopping = new StopOnLog(cancelled);
        var context = new EvaluationContext(stopping, new FakeTimeProvider(), cancelled.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await Evaluate.Compile("(try (do (log-info \"go\") (loop [] (recur))) (catch e (log-info \"caught\")) (finally (log-info \"end\")))").RunAsync(context));
        Assert.Equal(["go", "end"], stopping.Said);
    }

    [Fact]
    public async Task FlowsOfARunShareItsSteps()
    {
        var operations = new RecordedOperations { Waits = true };
        var context = new EvaluationContext(operations, new FakeTimeProvider(), new EvaluationLimits { MaxSteps = 10_000 }, CancellationToken.None);
        var running = Evaluate.Compile("(parallel [a (do (call :a.b) (loop [i 0] (if (< i 6000) (recur (inc i)) i)))] [b (do (call :a.b) (loop [i 0] (if (< i 6000) (recur (inc i)) i)))])")
            .RunAsync(context);
        operations.Complete(Value.Nil);
        operations.Complete(Value.Nil);
        var error = await Assert.ThrowsAsync<LimitException>(async () => await running);
        Assert.Equal("RTFS9040", error.Code);
    }

    private static async Task<(Value Value, long Steps)> RunAsync(string text, EvaluationLimits limits)
    {
        var context = new EvaluationContext(new RecordedOperations(), new FakeTimeProvider(), limits, CancellationToken.None);
        var value = await Evaluate.Compile(text).RunAsync(context);
        return (value, context.StepsUsed);
    }

    private static async Task<string> CodeAsync(string text, EvaluationLimits limits) =>
        (await Assert.ThrowsAsync<LimitException>(async () => await RunAsync(text, limits))).Code;

    private sealed class StopOnLog(CancellationTokenSource run) : IOperations
    {
        public List<string> Said { get; } = [];

        public Value Apply(OperationCall call, EvaluationContext context)
        {
            Said.Add(call.Arguments[^1].As<string>()!);
            run.Cancel();
            return Value.Nil;
        }

        public ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context) => new(Apply(call, context));
    }
}
