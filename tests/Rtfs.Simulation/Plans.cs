// From a seed to a topology, and from a topology to the text of its plan.

using System.Text;

namespace Rtfs.Simulation;

/// <summary>Everything of one simulated run that follows from its seed.</summary>
internal sealed class SimulatedPlan
{
    private readonly Random _random;
    private readonly List<Node> _nodes = [];

    public SimulatedPlan(int seed)
    {
        _random = new Random(seed);
        MayFail = _random.Next(5) == 0;
        var sources = 1 + _random.Next(3);
        for (var i = 0; i < sources; i++)
        {
            Add(NodeKind.Source, []);
        }

        for (var i = _random.Next(6); i > 0; i--)
        {
            Grow();
        }

        AddEnds();
    }

    /// <summary>A topology that is not left to chance.</summary>
    public SimulatedPlan(IEnumerable<Node> nodes, IEnumerable<End> ends)
    {
        _random = new Random(0);
        _nodes.AddRange(nodes);
        Ends.AddRange(ends);
        MayFail = _nodes.Any(static node => node.Disposal == Strategy.Fail);
    }

    public IReadOnlyList<Node> Nodes => _nodes;

    public List<End> Ends { get; } = [];

    /// <summary>Whether a stage may fail its flow, and so the run.</summary>
    public bool MayFail { get; }

    public bool Fails(Reference reference) => Ends.Any(end => Feeding(end.Input).Any(node => reference.Of(node) is not null && reference.Given.TryGetValue(node, out var given) && given.Fails));

    public static IEnumerable<Node> Feeding(Node node) => node.Inputs.SelectMany(Feeding).Append(node).Distinct();

    private Node Pick()
    {
        var node = _nodes[_random.Next(_nodes.Count)];
        return node.Kind == NodeKind.Demultiplex ? _nodes[node.Id + 1] : node;
    }

    private Node Add(NodeKind kind, Node[] inputs)
    {
        var strategy = (Strategy)_random.Next(MayFail ? 0 : 1, 4);
        var node = new Node(_nodes.Count, kind, inputs)
        {
            Items = kind == NodeKind.Source ? _random.Next(4) == 0 ? _random.Next(600) : _random.Next(30) : 0,
            IsAtHand = _random.Next(2) == 0,
            Modulus = 2 + _random.Next(6),
            Strategy = strategy,
            Failures = 1 + _random.Next(3),
            Attempts = _random.Next(4),
            HasDefault = _random.Next(2) == 0,
            Choice = _random.Next(4) switch
            {
                0 => ":round-robin",
                1 => ":priority",
                2 => $":random :seed {_random.Next(100)}",
                _ => "(fn [ready] (:index (last ready)))",
            },
            Then = (Strategy)_random.Next(MayFail ? 0 : 1, 3),
        };
        _nodes.Add(node);
        return node;
    }

    private void Grow()
    {
        NodeKind[] kinds =
        [
            NodeKind.Map, NodeKind.Filter, NodeKind.Failing, NodeKind.Flaky, NodeKind.Slow,
            NodeKind.Channel, NodeKind.Duplex, NodeKind.Bidirectional, NodeKind.Transform, NodeKind.Multiplex, NodeKind.Demultiplex,
        ];
        var kind = kinds[_random.Next(kinds.Length)];
        if (kind == NodeKind.Demultiplex)
        {
            Divide();
            return;
        }

        if (kind != NodeKind.Multiplex)
        {
            Add(kind, [Pick()]);
            return;
        }

        // Each input goes by a way of its own, so that a diamond's items can be told apart.
        Add(kind, [.. Enumerable.Range(0, 2 + _random.Next(2)).Select(_ => Add(NodeKind.Map, [Pick()]))]);
    }

    private void Divide()
    {
        var divided = Add(NodeKind.Demultiplex, [Pick()]);
        for (var route = 0; route < (divided.HasDefault ? 3 : 2); route++)
        {
            _nodes.Add(new Node(_nodes.Count, NodeKind.Route, [divided]) { Modulus = route });
        }
    }

    private void AddEnds()
    {
        var read = _nodes.SelectMany(static node => node.Inputs).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var node in _nodes.Where(node => !read.Contains(node)).ToList())
        {
            AddEnd(node);
        }

