// What stands in a slot whose let has not come to it yet: a function called too early finds it.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

internal sealed class UnsetBinding(string name) : IOpaqueObject
{
    public string Name { get; } = name;

    public string Label => $"unset {Name}";
}
