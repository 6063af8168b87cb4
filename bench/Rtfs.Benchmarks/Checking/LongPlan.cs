// A plan of as many lines as asked for: sources with schemas, functions over their records, pipelines.

using System.Text;

namespace Rtfs.Benchmarks.Checking;

public static class LongPlan
{
    private const int LinesOfABlock = 20;

    /// <summary>Blocks of 20 lines, each with names of its own, of about 45 characters a line.</summary>
    public static string OfLines(int lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines / LinesOfABlock; i++)
        {
            text.Append($$"""
                ; Block {{i}}: one sensor, its alerts and their limits.
                (register-stream-capability
                  :capability-id "com.iot:v1.0:sensor-{{i}}"
                  :type :stream-source
                  :output-schema [:stream [:map [:id :string] [:value :float] [:at :timestamp] [:unit :string ?]]])
                (def limits-{{i}} {:high {{i % 50}}.5 :elevated {{i % 40}}.0})
                (defn fahrenheit-{{i}} [reading : [:map [:value :float]]]
                  (+ 32.0 (* 1.8 (:value reading))))
                (defn severity-{{i}} [{:keys [value unit]}]
                  (cond
                    (> value (:high limits-{{i}})) :high
                    (and unit (= unit "C") (> value (:elevated limits-{{i}}))) :medium
                    :else :low))
                (defn to-alert-{{i}} [reading]
                  (let [degrees (fahrenheit-{{i}} reading)]
                    (assoc reading :degrees degrees :severity (severity-{{i}} reading))))
                (stream-consume
                  (stream-filter (stream-map (stream-source "com.iot:v1.0:sensor-{{i}}") to-alert-{{i}})
                                 (fn [alert] (not= (:severity alert) :low)))
                  {alert => (log-info "alert" (:id alert) (:severity alert) (round (:degrees alert)))})

                """);
        }

        return text.ToString();
    }

    /// <summary>The same, but that all blocks lean on one function: no part of it can be followed without the others.</summary>
    public static string InOnePiece(int lines) =>
        "(defn rounded [x : :float] (round x))\n"
        + OfLines(lines).Replace("(round (:degrees", "(rounded (:degrees", StringComparison.Ordinal);
}
