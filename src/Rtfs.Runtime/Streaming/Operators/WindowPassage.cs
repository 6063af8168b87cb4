// The window in front of an aggregate: the aggregate gathers, this counts what passes.

using Rtfs.Runtime.Streaming.Resilience;

namespace Rtfs.Runtime.Streaming.Operators;

internal sealed class WindowPassage(WindowOperator window) : Operator("window", window.Name, ErrorOptions.None, window.Place)
{
    public override Stage CreateStage(StageIdentity identity, ErrorPolicy policy) => window.CreatePassage(identity, policy);
}
