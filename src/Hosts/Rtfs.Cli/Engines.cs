// The engine of a command: the runtime with every connector that this host composes.

using Rtfs.Connectors.Files;
using Rtfs.Runtime;

namespace Rtfs.Cli;

internal static class Engines
{
    /// <param name="outIsForResults">Standard output belongs to a protocol; what programs print goes to standard error.</param>
    public static RtfsEngine Create(Terminal terminal, bool outIsForResults = false)
    {
        var options = new RtfsEngineOptions
        {
            Time = terminal.Time,
            Modules = new FileModules(),
            EvaluationLog = (level, line) => (level == "print" && !outIsForResults ? terminal.Out : terminal.Error).WriteLine(level == "print" ? line : $"[{level}] {line}"),
        };
        options.ProviderFactories.Add(new FileProviderFactory());
        return new RtfsEngine(options);
    }
}
