// What may wait and what happens when it does: the analysis, operations that complete later, and places of errors.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Evaluation;

public sealed class WaitingTests
{
    private const string Call = "(call \"a:v1.0:b\" 1)";

    [Theory]
    [InlineData("(fn [x] (+ x 1))", false)]
    [InlineData("(fn [x] " + Call + ")", true)]
    [InlineData("(fn [x] (if x 1 [" + Call + "]))", true)]
    [InlineData("(fn [f] (f 1))", true)]
    [InlineData("(fn [f] f)", false)]
    [InlineData("(fn [xs] (map inc xs))", false)]
    [InlineData("(fn [xs] (map (fn [x] (* x 2)) xs))", false)]
    [InlineData("(fn [xs] (map (fn [x] " + Call + ") xs))", true)]
    [InlineData("(fn [f xs] (map f xs))", true)]
    [InlineData("(fn [m] (update m :a inc))", false)]
    [InlineData("(fn [f m] (update m :a f))", true)]
    [InlineData("(fn [xs] (reduce map xs))", true)]
    [InlineData("(fn [m] (:a m))", false)]
    [InlineData("(fn [ids] (map stream-source ids))", false)]
    [InlineData("(fn [ids] (map call ids))", true)]
    [InlineData("(defn f [n] (if (= n 0) 0 (f (- n 1)))) f", false)]
    [InlineData("(defn f [n] (g n)) (defn g [n] (h n)) (defn h [n] " + Call + ") f", true)]
    [InlineData("(defn f [n] (g n)) (defn g [n] (f n)) f", false)]
    [InlineData("(defn g [] 1) (def g inc) (defn f [n] (g n)) f", true)]
    [InlineData("(defn inc [x] " + Call + ") (fn [x] (inc x))", true)]
    [InlineData("(fn [x] (let [g (fn [y] (h y)) h (fn [y] y)] (g x)))", false)]
    [InlineData("(fn [x] (let [g (fn [y] (h y)) h (fn [y] " + Call + ")] (g x)))", true)]
    [InlineData("(fn [x] (fn [y] " + Call + "))", false)]
    [InlineData("(fn [x] ((fn [y] y) x))", false)]
    public void FunctionsKnowWhetherTheyMayWait(string text, bool waits) => Assert.Equal(waits, Evaluate.Function(text).MayBlock);

    [Theory]
    [InlineData("(+ 1 (call \"a:v1.0:b\" 1) 10)", "18")]
    [InlineData("(if (call \"a:v1.0:b\" 1) :yes :no)", ":yes")]
    [InlineData("(let [x 1 y (call \"a:v1.0:b\" x) z 3] [x y z])", "[1 7 3]")]
    [InlineData("(do (call \"a:v1.0:b\" 1) :after)", ":after")]
    [InlineData("(and 1 (call \"a:v1.0:b\" 1))", "7")]
    [InlineData("(or nil (call \"a:v1.0:b\" 1))", "7")]
    [InlineData("{:a (call \"a:v1.0:b\" 1) :b 2}", "{:a 7 :b 2}")]
    [InlineData("{\"k\" (call \"a:v1.0:b\" 1)}", "{\"k\" 7}")]
    [InlineData("[1 (call \"a:v1.0:b\" 1)]", "[1 7]")]
    [InlineData("(def x (call \"a:v1.0:b\" 1)) (+ x x)", "14")]
    [InlineData("(defn f [a b] (let [c (call \"a:v1.0:b\" a)] [a b c])) (f 1 2)", "[1 2 7]")]
    [InlineData("(defn f [{:keys [k]}] (call \"a:v1.0:b\" k)) (assoc {} :r (f {:k 1}))", "{:r 7}")]
    [InlineData("(map (fn [x] (+ x (call \"a:v1.0:b\" x))) [1])", "[8]")]
    [InlineData("(filter (fn [x] (= 7 (call \"a:v1.0:b\" x))) '(1))", "(1)")]
    [InlineData("(reduce (fn [a x] (+ a x (call \"a:v1.0:b\" x))) 0 [1])", "8")]
    [InlineData("(update {:n 1} :n (fn [x y] (+ x y (call \"a:v1.0:b\" x))) 2)", "{:n 10}")]
    [InlineData("(map call [\"a:v1.0:b\"])", "[7]")]
    [InlineData("(:a (call \"a:v1.0:b\" 1) 5)", "TypeError: :a looks up a key of a map, but argument 1 is the int 7")]
    [InlineData("(+ (call \"a:v1.0:b\" 1) nil)", "TypeError: + expects numbers, but argument 2 is nil")]
    public async Task GoesOnWhereItWaited(string text, string expected)
    {
        var operations = new RecordedOperations { Waits = true };
        var running = Evaluate.PrintedAsync(text, operations);
        Assert.False(running.IsCompleted);
        Assert.Equal(1, operations.Open);
        operations.Complete(Value.Int(7));
        Assert.Equal(expected, await running);
    }

