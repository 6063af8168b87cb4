// `(stream-transform "id")`: a transform capability as a stage, opened where a pipeline is assembled.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed record CapabilityStage(string Id, SourcePlace Place) : IOpaqueObject
{
    string IOpaqueObject.Label => $"stage {Id}";
}
