// So many slots side by side in the object or the frame that holds them, with no array of their own.

using System.Runtime.CompilerServices;

namespace Rtfs.Runtime.Values;

[InlineArray(1)]
internal struct Slots1<T>
{
    private T _first;
}

[InlineArray(2)]
internal struct Slots2<T>
{
    private T _first;
}

[InlineArray(3)]
internal struct Slots3<T>
{
    private T _first;
}

[InlineArray(4)]
internal struct Slots4<T>
{
    private T _first;
}

[InlineArray(5)]
internal struct Slots5<T>
{
    private T _first;
}

[InlineArray(6)]
internal struct Slots6<T>
{
    private T _first;
}

[InlineArray(7)]
internal struct Slots7<T>
{
    private T _first;
}

[InlineArray(8)]
internal struct Slots8<T>
{
    private T _first;
}

[InlineArray(32)]
internal struct Slots32<T>
{
    private T _first;
}
