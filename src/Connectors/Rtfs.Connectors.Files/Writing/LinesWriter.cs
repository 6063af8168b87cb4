// Format `:lines`: strings as they are, anything else as `str` shows it.

using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Writing;

internal sealed class LinesWriter : IItemWriter
{
    public void Write(Value item, LineBuffer lines)
    {
        LiveValues.Refuse(item);
        var text = item.As<string>() ?? ValuePrinter.Display(item);
        if (text.AsSpan().IndexOfAny('\n', '\r') >= 0)
        {
            throw new ItemRefusedException("the text holds a line break, and format :lines is one item a line. Use :ndjson or :edn, or remove the break");
        }

        lines.Write(text);
        lines.Write((byte)'\n');
    }
}
