// `check --jsonl` and `eval --jsonl`: one answer for each line, in order, whatever the line is.

using System.Text;
using System.Text.Json;
using Xunit;

namespace Rtfs.Cli.Tests;

public sealed class BatchTests
{
    [Fact]
    public async Task Each_program_is_evaluated_on_its_own_and_answered_in_order()
    {
        var result = await Cli.RunWithAsync(
            """
            {"id":1,"source":"(def x 5) (+ x 1)"}
            {"id":"two","source":"x"}
            {"id":3,"source":"{:a [1.0 \"ä\" nil]}"}
            {"id":4,"source":"(/ 1 0)"}
            {"id":5,"source":"(+ 1"}
            """,
            "eval",
            "--jsonl");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(5, result.Lines.Count);
        Assert.Equal("""{"id":1,"ok":true,"value":"6"}""", result.Lines[0]);
        AssertError(result.Lines[1], "\"two\"", "RTFS9002", "UndefinedSymbol");
        Assert.Equal("""{"id":3,"ok":true,"value":"{:a [1.0 \"ä\" nil]}"}""", result.Lines[2]);
        AssertError(result.Lines[3], "4", "RTFS9004", "DivisionByZero");
        Assert.Matches("""^\{"id":5,"ok":false,"code":"RTFS00""", result.Lines[4]);
    }

    [Fact]
    public async Task A_value_too_long_to_print_is_an_error_and_the_rest_goes_on()
    {
        var result = await Cli.RunAsync(
            new CliInput
            {
                Bytes = [.. "{\"id\":1,\"source\":\"(loop [v [1] i 0] (if (< i 60) (recur [v v] (inc i)) v))\"}\n{\"id\":2,\"source\":\"2\"}"u8],
            },
            "eval",
            "--jsonl");
        AssertError(result.Lines[0], "1", "RTFS9041", "MemoryLimit");
        Assert.Equal("""{"id":2,"ok":true,"value":"2"}""", result.Lines[1]);
    }

    [Fact]
    public async Task A_bad_line_is_answered_and_the_rest_goes_on()
    {
        byte[] input =
        [
            .. "\uFEFF{\"id\":1,\"source\":\"1\"}\n\n   \nnot json\n[1]\n{\"id\":\"x\"}\n{\"id\":2,\"source\":7}\n{\"source\":\"(+ 1 1)\"}\n{\"id\":3,\"source\":\"\""u8,
            0xFF,
            .. "\"}\r\n{\"id\":4,\"source\":\"4\"}"u8,
        ];
        var result = await Cli.RunAsync(new CliInput { Bytes = input }, "eval", "--jsonl");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            [
                """{"id":1,"ok":true,"value":"1"}""",
                Refused("null", "Line 4: expected a JSON object with \\\"id\\\" and \\\"source\\\", found text that is no JSON: 'not json' is an invalid JSON literal. Expected the literal 'null'."),
                Refused("null", "Line 5: expected a JSON object with \\\"id\\\" and \\\"source\\\", found JSON that is no object but an array"),
                Refused("\"x\"", "Line 6: expected a JSON object with \\\"id\\\" and \\\"source\\\", found no \\\"source\\\""),
                Refused("2", "Line 7: expected a JSON object with \\\"id\\\" and \\\"source\\\", found a \\\"source\\\" that is no string but a number"),
                """{"id":null,"ok":true,"value":"2"}""",
                Refused("null", "Line 9: expected a JSON object with \\\"id\\\" and \\\"source\\\", found bytes that are not UTF-8"),
                """{"id":4,"ok":true,"value":"4"}""",
            ],
            result.Lines);

        static string Refused(string id, string message) =>
            $"{{\"id\":{id},\"ok\":false,\"code\":\"BadRequest\",\"kind\":\"BadRequest\",\"message\":\"{message}\"}}";
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_answered_when_its_time_is_over()
    {
        var result = await Cli.RunWithAsync(
            """
            {"id":1,"source":"(defn f [n] (if (< n 2) n (+ (f (- n 1)) (f (- n 2))))) (f 90)"}
            {"id":2,"source":"2"}
            """,
            "eval",
            "--jsonl",
            "--max-time",
            "50ms");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            """{"id":1,"ok":false,"code":"RTFS9042","kind":"TimeLimit","message":"the program took longer than 0.05 s. Allow more with --max-time, or make it end"}""",
            result.Lines[0]);
        Assert.Equal("""{"id":2,"ok":true,"value":"2"}""", result.Lines[1]);
    }

    [Fact]
    public async Task Checks_are_answered_with_zero_based_places()
    {
        var result = await Cli.RunWithAsync(
            """
            {"id":1,"source":"(+ 1 2)"}
            {"id":2,"source":"(let [x 1]\n  (foo x)"}
            {"id":3}
            """,
            "check",
            "--jsonl");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("""{"id":1,"diagnostics":[]}""", result.Lines[0]);
        var found = JsonDocument.Parse(result.Lines[1]).RootElement.GetProperty("diagnostics")[0];
        Assert.StartsWith("RTFS00", found.GetProperty("code").GetString());
        Assert.Equal("error", found.GetProperty("severity").GetString());
        Assert.True(found.GetProperty("start").GetProperty("line").GetInt32() is 0 or 1);
        Assert.True(found.GetProperty("end").GetProperty("character").GetInt32() > 0);
        Assert.Equal(
            """{"id":3,"error":{"kind":"BadRequest","message":"Line 3: expected a JSON object with \"id\" and \"source\", found no \"source\""}}""",
            result.Lines[2]);
    }

    [Fact]
    public async Task A_thousand_programs_are_a_thousand_answers()
    {
        var input = new StringBuilder();
        for (var i = 0; i < 1000; i++)
        {
            input.Append($"{{\"id\":{i},\"source\":\"(reduce + 0 [{i} 1 2])\"}}\n");
        }

        var result = await Cli.RunWithAsync(input.ToString(), "eval", "--jsonl");
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{{\"id\":{i},\"ok\":true,\"value\":\"{i + 3}\"}}"), result.Lines);
    }

    private static void AssertError(string line, string id, string code, string kind)
    {
        var answer = JsonDocument.Parse(line).RootElement;
        Assert.Equal(id, answer.GetProperty("id").GetRawText());
        Assert.False(answer.GetProperty("ok").GetBoolean());
        Assert.Equal((code, kind), (answer.GetProperty("code").GetString(), answer.GetProperty("kind").GetString()));
        Assert.NotEqual("", answer.GetProperty("message").GetString());
    }
}
