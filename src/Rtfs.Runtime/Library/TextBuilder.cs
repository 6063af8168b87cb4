// Text that a library function makes piece by piece, charged as it grows, so that a small program cannot fill the memory with it.

using System.Text;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Library;

internal sealed class TextBuilder(string operation, EvaluationContext context)
{
    /// <summary>The greatest length of a string that .NET makes.</summary>
    public const int MaximumLength = 0x3FFFFFDF;

    // So many characters take the room of an item, and are counted as one.
    private const int CharactersPerItem = 16;

    private readonly StringBuilder _text = new();

    /// <summary>Before a text of this length is made.</summary>
    public static void Charge(string operation, EvaluationContext context, long length)
    {
        if (length > MaximumLength)
        {
            throw Errors.Invalid($"{operation} would make a text of {length} characters, which is more than {MaximumLength}");
        }

        for (var i = 0L; i < length; i += CharactersPerItem)
        {
            context.Tick();
        }
    }

    public TextBuilder Append(ReadOnlySpan<char> part)
    {
        if (_text.Length + (long)part.Length > MaximumLength)
        {
            Charge(operation, context, _text.Length + (long)part.Length);
        }

        Charge(operation, context, part.Length);
        _text.Append(part);
        return this;
    }

    public Value ToValue() => Value.String(_text.ToString());
}