        for (var i = _random.Next(3); i > 0; i--)
        {
            AddEnd(Pick());
        }
    }

    private void AddEnd(Node input)
    {
        var strategy = _random.Next(8);
        var size = 1 + _random.Next(8);
        var kind = (EndKind)_random.Next(3);
        Ends.Add(new End(Ends.Count, kind, input)
        {
            BufferSize = size,
            Backpressure = strategy switch
            {
                0 => $"{{:strategy :drop-oldest :buffer-size {size}}}",
                1 => $"{{:strategy :drop-newest :buffer-size {size}}}",
                2 => $"{{:strategy :block :buffer-size {size}}}",
                3 => $"{{:strategy :resize :buffer-size {size} :max-size {size * 4}}}",
                _ => null,
            },
            Drops = strategy < 2,
            IsSlow = _random.Next(3) == 0,
            Act = kind == EndKind.Sink ? Act.None : _random.Next(6) switch { 0 => Act.Close, 1 => Act.Cancel, 2 => Act.Pause, _ => Act.None },
            ActAt = _random.Next(12),
        });
    }
}

/// <summary>Every reader is wired before anything starts: callbacks and wired sinks first, bodies last and side by side.</summary>
internal sealed class PlanText(SimulatedPlan plan)
{
    private readonly StringBuilder _text = new();

    public static string Write(SimulatedPlan plan) => new PlanText(plan).Write();

    private string Write()
    {
        foreach (var node in plan.Nodes)
        {
            Define(node);
        }

        foreach (var end in plan.Ends.Where(static end => end.Kind != EndKind.Body))
        {
            Define(end);
        }

        var pausing = plan.Ends.Where(static end => end.Act == Act.Pause).ToList();
        if (pausing.Count > 0)
        {
            foreach (var end in pausing.Where(static end => end.Kind == EndKind.Body))
            {
                DefineStream(end);
            }

            var cases = string.Join(' ', pausing.Select(static end => $"{end.Id} (stream-resume {end.Name})"));
            _text.AppendLine($"(stream-consume (stream-source \"com.sim:v1:control\") {{:on-item (fn [k] (match k {cases} _ nil))}})");
        }

        var bodies = plan.Ends.Where(static end => end.Kind == EndKind.Body).ToList();
        if (bodies.Count > 0)
        {
            foreach (var end in bodies.Where(static end => end.Act != Act.Pause))
            {
                DefineStream(end);
            }

            _text.AppendLine("(parallel");
            foreach (var end in bodies)
            {
                _text.AppendLine($"  [b{end.Id} (stream-consume {end.Name} {{x => {Body(end)}}}{Options(end)})]");
            }

            _text.AppendLine(")");
        }

        return _text.ToString();
    }

    private static string Register(string id, string type, string provider) =>
        $"(register-stream-capability :capability-id \"com.sim:v1:{id}\" :type :{type}{provider})";

    private void Define(Node node)
    {
        var input = node.Inputs.Length > 0 ? node.Inputs[0].Name : "";
        var (name, code) = (node.Name, node.Code);
        switch (node.Kind)
        {
            case NodeKind.Source when node.IsAtHand:
                var items = string.Join(' ', Enumerable.Range(0, node.Items).Select(number => (node.Id * Item.PerSource) + number));
                _text.AppendLine(Register(name, "stream-source", $" :provider {{:kind :values :items [{items}]}}"));
                _text.AppendLine($"(def {name} (stream-source \"com.sim:v1:{name}\"))");
                break;
            case NodeKind.Source:
                _text.AppendLine($"(def {name} (stream-source \"com.sim:v1:{name}\"))");
                break;
            case NodeKind.Map:
                _text.AppendLine($"(def {name} (stream-map {input} (fn [x] (+ x {code}))))");
                break;
            case NodeKind.Filter:
                _text.AppendLine($"(def {name} (stream-filter {input} (fn [x] (not (= 0 (mod (mod x {Item.PerSource}) {node.Modulus}))))))");
                break;
            case NodeKind.Failing:
                _text.AppendLine($"(def {name} (stream-map {input} (fn [x] (if (= 0 (mod (mod x {Item.PerSource}) {node.Modulus})) (/ 1 0) (+ x {code}))){Errors(node)}))");
                break;
            case NodeKind.Flaky:
                _text.AppendLine($"(def {name} (stream-map {input} (fn [x] (call \"com.sim:v1:flaky\" {node.Id} x)){Errors(node)}))");
                break;
            case NodeKind.Slow:
                _text.AppendLine($"(def {name} (stream-map {input} (fn [x] (do (call \"com.sim:v1:slow\" {node.Id} x) (+ x {code})))))");
                break;
            case NodeKind.Multiplex:
                _text.AppendLine($"(def {name} (stream-multiplex [{string.Join(' ', node.Inputs.Select(static one => one.Name))}] {{:strategy {node.Choice}}}))");
                break;
            case NodeKind.Demultiplex:
                _text.AppendLine($"(def {name} (stream-demultiplex {input} {{:criteria (fn [x] (mod (mod x {Item.PerSource}) 3)) :outputs {{0 nil 1 nil}}{(node.HasDefault ? " :default nil" : "")}}}))");
                break;
            case NodeKind.Route:
                _text.AppendLine($"(def {name} (stream-map (get {input} {(node.Modulus == 2 ? ":default" : node.Modulus)}) (fn [x] (+ x {code}))))");
                break;
            default:
                DefinePipe(node, input);
                break;
        }
    }

