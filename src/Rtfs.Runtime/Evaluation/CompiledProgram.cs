// A program ready to run: its top-level forms as code.

using Rtfs.Runtime.Evaluation.Types;
using Rtfs.Runtime.Values;
using Rtfs.Syntax.Expand;

namespace Rtfs.Runtime.Evaluation;

/// <summary>Each run has its own definitions, also when runs overlap.</summary>
public sealed class CompiledProgram
{
    private readonly CoreProgram _program;
    private FunctionCode[]? _fresh;

    private CompiledProgram(CoreProgram program)
    {
        _program = program;
        var forms = CompileForms(program, out var types);
        _fresh = forms;
        Types = types;
        MayBlock = Array.Exists(forms, static form => form.MayBlock);
    }

    /// <summary>Whether running it can wait for the host or for a stream.</summary>
    public bool MayBlock { get; }

    /// <summary>Never fails on what lowering gives: unknown names, wrong types and arities are errors of the run.</summary>
    public static CompiledProgram Compile(CoreProgram program) => new(program);

    /// <summary>The types that the program names.</summary>
    internal NamedTypes Types { get; }

    /// <summary>Evaluates the top-level forms in order and gives the value of the last; nil for an empty program.</summary>
    /// <exception cref="RtfsException">The program failed.</exception>
    public async ValueTask<Value> RunAsync(EvaluationContext context)
    {
        // Definitions live in cells inside the code, so code serves one run; compiling again is cheaper than looking names up.
        var forms = Interlocked.Exchange(ref _fresh, null) ?? CompileForms(_program, out _);
        var result = Value.Nil;
        foreach (var form in forms)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var frame = context.Enter(form.FrameSize);
            try
            {
                result = form.MayBlock ? await form.Body.ExecuteAsync(context) : form.Body.Execute(context);
            }
            finally
            {
                context.Leave(frame);
            }
        }

        return result;
    }

    private static FunctionCode[] CompileForms(CoreProgram program, out NamedTypes types)
    {
        var facts = new ProgramFacts();
        FunctionCode[] forms;
        do
        {
            facts.Begin();
            var compiler = new Compiler(program.Source, facts);
            forms = [.. program.Forms.Select(compiler.CompileForm)];
            types = compiler.DefinedTypes;
        }
        while (facts.Changed);
        return forms;
    }
}
