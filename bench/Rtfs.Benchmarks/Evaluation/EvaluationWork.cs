// Work of an interpreter: calls, a fold over numbers, a chain over records; in RTFS and in JavaScript, run by Jint.

using Jint;
using Rtfs.Runtime;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Benchmarks.Evaluation;

/// <summary>
/// The same program twice. A round evaluates the text from its beginning in a fresh environment, as a host does that is handed it: Jint's
/// script is parsed beforehand, RTFS reads and compiles its text in the round.
/// </summary>
public sealed record EvaluationWork(string Name, string Rtfs, string JavaScript)
{
    public static IReadOnlyList<EvaluationWork> All { get; } =
    [
        new(
            "fib-27",
            "(defn fib [n] (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2))))) (fib 27)",
            "function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } fib(27)"),
        new(
            "reduce-1M-integers",
            "(reduce (fn [sum n] (+ sum n)) 0 (range 1000000))",
            "Array.from({ length: 1000000 }, (_, i) => i).reduce((sum, n) => sum + n, 0)"),
        new(
            "map-filter-1M-records",
            """
            (reduce (fn [sum row] (+ sum (:value row))) 0
              (map (fn [row] {:id (:id row) :value (* 2 (:value row))})
                (filter (fn [row] (> (:value row) 500))
                  (map (fn [i] {:id i :value (mod i 1000)}) (range 1000000)))))
            """,
            """
            Array.from({ length: 1000000 }, (_, i) => ({ id: i, value: i % 1000 }))
              .filter(row => row.value > 500)
              .map(row => ({ id: row.id, value: 2 * row.value }))
              .reduce((sum, row) => sum + row.value, 0)
            """),
    ];

    public Func<Task<double>> InRtfs()
    {
        var engine = new RtfsEngine();
        var limits = EvaluationLimits.Standard with { MaxTime = Timeout.InfiniteTimeSpan, MaxMemory = long.MaxValue };
        return async () =>
        {
            var result = await engine.EvaluateAsync(Rtfs, Name, limits);
            return result.Error is { } error ? throw error : Number(result.Value);
        };
    }

    public Func<Task<double>> InJint()
    {
        var script = Engine.PrepareScript(JavaScript, Name);
        return () => Task.FromResult(new Engine().Evaluate(script).AsNumber());
    }

    private static double Number(Value value) => double.Parse(value.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}
