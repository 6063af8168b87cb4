// The compiled validators against the plain reading of the specification, on random pairs of a type and a value.

using FsCheck;
using FsCheck.Fluent;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Marketplace.Schemas;
using Rtfs.Runtime.Values;
using Rtfs.Syntax;
using Rtfs.Syntax.Text;
using Xunit;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Tests.Evaluation.Types;

/// <summary>
/// 2,500 pairs for each property from a fixed seed. For a longer search give their number: <c>RTFS_VALIDATION_PAIRS=1000000 dotnet test
/// tests/Rtfs.Runtime.Tests --filter ValidatorProperties</c>; the seed is then another each time, and a failure prints it.
/// </summary>
public sealed class ValidatorProperties
{
    private const int Pairs = 2_500;
    private const int TypeDepth = 3;

    private static readonly SourceText Source = Language.Read("", "<types>").Source;
    private static readonly NaiveTypes Naive = new(TypeGenerator.Names);
    private static readonly NamedTypes Open = Defined(closed: false);
    private static readonly NamedTypes Closed = Defined(closed: true);

    private readonly EvaluationContext _context = Evaluate.Context();

    [Fact]
    public void A_validator_accepts_what_the_specification_accepts_open_and_closed()
    {
        var (all, accepted) = (0, 0);
        Check(pair =>
        {
            foreach (var closed in new[] { false, true })
            {
                var expected = Naive.Fits(pair.Type, pair.Value, closed);
                Assert.True(expected == Compiled(pair.Type, closed).Fits(_context, pair.Value, null), $"{(closed ? "closed" : "open")}: expected {expected}");
                (all, accepted) = (all + 1, accepted + (expected ? 1 : 0));
            }
        });
        Assert.InRange(accepted / (double)all, 0.35, 0.65);
    }

    [Fact]
    public void A_mismatch_is_found_exactly_where_a_value_does_not_fit_and_its_path_leads_there() => Check(pair =>
    {
        var closed = pair.Value.GetHashCode() % 2 == 0;
        var mismatch = Compiled(pair.Type, closed).Find(_context, pair.Value);
        Assert.Equal(Naive.Fits(pair.Type, pair.Value, closed), mismatch is null);
        if (mismatch is null)
        {
            return;
        }

        var at = (Value?)pair.Value;
        foreach (var step in mismatch.Path)
        {
            Assert.True(at is not null, $"the path goes on behind what is not there:{mismatch}");
            at = Inside(at.Value, step);
        }

        if (!mismatch.Expected.EndsWith(" as a key", StringComparison.Ordinal))
        {
            Assert.Equal(at is { } found ? Errors.Describe(found) : "no such key", mismatch.Found);
        }
    });

    [Fact]
    public void A_value_that_fits_gets_floats_where_the_type_says_so_and_fits_as_before() => Check(pair =>
    {
        var closed = pair.Value.GetHashCode() % 2 == 0;
        if (!Naive.Fits(pair.Type, pair.Value, closed))
        {
            return;
        }

        var type = Compiled(pair.Type, closed);
        var converted = pair.Value;
        var changed = type.Convert(_context, ref converted);
        AssertSame(Naive.Convert(pair.Type, pair.Value, closed), converted);
        Assert.Equal(!IsSame(pair.Value, converted), changed);
        Assert.True(Naive.Fits(pair.Type, converted, closed), $"{converted} does not fit any more");

        var again = converted;
        Assert.False(type.Convert(_context, ref again), $"{converted} is converted twice");
    });

    [Fact]
    public void A_schema_gives_items_as_its_type_does() => Check(pair =>
    {
        // As data `[:vector :int]?` in a field says that the field is optional: what the data says is the type here.
        var data = ValueReader.Read($"[:stream {Language.Print(pair.Type)}]").Values[0];
        var type = ((Type.Stream)Language.TypeOf(ValueForms.ToForm(data)).Type!).item;
        ItemValidator validator;
        try
        {
            validator = ItemSchema.Read(data, "a schema", new TypeScope(Open, Source), null)!.Validator(closed: true);
        }
        catch (RtfsException refused)
        {
            Assert.Contains(":prime", refused.Message);
            return;
        }

        var item = pair.Value;
        Assert.Equal(Naive.Fits(type, pair.Value, closed: true), validator.Conform(_context, ref item));
        if (Naive.Fits(type, pair.Value, closed: true))
        {
            AssertSame(Naive.Convert(type, pair.Value, closed: true), item);
        }
    });

