// A look at whether what feeds a multiplexer still moves, through multiplexers that feed it.

namespace Rtfs.Runtime.Streaming.Heads;

/// <summary>
/// Asks each multiplexer once in one look: streams that part and meet again have more ways than multiplexers. One that is asked again has
/// been found quiet, or is being looked at, as the first that is not quiet ends the look. Of the thread that looks.
/// </summary>
internal static class QuietLook
{
    [ThreadStatic]
    private static HashSet<MultiplexHead>? _asked;

    [ThreadStatic]
    private static int _depth;

    public static bool Ask(MultiplexHead head, InputCursor[] inputs)
    {
        var asked = _asked ??= [];
        if (!asked.Add(head))
        {
            return true;
        }

        _depth++;
        try
        {
            foreach (var input in inputs)
            {
                if (!input.IsQuiet)
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            if (--_depth == 0)
            {
                asked.Clear();
            }
        }
    }
}
