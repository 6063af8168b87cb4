// Depth: of calls, of values, of expressions. Nothing that a program nests may end the process.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;
using Rtfs.Syntax.Text;
using Rtfs.Syntax.Tree;
using Xunit;

namespace Rtfs.Runtime.Tests.Evaluation;

// In turn with the other heavy tests: a collection of garbage walks every deep stack there is.
[Collection("heavy")]
public sealed class DepthTests
{
    private const int Deep = 100_000;

    [Fact]
    public async Task TenThousandNestedCallsWork() =>
        Assert.Equal("10000", await Evaluate.PrintedAsync("(defn depth [n] (if (= n 0) 0 (+ 1 (depth (- n 1))))) (depth 10000)"));

    [Fact]
    public async Task TenThousandNestedCallsThroughMapWork() => Assert.Equal(
        "10000",
        await Evaluate.PrintedAsync("(defn depth [n] (if (= n 0) 0 (+ 1 (first (map depth [(- n 1)]))))) (depth 10000)"));

    [Fact]
    public async Task TenThousandNestedWaitingCallsWork() => Assert.Equal(
        "10000",
        await Evaluate.PrintedAsync("(defn depth [n] (if (= n 0) (call \"a:v1.0:b\" 0) (+ 1 (depth (- n 1))))) (depth 10000)"));

    [Theory]
    [InlineData("(defn f [n] (+ 1 (f n))) (f 1)")]
    [InlineData("(defn f [n] (g n)) (defn g [n] (f n)) (f 1)")]
    [InlineData("(defn f [n] (first (map f [n]))) (f 1)")]
    [InlineData("(defn f [n] (+ 1 (f (call \"a:v1.0:b\" n)))) (f 1)")]
    public async Task UnboundedRecursionIsAnError(string text)
    {
        var error = await Assert.ThrowsAsync<LimitException>(() => Evaluate.ValueAsync(text));
        Assert.Equal(("RTFS9011", "StackOverflow"), (error.Code, error.Kind));
        Assert.NotNull(error.Place);
    }

    [Fact]
    public async Task AContextIsAsBeforeAfterAnError()
    {
        var context = Evaluate.Context();
        var f = Evaluate.Function("(fn [x] (+ x 1))");
        await Assert.ThrowsAsync<LimitException>(async () => await Evaluate.Compile("(defn f [n] (+ 1 (f n))) (f 1)").RunAsync(context));
        Assert.Throws<RtfsException>(() => f.Invoke(context, Value.Nil));
        Assert.Equal((0, 0, 0), (context.Base, context.Top, context.Depth));
        Assert.Equal("2", f.Invoke(context, Value.Int(1)).ToString());
    }

    [Fact]
    public void DeepValuesCompareHashAndPrint()
    {
        foreach (var nest in Nestings)
        {
            Value a = Value.Int(1), b = Value.Int(1), other = Value.Int(2);
            for (var i = 0; i < Deep; i++)
            {
                (a, b, other) = (nest(a), nest(b), nest(other));
            }

            Assert.True(a.Equals(b));
            Assert.False(a.Equals(other));
            Assert.Equal(a.GetHashCode(), b.GetHashCode());
            Assert.True(ValuePrinter.Print(a).Length > 2 * Deep);
        }
    }

    [Fact]
    public async Task DeepExpressionsCompileAndRun()
    {
        var span = Span.Of(0, 0);
        var core = Core.NewQuote(Forms.Int(0), span);
        for (var i = 0; i < Deep; i++)
        {
            core = Core.NewCall(Core.NewGlobal("inc", span), [core], span);
        }

        var source = new SourceText("<deep>", "");
        var program = new CoreProgram(source, [new CoreForm(source, 0, core)]);
        Assert.Equal(Value.Int(Deep), await CompiledProgram.Compile(program).RunAsync(Evaluate.Context()));
    }

    [Theory]
    [InlineData("(defn f [n] (if (= n 0) 0 (f (- n 0)))) (map f (range 1000))")]
    [InlineData("(reduce + (map inc (range 100000)))")]
    public async Task ACancelledProgramStops(string text)
    {
        var program = Evaluate.Compile(text);
        using var cancellation = new CancellationTokenSource();
        var context = Evaluate.Context(new Cancelling(cancellation), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await program.RunAsync(context));
    }

    [Fact]
    public async Task ACancelledLoopStopsInside()
    {
        // The first log line cancels; the loop would go on for a hundred thousand more.
        var program = Evaluate.Compile("(println \"start\") (reduce (fn [a b] (+ a b)) (range 100000))");
        using var cancellation = new CancellationTokenSource();
        var context = Evaluate.Context(new Cancelling(cancellation), cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await program.RunAsync(context));
    }

    private static Func<Value, Value>[] Nestings =>
    [
        static inner => Value.Of(VectorValue.From(inner)),
        static inner => Value.Of(ListValue.From(inner)),
        static inner => Value.Of(MapValue.Empty.Assoc(Value.Of(Keyword.Of("k")), inner)),
        static inner => Value.Of(MapValue.Empty.Assoc(Value.String("k"), inner)),
    ];

    private sealed class Cancelling(CancellationTokenSource cancellation) : IOperations
    {
        public Value Apply(OperationCall call, EvaluationContext context)
        {
            cancellation.Cancel();
            return Value.Nil;
        }

        public ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context) => new(Apply(call, context));
    }
}
