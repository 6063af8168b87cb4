// Text to values, read as data and never evaluated: for connectors and hosts, which reach the language through this assembly alone.

using Rtfs.Syntax;

namespace Rtfs.Runtime.Values;

/// <param name="Values">One a top-level form; empty where the text is blank or all comment.</param>
/// <param name="Problem">Why the text does not read, or null.</param>
public sealed record ReadValues(IReadOnlyList<Value> Values, string? Problem);

public static class ValueReader
{
    /// <summary>Never throws on any text.</summary>
    public static ReadValues Read(string text)
    {
        var document = Language.Read(text, "<data>");
        if (document.Diagnostics is [var first, ..])
        {
            return new ReadValues([], first.Message);
        }

        var values = new Value[document.Forms.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ValueForms.FromForm(document.Forms[i].Form);
        }

        return new ReadValues(values, null);
    }
}
