// `:error-handling` as it is written, turned into strategies.

using Rtfs.Runtime.Evaluation;
using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Streaming.Resilience;

/// <summary>
/// Accepts <c>:skip</c>, <c>{:strategy :skip}</c>, <c>{:strategy {:retry {…}}}</c>, <c>{:retry {…}}</c> and the keys by cause
/// (<c>:on-parse-error</c>, …) with <c>:retry-attempts</c> and <c>:retry-delay-ms</c> for their <c>:retry</c>. <c>:dead-letter REF</c> says where
/// dead letters go, and without a strategy beside it that what fails is one.
/// </summary>
internal static class ErrorOptionsReader
{
    private const int DefaultAttempts = 3;
    private const int DefaultDelay = 100;

    public static ErrorOptions Read(Value value, string form, SourcePlace? place)
    {
        if (value.IsNil)
        {
            return ErrorOptions.None;
        }

        if (value.As<Keyword>() is { } keyword)
        {
            return new ErrorOptions { General = Named(keyword.Name, ":error-handling", form, place) };
        }

        var options = new OptionReader(value, $":error-handling of {form}", place);
        var attempts = options.Count("retry-attempts", 0, DefaultAttempts);
        var delay = options.Count("retry-delay-ms", 0, DefaultDelay);
        var letters = options.Take("dead-letter") is { IsNil: false } target ? new DeadLetterTarget(target, place) : null;
        var read = new ErrorOptions
        {
            Letters = letters,
            General = options.Take("strategy") is { IsNil: false } strategy
                ? Strategy(strategy, ":strategy", form, place, attempts, delay)
                : options.Take("retry") is { IsNil: false } retry ? Retry(retry, form, place)
                : letters is not null ? ErrorStrategy.DeadLetter : null,
            OnParse = ByCause(options, "on-parse-error", form, place, attempts, delay),
            OnSchema = ByCause(options, "on-schema-error", form, place, attempts, delay),
            OnProcessing = ByCause(options, "on-processing-error", form, place, attempts, delay),
        };
        options.Finish();
        return read;
    }

    private static ErrorStrategy? ByCause(OptionReader options, string key, string form, SourcePlace? place, int attempts, int delay) =>
        options.Take(key) is { IsNil: false } value ? Strategy(value, ":" + key, form, place, attempts, delay) : null;

    private static ErrorStrategy Strategy(Value value, string key, string form, SourcePlace? place, int attempts, int delay)
    {
        if (value.As<Keyword>() is { } keyword)
        {
            return keyword.Name == "retry"
                ? new ErrorStrategy(ErrorAction.Retry, attempts, TimeSpan.FromMilliseconds(delay))
                : Named(keyword.Name, key, form, place);
        }

        var options = new OptionReader(value, $"{key} of {form}", place);
        var retry = options.Take("retry");
        options.Finish();
        return Retry(retry, form, place);
    }

    private static ErrorStrategy Retry(Value value, string form, SourcePlace? place)
    {
        var options = new OptionReader(value, $":retry of {form}", place);
        var attempts = options.Count("attempts", 0, DefaultAttempts);
        var delay = options.Count("delay-ms", 0, DefaultDelay);
        var jitter = options.Fraction("jitter");
        var backoff = options.Take("backoff") is { IsNil: false } written
            ? written.As<Keyword>()?.Name switch
            {
                "constant" => Backoff.Constant,
                "linear" => Backoff.Linear,
                "exponential" => Backoff.Exponential,
                _ => throw Problem($":backoff of {form} is :constant, :linear or :exponential, found {written}", place),
            }
            : Backoff.Constant;
        var then = options.Take("then") is { IsNil: false } last
            ? (last.As<Keyword>() is { Name: "fail" or "skip" or "dead-letter" } decided
                ? Named(decided.Name, ":then", form, place).Action
                : throw Problem($":then of {form} is :fail, :skip or :dead-letter, found {last}", place))
            : ErrorAction.DeadLetter;
        options.Finish();
        return new ErrorStrategy(ErrorAction.Retry, attempts, TimeSpan.FromMilliseconds(delay), backoff, then, jitter);
    }

    private static ErrorStrategy Named(string name, string key, string form, SourcePlace? place) => name switch
    {
        "fail" => ErrorStrategy.Fail,
        "skip" => ErrorStrategy.Skip,
        "dead-letter" => ErrorStrategy.DeadLetter,
        _ => throw Problem($"{key} of {form} is :fail, :skip, :dead-letter or {{:retry {{:attempts n}}}}, found :{name}", place),
    };

    private static RtfsException Problem(string message, SourcePlace? place) => new("RTFS9009", "InvalidArgument", message, place);
}
