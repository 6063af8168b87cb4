// Evaluation without an engine behind it: every streaming form and every call is refused; what a program prints and logs goes to the host.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation;

internal sealed class NoOperations(Action<string, string>? log) : IOperations
{
    public Value Apply(OperationCall call, EvaluationContext context)
    {
        switch (call.Name)
        {
            case "log":
                log?.Invoke(call.Arguments[0].As<string>()!, call.Arguments[1].As<string>()!);
                return Value.Nil;
            case "step":
                return Value.Nil;
            case "resource:ref":
                // Nothing is bound here, so a reference stands for its own spelling.
                return Value.String("@" + call.Arguments[0].As<string>());
            case "context" or GivenValues.Asking:
                return context.Given.TryAnswer(call, null, out var missing, out var answer)
                    ? answer
                    : throw new RtfsException(
                        "RTFS9002",
                        "UndefinedSymbol",
                        $"nothing gives a value to :{missing} here; define {missing}, set it by (context/set :{missing} value), or start a run with --param {missing}=VALUE",
                        call.Place);
            default:
                throw new RtfsException(
                    "RTFS9022", "SecurityViolation", $"({call.Name} …) needs a run of the plan, and this text is only evaluated. Use `rtfs run`.", call.Place);
        }
    }

    public ValueTask<Value> ApplyAsync(OperationCall call, EvaluationContext context) => new(Apply(call, context));
}
