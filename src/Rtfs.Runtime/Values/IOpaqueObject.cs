// How an object of the host or the engine shows itself when a program prints it.

namespace Rtfs.Runtime.Values;

/// <summary>Printed as <c>#&lt;Label&gt;</c>: <c>#&lt;stream com.example:v1.0:feed&gt;</c>. Without it the type's name stands there.</summary>
public interface IOpaqueObject
{
    string Label { get; }
}
