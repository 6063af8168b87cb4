// The forms that only quoted code holds: a prefixed form, #( … ), a consume binding, metadata.

using Rtfs.Syntax.Tree;

namespace Rtfs.Runtime.Values;

/// <summary>A piece of code as data that is neither list, vector, map nor atom. Equal when its form is.</summary>
public sealed class FormValue(Form form) : IEquatable<FormValue>
{
    public Form Form { get; } = form;

    public bool Equals(FormValue? other) => other is not null && Form.Equals(other.Form);

    public override bool Equals(object? obj) => obj is FormValue other && Equals(other);

    public override int GetHashCode() => Form.GetHashCode();
}
