// The plans that the tests run.

namespace Rtfs.Cli.Tests;

internal static class Plans
{
    /// <summary>Reads <c>in.ndjson</c>, doubles <c>:value</c>, writes <c>out.ndjson</c>.</summary>
    public static string Doubling => Between("(fn [item] (assoc item :value (* 2 (:value item))))");

    /// <summary>Reads <c>in.ndjson</c>, applies a function to each item under an error strategy, writes <c>out.ndjson</c>.</summary>
    public static string Between(string function, string strategy = ":fail") => $$$"""
        (register-stream-capability
          :capability-id "com.test:v1.0:in"
          :type :stream-source
          :provider {:kind :file :path "in.ndjson" :format :ndjson})
        (register-stream-capability
          :capability-id "com.test:v1.0:out"
          :type :stream-sink
          :provider {:kind :file :path "out.ndjson" :format :ndjson})
        (stream-execute
          (stream-pipeline
            [(stream-source "com.test:v1.0:in")
             (stream-transform :fn {{{function}}})
             (stream-sink "com.test:v1.0:out")]
            {:error-handling {:strategy {{{strategy}}}}}))
        """;
}
