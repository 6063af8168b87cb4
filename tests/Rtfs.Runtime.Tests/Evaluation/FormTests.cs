// Forms beyond the functional core: match, loops, try, annotations, structs, steps, parallel branches, resources.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Evaluation;

public sealed class FormTests
{
    [Theory]
    [InlineData("(match {:a 1 :b 2} {:a a & r} [a r])", "[1 {:b 2}]")]
    [InlineData("(match '(1 2 3) [a & r] [a r])", "[1 [2 3]]")]
    [InlineData("(match [1 [2 3]] (:as all [a [b c]]) [all a b c])", "[[1 [2 3]] 1 2 3]")]
    [InlineData("(match 5 Int :int _ :other)", ":int")]
    [InlineData("(match [1 \"a\"] [:vector Int] :ints _ :other)", ":other")]
    [InlineData("(match 7 n when (> n 10) :big n when (> n 5) :mid _ :small)", ":mid")]
    [InlineData("(map (fn [x] (match x nil :nil true :yes [] :empty {} :map _ :other)) [nil true [] {} 1])", "[:nil :yes :empty :map :other]")]
    [InlineData("(match [1 2 3] [a b] a)", "MatchError: no clause of match takes a vector of 3 items; add a clause for it, or `_` for everything else")]
    [InlineData("(if (match 1 1 (< 1 2)) :in :out)", ":in")]
    public async Task Matches(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Theory]
    [InlineData("(loop [i 0 acc []] (if (< i 3) (recur (inc i) (conj acc i)) acc))", "[0 1 2]")]
    [InlineData("(loop [a 1 b 2 n 0] (if (< n 3) (recur b a (inc n)) [a b]))", "[2 1]")]
    [InlineData("(loop [[a b] [0 1] n 0] (if (< n 10) (recur [b (+ a b)] (inc n)) a))", "55")]
    [InlineData("(loop [i 0] (if (< i 1000000) (recur (inc i)) i))", "1000000")]
    [InlineData("((fn [n acc] (if (= n 0) acc (recur (dec n) (+ acc n)))) 1000000 0)", "500000500000")]
    [InlineData("((fn [n & more] (if (= n 0) more (recur (dec n) (conj more n)))) 2)", "(1 2)")]
    [InlineData("(filter (fn [n] (if (> n 2) (recur (- n 2)) (= n 2))) [1 2 3 4])", "[2 4]")]
    [InlineData("(map (fn [f] (f)) (loop [i 0 fs []] (if (< i 3) (recur (inc i) (conj fs (fn [] i))) fs)))", "[0 1 2]")]
    [InlineData("(loop [i 0] (loop [j 0] (when (< j 3) (recur (inc j)))) (if (< i 2) (recur (inc i)) i))", "2")]
    [InlineData("(loop [i 0] (match i 5 :done _ (recur (inc i))))", ":done")]
    [InlineData("(for [x [1 2] y [:a :b]] [x y])", "[[1 :a] [1 :b] [2 :a] [2 :b]]")]
    [InlineData("(for [x [1 2 3] y (range x)] y)", "[0 0 1 0 1 2]")]
    [InlineData("(for [x []] x)", "[]")]
    [InlineData("(for [x 5] x)", "TypeError: for goes over vectors, lists and strings, but found the int 5")]
    public async Task Loops(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Theory]
    [InlineData("(try (/ 1 0) (catch TypeError e :type) (catch :division-by-zero e :zero))", ":zero")]
    [InlineData("(try (throw (ex-info \"m\" {:kind :network-error :n 1})) (catch :io-error e 1) (catch :network-error e (:n (ex-data e))))", "1")]
    [InlineData("(try (/ 1 0) (catch e (str e)))", "\"#<error: Division by zero>\"")]
    [InlineData("(let [e (try (/ 1 0) (catch e e))] (try (throw e) (catch DivisionByZero x (= x e))))", "true")]
    [InlineData("(try (try (throw \"a\") (finally (throw \"b\"))) (catch e (ex-message e)))", "\"b\"")]
    [InlineData("(try (throw [1 2]) (catch e [(ex-message e) (ex-data e)]))", "[\"[1 2]\" [1 2]]")]
    [InlineData("(throw {:message \"late\" :code 5})", "Generic: late")]
    public async Task Errors(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Theory]
    [InlineData("((fn [x : int] x) \"5\")", "TypeValidationError: parameter x of fn: expected an int, but found the string \"5\"")]
    [InlineData("((fn [a & more : int] more) 1 2 :b)", "TypeValidationError: parameter more of fn at 1: expected an int, but found the keyword :b")]
    [InlineData("(defn f [x] : string x) (f 1)", "TypeValidationError: the result of f: expected a string, but found the int 1")]
    [InlineData("(let [x : [:map [:reading [:map [:value float]]]] {:reading {:value \"high\"}}] x)",
        "TypeValidationError: let x at :reading :value: expected a float, but found the string \"high\"")]
    [InlineData("(def x : int :a)", "TypeValidationError: def x: expected an int, but found the keyword :a")]
    [InlineData("(let [x : [:map [:a int]] {}] x)", "TypeValidationError: let x at :a: expected an int, but found no such key")]
    [InlineData("(let [x : [:and int [:>= 3]] 2] x)", "TypeValidationError: let x: expected a value of at least 3, but found the int 2")]
    [InlineData("(let [x : Unheard 2] x)", "TypeValidationError: let x: expected Unheard, a type that nothing defines, but found the int 2")]
    [InlineData("((fn [n : int] (if (= n 0) :done (recur (if (= n 1) \"0\" (dec n))))) 3)",
        "TypeValidationError: parameter n of fn: expected an int, but found the string \"0\"")]
    [InlineData("(defstruct Point :x int :y int) (Point {:x 1 :y 2})", "{:x 1 :y 2}")]
    [InlineData("(defstruct Point :x int) (Point {:x \"1\"})", "TypeValidationError: Point at :x: expected an int, but found the string \"1\"")]
    [InlineData("(defstruct Tree :left Tree? :n int) (Tree {:left {:left nil :n :a} :n 1})",
        "TypeValidationError: Tree at :left :n: expected an int, but found the keyword :a")]
    [InlineData("(let [x : [:and string [:matches-regex \"^(a+)+$\"]] \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"] x)",
        "TypeValidationError: let x: expected a string that matches \"^(a+)+$\", but found that the search takes longer than 1 s")]
    public async Task Annotations(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Fact]
    public async Task StepsAreTold()
    {
        var operations = new RecordedOperations();
        Assert.Equal("3", await Evaluate.PrintedAsync("(step \"outer\" {:note 1} (step-if true (+ 1 2) 4))", operations));
        Assert.Equal(
            [
                "[:started :step \"outer\"] {:note 1}", "[:started :step-if nil] {}", "[:completed :step-if nil] {}",
                "[:completed :step \"outer\"] {:note 1}",
            ],
            operations.Calls.Select(static call => $"{Value.Of(VectorValue.Own(call.Arguments))} {Value.Of(call.Options)}"));
    }

    [Fact]
    public async Task AFailedStepIsToldOnce()
    {
        var operations = new RecordedOperations();
        await Evaluate.PrintedAsync("(step \"bad\" (/ 1 0))", operations);
        Assert.Equal([":started", ":failed"], operations.Calls.Select(static call => call.Arguments[0].ToString()));
    }

    [Fact]
    public async Task HostCallsInsideOfHintsSeeThem()
    {
        var operations = new HintRecorder();
        await Evaluate.ValueAsync("(call :a.b) ^{:runtime.retries 3} (do (call :a.b) ^{:runtime.timeout 5} (call :a.b)) (call :a.b)", operations);
        Assert.Equal(["{}", "{:runtime.retries 3}", "{:runtime.retries 3 :runtime.timeout 5}", "{}"], operations.Seen);
    }

    [Fact]
    public async Task BranchesOfParallelWaitSideBySide()
    {
        var operations = new RecordedOperations { Waits = true };
        var running = Evaluate.ValueAsync("(let [k 10] (parallel [a (+ k (call :a.b))] [b (+ k (call :a.b))]))", operations);
        Assert.Equal(2, operations.Open);
        operations.Complete(Value.Int(1));
        operations.Complete(Value.Int(2));
        Assert.Equal("[11 12]", (await running).ToString());
    }

    [Theory]
    [InlineData("(loop [i 0 acc []] (if (< i 2) (recur (inc i) (conj acc (call :a.b i))) acc))", "[0 1]")]
    [InlineData("(for [x [1 2] y [3 4]] (+ x (call :a.b y)))", "[4 5 5 6]")]
    [InlineData("(match (call :a.b 2) 1 :one n when (= 2 (call :a.b n)) :two)", ":two")]
    [InlineData("(try (/ (call :a.b 1) 0) (catch DivisionByZero e (call :a.b :zero)) (finally (call :a.b :end)))", ":zero")]
    [InlineData("((fn [n : int] : int (if (= n 0) (call :a.b 0) (recur (dec n)))) 3)", "0")]
    [InlineData("(with-resource [r Handle (call :a.b 5)] (+ r 1))", "6")]
    [InlineData("(step-loop false (call :a.b 1))", "nil")]
    public async Task FormsThatWaitGiveTheSame(string text, string expected)
    {
        var operations = new RecordedOperations { Waits = true };
        var running = Evaluate.PrintedAsync(text, operations);
        while (operations.Open > 0)
        {
            operations.Complete(operations.Calls[^1].Arguments[^1]);
        }

        Assert.Equal(expected, await running);
    }

    [Theory]
    [InlineData("(with-resource [r Handle (context :handle)] [r])", "[:handle]")]
    [InlineData("(with-resource [r Handle (context :handle)] (/ 1 0))", "DivisionByZero: Division by zero")]
    public async Task AResourceIsReleasedWhenItsBodyIsLeft(string text, string expected)
    {
        var operations = new HintRecorder();
        Assert.Equal(expected, await Evaluate.PrintedAsync(text.Replace("(context :handle)", "(call :a.b :handle)"), operations));
        Assert.Equal([":handle"], operations.Released);
    }

    private sealed class HintRecorder : IOperations
    {
        public List<string> Seen { get; } = [];

        public List<string> Released { get; } = [];

        public Value Apply(OperationCall call, EvaluationContext context)
        {
            Seen.Add(Value.Of(context.Hints).ToString());
            return call.Arguments[^1];
        }

        public ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context) => new(Apply(call, context));

        public ValueTask ReleaseAsync(Value resource, bool failed, EvaluationContext context)
        {
            Released.Add(resource.ToString());
            return ValueTask.CompletedTask;
        }
    }
}
