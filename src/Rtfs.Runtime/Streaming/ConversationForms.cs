// Forms over streams that go both ways: stream-bidirectional, stream-duplex, stream-interact.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Streaming.Operators;
using Rtfs.Runtime.Streaming.Resilience;
using Rtfs.Runtime.Streaming.Scheduling;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming;

internal sealed class ConversationForms(StreamRun run, StreamForms forms, PlanErrors plan)
{
    private readonly Dictionary<(PairHandle, SourcePlace), StageIdentity> _stages = [];

    /// <summary>One conversation, both ways at once.</summary>
    public Value Bidirectional(OperationCall call)
    {
        var wish = OpeningWish.Take(ref call);
        return Value.OfObject(call.Arguments[0].As<PairHandle>() ?? forms.Openings.Conversation(RegistrationForm.IdOf(call.Arguments[0], call.Place), wish));
    }

    /// <summary>Two independent channels under one handle.</summary>
    public Value Duplex(OperationCall call)
    {
        var options = new OptionReader(call.Options, call.Name, call.Place);
        var written = options.Take("input-capability");
        var read = options.Take("output-capability");
        var config = options.Take("config");
        options.Finish();
        if (written.IsNil || read.IsNil)
        {
            throw options.Problem("stream-duplex needs what the program writes and what it reads: (stream-duplex :input-capability A :output-capability B)");
        }

        var wish = new OpeningWish(call.Place) { Form = call.Name, Config = config };
        return Value.OfObject(new PairHandle(
            run.Name("duplex", null, null, call.Place),
            forms.Openings.Sink(RegistrationForm.IdOf(written, call.Place), wish),
            forms.Openings.Source(RegistrationForm.IdOf(read, call.Place), wish, fresh: false)));
    }

    /// <summary>
    /// Sends an item and receives its answers. The channel form gives the last answer; it ends after <c>:replies</c> of them, at the peer's
    /// end, or at its timeout. The callback form gives the handle at once.
    /// </summary>
    public async ValueTask<Value> InteractAsync(OperationCall call, EvaluationContext evaluation, EngineTask task)
    {
        var options = new OptionReader(call.Options, call.Name, call.Place);
        var sends = options.Has("send");
        var item = options.Take("send");
        var logic = options.Take("receive");
        var config = new OptionReader(options.Take("config"), ":config of stream-interact", call.Place);
        var replies = options.OptionalCount("replies", 1) ?? config.OptionalCount("replies", 1) ?? 1;
        var onSend = config.Function("on-send");
        var onReceive = config.Function("on-receive");
        var onError = config.Function("on-error");
        var own = FlowOptions.Take(options).Or(FlowOptions.Take(config));
        config.Finish();
        options.Finish();
        if ((call.Arguments[0].As<PairHandle>() ?? forms.ConversationOf(call.Arguments[0], call.Place)) is not { } pair)
        {
            throw new RtfsException("RTFS9001", "TypeError", $"stream-interact expects a bidirectional or duplex stream, or the id of a bidirectional capability, found {Errors.Describe(call.Arguments[0])}", call.Place);
        }

        var correlation = sends ? pair.NextCorrelationId() : null;
        Flow? receiving = null;
        InteractEnd? end = null;
        if (!logic.IsNil || onReceive is not null)
        {
            var identity = IdentityOf(pair, call.Place);
            var observers = new Observers(identity);
            observers.Register(StreamEvent.Error, onError);
            end = new InteractEnd(identity, Body(logic, observers, call.Place), onReceive, pair.Inbound.IsConversation ? correlation : null, replies);
            receiving = new Flow(pair.Inbound, end, own, observers, plan) { IsPassing = true, HasWaiter = logic.As<Consumer>() is not null };
            run.Wire(receiving);
            await task.StartAsync(run, [receiving]);
            task.Among?.GoOn();
        }

        if (sends)
        {
            var policy = new ErrorPolicy(own.Errors, pair.Outbound.Errors.Own, pair.Outbound.Errors.Capability, plan.Options);
            var written = await DirectWrite.WriteAsync(run, pair.Outbound, policy, [item], correlation, evaluation, task);
            if (written.Failures.Count > 0)
            {
                // What was not sent is not answered.
                receiving?.Segment?.Requests.Close();
                end?.GiveUp();
            }
            else if (onSend is not null)
            {
                await onSend.InvokeAsync(evaluation, [item]);
            }
        }

        if (receiving is null || logic.As<Consumer>() is null)
        {
            return Value.OfObject(pair);
        }

        await run.RunAsync([receiving], task, evaluation.Cancellation);
        return end!.Last;
    }

    /// <summary>A form that interacts again and again is one stage.</summary>
    private StageIdentity IdentityOf(PairHandle pair, SourcePlace place)
    {
        lock (_stages)
        {
            return _stages.TryGetValue((pair, place), out var known)
                ? known
                : _stages[(pair, place)] = run.Name("interact", pair.Identity.Label, null, place);
        }
    }

    private static Function? Body(Value logic, Observers observers, SourcePlace place)
    {
        if (logic.IsNil)
        {
            return null;
        }

        if (logic.As<Consumer>() is { } consumer)
        {
            return consumer.Body;
        }

        if (logic.As<MapValue>() is not { } map)
        {
            throw new RtfsException("RTFS9001", "TypeError", $":receive of stream-interact is {{item => body…}} or a map of callbacks, found {Errors.Describe(logic)}", place);
        }

        var callbacks = new OptionReader(map, "the callbacks of stream-interact", place);
        var item = Observers.Either(callbacks, "on-item", "on-data");
        observers.Register(callbacks);
        callbacks.Finish();
        return item;
    }
}
