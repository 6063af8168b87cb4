// The runner's own rules: what meets an expectation, and what an update changes in a file.

using Rtfs.Runtime;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Corpus.Tests;

public sealed class ExpectationTests
{
    private static readonly RtfsException Division = new("RTFS9004", "DivisionByZero", "Division by zero");

    [Theory]
    [InlineData("{:a 1 :b 2}", "{:b 2 :a 1}", true)]
    [InlineData("[{:a 1 :b {:c 2 :d 3}}]", "[{:b {:d 3 :c 2} :a 1}]", true)]
    [InlineData("[1 2]", "[2 1]", false)]
    [InlineData("[1 2]", "(1 2)", false)]
    [InlineData("1.0", "1", false)]
    [InlineData("1.0e-7", "1.0e-07", true)]
    [InlineData("{:a 1 :b 2}", "{:a 2 :b 1}", false)]
    [InlineData("#<fn f>", "#<fn f>", true)]
    [InlineData("'a", "`a", false)]
    public void Printed_values_are_the_same_but_for_the_order_of_entries(string expected, string actual, bool same) =>
        Assert.Equal(same, PrintedValue.Same(expected, actual));

    [Theory]
    [InlineData(";!! DivisionByZero", true)]
    [InlineData(";!! DivisionByZero: by zero", true)]
    [InlineData(";!! DivisionByZero: by one", false)]
    [InlineData(";!! *", true)]
    [InlineData(";!! *: by one", false)]
    [InlineData(";!! RTFS9004", true)]
    [InlineData(";!! RTFS90xx", true)]
    [InlineData(";!! RTFS01xx", false)]
    [InlineData(";!! TypeError", false)]
    [InlineData(";=> nil", false)]
    public void An_error_meets_its_kind_its_code_and_its_message(string line, bool met) =>
        Assert.Equal(met, Expectation.Read(line)!.IsMetBy(new EvaluationResult(Value.Nil, Division)));

    [Theory]
    [InlineData(";!! *", false)]
    [InlineData(";!! RTFS90xx", false)]
    [InlineData(";!! RTFS9002", true)]
    [InlineData(";!! UndefinedSymbol", true)]
    public void An_unknown_name_is_met_by_nothing_but_itself(string line, bool met)
    {
        var unknown = new RtfsException("RTFS9002", "UndefinedSymbol", "undefined symbol frob");
        Assert.Equal(met, Expectation.Read(line)!.IsMetBy(new EvaluationResult(Value.Nil, unknown)));
    }

    [Theory]
    [InlineData(";=> nil", true)]
    [InlineData(";=> 0", false)]
    [InlineData(";!! *", false)]
    public void A_value_meets_its_text(string line, bool met) =>
        Assert.Equal(met, Expectation.Read(line)!.IsMetBy(new EvaluationResult(Value.Nil, null)));

    [Theory]
    [InlineData(";=> [1 2]")]
    [InlineData(";!! *")]
    [InlineData(";!! TypeError: a message: with colons")]
    public void An_expectation_is_written_as_it_was_read(string line) => Assert.Equal(line, Expectation.Read(line)!.ToString());

    [Fact]
    public void An_update_changes_one_line()
    {
        var folder = Directory.CreateTempSubdirectory("corpus");
        try
        {
            var path = Path.Combine(folder.FullName, "two.rtfs");
            File.WriteAllText(path, ";; one\n1\n;=> 2\n;;;\n;; two\n; a comment\n(/ 1\n  0)\n;=> 0\n");
            var file = Assert.Single(CorpusFile.All(folder.FullName));
            Assert.Equal(["one", "two"], file.Cases.Select(one => one.Name));
            Assert.Equal("; a comment\n(/ 1\n  0)", file.Cases[1].Source);

            file.Rewrite(file.Cases[1], Expectation.Of(new EvaluationResult(Value.Nil, Division)));
            Assert.Equal(
                ";; one\n1\n;=> 2\n;;;\n;; two\n; a comment\n(/ 1\n  0)\n;!! DivisionByZero\n",
                File.ReadAllText(path).ReplaceLineEndings("\n"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(";; no expectation\n1\n")]
    [InlineData("1\n;=> 1\n")]
    [InlineData("; no name\n;=> 1\n1\n")]
    public void A_file_that_is_no_corpus_is_refused(string text)
    {
        var folder = Directory.CreateTempSubdirectory("corpus");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "bad.rtfs"), text);
            Assert.Throws<FormatException>(() => CorpusFile.All(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
