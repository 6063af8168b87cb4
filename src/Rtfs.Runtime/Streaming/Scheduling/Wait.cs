// What a task of the engine waits for, so that a multiplexer can judge who is blocked and a run can notice that it is at rest.

namespace Rtfs.Runtime.Streaming.Scheduling;

internal abstract class Wait
{
    /// <summary>Whether the wait is over although its task has not resumed yet.</summary>
    public abstract bool CanProceed { get; }

    /// <summary>
    /// Changes with whatever <see cref="CanProceed"/> looks at, where that may change without any task of the run moving: a read or a write that
    /// goes on before its task resumes.
    /// </summary>
    public virtual long Version => 0;

    /// <summary>Whether something outside the run ends the wait: a provider, the host.</summary>
    public virtual bool IsExternal => false;

    /// <summary>Whether the clock ends the wait, if nothing inside the run does.</summary>
    public virtual bool IsTimed => false;

    /// <summary>What is waited for, for a person.</summary>
    public abstract string Description { get; }

    /// <summary>What would end the wait when nothing else in the run can.</summary>
    public virtual string Remedy => "Wire something that writes to it, beside what reads it (by callbacks, or in `parallel`), or let the host hold the channel.";
}

/// <summary>A wait for the outside world.</summary>
internal sealed class ExternalWait(Task task, string description) : Wait
{
    public override bool CanProceed => task.IsCompleted;

    public override bool IsExternal => true;

    public override string Description => description;
}

/// <summary>A wait for something inside the run that a task stands for.</summary>
internal sealed class CompletionWait(Task task, string description) : Wait
{
    public override bool CanProceed => task.IsCompleted;

    public override string Description => description;
}
