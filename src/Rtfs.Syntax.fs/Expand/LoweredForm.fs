/// A top-level form after lowering, and what of an earlier reading of the text is lowered still.
namespace Rtfs.Syntax.Expand

open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

module internal Importing =
    let isImporting (form: Form) =
        match bare form with
        | ListOf items when items.Length > 0 ->
            match items[0] with
            | SymbolOf("import" | "module") -> true
            | _ -> false
        | _ -> false

/// Places are relative to the form.
[<Sealed; AllowNullLiteral>]
type internal LoweredForm
    (form: Form, names: Definitions.FormNames, core: Core, annex: Annex, found: Diagnostic array, definesMacro: bool) =
    let isImporting = Importing.isImporting form
    member _.Form = form
    /// Whether other texts, or names of its own, come in with it.
    member _.IsImporting = isImporting
    member _.Names = names
    member _.Core = core
    member _.Annex = annex
    member _.Found = found
    /// Whether lowering it made a macro known.
    member _.DefinesMacro = definesMacro

/// A lowered text. `Through` is the import of the first text that led here.
type internal Lowered = {
    Document: Document
    Forms: LoweredForm array
    Names: Names
    Through: Span
} with

    /// With absolute places in the document.
    member lowered.Found: Diagnostic array =
        let found = ResizeArray<Diagnostic>()

        for i in 0 .. lowered.Forms.Length - 1 do
            for one in lowered.Forms[i].Found do
                found.Add(one.Shift lowered.Document.Forms[i].Start)

        found.ToArray()

    member lowered.CoreForms: CoreForm array =
        lowered.Forms
        |> Array.mapi (fun i form -> CoreForm(lowered.Document.Source, lowered.Document.Forms[i].Start, form.Core))

