/// What is checked of one text besides its types: its names, its ids, its options. Forms have said what they say; here it comes together.
namespace Rtfs.Syntax.Check

open System
open System.Collections.Generic
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree

/// A text on its way through the checks.
type internal CheckedText = {
    Lowered: Lowered
    /// Of each form, in the order of the text.
    Facts: Facts array
    /// Whether no other text has to do with it.
    StandsAlone: bool
    /// What reading and lowering found, absolute.
    Shape: Diagnostic array
}

/// What was found in a text. `Faulty` tells of each form whether a mistake in it makes what it defines unknown.
type internal TextFindings = {
    Diagnostics: Diagnostic array
    /// Canonical ids, each once, in the order of the text.
    Named: string array
    Faulty: bool array
    /// Names that are nobody's, and those that a trace gives to ids that nobody offers.
    Mistaken: HashSet<string>
}

[<RequireQualifiedAccess>]
module internal Texts =
    let startOf (text: CheckedText) (index: int) : int =
        text.Lowered.Document.Forms[index].Start

    /// The form that holds a place.
    let formAt (document: Document) (position: int) : int =
        let forms = document.Forms
        let mutable low = 0
        let mutable high = forms.Length - 1

        while low < high do
            let middle = (low + high + 1) / 2

            if forms[middle].Start <= position then
                low <- middle
            else
                high <- middle - 1

        low

    let private mark (document: Document) (marks: bool array) (found: seq<Diagnostic>) : unit =
        for one in found do
            if marks.Length > 0 then
                marks[formAt document one.Span.Start] <- true

    let private isFault (one: Diagnostic) =
        one.Severity = Severity.Error
        && one.Code.StartsWith("RTFS0", StringComparison.Ordinal)

    /// RTFS1001 for one program: each name once, where it is first read. A use is a name, its place, and the program of its form.
    let private misspelled
        functions
        own
        (outer: Lazy<HashSet<string>>)
        inPlan
        (uses: seq<struct (Names.Use * int * Core)>)
        : seq<Diagnostic> =
        uses
        |> Seq.groupBy (fun struct (used, _, _) -> used.Name)
        |> Seq.map (fun (name, places) ->
            let struct (_, _, first) = Seq.head places

            let spans =
                places
                |> Seq.map (fun struct (used, start, _) -> used.Span.Shift start)
                |> List.ofSeq

            Names.misspelled functions own outer.Value inPlan first name spans)

    /// Whether a form reads and defines names of `own` alone. It is asked again after every change of the text, mostly of the same names.
    let private isWithin (own: HashSet<string>) (form: Facts) : bool =
        obj.ReferenceEquals(form.Within, own)
        || (form.Own.Uses |> Array.forall (fun used -> own.Contains used.Name)
            && form.Own.Defines |> Array.forall (fun struct (name, _) -> own.Contains name))
           && (form.Within <- own
               true)

    let private definedBy (programs: seq<ProgramFacts>) : HashSet<string> =
        HashSet<string>(programs |> Seq.collect _.Defines |> Seq.map (fun struct (name, _) -> name))

    /// The names that a text may read: most texts define by themselves whatever they define, and all of it for everyone.
    let private ownNames (outer: Lazy<HashSet<string>>) (text: CheckedText) : HashSet<string> =
        let defined = text.Lowered.Names.Defined

        let isForeign (form: Facts) =
            not (isWithin defined form)
            && form.Own.Defines
               |> Array.exists (fun struct (name, _) -> not (defined.Contains name))

        let isLexical (form: Facts) = form.Lexical.Length > 0

        if
            text.StandsAlone
            && not (text.Facts |> Array.exists (fun form -> isForeign form || isLexical form))
        then
            defined
        else
            let own = HashSet<string>(outer.Value)

            for form in text.Facts do
                own.ExceptWith form.Lexical

            own.UnionWith(definedBy (text.Facts |> Seq.map _.Own))
            own

    let private names functions outer (mistaken: HashSet<string>) (text: CheckedText) : Diagnostic array =
        let own = ownNames outer text
        let unknown = ResizeArray()
        let inPlans = ResizeArray<Diagnostic>()

        for i in 0 .. text.Facts.Length - 1 do
            let form = text.Facts[i]

            if not (isWithin own form) then
                for used in form.Own.Uses do
                    if not (own.Contains used.Name) then
                        unknown.Add(struct (used, startOf text i, form.Own.Core))

            for plan in form.Plans do
                let own = HashSet<string>(plan.Defines |> Seq.map (fun struct (name, _) -> name))

                let foreign = plan.Uses |> Array.filter (fun used -> not (own.Contains used.Name))

                for used in foreign do
                    mistaken.Add used.Name |> ignore

                foreign
                |> Seq.map (fun used -> struct (used, startOf text i, plan.Core))
                |> misspelled functions own outer true
                |> inPlans.AddRange

        for struct (used, _, _) in unknown do
            mistaken.Add used.Name |> ignore

        Seq.append (misspelled functions own outer false unknown) inPlans |> Array.ofSeq

    /// What the text's own names stand for, where it is one literal.
    let private constants (programs: seq<ProgramFacts>) : Dictionary<string, Form voption> =
        let found = Dictionary<string, Form voption>()

        for program in programs do
            for struct (name, literal) in program.Defines do
                found[name] <- if found.ContainsKey name then ValueNone else literal

        found

    /// The use of an id, a name replaced by what it stands for.
    let private resolved (constants: Lazy<Dictionary<string, Form voption>>) (used: Capabilities.Use) =
        match used.Global with
        | null -> used
        | name ->
            match constants.Value.TryGetValue name with
            | true, ValueSome datum -> Capabilities.ofLiteral used.Asked used.Span datum
            | _ -> used

    /// The uses of ids in a text, first those of its own program.
    let private eachId (text: CheckedText) (each: int -> Capabilities.Use -> unit) : unit =
        let own = lazy (constants (text.Facts |> Seq.map _.Own))
        let facts = text.Facts

        for i in 0 .. facts.Length - 1 do
            for used in facts[i].Own.Ids do
                each i (resolved own used)

        for i in 0 .. facts.Length - 1 do
            for plan in facts[i].Plans do
                let own = lazy (constants [ plan ])

                for used in plan.Ids do
                    each i (resolved own used)

    /// Ids are registered for the whole run, so a registration anywhere in the text counts for all of it.
    let private ids
        (offered: seq<string>)
        (mistaken: HashSet<string>)
        (text: CheckedText)
        : struct (Diagnostic array * string array) =
        let known = Capabilities.known offered

        eachId text (fun _ used ->
            match used.Registers with
            | null -> ()
            | id -> known.Add id |> ignore)

        let named = ResizeArray<string>()
        let seen = HashSet<string>(StringComparer.Ordinal)
        let found = ResizeArray<Diagnostic>()

        eachId text (fun i used ->
            match used.Reading with
            | Capabilities.Reading.Nothing -> ()
            | Capabilities.Reading.Malformed diagnostic -> found.Add(diagnostic.Shift(startOf text i))
            | Capabilities.Reading.Id id ->
                if seen.Add id then
                    named.Add id

                if not (known.Contains id) then
                    mistaken.Add(Offers.nameOf id) |> ignore
                    found.Add(Capabilities.unknown known id (used.Span.Shift(startOf text i))))

        struct (found.ToArray(), named.ToArray())

    /// The names of the types that a text defines, and that those define which it imports.
    let private typeNames (imported: seq<string>) (text: CheckedText) : HashSet<string> =
        let found = HashSet<string>(imported, StringComparer.Ordinal)
        found.UnionWith text.Lowered.Names.Structs

        for form in text.Facts do
            for struct (name, _) in form.Types do
                found.Add name |> ignore

        found

    let private types (imported: seq<string>) (text: CheckedText) : Diagnostic array =
        if text.Facts |> Array.exists (fun form -> form.TypeUses.Length > 0) then
            seq {
                for i in 0 .. text.Facts.Length - 1 do
                    for used in text.Facts[i].TypeUses do
                        struct (used, startOf text i)
            }
            |> TypeUses.check (typeNames imported text)
        else
            Array.empty

    /// `outer` are the names that the text and its modules define, `offered` the capabilities that the host and the modules offer, `imported`
    /// the names of the modules' types.
    let check
        functions
        (outer: Lazy<HashSet<string>>)
        (offered: seq<string>)
        (imported: seq<string>)
        (text: CheckedText)
        : TextFindings =
        let document = text.Lowered.Document
        let mistaken = HashSet<string>(StringComparer.Ordinal)
        let names = Array.append (names functions outer mistaken text) (types imported text)
        let struct (ids, named) = ids offered mistaken text

        // A name that is misspelled where it is read is one mistake, and not a second one where it is bound.
        let faulty = Array.zeroCreate<bool> text.Facts.Length
        text.Shape |> Seq.filter isFault |> mark document faulty
        mark document faulty names

        let unused = ResizeArray<Diagnostic>()
        let options = ResizeArray<Diagnostic>()

        // What the text defines; a plan's program sees its own definitions.
        let globals = lazy (definedBy (text.Facts |> Seq.map _.Own))

        let add (i: int) (definitions: Lazy<HashSet<string>>) (program: ProgramFacts) =
            if program.Unused.Length > 0 && not faulty[i] then
                for found in program.Unused do
                    match found.Hides with
                    | NonNull name when not (definitions.Value.Contains(Names.globalOf text.Lowered.Names name)) -> ()
                    | _ -> unused.Add(found.Diagnostic.Shift(startOf text i))

            for found in program.Options do
                options.Add(found.Shift(startOf text i))

        for i in 0 .. text.Facts.Length - 1 do
            add i globals text.Facts[i].Own

            for plan in text.Facts[i].Plans do
                add i (lazy (definedBy [ plan ])) plan

        {
            Diagnostics =
                Seq.concat [ Seq.ofArray text.Shape; names; unused; ids; options ]
                |> Told.inOrder
            Named = named
            Faulty = faulty
            Mistaken = mistaken
        }
