// What a case says will happen: the text after `;=>` or `;!!`.

using Rtfs.Runtime;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Corpus.Tests;

/// <summary>
/// <c>;=> VALUE</c>, or <c>;!! WHAT</c> with an optional <c>: part of the message</c>, where WHAT is an error kind, a code (<c>RTFS0101</c>,
/// or <c>RTFS01xx</c> for a family of codes), or <c>*</c> for any error. An unknown name and a form that is not available are met
/// by nothing but their own kind or code: otherwise a case with a misspelled name, or of a missing form, would pass.
/// </summary>
public sealed record Expectation(bool IsValue, string What, string? Message)
{
    public const string ValueMark = ";=>";

    public const string ErrorMark = ";!!";

    /// <summary>The expectation that a line states, or null when it states none.</summary>
    public static Expectation? Read(string line)
    {
        if (line.StartsWith(ValueMark, StringComparison.Ordinal))
        {
            return new Expectation(true, line[ValueMark.Length..].Trim(), null);
        }

        if (!line.StartsWith(ErrorMark, StringComparison.Ordinal))
        {
            return null;
        }

        var text = line[ErrorMark.Length..].Trim();
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? new Expectation(false, text, null) : new Expectation(false, text[..colon], text[(colon + 2)..]);
    }

    /// <summary>What a result would state as an expectation of its own.</summary>
    public static Expectation Of(EvaluationResult result) =>
        result.Error is { } error
            ? new Expectation(false, RefusesText(error.Code) ? error.Code : error.Kind, null)
            : new Expectation(true, ValuePrinter.Print(result.Value), null);

    public bool IsMetBy(EvaluationResult result) =>
        result.Error is { } error
            ? !IsValue && Names(error) && (Message is null || error.Message.Contains(Message, StringComparison.Ordinal))
            : IsValue && PrintedValue.Same(What, ValuePrinter.Print(result.Value));

    /// <summary>The line of the file.</summary>
    public override string ToString() =>
        IsValue ? $"{ValueMark} {What}" : $"{ErrorMark} {What}{(Message is null ? "" : $": {Message}")}";

    private bool Names(RtfsException error) =>
        What == error.Kind || What == error.Code || (!IsAbsence(error) && (What == "*" || IsCode(What, error.Code)));

    private static bool IsAbsence(RtfsException error) => error.Code is "RTFS9002" or "RTFS0190" or "RTFS3003";

    private static bool IsCode(string pattern, string code) =>
        pattern.Length == code.Length
        && pattern.StartsWith("RTFS", StringComparison.Ordinal)
        && !pattern.Where((c, i) => c != 'x' && c != code[i]).Any();

    private static bool RefusesText(string code) => code.StartsWith("RTFS0", StringComparison.Ordinal);
}
