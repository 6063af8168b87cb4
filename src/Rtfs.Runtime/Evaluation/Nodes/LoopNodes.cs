// What runs more than once in place: loop, recur, and functions whose body comes back to its start.

using Rtfs.Runtime.Values;

namespace Rtfs.Runtime.Evaluation.Nodes;

/// <summary>
/// A binding of a loop or of <c>with-resource</c>: its value, and where it goes.
/// </summary>
internal readonly record struct Assignment(Binder Binder, Node Value);

/// <summary>Sets the names of its loop or function anew and gives a mark, which that loop or function takes for "again".</summary>
/// <remarks>It stands in tail position, so nothing between it and its target does more than hand the mark on.</remarks>
/// <param name="scratch">The first of as many slots as there are targets: values wait there until all are computed.</param>
internal sealed class RecurNode(Binder[] targets, Node[] arguments, int scratch, SourcePlace place) : Node(place)
{
    private static readonly Value Mark = Value.OfObject(new object());

    public override bool MayBlock { get; } = AnyBlocks(arguments);

    public static bool IsMark(Value value) => ReferenceEquals(value.Reference, Mark.Reference);

    public override Value Execute(EvaluationContext context)
    {
        if (arguments.Length == 1)
        {
            targets[0].Bind(context, arguments[0].Execute(context));
            return Mark;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            var value = arguments[i].Execute(context);
            context.Slot(scratch + i) = value;
        }

        Assign(context);
        return Mark;
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = await arguments[i].ExecuteAsync(context);
            context.Slot(scratch + i) = value;
        }

        Assign(context);
        return Mark;
    }

    private void Assign(EvaluationContext context)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i].Bind(context, context.Slot(scratch + i));
        }
    }
}

/// <summary>Runs a body until it gives something else than the mark of <c>recur</c>. Without bindings it is the body of a function.</summary>
internal sealed class LoopNode(Assignment[] start, Node body, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = body.MayBlock || Array.Exists(start, static binding => binding.Value.MayBlock);

    public override Value Execute(EvaluationContext context)
    {
        foreach (var (binder, value) in start)
        {
            binder.Bind(context, value.Execute(context));
        }

        while (true)
        {
            var result = body.Execute(context);
            if (!RecurNode.IsMark(result))
            {
                return result;
            }

            context.Step();
        }
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        foreach (var (binder, value) in start)
        {
            binder.Bind(context, await value.ExecuteAsync(context));
        }

        while (true)
        {
            var result = await body.ExecuteAsync(context);
            if (!RecurNode.IsMark(result))
            {
                return result;
            }

            context.Step();
        }
    }
}

/// <summary>A comprehension. Its levels are walked by hand, so that many of them need no more of the machine's stack than one.</summary>
internal sealed class ForNode(Assignment[] levels, Node body, SourcePlace place) : Node(place)
{
    public override bool MayBlock { get; } = body.MayBlock || Array.Exists(levels, static level => level.Value.MayBlock);

    public override Value Execute(EvaluationContext context)
    {
        var walk = new Walk(levels.Length);
        walk.Open(Items(levels[0].Value.Execute(context)));
        while (walk.MoveNext(out var level, out var item))
        {
            context.Step();
            levels[level].Binder.Bind(context, item);
            if (level + 1 < levels.Length)
            {
                walk.Open(Items(levels[level + 1].Value.Execute(context)));
            }
            else
            {
                context.Charge(Footprint.Item);
                walk.Results.Add(body.Execute(context));
            }
        }

        return Value.Of(walk.Results.ToVector());
    }

    public override async ValueTask<Value> ExecuteAsync(EvaluationContext context)
    {
        var walk = new Walk(levels.Length);
        walk.Open(Items(await levels[0].Value.ExecuteAsync(context)));
        while (walk.MoveNext(out var level, out var item))
        {
            context.Step();
            levels[level].Binder.Bind(context, item);
            if (level + 1 < levels.Length)
            {
                walk.Open(Items(await levels[level + 1].Value.ExecuteAsync(context)));
            }
            else
            {
                context.Charge(Footprint.Item);
                walk.Results.Add(await body.ExecuteAsync(context));
            }
        }

        return Value.Of(walk.Results.ToVector());
    }

    private VectorValue Items(Value collection) => collection.Reference switch
    {
        VectorValue vector => vector,
        ListValue list => VectorValue.Own(list.ToArray()),
        string text => Library.Text.Characters(text),
        _ => throw Errors.Type($"for goes over vectors, lists and strings, but found {Errors.Describe(collection)}").At(Place),
    };

    /// <summary>Where a comprehension is: an open collection and the next index in it for each level, innermost last.</summary>
    private sealed class Walk(int levels)
    {
        private readonly VectorValue[] _open = new VectorValue[levels];
        private readonly int[] _next = new int[levels];
        private int _level = -1;

        public VectorBuilder Results { get; } = new();

        public void Open(VectorValue items)
        {
            _level++;
            _open[_level] = items;
            _next[_level] = 0;
        }

        /// <summary>The next item of the innermost collection that has one, and its level.</summary>
        public bool MoveNext(out int level, out Value item)
        {
            for (; _level >= 0; _level--)
            {
                if (_next[_level] < _open[_level].Count)
                {
                    level = _level;
                    item = _open[_level][_next[_level]++];
                    return true;
                }
            }

            (level, item) = (-1, default);
            return false;
        }
    }
}
