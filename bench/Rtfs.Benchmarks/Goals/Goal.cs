// One line of the report: what was measured, the least that is accepted, what is aimed at.

using System.Globalization;

namespace Rtfs.Benchmarks.Goals;

/// <param name="LowerIsBetter">Whether the value must stay under floor and goal instead of over them.</param>
public sealed record Goal(string Name, double Value, double Floor, double Aim, string Unit, bool LowerIsBetter = false)
{
    public bool ReachesFloor => LowerIsBetter ? Value <= Floor : Value >= Floor;

    public bool ReachesAim => LowerIsBetter ? Value <= Aim : Value >= Aim;

    /// <summary><c>NAME VALUE FLOOR GOAL PASS|SHORT</c>; PASS is for the goal, not the floor.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-34} {Value,10:0.00} {Floor,8:0.##} {Aim,8:0.##} {(ReachesAim ? "PASS" : "SHORT"),-6} {Unit}");
}
