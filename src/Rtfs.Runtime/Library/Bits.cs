// Ints as 64 bits.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal static class Bits
{
    public static LibraryFunction[] Functions { get; } =
    [
        Folding("bit-and", "The bits that are set in all.", static (a, b) => a & b, "8"),
        Folding("bit-or", "The bits that are set in any.", static (a, b) => a | b, "14"),
        Folding("bit-xor", "The bits that are set in one of two, from the left.", static (a, b) => a ^ b, "6"),
        LibraryFunction.Of1("bit-not", "[:fn [:int] :int]", "Every bit turned over.", static (_, a) => Value.Int(~Arguments.Int("bit-not", 1, a)),
            ("(bit-not 0)", "-1"), ("(bit-not 1.0)", "!! TypeError")),
        Shift("bit-shift-left", "The bits moved up by 0 to 63 places; those moved out are lost.", static (a, places) => a << places, "8"),
        Shift("bit-shift-right", "The bits moved down by 0 to 63 places, keeping the sign.", static (a, places) => a >> places, "0"),
        LibraryFunction.Of2("bit-test", "[:fn [:int :int] :bool]", "Whether the bit at a place from 0 to 63 is set.", static (_, a, b) => Value.Bool((Arguments.Int("bit-test", 1, a) >> Places("bit-test", b) & 1) != 0),
            ("(bit-test 4 2)", "true"), ("(bit-test 4 0)", "false"), ("(bit-test 4 64)", "!! InvalidArgument")),
        LibraryFunction.Of1("bit-count", "[:fn [:int] :int]", "How many bits are set.", static (_, a) => Value.Int(long.PopCount(Arguments.Int("bit-count", 1, a))),
            ("(bit-count 7)", "3"), ("(bit-count :a)", "!! TypeError")),
    ];

    private static LibraryFunction Folding(string name, string documentation, Func<long, long, long> body, string result) => LibraryFunction.OfMany(
        name,
        "[:fn [:int :int & :int] :int]",
        documentation,
        (2, int.MaxValue),
        (_, arguments) =>
        {
            var bits = Arguments.Int(name, 1, arguments[0]);
            for (var i = 1; i < arguments.Length; i++)
            {
                bits = body(bits, Arguments.Int(name, i + 1, arguments[i]));
            }

            return Value.Int(bits);
        },
        ($"({name} 12 10)", result),
        ($"({name} 12 1.5)", $"!! TypeError: {name} expects an int, but argument 2 is the float 1.5"));

    private static LibraryFunction Shift(string name, string documentation, Func<long, int, long> body, string result) => LibraryFunction.Of2(
        name,
        "[:fn [:int :int] :int]",
        documentation,
        (_, bits, places) => Value.Int(body(Arguments.Int(name, 1, bits), Places(name, places))),
        ($"({name} 1 3)", result),
        ($"({name} 1 64)", $"!! InvalidArgument: {name} expects 0 to 63 places, but got 64"));

    private static int Places(string name, Value value)
    {
        var places = Arguments.Int(name, 2, value);
        return places is >= 0 and <= 63 ? (int)places : throw Errors.Invalid($"{name} expects 0 to 63 places, but got {places}");
    }
}
