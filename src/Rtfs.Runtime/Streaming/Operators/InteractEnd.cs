// The receiving half of stream-interact: the answers to one item, up to a number of them.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Operators;

/// <param name="body">Null: the answers are taken, and nothing is called.</param>
/// <param name="correlation">Only items that carry it are answers; null: every item is.</param>
internal sealed class InteractEnd(StageIdentity identity, Function? body, Function? onReceive, string? correlation, int replies) : FlowEnd(identity)
{
    private readonly int _replies = replies;

    /// <summary>The last answer; nil without one.</summary>
    public Value Last { get; private set; }

    /// <summary>Answers that are expected and have not come.</summary>
    public int Missing { get; private set; } = replies;

    /// <summary>No answer is expected any more.</summary>
    public void GiveUp() => Missing = 0;

    public override IEnumerable<Function> Functions => new[] { body, onReceive }.OfType<Function>();

    public override bool MayBlock => true;

    /// <summary>Told, where the peer has ended before it has given all the answers.</summary>
    public override ValueTask CloseAsync(SegmentContext context)
    {
        if (Missing > 0 && context.Failure is null && !context.Run.Stopping.IsCancellationRequested)
        {
            context.Run.Events.Log(
                "warn", Identity.Id, $"the conversation with {Identity.Label} ended with {_replies - Missing} of {_replies} {(_replies == 1 ? "reply" : "replies")}");
        }

        return ValueTask.CompletedTask;
    }

    public override Stage CreateStage(ErrorPolicy policy) => new InteractStage(Identity, policy, this);

    private sealed class InteractStage(StageIdentity identity, ErrorPolicy policy, InteractEnd end) : Stage(identity, policy)
    {
        private long _answered = -1;

        public override bool IsAsynchronous => true;

        // It takes answers to what it sends, and its sender has given up waiting for this one.
        public override bool TakesLetters => false;

        private bool IsOver => end.Missing == 0;

        protected override ItemDirection Direction => ItemDirection.Bidirectional;

        protected override void Run(Batch batch, SegmentContext context, ref BatchCursor cursor) =>
            throw new NotSupportedException("An interaction waits.");

        protected override async ValueTask<int> RunOneAsync(Batch batch, SegmentContext context, int index, int kept)
        {
            if (end.Correlation is { } id && batch.CorrelationIds?[index] != id)
            {
                return kept;
            }

            // An answer has come even where the body fails on it; to try it again is no other answer.
            if (Current!.Value.Sequence is var sequence && sequence != _answered)
            {
                if (IsOver)
                {
                    // It came with the last answer, and nobody asked for it.
                    DropItem();
                    return kept;
                }

                _answered = sequence;
                end.Missing--;
                if (IsOver)
                {
                    context.Requests!.Close();
                }
            }

            var item = batch.Items[index];
            if (end.Body is { } body)
            {
                await body.InvokeAsync(context.Evaluation, [item]);
            }

            if (end.OnReceive is { } callback)
            {
                await callback.InvokeAsync(context.Evaluation, [item]);
            }

            end.Last = item;
            return kept;
        }
    }

    private Function? Body => body;

    private Function? OnReceive => onReceive;

    private string? Correlation => correlation;
}
