// Between values and code: quoted forms become values, and a plan that is a value becomes forms again.

using Rtfs.Runtime.Evaluation;
using Rtfs.Syntax.Tree;

namespace Rtfs.Runtime.Values;

/// <summary>Both ways keep every value that the language can write; only what a run made (functions, handles) has no form.</summary>
public static class ValueForms
{
    /// <summary>The value that a quoted form denotes.</summary>
    public static Value FromForm(Form form) => form.Accept(new Reader(form));

    /// <summary>The form that denotes a value when quoted.</summary>
    /// <exception cref="RtfsException">InvalidArgument: the value holds a function or an object of the host.</exception>
    public static Form ToForm(Value value)
    {
        if (DeepStack.IsShort)
        {
            return DeepStack.Run(value, ToForm);
        }

        return value.Kind switch
        {
            ValueKind.Nil => Forms.Nil(),
            ValueKind.Bool => Forms.Bool(value.AsBool),
            ValueKind.Int => Forms.Int(value.AsInt),
            ValueKind.Float => Forms.Float(value.AsFloat),
            ValueKind.String => Forms.String(value.As<string>()!),
            ValueKind.Keyword => Forms.Keyword(value.As<Keyword>()!.Name),
            ValueKind.Symbol => Forms.Symbol(value.As<Symbol>()!.Name),
            ValueKind.Timestamp => Forms.Timestamp(value.AsTimestamp),
            ValueKind.Uuid => Forms.Uuid(value.AsUuid),
            ValueKind.Vector => Forms.Vector([.. value.As<VectorValue>()!.Items.Select(ToForm)]),
            ValueKind.List => Forms.List([.. value.As<ListValue>()!.Items.Select(ToForm)]),
            ValueKind.Map => Forms.Map([.. value.As<MapValue>()!.Entries.SelectMany(
                static entry => new[] { ToForm(entry.Key), ToForm(entry.Value) })]),
            ValueKind.Form => value.As<FormValue>()!.Form,
            ValueKind.Function or ValueKind.Object => throw Errors.Invalid(
                $"a plan that holds {ValuePrinter.Print(value)} cannot be printed: functions, handles and host objects are not data; quote the form that makes it instead"),
            var kind => throw new InvalidOperationException($"no form for {kind}"),
        };
    }

    private sealed class Reader(Form form) : IFormVisitor<Value>
    {
        public Value VisitNil() => Value.Nil;

        public Value VisitBool(bool value) => Value.Bool(value);

        public Value VisitInt(long value) => Value.Int(value);

        public Value VisitFloat(double value) => Value.Float(value);

        public Value VisitString(string value) => Value.String(value);

        public Value VisitTimestamp(DateTime value) => Value.Timestamp(value);

        public Value VisitUuid(Guid value) => Value.Uuid(value);

        public Value VisitResource(string uri) => Code();

        public Value VisitSymbol(string name) => Value.Of(Symbol.Of(name));

        public Value VisitKeyword(string name) => Value.Of(Keyword.Of(name));

        public Value VisitList(IReadOnlyList<Form> items) => Value.Of(ListValue.From(Values(items)));

        public Value VisitVector(IReadOnlyList<Form> items) => Value.Of(VectorValue.Own(Values(items)));

        public Value VisitMap(IReadOnlyList<Form> items)
        {
            var values = Values(items);
            var map = MapValue.Empty;
            for (var i = 0; i + 1 < values.Length; i += 2)
            {
                map = map.Assoc(values[i], values[i + 1]);
            }

            return Value.Of(map);
        }

        public Value VisitFunction(IReadOnlyList<Form> items) => Code();

        public Value VisitConsume(IReadOnlyList<Form> items) => Code();

        public Value VisitPrefixed(Prefix prefix, Form target) => Code();

        public Value VisitMeta(IReadOnlyList<Form> meta, Form target) => Code();

        public Value VisitBroken(string text) => Code();

        private static Value[] Values(IReadOnlyList<Form> items)
        {
            if (DeepStack.IsShort)
            {
                return DeepStack.Run(items, Values);
            }

            var values = new Value[items.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = FromForm(items[i]);
            }

            return values;
        }

        private Value Code() => Value.OfObject(new FormValue(form));
    }
}
