// Which calls of the library are nodes of their own instead of calls.

using Rtfs.Runtime.Evaluation.Nodes;
using Rtfs.Runtime.Library;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

internal static class Intrinsics
{
    // A longer sum is a call: nested nodes would be as deep as it is long.
    private const int MaximumOperands = 8;

    /// <summary>A node for the call of a constant head with arguments that cannot wait, or null for a call as any other.</summary>
    public static Node? Create(Value head, Node[] arguments, SourcePlace place) => head.Reference switch
    {
        Keyword key when arguments.Length is 1 or 2 =>
            new KeywordGetNode(key, arguments[0], arguments.Length == 2 ? arguments[1] : null, null, place),
        LibraryFunction function => Specialised(function, arguments, place) ?? Direct(function, arguments, place),
        _ => null,
    };

    private static Node? Specialised(LibraryFunction function, Node[] arguments, SourcePlace place) => function.Name switch
    {
        "+" => Folded<Addition>(arguments, place),
        "-" => Folded<Subtraction>(arguments, place),
        "*" => Folded<Multiplication>(arguments, place),
        "<" when arguments.Length == 2 => new ComparisonNode<Less>(arguments[0], arguments[1], place),
        ">" when arguments.Length == 2 => new ComparisonNode<Greater>(arguments[0], arguments[1], place),
        "<=" when arguments.Length == 2 => new ComparisonNode<LessOrEqual>(arguments[0], arguments[1], place),
        ">=" when arguments.Length == 2 => new ComparisonNode<GreaterOrEqual>(arguments[0], arguments[1], place),
        "=" when arguments.Length == 2 => new EqualityNode(arguments[0], arguments[1], negated: false, place),
        "not=" or "!=" when arguments.Length == 2 => new EqualityNode(arguments[0], arguments[1], negated: true, place),
        "not" when arguments.Length == 1 => new NotNode(arguments[0], place),
        "get" when arguments.Length is 2 or 3 && KeywordOf(arguments[1]) is { } key =>
            new KeywordGetNode(key, arguments[0], arguments.Length == 3 ? arguments[2] : null, function, place),
        "assoc" => Assoc(arguments, place),
        _ => null,
    };

    private static Node? Direct(LibraryFunction function, Node[] arguments, SourcePlace place) => arguments.Length switch
    {
        1 when function.Unary is not null => new UnaryLibraryNode(function, arguments[0], place),
        2 when function.Binary is not null => new BinaryLibraryNode(function, arguments[0], arguments[1], place),
        _ => null,
    };

    private static Node? Folded<T>(Node[] arguments, SourcePlace place)
        where T : struct, IArithmetic
    {
        if (arguments.Length is < 2 or > MaximumOperands)
        {
            return null;
        }

        var result = arguments[0];
        for (var i = 1; i < arguments.Length; i++)
        {
            result = arguments[i] is ConstantNode { Value.IsNumber: true } constant
                ? new ArithmeticConstantNode<T>(result, constant.Value, i + 1, place)
                : new ArithmeticNode<T>(result, arguments[i], i + 1, place);
        }

        return result;
    }

    private static AssocNode? Assoc(Node[] arguments, SourcePlace place)
    {
        if (arguments.Length < 3 || arguments.Length % 2 == 0)
        {
            return null;
        }

        var inner = arguments[0] as AssocNode;
        var keys = new List<Keyword>(inner?.Keys ?? []);
        var values = new List<Node>(inner?.ValueNodes ?? []);
        for (var i = 1; i < arguments.Length; i += 2)
        {
            if (KeywordOf(arguments[i]) is not { } key)
            {
                return null;
            }

            keys.Add(key);
            values.Add(arguments[i + 1]);
        }

        return new AssocNode(inner?.Target ?? arguments[0], [.. keys], [.. values], place);
    }

    private static Keyword? KeywordOf(Node node) => (node as ConstantNode)?.Value.As<Keyword>();
}
