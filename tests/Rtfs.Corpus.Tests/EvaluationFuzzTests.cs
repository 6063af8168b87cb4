// Programs bred from the corpus: a form of one case stands in the place of a form of another. Whatever they do, they end in a
// value that prints or in a coded error.

using System.Globalization;
using Rtfs.Runtime;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Tree;
using Xunit;

namespace Rtfs.Corpus.Tests;

public sealed class EvaluationFuzzTests
{
    /// <summary>200, or what <c>RTFS_FUZZ</c> says.</summary>
    private static readonly int ProgramsOfASeed =
        int.TryParse(Environment.GetEnvironmentVariable("RTFS_FUZZ"), CultureInfo.InvariantCulture, out var number) ? number : 200;

    // Counted, so that a program ends alike on every machine; one that has no end is no reason to wait for it.
    private static readonly EvaluationLimits Limits = new() { MaxSteps = 200_000, MaxMemory = 64 * 1024 * 1024, MaxTime = Timeout.InfiniteTimeSpan };

    private static readonly Form[][] Stock = ReadStock();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_bred_program_ends_in_a_value_or_in_a_coded_error(int seed)
    {
        var chance = new Random(seed);
        await using var engine = new RtfsEngine();
        for (var i = 0; i < ProgramsOfASeed; i++)
        {
            var source = Breed(chance);
            try
            {
                // Checking is total: whatever the program is, it ends in diagnostics.
                Assert.All(engine.Load(source, "bred", strict: true).Analysis.Diagnostics, static found => Assert.Matches("^RTFS[0-9]{4}$", found.Code));
                var result = await engine.EvaluateAsync(source, "bred", Limits);
                if (result.Error is { } error)
                {
                    Assert.Matches("^RTFS[0-9]{4}$", error.Code);
                    Assert.NotEmpty(error.Kind);
                    Assert.NotEmpty(error.Message);
                }
                else
                {
                    try
                    {
                        Assert.NotEmpty(ValuePrinter.Print(result.Value));
                    }
                    catch (LimitException tooLong)
                    {
                        Assert.Equal("MemoryLimit", tooLong.Kind);
                    }
                }
            }
            catch (Exception unexpected) when (unexpected is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, program {i}:\n{source}\n\n{unexpected}");
            }
        }
    }

    private static string Breed(Random chance)
    {
        var body = Stock[chance.Next(Stock.Length)];
        var changes = 1 + chance.Next(3);
        for (var i = 0; i < changes; i++)
        {
            var gifts = Stock[chance.Next(Stock.Length)].SelectMany(Everything).ToArray();
            var gift = gifts[chance.Next(gifts.Length)];
            var place = chance.Next(body.Sum(form => Everything(form).Count()));
            body = [.. body.Select(form => Replace(form, gift, ref place))];
        }

        return string.Join('\n', body.Select(Language.Print));
    }

    /// <summary>A form and all forms inside it, from outside to inside.</summary>
    private static IEnumerable<Form> Everything(Form form) => Items(form).SelectMany(Everything).Prepend(form);

    /// <summary>The form with the one at <paramref name="place"/>, counted as <see cref="Everything"/> gives them, replaced.</summary>
    private static Form Replace(Form form, Form gift, ref int place)
    {
        if (place-- == 0)
        {
            return gift;
        }

        var items = Items(form);
        var made = new Form[items.Count];
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = Replace(items[i], gift, ref place);
        }

        return form.Node switch
        {
            Node.List => Forms.List(made),
            Node.Vector => Forms.Vector(made),
            Node.Map => Forms.Map(made),
            Node.Function => Forms.Function(made),
            Node.Prefixed prefixed => Forms.Prefixed(prefixed.prefix, made[0]),
            _ => form,
        };
    }

    private static IReadOnlyList<Form> Items(Form form) => form.Node switch
    {
        Node.List list => list.items.Forms,
        Node.Vector vector => vector.items.Forms,
        Node.Map map => map.items.Forms,
        Node.Function function => function.items.Forms,
        Node.Prefixed prefixed => [prefixed.target],
        _ => [],
    };

    private static Form[][] ReadStock() =>
        [.. from file in CorpusFile.All(EvaluationCorpusTests.Folder())
            from one in file.Cases
            let document = Language.Read(one.Source, one.Name)
            where document.Forms.Length > 0 && document.Diagnostics.Length == 0
            select document.Forms.Select(top => top.Form).ToArray()];
}
