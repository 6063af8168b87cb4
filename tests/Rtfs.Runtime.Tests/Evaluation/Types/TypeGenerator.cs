// Random types of every kind, and for each type values of which about half fit it.

using FsCheck;
using FsCheck.Fluent;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Tree;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Tests.Evaluation.Types;

/// <summary>Strings that refinements tell apart.</summary>
internal static class Texts
{
    public static readonly string?[] Urls = ["http://a.example", "https://a.example/b?c=1"];
    public static readonly string?[] Emails = ["a@b.example", "a.b@c.d.example"];
    public static readonly string[] Others = ["", "a", "ab", "abc", "z9", "ftp://a", "http://", "a@b", "@b.example", "a b@c.example", "ünï"];
}

internal static class TypeGenerator
{
    private static readonly Form[] Keys = [Forms.Keyword("a"), Forms.Keyword("b"), Forms.Keyword("c"), Forms.String("s"), Forms.Int(1)];

    private static readonly Form[] Literals =
    [
        Forms.Nil(), Forms.Bool(true), Forms.Bool(false), Forms.Int(0), Forms.Int(1), Forms.Int(-7), Forms.Float(1), Forms.Float(2.5), Forms.String("a"),
        Forms.String("abc"), Forms.Keyword("a"), Forms.Keyword("z"), Forms.Timestamp(new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc)), Forms.Uuid(Guid.Empty),
    ];

    private static readonly Form[] Numbers = [Forms.Int(-1), Forms.Int(0), Forms.Int(3), Forms.Float(1), Forms.Float(2.5)];

    /// <summary>The names that types may hold: recursive through a vector, through a union and through each other.</summary>
    public static IReadOnlyDictionary<string, Type> Names { get; } = new Dictionary<string, Type>
    {
        ["Tree"] = Read("[:map [:value :float] [:children [:vector Tree] ?]]"),
        ["Chain"] = Read("[:union :nil [:map [:head :int] [:tail Chain]]]"),
        ["Even"] = Read("[:union [:tuple] [:tuple :int Odd]]".Replace("[:tuple] ", "nil ", StringComparison.Ordinal)),
        ["Odd"] = Read("[:tuple :float Even]"),
        ["Point"] = Read("[:map [:a :float] [:b :float]]"),
    };

    private static readonly Dictionary<int, Gen<Type>> Known = [];

    public static Gen<Type> Type(int depth)
    {
        lock (Known)
        {
            return Known.TryGetValue(depth, out var known) ? known : Known[depth] = Made(depth);
        }
    }

    private static Gen<Type> Made(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Elements(Enum.GetValues<Primitive>()).Select(Syntax.Types.Type.NewPrimitive),
            Gen.Elements(Primitive.Float, Primitive.Int, Primitive.String).Select(Syntax.Types.Type.NewPrimitive),
            Gen.Elements(Literals).Select(Syntax.Types.Type.NewVal),
            Gen.Elements(Literals).NonEmptyListOf().Select(static some => Syntax.Types.Type.NewEnum([.. some.Take(4)])),
            Gen.Elements(Names.Keys.ToArray()).Select(Syntax.Types.Type.NewAlias));
        return depth == 0 ? leaf : Gen.Frequency(
            (3, leaf),
            (1, Type(depth - 1).Select(static target => target is Type.Optional ? target : Syntax.Types.Type.NewOptional(target))),
            (1, Type(depth - 1).Select(Syntax.Types.Type.NewVector)),
            (1, Type(depth - 1).Select(Syntax.Types.Type.NewList)),
            (1, Several(depth, 1, 3).Select(Syntax.Types.Type.NewTuple)),
            (3, Map(depth)),
            (1, from key in KeyType from value in Type(depth - 1) select Syntax.Types.Type.NewMapOf(key, value)),
            (2, Several(depth, 1, 3).Select(Syntax.Types.Type.NewUnion)),
            (3, And(depth)),
            (1, from item in Type(depth - 1)
                from dimensions in Gen.Choose(-1, 2).Select(static size => (long)size).ListOf()
                select Syntax.Types.Type.NewArray(item, [.. dimensions.Take(2)])));
    }

    private static Gen<Type> KeyType { get; } = Gen.Elements(Read(":keyword"), Read(":string"), Read("[:union :string :keyword]"), Read(":any"));

    private static Type Read(string text) => Syntax.Language.TypeOf(text).Type!;

    private static Gen<Type[]> Several(int depth, int least, int most) =>
        from count in Gen.Choose(least, most) from types in Type(depth - 1).ArrayOf(count) select types;

    private static Gen<Type> Map(int depth) =>
        from fields in (from key in Gen.Elements(Keys)
                        from type in Type(depth - 1)
                        from optional in Gen.Elements(true, false, false)
                        select new Field(key, type, optional)).ListOf()
        from wildcard in Gen.Frequency((3, Gen.Constant<Type?>(null)), (1, Type(depth - 1).Select(static type => (Type?)type)))
        select Syntax.Types.Type.NewMap([.. fields.Take(3)], wildcard);

    private static Gen<Type> And(int depth)
    {
        var numeric =
            from subject in Gen.Elements(Read(":int"), Read(":float"), Read(":number"), Read(":any"))
            from refinements in Gen.OneOf(
                from comparison in Gen.Elements(Enum.GetValues<Comparison>())
                from bound in Gen.OneOf(Gen.Elements(Numbers), Gen.Elements(Literals))
                select Refinement.NewCompare(comparison, bound),
                from low in Gen.Elements(Numbers) from high in Gen.Elements(Numbers) select Refinement.NewInRange(low, high)).NonEmptyListOf()
            select Syntax.Types.Type.NewAnd(subject, [.. refinements.Take(2)]);
        var textual =
            from subject in Gen.Elements(Read(":string"), Read(":string"), Read(":any"))
            from refinement in Gen.OneOf(
                from comparison in SizeComparison from size in Gen.Choose(0, 3) select Refinement.NewLength(comparison, size),
                from comparison in Gen.Elements(Enum.GetValues<Comparison>())
                from bound in Gen.Elements("a", "abc")
                select Refinement.NewCompare(comparison, Forms.String(bound)),
                Gen.Elements("^a", "[0-9]$", "b").Select(Refinement.NewMatchesRegex),
                Gen.Elements(Refinement.IsUrl, Refinement.IsEmail, Refinement.NonEmpty),
                Gen.Constant(Refinement.NewCustom("prime", [])))
            select Syntax.Types.Type.NewAnd(subject, [refinement]);
        var collected =
            from subject in Type(depth - 1)
            from refinements in Gen.OneOf(
                from comparison in SizeComparison from size in Gen.Choose(0, 3) select Refinement.NewCount(comparison, size),
                Gen.Constant(Refinement.NonEmpty),
                Gen.Elements(Keys).Select(Refinement.NewHasKey),
                Gen.Elements(Keys).ListOf().Select(static keys => Refinement.NewRequiredKeys([.. keys.Take(2)])),
                Type(depth - 1).Select(Refinement.NewOfType)).NonEmptyListOf()
            select Syntax.Types.Type.NewAnd(subject, [.. refinements.Take(2)]);
        var records =
            from subject in Map(depth)
            from other in Gen.OneOf(Map(depth), Gen.Constant(Syntax.Types.Type.NewAlias("Point")))
            select Syntax.Types.Type.NewAnd(subject, [Refinement.NewOfType(other)]);
        return Gen.OneOf(numeric, textual, collected, records);
    }

    private static Gen<Comparison> SizeComparison { get; } = Gen.Elements(Comparison.Equal, Comparison.GreaterOrEqual, Comparison.LessOrEqual);
}
