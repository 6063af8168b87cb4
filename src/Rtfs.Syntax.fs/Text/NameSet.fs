/// Names of which it is mostly asked whether any is among a few others, and mostly none is: a mask of their hashes tells at once.
namespace Rtfs.Syntax.Text

open System.Collections.Generic

[<Sealed>]
type internal NameSet(names: IEnumerable<string>) =
    static let bitOf (name: string) = 1UL <<< (name.GetHashCode() &&& 63)
    let names = HashSet<string>(names)
    let mutable mask = 0UL

    do
        for name in names do
            mask <- mask ||| bitOf name

    new() = NameSet(Seq.empty)
    member _.Names: HashSet<string> = names
    member _.Mask = mask

    member _.Add(name: string) : unit =
        if names.Add name then
            mask <- mask ||| bitOf name

    member this.AddAll(others: IEnumerable<string>) : unit =
        for name in others do
            this.Add name

    member _.Overlaps(other: NameSet) : bool =
        (mask &&& other.Mask) <> 0UL
        && (if names.Count <= other.Names.Count then
                names.Overlaps other.Names
            else
                other.Names.Overlaps names)
