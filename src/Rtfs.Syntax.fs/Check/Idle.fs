/// Pipelines whose value nobody takes, so that nothing can execute them (RTFS3015).
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Idle

open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand

/// A form that is there for what it does: its value is that of its last part. What a run gives its host is no exception, as its streams end
/// with the run.
let rec statement (found: ResizeArray<Diagnostic>) (core: Core) : unit =
    match core with
    // What is wrong with its stages is told of where they are looked at.
    | Core.Operation("stream-pipeline", [| Core.Quote _ | Core.Vector([||], _) |], _, _) -> ()
    | Core.Operation("stream-pipeline", [| _ |], _, span) ->
        found.Add(
            Source.diagnostic
                "RTFS3015"
                span
                "nothing executes this pipeline: it never starts"
                "run it by stream-execute, consume it, or leave it out"
                Array.empty
        )
    | Core.Do(body, _) when body.Length > 0 -> statement found body[body.Length - 1]
    | Core.Let(_, body, _) -> statement found body
    | _ -> ()

/// All but the last of what stands one after the other.
let sequence (found: ResizeArray<Diagnostic>) (body: Core array) : unit =
    for i in 0 .. body.Length - 2 do
        statement found body[i]
