// Rest is a property of one moment, although the monitor looks at one task after the other.

using Rtfs.Runtime.Streaming.Scheduling;
using Xunit;

namespace Rtfs.Runtime.Tests.Streaming;

public sealed class RestMonitorTests
{
    private readonly RestMonitor _monitor = new();
    private int _rests;

    public RestMonitorTests() => _monitor.AtRest = _ =>
    {
        _rests++;
        return null;
    };

    [Fact]
    public void Tasks_that_all_wait_for_nothing_that_comes_are_at_rest()
    {
        var (reader, writer) = (Begin(), Begin());
        reader.Enter(new Gate());
        Assert.Equal(0, _rests);

        writer.Enter(new Gate());
        Assert.Equal(1, _rests);
    }

    [Fact]
    public void A_woken_task_that_has_not_resumed_is_movement_to_come()
    {
        var (reader, writer) = (Begin(), Begin());
        reader.Enter(new Gate { IsOpen = true });
        writer.Enter(new Gate());

        Assert.Equal(0, _rests);
    }

    [Fact]
    public void An_item_that_is_handed_on_during_the_look_is_not_overlooked()
    {
        var (reader, writer, last) = (Begin(), Begin(), Begin());
        var arrived = new Gate();
        var woken = new Gate { IsOpen = true };
        reader.Enter(arrived);
        writer.Enter(woken);

        // While the look passes from the reader to the writer, the writer resumes, gives the reader an item and waits again.
        arrived.AfterLook = () =>
        {
            arrived.AfterLook = null;
            writer.Leave();
            arrived.IsOpen = true;
            woken.IsOpen = false;
            Task.Run(() => writer.Enter(woken));
            SpinWait.SpinUntil(() => writer.CurrentWait is not null);
        };
        last.Enter(new Gate());

        Assert.Equal(0, _rests);
    }

    [Fact]
    public void A_write_that_goes_on_before_its_task_resumes_is_not_overlooked()
    {
        var (reader, writer) = (Begin(), Begin());
        var arrived = new Gate();
        var room = new Gate();
        reader.Enter(arrived);

        // The channel takes the items between the look at the reader and the look at the writer, whose task has not moved yet.
        arrived.AfterLook = () =>
        {
            arrived.AfterLook = null;
            arrived.IsOpen = true;
            room.Change();
        };
        writer.Enter(room);

        Assert.Equal(0, _rests);
    }

    private EngineTask Begin()
    {
        var task = new EngineTask(_monitor, "a task", null);
        task.Begin();
        return task;
    }

    private sealed class Gate : Wait
    {
        private long _version;

        public bool IsOpen { get; set; }

        public override long Version => _version;

        public void Change() => _version++;

        public Action? AfterLook { get; set; }

        public override bool CanProceed
        {
            get
            {
                var open = IsOpen;
                AfterLook?.Invoke();
                return open;
            }
        }

        public override string Description => "a gate";
    }
}
