// What `:and` asks of a value besides its type, as validators.

using System.Globalization;
using System.Text.RegularExpressions;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Tree;
using Rtfs.Syntax.Types;
using Type = Rtfs.Syntax.Types.Type;

namespace Rtfs.Runtime.Evaluation.Types;

internal sealed class RefinementCompiler(Func<Type, TypeValidator> compile) : IRefinementVisitor<TypeValidator>
{
    private static readonly TimeSpan RegexTime = TimeSpan.FromSeconds(1);

    public TypeValidator VisitOfType(Type target) => compile(target);

    public TypeValidator VisitCompare(Comparison comparison, Form bound)
    {
        var limit = ValueForms.FromForm(bound);
        return comparison switch
        {
            Comparison.Equal => new PlainValidator($"a value equal to {limit}", value => SameNumber(value, limit)),
            Comparison.NotEqual => new PlainValidator($"a value other than {limit}", value => !SameNumber(value, limit)),
            _ => new PlainValidator(
                $"a value {Words(comparison)} {limit}",
                value => Order(value, limit) is { } order && Holds(comparison, order)),
        };
    }

    public TypeValidator VisitInRange(Form low, Form high)
    {
        var (least, most) = (ValueForms.FromForm(low), ValueForms.FromForm(high));
        return new PlainValidator($"a value from {least} to {most}", value => Order(value, least) >= 0 && Order(value, most) <= 0);
    }

    public TypeValidator VisitLength(Comparison comparison, long length) => new PlainValidator(
        Invariant($"a string of {Sized(comparison, length)} {(length == 1 ? "character" : "characters")}"),
        value => value.Reference is string text && Holds(comparison, ((long)text.Length).CompareTo(length)));

    public TypeValidator VisitCount(Comparison comparison, long count) => new PlainValidator(
        Invariant($"a collection of {Sized(comparison, count)} {(count == 1 ? "item" : "items")}"),
        value => Count(value) is { } found && Holds(comparison, found.CompareTo(count)));

    public TypeValidator VisitNonEmpty() => new PlainValidator("a collection that is not empty", static value => Count(value) > 0);

    public TypeValidator VisitMatchesRegex(string pattern)
    {
        try
        {
            return new PatternValidator(pattern, new Regex(pattern, RegexOptions.CultureInvariant, RegexTime));
        }
        catch (RegexParseException fault)
        {
            return new UnreadablePatternValidator(pattern, fault.Message);
        }
    }

    public TypeValidator VisitHasKey(Form key) => HasKeys([ValueForms.FromForm(key)]);

    public TypeValidator VisitRequiredKeys(IReadOnlyList<Form> keys) => HasKeys([.. keys.Select(ValueForms.FromForm)]);

    public TypeValidator VisitIsUrl() => new PlainValidator(
        "a URL that begins with http:// or https://",
        static value => value.Reference is string text
            && (text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal))
            && Uri.TryCreate(text, UriKind.Absolute, out _));

    public TypeValidator VisitIsEmail() => new PlainValidator(
        "an e-mail address", static value => value.Reference is string text && IsEmail(text));

    public TypeValidator VisitCustom(string name, IReadOnlyList<Form> arguments) => new PlainValidator(
        $"a value that satisfies :{name}, a predicate that nothing defines", static _ => false);

    private static PlainValidator HasKeys(Value[] keys) => new(
        $"a map with {(keys.Length == 1 ? "the key" : "the keys")} {string.Join(' ', keys)}",
        value => value.Reference is MapValue map && Array.TrueForAll(keys, key => map.TryGet(key, out _)));

    /// <summary>One part, one @, and a host with a dot that is neither first nor last.</summary>
    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@');
        if (at <= 0 || at != text.LastIndexOf('@') || text.Any(char.IsWhiteSpace))
        {
            return false;
        }

        var host = text.AsSpan(at + 1);
        var dot = host.IndexOf('.');
        return dot > 0 && host[^1] != '.' && !host.Contains("..", StringComparison.Ordinal);
    }

    private static long? Count(Value value) => value.Reference switch
    {
        VectorValue vector => vector.Count,
        ListValue list => list.Count,
        MapValue map => map.Count,
        string text => text.Length,
        _ => null,
    };

    /// <summary>Bounds are about amounts: 1 is 1.0 here.</summary>
    private static bool SameNumber(Value value, Value limit) =>
        value.IsNumber && limit.IsNumber ? Order(value, limit) == 0 : value.Equals(limit);

    /// <summary>Between numbers, or between strings; null otherwise, and for NaN.</summary>
    private static int? Order(Value a, Value b)
    {
        if (a.IsInt && b.IsInt)
        {
            return a.AsInt.CompareTo(b.AsInt);
        }

        if (a.IsNumber && b.IsNumber)
        {
            var (x, y) = (a.ToDouble(), b.ToDouble());
            return double.IsNaN(x) || double.IsNaN(y) ? null : x.CompareTo(y);
        }

        return a.Reference is string left && b.Reference is string right ? string.CompareOrdinal(left, right) : null;
    }

    private static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Greater => order > 0,
        Comparison.GreaterOrEqual => order >= 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "a comparison without a test"),
    };

    private static string Words(Comparison comparison) => comparison switch
    {
        Comparison.Greater => "above",
        Comparison.GreaterOrEqual => "of at least",
        Comparison.Less => "below",
        _ => "of at most",
    };

    private static string Sized(Comparison comparison, long size) => comparison switch
    {
        Comparison.GreaterOrEqual => Invariant($"at least {size}"),
        Comparison.LessOrEqual => Invariant($"at most {size}"),
        Comparison.Greater => Invariant($"more than {size}"),
        Comparison.Less => Invariant($"less than {size}"),
        Comparison.NotEqual => Invariant($"other than {size}"),
        _ => Invariant($"exactly {size}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A search, as by <c>re-matches</c>; a pattern that takes too long does not match.</summary>
    private sealed class PatternValidator(string pattern, Regex regex) : TypeValidator
    {
        public override string Expected => $"a string that matches {Value.String(pattern)}";

        public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch)
        {
            if (value.Reference is not string text)
            {
                return Departs(mismatch, value);
            }

            try
            {
                return regex.IsMatch(text) || Departs(mismatch, value);
            }
            catch (RegexMatchTimeoutException)
            {
                mismatch?.Set(Expected, $"that the search takes longer than {RegexTime.TotalSeconds:0} s");
                return false;
            }
        }
    }

    private sealed class UnreadablePatternValidator(string pattern, string fault) : TypeValidator
    {
        public override string Expected => $"a string that matches {Value.String(pattern)}";

        public override bool Fits(EvaluationContext context, Value value, Mismatch? mismatch)
        {
            mismatch?.Set(Expected, $"that the pattern does not read: {fault}");
            return false;
        }
    }
}
