// Depth, paths and the wording of what departs.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Text;
using Xunit;

namespace Rtfs.Runtime.Tests.Evaluation.Types;

public sealed class ValidatorTests
{
    private const int Deep = 10_000;

    private static readonly SourceText Source = Language.Read("", "<types>").Source;

    private readonly EvaluationContext _context = Evaluate.Context();

    [Theory]
    [InlineData("[:map [:head :float] [:tail Chain?]]", false)]
    [InlineData("[:union :nil [:map [:head :float] [:tail Chain]]]", false)]
    [InlineData("[:and [:map [:head :float]] [:map [:tail Chain?]]]", true)]
    public void A_value_ten_thousand_deep_is_checked_converted_and_explained(string type, bool closed)
    {
        var names = Named("Chain", type);
        var schema = Schema("Chain", names).Validator(closed);
        var chain = Value.Nil;
        for (var i = 0; i < Deep; i++)
        {
            chain = Link(Value.Int(i), chain);
        }

        Assert.True(schema.Conform(_context, ref chain));
        Assert.Equal("9999.0", chain.As<MapValue>()!.GetOrNil(Keyword.Of("head")).ToString());

        var broken = Link(Value.String("end"), Value.Nil);
        for (var i = 0; i < Deep; i++)
        {
            broken = Link(Value.Int(i), broken);
        }

        Assert.False(schema.Conform(_context, ref broken));
        var told = schema.Departure(_context, broken, "an item", null);
        Assert.EndsWith(":tail :tail …: expected a float, but found the string \"end\"", told.Message);
        var path = told.Describe(MapValue.Empty).GetOrNil(Keyword.Of("path")).As<VectorValue>()!;
        Assert.Equal((Deep + 1, ":head", ":tail"), (path.Count, path[Deep].ToString(), path[Deep - 1].ToString()));
    }

    [Fact]
    public void Lists_nested_ten_thousand_deep_fit_a_recursive_type()
    {
        var nested = Value.Of(ListValue.From());
        for (var i = 0; i < Deep; i++)
        {
            nested = Value.Of(ListValue.From(nested));
        }

        Assert.True(Schema("Nest", Named("Nest", "[:list Nest]")).Validator(false).Conform(_context, ref nested));
    }

    [Theory]
    [InlineData("[:map [:a :int] [:* :int]]", "{:a 1 :b 2 \"c\" 3}", null)]
    [InlineData("[:map [:a :int] [:* :int]]", "{:a 1 :b \"x\"}", " at :b: expected an int, but found the string \"x\"")]
    [InlineData("[:map [:a :int] [:* :int]]", "{:a 1 \"b\" nil}", " at \"b\": expected an int, but found nil")]
    [InlineData("[:map [:a :string] [:* :int]]", "{:a \"x\"}", null)]
    [InlineData("[:map [:* [:map [:v :int]]]]", "{:a {:v 1} :b {:v 2.5}}", " at :b :v: expected an int, but found the float 2.5")]
    [InlineData("[:vector [:tuple :int [:map [:k [:vector :int]]]]]", "[[1 {:k [1]}] [2 {:k [1 nil]}]]", " at 1 1 :k 1: expected an int, but found nil")]
    [InlineData("[:array :int [2 ?]]", "[[1] [2 :x]]", " at 1 1: expected an int, but found the keyword :x")]
    [InlineData("[:array :int [2 ?]]", "[[1]]", ": expected a vector of exactly 2 items, but found a vector of 1 item")]
    [InlineData("[:map-of :keyword :int]", "{:a 1 \"b\" 2}", ": expected a keyword as a key, but found the string \"b\"")]
    [InlineData("[:map [:a :int]]", "{}", " at :a: expected an int, but found no such key")]
    public void Paths_are_exact(string type, string value, string? told) =>
        Assert.Equal(told, Find(type, value)?.ToString());

    [Theory]
    [InlineData("[:union [:map [:kind [:val :circle]] [:r :int]] [:map [:kind [:val :square]] [:side :int]]]", "{:kind :square :side nil}", " at :side: expected an int, but found nil")]
    [InlineData("[:union [:map [:kind [:val :square]] [:side :int]] [:map [:kind [:val :circle]] [:r :int]]]", "{:kind :circle}", " at :r: expected an int, but found no such key")]
    [InlineData("[:union :int [:map [:a :int]]]", "{:a nil}", " at :a: expected an int, but found nil")]
    [InlineData("[:union :int :string]", "nil", ": expected an int or a string, but found nil")]
    public void A_union_tells_of_the_member_that_was_meant(string type, string value, string told) =>
        Assert.Equal(told, Find(type, value)?.ToString());

    [Theory]
    [InlineData("Loop", "nothing but itself", "the type Loop is defined by itself alone")]
    [InlineData("[:union :nil Loop]", "", "the type Loop is defined by itself alone")]
    [InlineData("[:and Loop [:non-empty]]", "", "the type Loop is defined by itself alone")]
    public void A_name_that_never_reaches_a_value_is_refused(string type, string _, string message) =>
        Assert.Contains(message, Assert.Throws<RtfsException>(() => Schema("Loop", Named("Loop", type))).Message);

    [Theory]
    [InlineData("Readings", "[:stream [:map [:v :float]]]", "{:v 1}", "{:v 1.0}")]
    [InlineData("[:stream Reading]", "[:map [:v :float]]", "{:v 1}", "{:v 1.0}")]
    public void A_stream_type_says_its_items_also_by_name(string schema, string meaning, string item, string given)
    {
        var value = ValueReader.Read(item).Values[0];
        Assert.True(Schema(schema, Named(schema.Trim('[', ']').Split(' ')[^1], meaning)).Validator(false).Conform(_context, ref value));
        Assert.Equal(given, value.ToString());
    }

    [Fact]
    public void A_connector_is_told_what_names_mean()
    {
        var names = Named("Celsius", "[:and :float [:> -274]]");
        names.Define("Row", Language.TypeOf("[:map [:t Celsius] [:u Celsius?] [:rows [:vector Row]]]").Type!, Source, null!);
        Assert.Equal(
            "[:stream [:map [:t [:and :float [:> -274]]] [:u [:and :float [:> -274]] ?] [:rows [:vector Row]]]]",
            Schema("[:stream Row]", names).Data.ToString());
    }

    private static NamedTypes Named(string name, string type)
    {
        var types = new NamedTypes();
        types.Define(name, Language.TypeOf(type).Type!, Source, null!);
        return types;
    }

    private static ItemSchema Schema(string text, NamedTypes names) =>
        ItemSchema.Read(ValueReader.Read(text).Values[0], "a schema", new TypeScope(names, Source), null)!;

    private static Value Link(Value head, Value tail) => Value.Of(MapValue.Empty
        .Assoc(Value.Of(Keyword.Of("head")), head)
        .Assoc(Value.Of(Keyword.Of("tail")), tail));

    private Mismatch? Find(string type, string value) =>
        new TypeCompiler(default, static definition => definition.Validator).Compile(Language.TypeOf(type).Type!)
            .Find(_context, ValueReader.Read(value).Values[0]);
}
