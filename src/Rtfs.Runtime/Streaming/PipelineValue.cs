// A pipeline as a value: stages that nothing runs until it is executed.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed class PipelineValue(IReadOnlyList<Value> stages, FlowOptions options) : IOpaqueObject
{
    public IReadOnlyList<Value> Stages => stages;

    public FlowOptions Options => options;

    string IOpaqueObject.Label => $"pipeline of {stages.Count} stages";
}
