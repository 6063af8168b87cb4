// Functions that call functions give the same when those wait for the host, and refuse to wait where they cannot.

using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Library;

public sealed class WaitingTests
{
    // `call` of the recorded engine gives its last argument back.
    private const string Ask = "(fn [x] (call \"com.example:v1.0:same\" x))";

    [Theory]
    [InlineData("(map ASK [1 2])", "[1 2]")]
    [InlineData("(filter ASK [nil 1])", "[1]")]
    [InlineData("(reduce (fn [a x] (+ a (ASK x))) 0 [1 2])", "3")]
    [InlineData("(remove ASK [nil 1])", "[nil]")]
    [InlineData("(keep ASK [nil 1])", "[1]")]
    [InlineData("(map-indexed (fn [i x] (ASK [i x])) [:a])", "[[0 :a]]")]
    [InlineData("(keep-indexed (fn [i x] (ASK i)) [:a :b])", "[0 1]")]
    [InlineData("(mapcat (fn [x] (ASK [x x])) [1 2])", "[1 1 2 2]")]
    [InlineData("(partition-by ASK [1 1 2])", "[[1 1] [2]]")]
    [InlineData("(reductions (fn [a x] (+ a (ASK x))) [1 2 3])", "[1 3 6]")]
    [InlineData("(iterate (fn [x] (ASK (inc x))) 0 3)", "[0 1 2]")]
    [InlineData("(iterate-n (fn [x] (ASK (inc x))) 3 0)", "3")]
    [InlineData("(map-pairs (fn [a b] (ASK (+ a b))) [1 2] [3 4])", "[4 6]")]
    [InlineData("(every? ASK [1 nil])", "false")]
    [InlineData("(not-every? ASK [1 nil])", "true")]
    [InlineData("(any? ASK [nil])", "false")]
    [InlineData("(not-any? ASK [nil])", "true")]
    [InlineData("(some? ASK [nil 1])", "true")]
    [InlineData("(some ASK [nil 1])", "1")]
    [InlineData("(find-first ASK [nil 1])", "1")]
    [InlineData("(take-while ASK [1 nil 2])", "[1]")]
    [InlineData("(drop-while ASK [1 nil 2])", "[nil 2]")]
    [InlineData("(split-with ASK [1 nil 2])", "[[1] [nil 2]]")]
    [InlineData("(sort-by ASK [3 1 2])", "[1 2 3]")]
    [InlineData("(sort-by ASK (fn [a b] (ASK (> a b))) [3 1 2])", "[3 2 1]")]
    [InlineData("(sort-by - (fn [a b] (ASK (> a b))) [3 1 2])", "[1 2 3]")]
    [InlineData("(sort (fn [a b] (ASK (< a b))) [3 1 2])", "[1 2 3]")]
    [InlineData("(group-by ASK [1 2 1])", "{1 [1 1] 2 [2]}")]
    [InlineData("(index-by ASK [1 2])", "{1 1 2 2}")]
    [InlineData("(min-by ASK [2 1])", "1")]
    [InlineData("(max-by ASK [2 1])", "2")]
    [InlineData("(min-key ASK 2 1)", "1")]
    [InlineData("(max-key ASK 2 1)", "2")]
    [InlineData("(update {:n 1} :n ASK)", "{:n 1}")]
    [InlineData("(update-in {:a {:n 1}} [:a :n] (fn [x] (ASK (inc x))))", "{:a {:n 2}}")]
    [InlineData("(merge-with (fn [a b] (ASK (+ a b))) {:a 1} {:a 2})", "{:a 3}")]
    [InlineData("(reduce-kv (fn [s k v] (ASK (+ s v))) 0 {:a 1 :b 2})", "3")]
    [InlineData("(map-keys ASK {:a 1})", "{:a 1}")]
    [InlineData("(map-vals ASK {:a 1})", "{:a 1}")]
    [InlineData("(update-keys {:a 1} ASK)", "{:a 1}")]
    [InlineData("(update-vals {:a 1} ASK)", "{:a 1}")]
    [InlineData("(filter-vals ASK {:a 1 :b nil})", "{:a 1}")]
    [InlineData("(apply ASK [1])", "1")]
    [InlineData("((comp inc ASK) 1)", "2")]
    [InlineData("((partial ASK) 1)", "1")]
    [InlineData("((juxt inc ASK) 1)", "[2 1]")]
    [InlineData("((complement ASK) nil)", "true")]
    [InlineData("((every-pred ASK) 1 nil)", "false")]
    [InlineData("((some-fn ASK) nil 2)", "2")]
    [InlineData("((fnil ASK 0) nil)", "0")]
    [InlineData("(map (comp inc ASK) [1 2])", "[2 3]")]
    public async Task GivesTheSameAsOneThatDoesNot(string text, string expected)
    {
        Assert.Equal(expected, await Evaluate.PrintedAsync(text.Replace("ASK", Ask, StringComparison.Ordinal)));
        Assert.Equal(expected, await Evaluate.PrintedAsync(text.Replace("ASK", "(fn [x] x)", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task WaitsForEachAnswerInTurn()
    {
        var operations = new RecordedOperations { Waits = true };
        var running = Evaluate.Compile($"(sort-by {Ask} [:a :b])").RunAsync(Evaluate.Context(operations)).AsTask();
        Assert.Equal(1, operations.Open);
        operations.Complete(Value.Int(2));
        Assert.Equal(1, operations.Open);
        operations.Complete(Value.Int(1));
        Assert.Equal("[:b :a]", (await running).ToString());
    }
}
