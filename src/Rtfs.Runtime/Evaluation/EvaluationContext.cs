// What one thread of evaluation carries: its stack of slots, its depth, its limits and the services that it may reach.

using System.Runtime.CompilerServices;
using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

/// <summary>
/// Owned by one flow at a time (a plan's body, a segment); never shared. Made by <see cref="Fork()"/> for each flow of a run.
/// A flow may await between steps: the slots are the context's, not the machine stack's.
/// </summary>
public sealed class EvaluationContext
{
    // Calls that a `finally` may open beyond the limit.
    private const int CleanupDepth = 100;

    private readonly EvaluationBudget _budget;
    private readonly CancellationToken _cancellation;

    // Slots of open calls: a frame is [Base, Top). Arguments are written above Top and become the callee's first slots.
    private Value[] _stack;

    // What is left of the block of steps, and of memory, that the budget gave.
    private int _steps;
    private long _memory;
    private int _maximumDepth;
    private bool _cleaning;
    private Streaming.CleanupTime? _allowed;

    /// <summary>Within <see cref="EvaluationLimits.Unlimited"/>.</summary>
    public EvaluationContext(IOperations operations, TimeProvider time, CancellationToken cancellation)
        : this(operations, time, EvaluationLimits.Unlimited, cancellation)
    {
    }

    /// <summary>The time of the limits begins to run now.</summary>
    public EvaluationContext(IOperations operations, TimeProvider time, EvaluationLimits limits, CancellationToken cancellation)
        : this(operations, time, new EvaluationBudget(limits, time), new GivenValues(), cancellation, [])
    {
    }

    private EvaluationContext(
        IOperations operations,
        TimeProvider time,
        EvaluationBudget budget,
        GivenValues given,
        CancellationToken cancellation,
        ReadOnlySpan<Value> slots)
    {
        Operations = operations;
        Time = time;
        Given = given;
        _cancellation = cancellation;
        _budget = budget;
        _maximumDepth = budget.Limits.MaxDepth;
        _stack = new Value[Math.Max(128, slots.Length)];
        slots.CopyTo(_stack);
        Top = slots.Length;
    }

    public IOperations Operations { get; }

    public TimeProvider Time { get; }

    /// <summary>Of what is evaluated; while a <c>finally</c> cleans up after a cancellation, of that cleaning.</summary>
    public CancellationToken Cancellation => _cleaning ? _allowed?.Token ?? default : _cancellation;

    /// <summary>Gives the time of cleaning up after a cancellation; null where nothing bounds it.</summary>
    internal Streaming.Shutdown? Shutdown { get; init; }

    /// <summary>What a conversion of a deep value remembers; null before the first.</summary>
    internal Settled? Settled { get; set; }

    /// <summary>The <c>:runtime.…</c> metadata around what is evaluated now: for operations that reach the host.</summary>
    public MapValue Hints { get; internal set; } = MapValue.Empty;

    /// <summary>Steps of the run so far; exact when this is its only flow.</summary>
    public long StepsUsed => _budget.StepsTaken - _steps;

    /// <summary>What <c>context/get</c> and <c>context/set</c> reach.</summary>
    internal GivenValues Given { get; }

    /// <summary>The engine's task that evaluates here: what waits when an operation waits.</summary>
    internal Streaming.Scheduling.EngineTask? Task { get; init; }

    internal int Base { get; private set; }

    internal int Top { get; private set; }

    internal int Depth { get; private set; }

    /// <summary>A context of its own for another flow of the same run; they share the limits.</summary>
    public EvaluationContext Fork() => Fork(Cancellation);

    public EvaluationContext Fork(CancellationToken cancellation) => new(Operations, Time, _budget, Given, cancellation, []) { Hints = Hints, Shutdown = Shutdown };

    internal EvaluationContext Fork(Streaming.Scheduling.EngineTask task) => Fork(task, Cancellation);

    internal EvaluationContext Fork(Streaming.Scheduling.EngineTask task, CancellationToken cancellation) =>
        new(Operations, Time, _budget, Given, cancellation, []) { Hints = Hints, Task = task, Shutdown = Shutdown };

    /// <summary>A context that begins inside the present frame, with its slots as they are now.</summary>
    internal EvaluationContext ForkFrame(Streaming.Scheduling.EngineTask? task, CancellationToken cancellation) =>
        new(Operations, Time, _budget, Given, cancellation, _stack.AsSpan(Base, Top - Base)) { Hints = Hints, Depth = Depth, Task = task, Shutdown = Shutdown };

    /// <summary>Gives back what this flow took of the limits and did not use: at its end.</summary>
    internal void Return()
    {
        _budget.ReturnSteps(_steps);
        _budget.ReturnMemory(_memory);
        (_steps, _memory) = (0, 0);
    }

    /// <summary>Counts an item that a library function works on: a step, and the room that it may take in a result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Tick()
    {
        Step();
        Charge(Footprint.Item);
    }

    /// <summary>Counts a call or a round of a loop; notices cancellation and the end of the time now and then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Step()
    {
        if (--_steps < 0)
        {
            TakeSteps();
        }
    }

    /// <summary>Counts memory: before it is allocated, where it may be much.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Charge(long bytes)
    {
        if ((_memory -= bytes) < 0)
        {
            TakeMemory();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref Value Slot(int slot) => ref _stack[Base + slot];

    /// <summary>Opens a frame above the present one; its slots may hold leftovers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Frame Enter(int slots)
    {
        var frame = new Frame(Base, Top);
        if (Depth >= _maximumDepth)
        {
            throw Errors.Depth(_budget.Limits.MaxDepth);
        }

        Step();
        Depth++;
        Base = Top;
        Top += slots;
        if (Top > _stack.Length)
        {
            Grow();
        }

        return frame;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Leave(Frame frame)
    {
        Base = frame.Base;
        Top = frame.Top;
        Depth--;
    }

    /// <summary>
    /// After a limit or a cancellation stopped the run, what a <c>finally</c> does counts against a small budget of its own. False when it
    /// does already.
    /// </summary>
    internal bool BeginCleanup()
    {
        if (_cleaning)
        {
            return false;
        }

        Return();
        _allowed = Shutdown?.Allow();
        _cleaning = true;
        _maximumDepth = Math.Max(_maximumDepth, Depth) + CleanupDepth;
        return true;
    }

    internal void EndCleanup()
    {
        (_steps, _memory) = (0, 0);
        _cleaning = false;
        _allowed?.Dispose();
        _allowed = null;
        _maximumDepth = _budget.Limits.MaxDepth;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeSteps()
    {
        _steps = 0;
        if (!_cleaning)
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        _steps = _budget.TakeSteps(_cleaning) - 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeMemory()
    {
        var wanted = -_memory;
        _memory = 0;
        if (!_cleaning)
        {
            Cancellation.ThrowIfCancellationRequested();
        }

        _memory = _budget.TakeMemory(wanted, _cleaning) - wanted;
    }

    private void Grow() => Array.Resize(ref _stack, Math.Max(Top, _stack.Length * 2));

    /// <summary>The caller's frame, to come back to.</summary>
    internal readonly record struct Frame(int Base, int Top);
}
