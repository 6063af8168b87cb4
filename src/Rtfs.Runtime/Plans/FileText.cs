// `(read-file "path")`: the text of a file that the run was granted to read.

using System.Text;
using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Marketplace;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Plans;

internal static class FileText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What reading the file needs; a relative path starts at the plan's directory.</summary>
    public static Effect Needs(string path, string? baseDirectory) =>
        new("read", Path.GetFullPath(path, Path.GetFullPath(baseDirectory ?? ".")));

    /// <exception cref="RtfsException">SecurityViolation without the grant, IoError for a file that cannot be read.</exception>
    public static async ValueTask<Value> ReadAsync(OperationCall call, PlanScope scope, EvaluationContext context)
    {
        var path = call.Arguments[0].As<string>() ?? throw Errors.Argument("read-file", "a path as a string", 1, call.Arguments[0]);
        if (path.Length == 0 || path.Contains('\0'))
        {
            throw Fault("an empty path, or one with a NUL character, names no file", call);
        }

        var effect = Needs(path, scope.BaseDirectory);
        if (!scope.Options.Grants.Allows(effect))
        {
            throw new RtfsException("RTFS9022", "SecurityViolation", $"read-file needs what this run is not granted: {effect}", call.Place);
        }

        try
        {
            // The path that the grant was judged by: a link that is changed in between leads nowhere else.
            await using var file = File.OpenRead(RealPath.Of(effect.Target) ?? effect.Target);
            context.Charge(Footprint.Text(file.Length));
            using var text = new StreamReader(file, Strict);
            var reading = text.ReadToEndAsync(context.Cancellation);
            return Value.String(context.Task is { } task ? await task.OutsideAsync(new ValueTask<string>(reading), $"the file {path}") : await reading);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault($"there is no file {path}", call);
        }
        catch (DecoderFallbackException)
        {
            throw Fault($"{path} is no UTF-8 text", call);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Fault($"{path} cannot be read: {fault.Message}", call);
        }
    }

    private static RtfsException Fault(string message, OperationCall call) => new("RTFS9021", "IoError", $"read-file: {message}", call.Place);
}
