// Format `:edn`: the readable text of each item on one line.

using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Writing;

internal sealed class EdnWriter : IItemWriter
{
    public void Write(Value item, LineBuffer lines)
    {
        LiveValues.Refuse(item);
        var text = ValuePrinter.Print(item);

        // Only a string can hold a line break, and there the escape means the same.
        lines.Write(text.AsSpan().IndexOfAny('\n', '\r') < 0 ? text : text.Replace("\r", "\\r").Replace("\n", "\\n"));
        lines.Write((byte)'\n');
    }
}
