// Functions and handles belong to a run: text formats refuse them wherever in an item they are.

using Rtfs.Runtime.Values;

namespace Rtfs.Connectors.Files.Writing;

internal static class LiveValues
{
    /// <summary>A function or an object of the run anywhere in the item is an <see cref="ItemRefusedException"/>.</summary>
    public static void Refuse(Value item)
    {
        switch (item.Kind)
        {
            case ValueKind.Function:
            case ValueKind.Object:
                throw new ItemRefusedException(
                    $"a value that is written must be data, and {ScalarText.Describe(item)} is not. Write data instead");
            case ValueKind.Map:
                foreach (var (key, held) in item.As<MapValue>()!.Entries)
                {
                    Refuse(key);
                    Refuse(held);
                }

                break;
            case ValueKind.Vector:
                Refuse(item.As<VectorValue>()!.Items);
                break;
            case ValueKind.List:
                Refuse(item.As<ListValue>()!.Items);
                break;
        }
    }

    private static void Refuse(IEnumerable<Value> items)
    {
        foreach (var item in items)
        {
            Refuse(item);
        }
    }
}
