// What a plan needs and was not granted: asked for once where somebody can answer, refused with the flags to add elsewhere.

using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Plans;

namespace Rtfs.Cli;

internal static class GrantRequests
{
    /// <summary>One line for each: the effect, and which capability of the plan it is for.</summary>
    public static void Describe(IReadOnlyList<Requirement> requirements, TextWriter text)
    {
        foreach (var group in ByEffect(requirements))
        {
            text.WriteLine($"  {group.Key}  (for {string.Join(", ", group.Select(Purpose).Distinct())})");
        }
    }

    public static void Refuse(IReadOnlyList<Requirement> missing, TextWriter text)
    {
        text.WriteLine("The plan was not run: it needs what was not granted.");
        Describe(missing, text);
        text.WriteLine("To grant it, add:");
        text.WriteLine("  " + string.Join(' ', ByEffect(missing).Select(group => Flag(group.Key))));
    }

    /// <summary>True when the person grants everything that is missing.</summary>
    public static bool Ask(IReadOnlyList<Requirement> missing, Terminal terminal)
    {
        terminal.Error.WriteLine("The plan needs:");
        Describe(missing, terminal.Error);
        terminal.Error.Write("Grant this for the run? [y/N] ");
        terminal.Error.Flush();

        // Not disposed: standard input may still be wanted by the plan.
        var answer = new StreamReader(terminal.In, bufferSize: 1).ReadLine()?.Trim();
        return string.Equals(answer, "y", StringComparison.OrdinalIgnoreCase) || string.Equals(answer, "yes", StringComparison.OrdinalIgnoreCase);
    }

    public static Grants Add(Grants grants, IReadOnlyList<Requirement> granted)
    {
        foreach (var requirement in granted)
        {
            grants = requirement.Effect.Kind switch
            {
                "read" => grants.AllowRead(requirement.Effect.Target),
                "write" => grants.AllowWrite(requirement.Effect.Target),
                _ => grants.AllowCapability(requirement.Effect.Target),
            };
        }

        return grants;
    }

    /// <summary>The option that grants an effect, as a shell takes it.</summary>
    public static string Flag(Effect effect) => effect.Kind switch
    {
        "read" => "--allow-read " + Quote(effect.Target),
        "write" => "--allow-write " + Quote(effect.Target),
        _ => "--allow " + Quote(effect.Target),
    };

    private static IEnumerable<IGrouping<Effect, Requirement>> ByEffect(IReadOnlyList<Requirement> requirements) =>
        requirements.GroupBy(requirement => requirement.Effect);

    private static string Purpose(Requirement requirement) => requirement.Kind switch
    {
        CapabilityKind.Source => $"source {requirement.Capability}",
        CapabilityKind.Sink => $"sink {requirement.Capability}",
        CapabilityKind.Transform => $"transform {requirement.Capability}",
        CapabilityKind.Function => $"calls of {requirement.Capability}",
        _ => requirement.Capability,
    };

    private static string Quote(string text) =>
        text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || "/._-:+@%".Contains(character))
            ? text
            : "'" + text.Replace("'", "'\\''") + "'";
}
