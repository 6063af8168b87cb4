// Equality, order and truth.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Comparison
{
    private const string Ordered = "[:fn [[:union :number :string] [:union :number :string]] :bool]";

    public static LibraryFunction[] Functions { get; } =
    [
        LibraryFunction.OfMany("=", "[:fn [:any & :any] :bool]", "Whether all are equal: by contents, strict on types.", (1, int.MaxValue), AllEqual,
            ("(= [1 2] [1 2])", "true"), ("(= 1 1.0)", "false"), ("(= 1 1 2)", "false"), ("(= [1] '(1))", "false")),
        LibraryFunction.Of2("!=", "[:fn [:any :any] :bool]", "Whether two values differ.", static (_, a, b) => Value.Bool(!a.Equals(b)),
            ("(!= 1 2)", "true")),
        LibraryFunction.Of2("not=", "[:fn [:any :any] :bool]", "Whether two values differ.", static (_, a, b) => Value.Bool(!a.Equals(b)),
            ("(not= :a :a)", "false")),
        LibraryFunction.Of2("<", Ordered, "Whether a number or string is below another.", static (_, a, b) => Value.Bool(Order.Compare<Less>(a, b)),
            ("(< 1 2.5)", "true"), ("(< \"b\" \"a\")", "false"), ("(< 1 :a)", "!! TypeError")),
        LibraryFunction.Of2(">", Ordered, "Whether a number or string is above another.", static (_, a, b) => Value.Bool(Order.Compare<Greater>(a, b)),
            ("(> 2 1)", "true"), ("(> 1 nil)", "!! TypeError")),
        LibraryFunction.Of2("<=", Ordered, "Whether a number or string is not above another.", static (_, a, b) => Value.Bool(Order.Compare<LessOrEqual>(a, b)),
            ("(<= 2 2)", "true"), ("(<= 1 \"a\")", "!! TypeError")),
        LibraryFunction.Of2(">=", Ordered, "Whether a number or string is not below another.", static (_, a, b) => Value.Bool(Order.Compare<GreaterOrEqual>(a, b)),
            ("(>= 1 2)", "false"), ("(>= [] 2)", "!! TypeError")),
        LibraryFunction.Of1("not", "[:fn [:any] :bool]", "Whether a value is nil or false.", static (_, a) => Value.Bool(!a.IsTruthy),
            ("(not nil)", "true"), ("(not 0)", "false")),
        LibraryFunction.OfMany("and", "[:fn [& :any] :any]", "The first falsy value, or the last; as a form it stops there.", (0, int.MaxValue), And,
            ("(and 1 2)", "2"), ("(and 1 nil 2)", "nil"), ("(and)", "true")),
        LibraryFunction.OfMany("or", "[:fn [& :any] :any]", "The first truthy value, or the last; as a form it stops there.", (0, int.MaxValue), Or,
            ("(or nil 2)", "2"), ("(or nil false)", "false"), ("(or)", "false")),
    ];

    private static Value AllEqual(EvaluationContext context, ReadOnlySpan<Value> all)
    {
        for (var i = 1; i < all.Length; i++)
        {
            if (!all[i].Equals(all[0]))
            {
                return Value.False;
            }
        }

        return Value.True;
    }

    private static Value And(EvaluationContext context, ReadOnlySpan<Value> all)
    {
        foreach (var value in all)
        {
            if (!value.IsTruthy)
            {
                return value;
            }
        }

        return all.IsEmpty ? Value.True : all[^1];
    }

    private static Value Or(EvaluationContext context, ReadOnlySpan<Value> all)
    {
        foreach (var value in all)
        {
            if (value.IsTruthy)
            {
                return value;
            }
        }

        return all.IsEmpty ? Value.False : all[^1];
    }
}
