// The edges of the wider library, area by area: what the examples of the functions leave out.

using Microsoft.Extensions.Time.Testing;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Tests.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Library;

public sealed class EdgeTests
{
    [Theory]
    [InlineData("(quot -9223372036854775808 -1)", "ArithmeticError: quot: the result does not fit a 64-bit integer; write one operand as a float (1.0) to compute in floats")]
    [InlineData("(rem -9223372036854775808 -1)", "0")]
    [InlineData("(factorial 20)", "2432902008176640000")]
    [InlineData("(factorial 5.0)", "TypeError: factorial expects an int, but argument 1 is the float 5.0")]
    [InlineData("(signum ##NaN)", "##NaN")]
    [InlineData("(clamp ##NaN 0 1)", "##NaN")]
    [InlineData("(clamp 5 0 2.5)", "2.5")]
    [InlineData("(bit-shift-right -8 1)", "-4")]
    [InlineData("(bit-and 15 7 3)", "3")]
    [InlineData("(sum [1 2.5])", "3.5")]
    [InlineData("(sum [9223372036854775807 1])", "ArithmeticError: +: the result does not fit a 64-bit integer; write one operand as a float (1.0) to compute in floats")]
    [InlineData("(median [1 2.5 10])", "2.5")]
    [InlineData("(compare ##NaN -1.0)", "-1")]
    [InlineData("(compare 9007199254740993 9007199254740992.0)", "1")]
    [InlineData("(compare [2] [1 1])", "-1")]
    [InlineData("(compare false true)", "-1")]
    [InlineData("(sort [nil 2 nil 1])", "[nil nil 1 2]")]
    [InlineData("(sort [:b :a])", "[:a :b]")]
    [InlineData("(sort '(2 1))", "(1 2)")]
    [InlineData("(sort \"cab\")", "[\"a\" \"b\" \"c\"]")]
    [InlineData("(sort (fn [a b] (- b a)) [1 3 2])", "[3 2 1]")]
    [InlineData("(sort (fn [a b] :x) [1 2])", "TypeError: sort expects fn to give a bool or a number for two items, but it gave the keyword :x")]
    [InlineData("(sort-by first [[2 :a] [1 :b] [2 :c] [1 :d]])", "[[1 :b] [1 :d] [2 :a] [2 :c]]")]
    [InlineData("(sort [{} {}])", "TypeError: sort expects values of one kind that has an order, but got a map of 0 keys and a map of 0 keys")]
    [InlineData("(sort [])", "[]")]
    public async Task Numbers(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Theory]
    [InlineData("(parse-int \"9223372036854775808\")", "nil")]
    [InlineData("(parse-int \"-7\")", "-7")]
    [InlineData("(parse-int \"1,000\")", "nil")]
    [InlineData("(parse-int 1.0e300)", "ArithmeticError: parse-int: the result does not fit a 64-bit integer; write one operand as a float (1.0) to compute in floats")]
    [InlineData("(parse-float \" 1e3 \")", "1000.0")]
    [InlineData("(int \"4.9\")", "0")]
    [InlineData("(int false)", "0")]
    [InlineData("(float nil)", "0.0")]
    [InlineData("(map type-name [1 1.0 \"a\" true nil :a 'a [] '() {} inc])", "[\"integer\" \"float\" \"string\" \"boolean\" \"nil\" \"keyword\" \"symbol\" \"vector\" \"list\" \"map\" \"function\"]")]
    [InlineData("(keyword \"\")", "InvalidArgument: keyword expects a name that can be written, but got \"\"")]
    [InlineData("(name '/)", "\"/\"")]
    [InlineData("(substring \"a😀b\" 1 2)", "\"😀\"")]
    [InlineData("(string-length \"a😀b\")", "3")]
    [InlineData("(substring \"abc\" 3)", "\"\"")]
    [InlineData("(substring \"abc\" -1)", "IndexOutOfBounds: substring: index -1 is out of bounds for length 3")]
    [InlineData("(substring \"abc\" 4)", "IndexOutOfBounds: substring: index 4 is out of bounds for length 3")]
    [InlineData("(char-at \"a😀b\" 2)", "\"b\"")]
    [InlineData("(reverse-string \"a😀b\")", "\"b😀a\"")]
    [InlineData("(index-of \"a😀b\" \"b\")", "2")]
    [InlineData("(index-of \"abc\" \"a\" 9)", "IndexOutOfBounds: index-of: index 9 is out of bounds for length 3")]
    [InlineData("(last-index-of \"\" \"a\")", "nil")]
    [InlineData("(split \"\" \",\")", "[\"\"]")]
    [InlineData("(split \"a\" \",\" 0)", "InvalidArgument: split expects an int of 1 or more as argument 3, but got 0")]
    [InlineData("(split-lines \"a\\r\\n\\nb\")", "[\"a\" \"\" \"b\"]")]
    [InlineData("(join \"-\" [1.0 nil :a \"b\" [\"c\"]])", "\"1-nil-:a-b-[\\\"c\\\"]\"")]
    [InlineData("(join \"-\" [])", "\"\"")]
    [InlineData("(capitalize \"\")", "\"\"")]
    [InlineData("(pad-left 7 3 \"0\")", "\"007\"")]
    [InlineData("(repeat-string \"ab\" 2000000000)", "InvalidArgument: repeat-string would make a text of 4000000000 characters, which is more than 1073741791")]
    [InlineData("(format \"%5.1f|%-5d|%+d|%e|%b|%.2s\" 2.25 7 7 12345.678 nil \"abc\")", "\"  2.3|7    |+7|1.234568e+04|false|ab\"")]
    [InlineData("(format \"%.2f %.0f\" 2.675 0.5)", "\"2.68 1\"")]
    [InlineData("(format \"%05d|%x\" -42 -1)", "\"-0042|ffffffffffffffff\"")]
    [InlineData("(format \"%f\" ##Inf)", "\"##Inf\"")]
    [InlineData("(format \"%99999d\" 1)", "InvalidArgument: format expects %s %d %f %e %x %b %n or %%, a width of at most 10000 and a precision of at most 99, but got %99999d")]
    [InlineData("(format \"%\")", "InvalidArgument: format expects %s %d %f %e %x %b %n or %%, a width of at most 10000 and a precision of at most 99, but got %")]
    [InlineData("(re-find \"(a)|(b)\" \"b\")", "[\"b\" nil \"b\"]")]
    [InlineData("(re-find \"a(?=b)\" \"acab\")", "\"a\"")]
    [InlineData("(re-seq \"\" \"ab\")", "[\"\" \"\" \"\"]")]
    [InlineData("(re-split \"\" \"ab\")", "[\"ab\"]")]
    public async Task Text(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Theory]
    [InlineData("(take 9 [1])", "[1]")]
    [InlineData("(take 1 '(1 2))", "(1)")]
    [InlineData("(drop 9 [1])", "[]")]
    [InlineData("(take 9223372036854775807 [1])", "[1]")]
    [InlineData("(subvec [1 2] 2)", "[]")]
    [InlineData("(subvec [1 2] 2 1)", "IndexOutOfBounds: subvec: index 1 is out of bounds for length 2")]
    [InlineData("(partition 2 3 [1 2 3 4 5])", "[[1 2] [4 5]]")]
    [InlineData("(partition 2 [])", "[]")]
    [InlineData("(partition 3 1 [1 2])", "[[1 2]]")]
    [InlineData("(conj (fn-rest) 1)", "UndefinedSymbol: undefined symbol fn-rest")]
    [InlineData("((fn [& r] [(conj r 0) (cons 0 r) (reverse r)]) 1 2)", "[(0 1 2) (0 1 2) (2 1)]")]
    [InlineData("(into {:a 1} {:b 2})", "{:a 1 :b 2}")]
    [InlineData("(into [] {:a 1})", "[[:a 1]]")]
    [InlineData("(numbers 9223372036854775806 9223372036854775807)", "[9223372036854775806 9223372036854775807]")]
    [InlineData("(numbers -9223372036854775808 9223372036854775807)", "InvalidArgument: numbers from -9223372036854775808 to 9223372036854775807 has more items than memory; read it as a stream instead")]
    [InlineData("(distinct [1 1.0 \"1\" 1])", "[1 1.0 \"1\"]")]
    [InlineData("(= (group-by nil? [1 nil]) {\"false\" [1] \"true\" [nil]})", "true")]
    [InlineData("(group-by :k [{:k nil} {:k 1.5}])", "{\"nil\" [{:k nil}] 1.5 [{:k 1.5}]}")]
    [InlineData("(get-in {:a nil} [:a :b] :none)", ":none")]
    [InlineData("(get-in {:a 1} [])", "{:a 1}")]
    [InlineData("(get-in [1] [:a])", "TypeError: get-in expects an int, but argument 2 is the keyword :a")]
    [InlineData("(assoc-in {:a [1]} [:a 1] 2)", "IndexOutOfBounds: assoc-in: index 1 is out of bounds for length 1")]
    [InlineData("(update-in {} [:a :b] (fnil inc 0))", "{:a {:b 1}}")]
    [InlineData("(dissoc-in {:a {:b {:c 1}}} [:a :b :c])", "{:a {:b {}}}")]
    [InlineData("(rename-keys {:a 1 :b 2} {:a :b :b :a})", "{:b 1 :a 2}")]
    [InlineData("(merge-with + {:a 1})", "{:a 1}")]
    [InlineData("(every? even? [])", "true")]
    [InlineData("(apply str \"a\" [1 2])", "\"a12\"")]
    [InlineData("(apply :a [{:a 1}])", "1")]
    [InlineData("((comp :a first) [{:a 1}])", "1")]
    [InlineData("((juxt) 1)", "ArityMismatch: juxt expects at least 1 argument, but got 0")]
    [InlineData("(read-string \"'a\")", "'a")]
    public async Task Collections(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Theory]
    [InlineData("(parse-json \"12345678901234567890\")", "1.2345678901234567e19")]
    [InlineData("(parse-json \"1e999\")", "JsonError: parse-json: the number 1e999 is beyond every float")]
    [InlineData("(parse-json \"{\\\"a\\\":1,\\\"a\\\":2}\")", "{\"a\" 2}")]
    [InlineData("(= (parse-json \"{\\\"a b\\\":1,\\\"c\\\":2}\" {:keys :keyword}) {\"a b\" 1 :c 2})", "true")]
    [InlineData("(parse-json \"\\\"\\\\ud800\\\"\")", "JsonError: parse-json: a string holds an escape \\uD800 to \\uDFFF without its other half")]
    [InlineData("(serialize-json [{:a {\"b\" 1.0}} {3 [true nil]}])", "\"[{\\\"a\\\":{\\\"b\\\":1.0}},{\\\"3\\\":[true,null]}]\"")]
    [InlineData("(serialize-json {:a 1 \"a\" 2})", "JsonError: serialize-json: two keys of a map are both written as \"a\"")]
    [InlineData("(serialize-json (hash-map 1.5 2))", "JsonError: serialize-json: a key must be a string, a keyword or an int, but one is the float 1.5")]
    [InlineData("(serialize-json [##Inf])", "JsonError: serialize-json: JSON has no notation for ##Inf")]
    [InlineData("(serialize-json \"é\\n\")", "\"\\\"é\\\\n\\\"\"")]
    [InlineData("(serialize-json 2024-02-29T13:45:30_250Z)", "\"\\\"2024-02-29T13:45:30.25Z\\\"\"")]
    [InlineData("(timestamp:parse \"2024-02-29\")", "2024-02-29T00:00:00Z")]
    [InlineData("(timestamp:parse \"2024-02-29T13:45:30_250Z\")", "2024-02-29T13:45:30_250Z")]
    [InlineData("(timestamp:parse \"2023-02-29\")", "nil")]
    [InlineData("(timestamp:format 2024-02-29T13:45:30Z \"d\")", "\"29\"")]
    [InlineData("(timestamp:format 2024-02-29T13:45:30Z \"\")", "InvalidArgument: timestamp:format expects a format of yyyy MM dd HH mm ss fff and other characters, but got the string \"\"")]
    [InlineData("(timestamp:add 2024-01-01T00:00:00Z 9223372036854775807)", "ArithmeticError: timestamp:add: the result is not a time of the years 1 to 9999")]
    [InlineData("(timestamp:truncate 1969-12-31T23:59:59Z (duration:hours 1))", "1969-12-31T23:00:00Z")]
    [InlineData("(duration:seconds 1.5)", "1500")]
    [InlineData("(compare 2024-01-01T00:00:00Z 2024-01-02T00:00:00Z)", "-1")]
    public async Task Data(string text, string expected) => Assert.Equal(expected, await Evaluate.PrintedAsync(text));

    [Fact]
    public async Task TheClockIsTheHosts()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2024, 2, 29, 13, 45, 30, TimeSpan.Zero));
        var context = new EvaluationContext(new RecordedOperations(), time, CancellationToken.None);
        var value = await Evaluate.Compile("[(timestamp:now) (tool/time-ms)]").RunAsync(context);
        Assert.Equal("[2024-02-29T13:45:30Z 1709214330000]", value.ToString());
    }

    [Fact]
    public async Task ReadsWhatTheRunWasStartedWith()
    {
        Assert.Equal("[:region :none]", await Evaluate.PrintedAsync("[(context/get :region) (context/get :missing :none)]", new StartedWith()));
        Assert.Equal("nil", await Evaluate.PrintedAsync("(context/get :missing)", new StartedWith()));
    }

    private sealed class StartedWith : IOperations
    {
        public Value Apply(OperationCall call, EvaluationContext context) =>
            call.Arguments[call.Arguments[0].ToString() == ":missing" ? 1 : 0];

        public ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context) => new(Apply(call, context));
    }
}
