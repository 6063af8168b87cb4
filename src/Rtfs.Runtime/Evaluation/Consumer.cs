// The logic of a channel consume as a value.

namespace Rtfs.Runtime.Evaluation;

/// <summary><c>{x => body}</c>: a function of one item that only a consume form may run.</summary>
public sealed class Consumer(Function body)
{
    public Function Body { get; } = body;
}