    [Fact]
    public void An_annotation_gives_a_value_that_fits_as_it_is() => Check(
        pair =>
        {
            var text = $"(fn [x : {Language.Print(pair.Type)}] x)";
            var function = Evaluate.Function(Definitions + text);
            if (Naive.Fits(pair.Type, pair.Value, closed: false))
            {
                var same = function.Invoke(_context, pair.Value);
                Assert.Equal((pair.Value.Kind, pair.Value.ToString()), (same.Kind, same.ToString()));
            }
            else
            {
                Assert.Equal("TypeValidationError", Assert.Throws<RtfsException>(() => function.Invoke(_context, pair.Value)).Kind);
            }
        },
        structsOnly: true,
        pairs: 300);

    private const string Definitions = "(defstruct Tree :value :float :children [:vector Tree] ?)\n(defstruct Point :a :float :b :float)\n";

    private static void Check(Action<Pair> holds, bool structsOnly = false, int pairs = Pairs)
    {
        var generator =
            from type in TypeGenerator.Type(TypeDepth).Where(type => !structsOnly || IsWritten(type))
            from value in ValueGenerator.For(type)
            select new Pair(type, value);
        var longer = Environment.GetEnvironmentVariable("RTFS_VALIDATION_PAIRS");
        var config = longer is null
            ? Config.QuickThrowOnFailure.WithMaxTest(pairs).WithReplay(2_026, 1_129)
            : Config.QuickThrowOnFailure.WithMaxTest(int.Parse(longer));
        FsCheck.Check.One(config, Prop.ForAll(Arb.From(generator), holds));
    }

    /// <summary>Names that <c>defstruct</c> can define alone, and what text can say in every place.</summary>
    private static bool IsWritten(Type type)
    {
        var text = Language.Print(type);
        return !text.Contains("Chain", StringComparison.Ordinal) && !text.Contains("Even", StringComparison.Ordinal) && !text.Contains("Odd", StringComparison.Ordinal);
    }

    /// <summary>Equal, where not-a-number counts as itself.</summary>
    private static bool IsSame(Value one, Value other) => (one.Reference, other.Reference) switch
    {
        (VectorValue a, VectorValue b) => a.Count == b.Count && a.Items.Zip(b.Items).All(static pair => IsSame(pair.First, pair.Second)),
        (ListValue a, ListValue b) => a.Count == b.Count && a.Items.Zip(b.Items).All(static pair => IsSame(pair.First, pair.Second)),
        (MapValue a, MapValue b) => a.Count == b.Count && a.Entries.All(entry => b.TryGet(entry.Key, out var found) && IsSame(entry.Value, found)),
        _ => one.Equals(other) || (one.Kind == other.Kind && one.Kind == ValueKind.Float && double.IsNaN(one.AsFloat) && double.IsNaN(other.AsFloat)),
    };

    private static void AssertSame(Value expected, Value found) => Assert.True(IsSame(expected, found), $"expected {expected}, found {found}");

    private static Value? Inside(Value value, Value step) => value.Reference switch
    {
        VectorValue vector => vector[(int)step.AsInt],
        ListValue list => list[(int)step.AsInt],
        MapValue map => map.TryGet(step, out var found) ? found : null,
        _ => null,
    };

    private static TypeValidator Compiled(Type type, bool closed) =>
        new TypeCompiler(new TypeScope(closed ? Closed : Open, Source), static definition => definition.Validator, closed).Compile(type);

    private static NamedTypes Defined(bool closed)
    {
        var types = new NamedTypes();
        foreach (var (name, type) in TypeGenerator.Names)
        {
            var compiler = new TypeCompiler(new TypeScope(types, Source), static definition => definition.Validator, closed);
            types.Define(name, type, Source, new LateValidator(() => compiler.Compile(type)));
        }

        return types;
    }

    /// <summary>Compiled when all names are known: what a closed intersection reaches must be defined by then.</summary>
    private sealed class LateValidator(Func<TypeValidator> compile) : TypeValidator
    {
        private readonly Lazy<TypeValidator> _type = new(compile);

        public override string Expected => _type.Value.Expected;

        public override bool Converts => true;

        public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch) => _type.Value.Fits(context, value, mismatch);

        public override bool Convert(EvaluationContext context, ref Value value) => _type.Value.Convert(context, ref value);
    }

    private sealed record Pair(Type Type, Value Value)
    {
        public override string ToString() => $"{Language.Print(Type)} <- {Value}";
    }
}