/// What stands where it stood: a change leaves the forms before it and after it, in their order.
module internal Aligned =
    /// For each of the later items the earlier one that it is, or -1.
    let inline find
        ([<InlineIfLambda>] isSame: 'Earlier -> 'Later -> bool)
        (earlier: 'Earlier array)
        (later: 'Later array)
        : int array =
        let found = Array.create later.Length -1
        let shorter = min earlier.Length later.Length
        let mutable before = 0

        while before < shorter && isSame earlier[before] later[before] do
            found[before] <- before
            before <- before + 1

        let shift = earlier.Length - later.Length
        let mutable i = later.Length - 1

        while i >= before && i + shift >= before && isSame earlier[i + shift] later[i] do
            found[i] <- i + shift
            i <- i - 1

        found

    /// Those of the earlier items that are not among the later.
    let gone (earlier: 'Earlier array) (aligned: int array) : 'Earlier array =
        let isKept = Array.zeroCreate<bool> earlier.Length

        for i in aligned do
            if i >= 0 then
                isKept[i] <- true

        let found = ResizeArray<'Earlier>()

        for i in 0 .. earlier.Length - 1 do
            if not isKept[i] then
                found.Add earlier[i]

        found.ToArray()

/// What a text is to be lowered with, and what an earlier lowering of it has left to do.
type internal Relowering = {
    Meanings: Names
    /// The names in each form.
    Names: Definitions.FormNames array
    /// What each form was lowered to, or null where it has to be lowered.
    Kept: LoweredForm array
}

module internal Relowering =
    let private mentionsMacros (names: Definitions.FormNames) = names.Mentioned.Contains "defmacro"

    /// Whether what a form is lowered to depends on no other: no form brings in macros or names.
    let isInAnyOrder (plan: Relowering) (forms: Form array) : bool =
        plan.Meanings.Macros.Count = 0
        && not (plan.Names |> Array.exists mentionsMacros)
        && not (forms |> Array.exists Importing.isImporting)

    let fromNothing (forms: Form array) : Relowering =
        let names =
            Concurrently.init Concurrently.sharing forms.Length (fun i -> Definitions.inForm forms[i])

        {
            Meanings = Definitions.together names
            Names = names
            Kept = Array.create forms.Length null
        }

    /// What the names of a text mean now, and which of them meant something else before.
    let private meanings (earlier: Lowered) (gone: LoweredForm array) (added: Definitions.FormNames array) names =
        let isSame (choose: Definitions.FormNames -> string array) =
            (gone |> Array.collect (fun form -> choose form.Names)) = (added |> Array.collect choose)

        if isSame _.Defined && isSame _.Structs then
            struct (Names.defining earlier.Names.Defined earlier.Names.Structs, NameSet())
        else
            let now = Definitions.together names
            let changed = HashSet<string>(now.Defined)
            changed.SymmetricExceptWith earlier.Names.Defined
            let types = HashSet<string>(now.Structs)
            types.SymmetricExceptWith earlier.Names.Structs
            changed.UnionWith types
            struct (now, NameSet changed)

    /// A form is lowered still where the names in it mean what they meant. In a text with macros, what names a template has is not looked
    /// into, and places of templates move: what depends on either is lowered again.
    let after (earlier: Lowered) (forms: Form array) : Relowering =
        let isSame (known: LoweredForm) form = obj.ReferenceEquals(known.Form, form)
        let aligned = Aligned.find isSame earlier.Forms forms
        let gone = Aligned.gone earlier.Forms aligned

        let added = ResizeArray<Definitions.FormNames>()
        let newForms = ResizeArray<Form>()

        let names =
            Array.init forms.Length (fun i ->
                if aligned[i] >= 0 then
                    earlier.Forms[aligned[i]].Names
                else
                    let names = Definitions.inForm forms[i]
                    added.Add names
                    newForms.Add forms[i]
                    names)

        let added = added.ToArray()
        let struct (now, changed) = meanings earlier gone added names

        let macrosChange =
            gone |> Array.exists _.DefinesMacro || added |> Array.exists mentionsMacros

        let hasMacros = macrosChange || earlier.Names.Macros.Count > 0

        let macros = NameSet earlier.Names.Macros.Keys

        let isLowered (form: LoweredForm) =
            not (form.Names.Mentioned.Overlaps changed)
            && (not hasMacros || not (form.DefinesMacro || form.Found.Length > 0))

        // A new form may use a macro that makes another.
        let isAllNew =
            macrosChange
            || hasMacros && changed.Count > 0
            || hasMacros
               && added |> Array.exists (fun names -> names.Mentioned.Overlaps macros)
               && earlier.Forms
                  |> Array.exists (fun form -> form.DefinesMacro && not (mentionsMacros form.Names))
            || earlier.Forms |> Array.exists _.IsImporting
            || newForms |> Seq.exists Importing.isImporting

        {
            Meanings = now
            Names = names
            Kept =
                aligned
                |> Array.map (fun i ->
                    if not isAllNew && i >= 0 && isLowered earlier.Forms[i] then
                        earlier.Forms[i]
                    else
                        null)
        }

    /// Lowers a form, and looks whether that made a macro known.
    let lower (context: LoweringContext) (form: Form) (mentioned: NameSet) names (lower: unit -> Core) =
        let macros = context.Names.Macros

        let mayDefine =
            mentioned.Contains "defmacro"
            || macros.Count > 0 && macros.Keys |> Seq.exists mentioned.Contains

        let before =
            if mayDefine then
                Dictionary<string, Macro> macros
            else
                macros

        let core = lower ()

        let isNew (macro: KeyValuePair<string, Macro>) =
            match before.TryGetValue macro.Key with
            | true, known -> not (obj.ReferenceEquals(known, macro.Value))
            | _ -> true

        let definesMacro = mayDefine && macros |> Seq.exists isNew

        let found =
            if context.Found.Count = 0 then
                Array.empty
            else
                context.Found.ToArray()

        LoweredForm(form, names, core, context.Annex, found, definesMacro)
