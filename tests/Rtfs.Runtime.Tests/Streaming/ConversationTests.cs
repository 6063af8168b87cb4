// Streams that go both ways.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;
using Rtfs.Runtime.Values;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class ConversationTests
{
    private const string Squares =
        "(register-stream-capability :capability-id \"com.x:v1:squares\" :type :stream-bidirectional :provider {:kind :function :fn (fn [x] (* x x))})\n";

    [Fact]
    public void An_interaction_gives_the_answer_to_its_item()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-produce "com.x:v1:out" [(stream-interact b :send 3 :receive {a => a}) (stream-interact b :send 4 :receive {a => (+ a 1)})])
            """);
        Assert.Null(summary.Error);
        Assert.Equal("9 16", seen.Text);
    }

    [Fact]
    public void A_bare_id_stands_for_one_conversation()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + """
            (stream-consume "com.x:v1:squares" {:on-item (fn [x] (stream-produce "com.x:v1:out" x))})
            (stream-produce "com.x:v1:squares" [2 3])
            (stream-produce "com.x:v1:out" (str (stream-interact "com.x:v1:squares" :send 4 :receive {a => a})))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("\"16\" 16 4 9", string.Join(" ", seen.Items.Select(static item => item.ToString()).Order(StringComparer.Ordinal)));
        Assert.Single(summary.Stages, static stage => stage.Kind == "bidirectional");
        Assert.Equal(0, summary.Dropped);
    }

    [Fact]
    public void Answers_that_nobody_reads_are_dropped_at_the_conversation_and_nowhere_else()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-produce "com.x:v1:out" (stream-interact b :send 3 :receive {a => a}))
            (stream-produce "com.x:v1:out" (stream-interact b :send 4 :receive {a => a}))
            (stream-produce b [1 2 5 6])
            """);
        Assert.Null(summary.Error);
        Assert.Equal("9 16", seen.Text);
        Assert.Equal(4, summary.Dropped);
        var peer = Assert.Single(summary.Stages, static stage => stage.Kind == "bidirectional");
        Assert.Equal((6, 2, 2, 4), (peer.Received, peer.Processed, peer.Emitted, peer.Dropped));
        Assert.All(summary.Stages.Where(static stage => stage.Kind == "interact"), static stage => Assert.Equal((1, 1), (stage.Received, stage.Processed)));
    }

    [Theory]
    [InlineData("(stream-produce \"com.x:v1:squares\" [2 3])", 2)]
    [InlineData("(stream-produce (stream-bidirectional \"com.x:v1:squares\") [2 3])", 2)]
    [InlineData("(stream-interact \"com.x:v1:squares\" :send 2)", 1)]
    [InlineData("(stream-transform :input-stream \"com.x:v1:in\" :output-stream \"com.x:v1:squares\")", 3)]
    public void Answers_of_a_conversation_that_is_never_read_are_dropped_and_told(string form, int answers)
    {
        var bench = new Bench();
        var run = bench.Start(Squares + Bench.Values("com.x:v1:in", "1 2 3") + form);
        var summary = bench.Ended(run);
        Assert.Null(summary.Error);
        var peer = Assert.Single(summary.Stages, static stage => stage.Kind == "bidirectional");
        Assert.Equal((answers, 0, answers), (peer.Received, peer.Processed, peer.Dropped));
        Assert.Contains($"answered by com.x:v1:squares, which nobody read", Assert.Single(Bench.EventsOf(run), static happened => happened is { Level: "warn" }).Message);
    }

    [Fact]
    public void What_comes_with_the_last_answer_of_an_interaction_is_dropped()
    {
        var summary = new Bench().Run(Bench.Values("com.x:v1:in", "1 2 3 4 5") + """
            (register-stream-capability :capability-id "com.x:v1:sent" :type :stream-sink)
            (def d (stream-duplex :input-capability "com.x:v1:sent" :output-capability "com.x:v1:in"))
            (stream-interact d :send "x" :receive {a => a})
            """);
        Assert.Null(summary.Error);
        var interact = Assert.Single(summary.Stages, static stage => stage.Kind == "interact");
        Assert.Equal((5, 1, 4), (interact.Received, interact.Processed, interact.Dropped));
    }

    [Fact]
    public void A_body_that_closes_its_own_conversation_may_write_to_what_it_has_received()
    {
        var bench = new Bench();
        var sent = bench.Keep("com.x:v1:sent");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2 3 4 5") + """
            (def d (stream-duplex :input-capability "com.x:v1:sent" :output-capability "com.x:v1:in"))
            (stream-consume d {:on-item (fn [x] (stream-produce d (* 2 x)) (when (= x 3) (stream-close d)))})
            """);
        Assert.Null(summary.Error);
        Assert.Equal(("2 4 6 8 10", 1), (sent.Text, sent.Closed));
    }

    [Fact]
    public void Callbacks_of_a_conversation_see_what_comes_of_it()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-callbacks b {:on-item (fn [x] (stream-produce "com.x:v1:out" x)) :on-complete (fn [] (stream-produce "com.x:v1:out" :end))})
            (stream-consume b {:on-item (fn [x] nil)})
            (stream-produce b [2 3])
            """);
        Assert.Null(summary.Error);
        Assert.Equal("4 9 :end", seen.Text);
    }

    [Fact]
    public void An_interaction_for_every_item_of_a_stream_gets_its_answer()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + Bench.Values("com.x:v1:in", string.Join(' ', Enumerable.Range(0, 200))) + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-consume (stream-source "com.x:v1:in") {x => (stream-produce "com.x:v1:out" (stream-interact b :send x :receive {a => a}))})
            """);
        Assert.Null(summary.Error);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 200).Select(static x => x * x)), seen.Text);
        Assert.Single(summary.Stages, static stage => stage.Kind == "interact");
    }

    [Fact]
    public void A_reader_that_is_wired_while_the_peer_answers_sees_what_comes_from_then_on()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-interact b :send 1 :receive {x => x})
            (stream-consume b {:on-item (fn [x] (stream-produce "com.x:v1:out" x))})
            (stream-produce b [2 3])
            """);
        Assert.Null(summary.Error);
        Assert.Equal("4 9", seen.Text);
    }

    [Fact]
    public void What_the_peer_failed_on_keeps_its_kind()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run("""
            (register-stream-capability :capability-id "com.x:v1:inverse" :type :stream-bidirectional :provider {:kind :function :fn (fn [x] (/ 12 x))})
            (stream-produce "com.x:v1:out" (try (stream-interact (stream-bidirectional "com.x:v1:inverse") :send 0) (catch DivisionByZero e :caught)))
            """);
        Assert.Null(summary.Error);
        Assert.Equal(":caught", seen.Text);
    }

    [Fact]
    public void Interactions_side_by_side_each_get_their_own_answer()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-produce "com.x:v1:out" (parallel [x (stream-interact b :send 3 :receive {a => a})] [y (stream-interact b :send 4 :receive {a => a})]))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("9 16", seen.Text);
    }

    [Fact]
    public void A_stream_is_written_to_a_peer_while_its_answers_are_read()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + Bench.Values("com.x:v1:in", "1 2 3") + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-consume b {:on-item (fn [x] (stream-produce "com.x:v1:out" x)) :on-complete (fn [] (stream-produce "com.x:v1:out" :end))})
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") b]))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("1 4 9 :end", seen.Text);
    }

    [Fact]
    public void A_transform_capability_is_a_stage()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run("""
            (register-stream-capability :capability-id "com.x:v1:twice" :type :stream-transform :provider {:kind :function :fn (fn [x] (* 2 x))})
            """ + Bench.Values("com.x:v1:in", "1 2 3") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-transform "com.x:v1:twice") (stream-map inc) (stream-sink "com.x:v1:out")]))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("3 5 7", seen.Text);
    }

    [Fact]
    public void A_local_conversation_of_a_plan_gives_back_what_it_is_sent()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run("""
            (register-stream-capability :capability-id "com.x:v1:echo" :type :stream-bidirectional)
            (stream-produce "com.x:v1:out" (stream-interact (stream-bidirectional "com.x:v1:echo") :send {:n 1} :receive {a => a}))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("{:n 1}", seen.Text);
    }

    [Fact]
    public void A_duplex_joins_two_channels_under_one_handle()
    {
        var bench = new Bench();
        var written = bench.Keep("com.x:v1:written");
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Bench.Values("com.x:v1:in", "1 2 3") + """
            (def d (stream-duplex :input-capability "com.x:v1:written" :output-capability "com.x:v1:in"))
            (stream-produce d [:a :b])
            (stream-consume d {x => (stream-produce "com.x:v1:out" x)})
            """);
        Assert.Null(summary.Error);
        Assert.Equal(":a :b", written.Text);
        Assert.Equal("1 2 3", seen.Text);
    }

    [Fact]
    public void A_peer_of_the_host_answers_with_the_id_that_it_was_given()
    {
        var bench = new Bench();
        var peer = new Peer();
        bench.Register("com.x:v1:peer", peer);
        var seen = bench.Keep("com.x:v1:out");
        var run = bench.Start("""
            (def b (stream-bidirectional "com.x:v1:peer"))
            (stream-produce "com.x:v1:out" (stream-interact b :send :question :receive {a => (stream-produce "com.x:v1:out" (:direction (stream-meta)))} :replies 2))
            """);
        bench.Settle();
        var (item, id) = Assert.Single(peer.Sent);
        Assert.Equal(":question", item.ToString());
        peer.Say(Value.Int(0), "another");
        peer.Say(Value.Int(1), id);
        bench.Settle();
        peer.Say(Value.Int(2), id);
        bench.Settle();
        Assert.Equal(":bidirectional :bidirectional 2", seen.Text);
        peer.End();
        Assert.Equal(RunOutcome.Completed, bench.Ended(run).Outcome);
        Assert.True(peer.IsCompleted);
        Assert.Equal(1, peer.Disposed);
    }

    [Fact]
    public void An_interaction_that_gets_no_answer_in_time_is_a_timeout()
    {
        var bench = new Bench();
        bench.Register("com.x:v1:peer", new Peer());
        var run = bench.Start("""(stream-interact (stream-bidirectional "com.x:v1:peer") :send 1 :receive {a => a} :config {:timeout-ms 100})""");
        bench.Settle();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal("Timeout", bench.Ended(run).Error?.Kind);
    }

    [Fact]
    public void The_callback_form_of_an_interaction_comes_back_at_once()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run(Squares + """
            (def b (stream-bidirectional "com.x:v1:squares"))
            (stream-interact b :send 5 :receive {:on-item (fn [x] (stream-produce "com.x:v1:out" x))})
            """);
        Assert.Null(summary.Error);
        Assert.Equal("25", seen.Text);
    }

    [Fact]
    public void An_answer_that_the_peer_could_not_give_falls_under_the_senders_strategy()
    {
        var bench = new Bench();
        var seen = bench.Keep("com.x:v1:out");
        var summary = bench.Run("""
            (register-stream-capability :capability-id "com.x:v1:inverse" :type :stream-transform :config {:error-handling :skip}
              :provider {:kind :function :fn (fn [x] (/ 12 x))})
            """ + Bench.Values("com.x:v1:in", "3 0 4") + """
            (stream-execute (stream-pipeline [(stream-source "com.x:v1:in") (stream-transform "com.x:v1:inverse") (stream-sink "com.x:v1:out")]))
            """);
        Assert.Null(summary.Error);
        Assert.Equal("4 3", seen.Text);
        Assert.Equal(1, summary.Skipped);
    }

    private sealed class Peer : IConversationProvider, IConversation
    {
        private readonly Queue<(Value Item, string? Id)> _said = new();
        private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _ended;

        public List<(Value Item, string? Id)> Sent { get; } = [];

        public bool IsCompleted { get; private set; }

        public int Disposed { get; private set; }

        public IReadOnlyList<Effect> Effects => [];

        public void Say(Value item, string? id)
        {
            _said.Enqueue((item, id));
            Wake();
        }

        public void End()
        {
            _ended = true;
            Wake();
        }

        public ValueTask<IConversation> OpenConversationAsync(OpenRequest request, CancellationToken cancellation) => new(this);

        public ValueTask SendAsync(Value item, string? correlationId, CancellationToken cancellation)
        {
            Sent.Add((item, correlationId));
            return ValueTask.CompletedTask;
        }

        public ValueTask CompleteAsync(CancellationToken cancellation)
        {
            IsCompleted = true;
            return ValueTask.CompletedTask;
        }

        public async ValueTask<bool> ReceiveAsync(SourceBatch batch, CancellationToken cancellation)
        {
            while (_said.Count == 0)
            {
                if (_ended)
                {
                    return false;
                }

                var arrived = _arrived;
                await using var registration = cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), arrived);
                await arrived.Task;
            }

            while (!batch.IsFull && _said.TryDequeue(out var next))
            {
                batch.Add(next.Item, next.Id);
            }

            return true;
        }

        public ValueTask DisposeAsync()
        {
            Disposed++;
            return ValueTask.CompletedTask;
        }

        private void Wake()
        {
            var arrived = _arrived;
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrived.TrySetResult();
        }
    }
}
