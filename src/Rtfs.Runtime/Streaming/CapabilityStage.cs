// `(stream-transform "id")`: a transform capability as a stage, opened where a pipeline is assembled.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

/// <param name="Errors">What the stage says about them itself.</param>
internal sealed record CapabilityStage(string Id, ErrorOptions Errors, SourcePlace Place) : IOpaqueObject
{
    string IOpaqueObject.Label => $"stage {Id}";
}