    /// <summary>What is written at one end and read at the other; the code is added behind it.</summary>
    private void DefinePipe(Node node, string input)
    {
        var (name, id) = (node.Name, $"com.sim:v1:{node.Name}");
        switch (node.Kind)
        {
            case NodeKind.Channel:
                _text.AppendLine(Register(name, "stream-transform", ""));
                _text.AppendLine($"(stream-transform :input-stream {input} :output-stream \"{id}\")");
                _text.AppendLine($"(def {name}-read (stream-source \"{id}\"))");
                break;
            case NodeKind.Duplex:
                _text.AppendLine(Register(name, "stream-transform", ""));
                _text.AppendLine($"(def {name}-read (stream-duplex :input-capability \"{id}\" :output-capability \"{id}\"))");
                _text.AppendLine($"(stream-transform :input-stream {input} :output-stream {name}-read)");
                break;
            case NodeKind.Bidirectional:
                _text.AppendLine(Register(name, "stream-bidirectional", ""));
                _text.AppendLine($"(def {name}-read (stream-bidirectional \"{id}\"))");
                _text.AppendLine($"(stream-transform :input-stream {input} :output-stream {name}-read)");
                break;
            default:
                _text.AppendLine(Register(name, "stream-transform", " :provider {:kind :function :fn (fn [x] x)}"));
                _text.AppendLine($"(def {name}-read (stream-map (stream-pipeline [{input} (stream-transform \"{id}\")]) (fn [x] x)))");
                break;
        }

        _text.AppendLine($"(def {name} (stream-map {name}-read (fn [x] (+ x {node.Code}))))");
    }

    private static string Errors(Node node) => " :error-handling " + node.Strategy switch
    {
        Strategy.Fail => ":fail",
        Strategy.Skip => ":skip",
        Strategy.DeadLetter => ":dead-letter",
        _ => $"{{:retry {{:attempts {node.Attempts} :delay-ms {node.Id * 10} :then {node.Then switch { Strategy.Fail => ":fail", Strategy.Skip => ":skip", _ => ":dead-letter" }}}}}}",
    };

    private void Define(End end)
    {
        if (end.Kind == EndKind.Sink)
        {
            var sink = end.Backpressure is { } strategy
                ? $"(stream-sink \"com.sim:v1:{end.Name}\" {{:config {{:backpressure {strategy}}}}})"
                : $"\"com.sim:v1:{end.Name}\"";
            _text.AppendLine($"(stream-transform :input-stream {end.Input.Name} :output-stream {sink})");
            return;
        }

        DefineStream(end);
        string Tell(string word) => $"(fn [] (call \"com.sim:v1:event\" {end.Id} :{word}))";
        _text.AppendLine($"(stream-consume {end.Name} {{:on-item (fn [x] {Body(end)})");
        _text.AppendLine($"  :on-start {Tell("start")} :on-complete {Tell("complete")} :on-cancel {Tell("cancel")} :on-pause {Tell("pause")} :on-resume {Tell("resume")}");
        _text.AppendLine($"  :on-error (fn [e] (call \"com.sim:v1:event\" {end.Id} (if (:sequence e) :item-error :error)))}}{Options(end)})");
    }

    /// <summary>A derived handle of its own, so that what the end does to its stream touches no other reader.</summary>
    private void DefineStream(End end) => _text.AppendLine($"(def {end.Name} (stream-map {end.Input.Name} (fn [x] x)))");

    private static string Options(End end) => end.Backpressure is { } strategy ? $" {{:backpressure {strategy}}}" : "";

    /// <summary>The item is told to the host; at one of them the stream is asked for something.</summary>
    private static string Body(End end)
    {
        var told = $"(call \"com.sim:v1:{(end.IsSlow ? "work" : "item")}\" {end.Id} x)";
        return end.Act switch
        {
            Act.Close => $"(when (= {told} {end.ActAt}) (stream-close {end.Name}))",
            Act.Cancel => $"(when (= {told} {end.ActAt}) (stream-cancel {end.Name}))",
            Act.Pause => $"(when (= {told} {end.ActAt}) (stream-pause {end.Name}))",
            _ => told,
        };
    }
}
