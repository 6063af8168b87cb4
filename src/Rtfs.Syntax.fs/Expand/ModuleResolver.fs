/// How an import finds its text. Files are the host's: it says where a module lies.
namespace Rtfs.Syntax

open System.Collections.Generic

/// `Name` is how diagnostics call the text (a path), and what its own imports are relative to; one name is one module.
[<Sealed>]
type ModuleText(name: string, text: string) =
    member _.Name = name
    member _.Text = text

type IModuleResolver =
    /// The text of a module as a text named `importingSource` means it, or null where there is none.
    abstract Resolve: importingSource: string * moduleName: string -> ModuleText | null
    /// Where `Resolve` looks, for the message that there is none.
    abstract Places: importingSource: string * moduleName: string -> IReadOnlyList<string>
