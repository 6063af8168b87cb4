// Recursion over values and programs as deep as they are: goes on on a fresh thread when the machine's stack runs short.

using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Rtfs.Runtime.Values;

/// <summary>
/// A recursive walk asks <see cref="IsShort"/> at each level and, when it is, takes its next step through <see cref="Run"/>.
/// The depth of what is walked is then bounded by memory, never by the thread that happens to walk it.
/// </summary>
internal static class DeepStack
{
    private const int StackBytes = 256 * 1024 * 1024;

    public static bool IsShort
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !RuntimeHelpers.TryEnsureSufficientExecutionStack();
    }

    /// <summary>Runs <paramref name="body"/> on a fresh, large stack and waits for it; an exception passes through as thrown.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TResult Run<TState, TResult>(TState state, Func<TState, TResult> body)
    {
        var result = default(TResult)!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = body(state);
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackBytes)
        { IsBackground = true, Name = "rtfs deep stack" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