    [Fact]
    public async Task WaitsInOrderAndKeepsItsSlots()
    {
        var operations = new RecordedOperations { Waits = true };
        var running = Evaluate.PrintedAsync("(defn f [x] (let [a (call \"a:v1.0:b\" x) b (call \"a:v1.0:b\" a)] [x a b])) (map f [1 2])", operations);
        for (var i = 10; i < 14; i++)
        {
            Assert.Equal(1, operations.Open);
            operations.Complete(Value.Int(i));
        }

        Assert.Equal("[[1 10 11] [2 12 13]]", await running);
        Assert.Equal(["1", "10", "2", "12"], operations.Calls.Select(static call => call.Arguments[1].ToString()));
    }

    [Fact]
    public void AFunctionThatWaitsCannotBeInvokedAtOnce()
    {
        var error = Assert.Throws<RtfsException>(() => Evaluate.Function("(fn [x] " + Call + ")").Invoke(Evaluate.Context(), Value.Nil));
        Assert.Equal("call waits for the host or for a stream, and cannot run where a value is needed at once", error.Message);
        Assert.Equal("<test>:1:9", error.Place!.ToString());
    }

    [Fact]
    public async Task AFunctionThatMayWaitRunsAtOnceWhereItDoesNot()
    {
        var f = Evaluate.Function("(fn [x] (if x 5 " + Call + "))");
        Assert.True(f.MayBlock);
        Assert.Equal("5", f.Invoke(Evaluate.Context(), Value.True).ToString());
        Assert.Equal("5", (await f.InvokeAsync(Evaluate.Context(), [Value.True])).ToString());
    }

    [Theory]
    [InlineData("(+ 1\n  (* 2 :a))", "<test>:2:3")]
    [InlineData("(let [x 1]\n (first x))", "<test>:2:2")]
    [InlineData("(defn f [x] (inc x))\n(f nil)", "<test>:1:13")]
    [InlineData("(defn f [x] x)\n(f 1 2)", "<test>:2:1")]
    [InlineData("(map (fn [x]\n (< x nil)) [1])", "<test>:2:2")]
    [InlineData("(assoc {}\n :a (nope 1))", "<test>:2:6")]
    [InlineData("(let [[a\n {:keys [b]}] [1 2]] a)", "<test>:2:2")]
    [InlineData("[1\n ((call \"a:v1.0:b\" 1) 2)]", "<test>:2:2")]
    public async Task ErrorsKnowTheirInnermostPlace(string text, string place)
    {
        var error = await Assert.ThrowsAsync<RtfsException>(() => Evaluate.ValueAsync(text));
        Assert.Equal(place, error.Place!.ToString());
    }

    [Fact]
    public async Task OperationsGetTheirOptionsAsAMap()
    {
        var operations = new RecordedOperations();
        await Evaluate.ValueAsync("(stream-source \"a:v1.0:b\" {:params {:n (+ 1 1)}})", operations);
        var call = Assert.Single(operations.Calls);
        Assert.Equal(("stream-source", "{:params {:n 2}}"), (call.Name, Value.Of(call.Options).ToString()));
        Assert.Equal("\"a:v1.0:b\"", Assert.Single(call.Arguments).ToString());
    }
}
