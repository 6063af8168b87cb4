// When two printed values say the same: the order of a map's entries is nobody's promise.

using Rtfs.Syntax;
using Rtfs.Syntax.Tree;

namespace Rtfs.Corpus.Tests;

/// <summary>Writes a form with the entries of every map in one fixed order.</summary>
internal sealed class PrintedValue : IFormVisitor<string?>
{
    private static readonly PrintedValue Writer = new();

    private PrintedValue()
    {
    }

    /// <summary>The same text, or two texts that read to the same form but for the order of entries.</summary>
    public static bool Same(string expected, string actual) =>
        string.Equals(expected, actual, StringComparison.Ordinal)
        || (Ordered(expected) is { } text && string.Equals(text, Ordered(actual), StringComparison.Ordinal));

    public string? VisitList(IReadOnlyList<Form> items) => $"({All(items)})";

    public string? VisitVector(IReadOnlyList<Form> items) => $"[{All(items)}]";

    public string? VisitFunction(IReadOnlyList<Form> items) => $"#({All(items)})";

    public string? VisitMap(IReadOnlyList<Form> items) =>
        $"{{{string.Join(' ', items.Chunk(2).Select(All).Order(StringComparer.Ordinal))}}}";

    public string? VisitPrefixed(Prefix prefix, Form target) => $"<{prefix}>{Text(target)}";

    public string? VisitConsume(IReadOnlyList<Form> items) => null;

    public string? VisitMeta(IReadOnlyList<Form> meta, Form target) => null;

    public string? VisitNil() => null;

    public string? VisitBool(bool value) => null;

    public string? VisitInt(long value) => null;

    public string? VisitFloat(double value) => null;

    public string? VisitString(string value) => null;

    public string? VisitTimestamp(DateTime value) => null;

    public string? VisitUuid(Guid value) => null;

    public string? VisitResource(string uri) => null;

    public string? VisitSymbol(string name) => null;

    public string? VisitKeyword(string name) => null;

    public string? VisitBroken(string text) => null;

    private static string? Ordered(string text)
    {
        var document = Language.Read(text, "<value>");
        return document.Forms.Length == 1 && document.Diagnostics.Length == 0 ? Text(document.Forms[0].Form) : null;
    }

    private static string All(IEnumerable<Form> items) => string.Join(' ', items.Select(Text));

    /// <summary>Atoms, for which the visits give null, in their canonical text.</summary>
    private static string Text(Form form) => form.Accept(Writer) ?? Language.Print(form);
}
