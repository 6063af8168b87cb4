// Size and depth: what is large is handled in one pass, what is deep or endless is an error or fine, never a crash.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Library;

public sealed class LargeInputTests
{
    [Theory]
    [InlineData("(nth (sort > (range 100000)) 0)", "99999")]
    [InlineData("(count (distinct (concat (range 100000) (range 100000))))", "100000")]
    [InlineData("(count (frequencies (range 100000)))", "100000")]
    [InlineData("(count (partition 3 (range 100000)))", "33334")]
    [InlineData("(count (group-by (fn [x] (mod x 10)) (range 100000)))", "10")]
    [InlineData("(count (join \",\" (range 100000)))", "588889")]
    [InlineData("(count (flatten (repeat 1000 (range 100))))", "100000")]
    [InlineData("(count (parse-json (serialize-json (range 100000))))", "100000")]
    [InlineData("(count (into {} (map (fn [x] [x x]) (range 100000))))", "100000")]
    [InlineData("(count (interleave (range 50000) (range 50000)))", "100000")]
    [InlineData("(last (reductions + (range 100000)))", "4999950000")]
    [InlineData("((reduce comp (repeat 100000 inc)) 0)", "100000")]
    [InlineData("((reduce (fn [f _] (partial f)) identity (range 100000)) 7)", "7")]
    [InlineData("(flatten (reduce (fn [v _] [v]) 1 (range 100000)))", "[1]")]
    [InlineData("(= 0 (compare (reduce (fn [v _] [v]) 1 (range 10000)) (reduce (fn [v _] [v]) 1 (range 10000))))", "true")]
    [InlineData("(serialize-json (reduce (fn [v _] [v]) 1 (range 10000)))", "JsonError: serialize-json: the value is nested more than 512 deep")]
    [InlineData("(count (serialize-json (reduce (fn [v _] [v]) 1 (range 512))))", "1025")]
    [InlineData("(get-in (assoc-in {} (range 10000) :deep) (range 10000))", ":deep")]
    public async Task IsHandled(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Theory]
    [InlineData("(reduce (fn [s _] (replace s \"a\" (repeat-string \"a\" 40000))) \"a\" (range 2))", "replace", 1600000000)]
    public async Task RefusesTextThatIsTooLong(string text, string operation, long length) => Assert.Equal(
        $"InvalidArgument: {operation} would make a text of {length} characters, which is more than 1073741791", await Evaluate.PrintedAsync(text));

    [Fact]
    public async Task RefusesJsonThatIsTooDeep() => Assert.StartsWith(
        "JsonError: parse-json:", await Evaluate.PrintedAsync("(parse-json (repeat-string \"[\" 100000))"));

    [Theory]
    [InlineData("(repeat 2000000000 1)")]
    [InlineData("(iterate inc 0 2000000000)")]
    [InlineData("(numbers 1 2000000000)")]
    [InlineData("(iterate-n inc 2000000000 0)")]
    [InlineData("(reduce (fn [s _] (str s s)) \"a\" (range 25))")]
    [InlineData("(join (repeat-string \"a\" 1000) (range 100000))")]
    [InlineData("(replace (repeat-string \"a\" 3000) \"a\" (repeat-string \"b\" 3000))")]
    [InlineData("(re-replace \"a\" (repeat-string \"a\" 3000) (repeat-string \"$0\" 3000))")]
    public async Task StopsWhenTheRunIsCancelled(string text)
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Evaluate.Compile(text).RunAsync(Evaluate.Context(cancellation: cancelled.Token)));
    }

    [Fact]
    public async Task EndsAPatternThatTakesTooLong()
    {
        // A back reference keeps this one from being matched in linear time.
        var text = "(re-matches \"^(a+)+\\\\1b$\" (repeat-string \"a\" 5000))";
        var error = await Assert.ThrowsAsync<RtfsException>(async () => await Evaluate.ValueAsync(text));
        Assert.Equal(("RTFS9024", "Timeout"), (error.Code, error.Kind));
        Assert.Equal(Value.False, await Evaluate.ValueAsync("(re-matches \"^(a+)+b$\" (repeat-string \"a\" 5000))"));
    }
}
