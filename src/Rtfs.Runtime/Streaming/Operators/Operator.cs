// A logical step: what an operator form denotes before it runs. As a value it is a stage, to be put into pipelines.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

internal abstract class Operator(string kind, string label, ErrorOptions errors, SourcePlace? place) : IOpaqueObject
{
    /// <summary>The name of its form without <c>stream-</c>.</summary>
    public string Kind => kind;

    public string Name => label;

    public ErrorOptions Errors => errors;

    public SourcePlace? Place => place;

    string IOpaqueObject.Label => $"stage {kind}";

    public override string ToString() => $"#<stage {kind}>";

    /// <summary>What it calls for an item.</summary>
    public virtual IEnumerable<Function> Functions => [];

    /// <summary>Whether its stage waits, and so runs in a segment of its own.</summary>
    public virtual bool MayBlock => false;

    public abstract Stage CreateStage(StageIdentity identity, ErrorPolicy policy);
}

/// <summary>How a flow ends.</summary>
internal abstract class FlowEnd(StageIdentity identity)
{
    public StageIdentity Identity => identity;

    public virtual bool MayBlock => false;

    /// <summary>What it calls for an item.</summary>
    public virtual IEnumerable<Function> Functions => [];

    /// <summary>The sink that it writes to; null for a consume.</summary>
    public virtual SinkHandle? Handle => null;

    /// <summary>Whether it does input and output, so that what feeds it should not wait for it.</summary>
    public virtual bool IsOutside => false;

    /// <summary>What it says about errors itself, and what the capability behind it says.</summary>
    public virtual OpeningErrors Errors => OpeningErrors.None;

    public abstract Stage CreateStage(ErrorPolicy policy);

    /// <summary>The flow is over, however it ended.</summary>
    public virtual ValueTask CloseAsync(SegmentContext context) => ValueTask.CompletedTask;
}
