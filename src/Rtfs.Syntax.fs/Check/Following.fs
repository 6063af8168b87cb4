/// From one version of a text to the next: what an earlier check has found is kept for as long as it holds, and the rest is followed.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Check.Following

open System.Collections.Generic
open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Expand
open Rtfs.Syntax.Plan
open Rtfs.Syntax.Text
open Rtfs.Syntax.Tree
open Rtfs.Syntax.Types

/// What a document remembers of having been lowered.
[<Sealed>]
type LoweringMemory(lowered: Lowered) =
    member _.Lowered = lowered

/// What a document remembers of having been checked. It holds with the functions and provider kinds that it was checked with; what
/// else a host offers may change.
[<Sealed>]
type CheckMemory(catalogue: ICatalogue, past: Past) =
    let functions = catalogue.Functions
    let kinds = Array.ofSeq catalogue.ProviderKinds

    member _.Past = past

    member _.HoldsWith(catalogue: ICatalogue) : bool =
        obj.ReferenceEquals(catalogue.Functions, functions)
        && Seq.forall2 (fun (a: string) b -> a = b) catalogue.ProviderKinds kinds
        && catalogue.ProviderKinds.Count = kinds.Length

/// How an earlier version of the document was lowered.
let lowered (document: Document) : Lowered option =
    match document.Lowering with
    | ValueSome(:? LoweringMemory as memory) -> Some memory.Lowered
    | _ -> None

/// What an earlier version was found to be. A strict check remembers nothing: what it says of a name depends on where it came to it first.
let pastOf (document: Document) (catalogue: ICatalogue) (isStrict: bool) : Past option =
    match document.Checking with
    | ValueSome(:? CheckMemory as memory) when not isStrict && memory.HoldsWith catalogue -> Some memory.Past
    | _ -> None

let unitsOf (past: Past option) : Unit array =
    match past with
    | Some past -> past.Units
    | None -> Array.empty

let private typesOf (facts: Facts array) : Dictionary<string, Type> =
    let found = Dictionary<string, Type>()

    for form in facts do
        for struct (name, target) in form.Types do
            found[name] <- target

    found

/// What is offered from the beginning, and whether that stays: of two registrations of one capability that say different things, the one
/// that was followed last would count.
let private offersOf (catalogue: ICatalogue) (facts: Facts array) : struct (Dictionary<string, Offer> * bool) =
    let found = Dictionary<string, Offer>()
    let registered = HashSet<string>()
    let mutable stays = true

    for entry in catalogue.Capabilities do
        found[Stages.canonical entry.Id] <- Offers.ofEntry entry

    for form in facts do
        for struct (id, offer) in form.Offers do
            stays <- stays && (registered.Add id || found[id] = offer)
            found[id] <- offer

    struct (found, stays)

let private isSameTypes (a: NamedTypes) (b: NamedTypes) =
    a.Count = b.Count
    && a
       |> Seq.forall (fun entry ->
           match b.TryGetValue entry.Key with
           | true, other -> obj.ReferenceEquals(other, entry.Value) || other.Equals entry.Value
           | _ -> false)

/// What a check is made with.
type private Setting = {
    Sharing: Concurrently.Sharing
    Catalogue: ICatalogue
    IsStrict: bool
    Types: Dictionary<string, Type>
    Offers: Dictionary<string, Offer>
    OffersStay: bool
    Text: CheckedText
    Faulty: bool array
    Mistaken: HashSet<string>
    /// The forms of the imported texts.
    Imported: Unit array
}

let private sessionOf (setting: Setting) : Session =
    Session(
        Signature.tableOf setting.Catalogue.Functions,
        setting.Types,
        Dictionary<string, Offer>(setting.Offers),
        setting.IsStrict,
        Mistaken = setting.Mistaken
    )

let private newUnit (setting: Setting) (i: int) : Unit =
    Unit(setting.Text.Lowered.Forms[i], setting.Text.Facts[i], true, setting.Faulty[i])

/// What following has come to. `Changed` are the names whose meaning may have changed since the past; without one, any may have.
type private Outcome = {
    Followed: Checker.Followed
    IsSpoiled: bool
    Unsettled: HashSet<string>
    Changed: NameSet option
}

let private outcomeOf (sessions: Session array) (changed: NameSet option) (followed: Checker.Followed) : Outcome = {
    Followed = followed
    IsSpoiled = followed.HasLoosePlans || sessions |> Array.exists _.IsSpoiled
    Unsettled = HashSet<string>(sessions |> Seq.collect _.Unsettled)
    Changed = changed
}

let private unitsFromNothing (setting: Setting) : Unit array =
    Array.append setting.Imported (Concurrently.init setting.Sharing setting.Text.Facts.Length (newUnit setting))

let private inOne (setting: Setting) : Outcome =
    let session = sessionOf setting
    let units = unitsFromNothing setting

    let kept: Checker.Kept = { Units = units; Alone = Dictionary() }

    outcomeOf [| session |] None (Checker.run units [| struct (session, kept) |])

/// Follows what has nothing to do with each other beside each other; nothing where that is all one, or turns out to be.
let private inParts (setting: Setting) : Outcome option =
    let units = unitsFromNothing setting
    let signatures = Signature.tableOf setting.Catalogue.Functions

    let count = Parts.divide setting.Sharing.Parts signatures.ContainsKey units

    if count = 1 then
        None
    else
        let sessions = Array.init count (fun _ -> sessionOf setting)
        let members = units |> Array.groupBy _.Part |> dict

        let followed =
            sessions
            |> Array.mapi (fun part session ->
                let kept: Checker.Kept = {
                    Units = members[part]
                    Alone = Dictionary()
                }

                struct (session, kept))
            |> Checker.run units

        let traces = seq {
            for unit in units do
                for trace in unit.Traces do
                    struct (unit.Part, trace)

            for struct (unit, _, trace) in followed.Alone do
                struct (unit.Part, trace)
        }

        if sessions |> Array.exists _.IsSpoiled || Parts.areEntangled traces then
            None
        else
            // Changes are followed in one.
            for unit in units do
                unit.Part <- 0

            Some(outcomeOf sessions None followed)

/// What a strict check says of a name depends on where it came to it first.
let private fromNothing (setting: Setting) : Outcome =
    let isLong =
        setting.Text.Facts.Length >= setting.Sharing.Fewest && setting.Sharing.Parts > 1

    if
        isLong
        && not setting.IsStrict
        && setting.OffersStay
        && setting.Imported.Length = 0
    then
        inParts setting |> Option.defaultWith (fun () -> inOne setting)
    else
        inOne setting

/// Units of the past where their forms stand now, null where there is none or where it does not hold; what has changed by that is noted.
let private standing (setting: Setting) (past: Past) (changes: Stale.Changes) : Unit array =
    let forms = setting.Text.Lowered.Forms

    let aligned =
        Aligned.find (fun (known: Unit) form -> obj.ReferenceEquals(known.Form, form)) past.Units forms

    let isKept = Array.zeroCreate<bool> past.Units.Length

    let units =
        Array.init forms.Length (fun i ->
            let at = aligned[i]

            if at >= 0 && past.Units[at].IsFaulty = setting.Faulty[i] then
                isKept[at] <- true
                past.Units[at]
            else
                changes.Names.AddAll setting.Text.Facts[i].Defined
                null)

    for i in 0 .. isKept.Length - 1 do
        if not isKept[i] then
            Stale.note changes past.Units[i]

    units

/// What the new units, and functions that were checked anew by themselves, have touched.
let private touched (fresh: ResizeArray<Unit>) (followed: Checker.Followed) (known: Dictionary<Closure, Trace>) =
    let found = HashSet<obj>()

    for unit in fresh do
        found.UnionWith unit.Shared

    for struct (_, closure, trace) in followed.Alone do
        if trace.Basis.Touched.Count > 0 && not (known.ContainsKey closure) then
            found.UnionWith trace.Basis.Touched.Items

    found

/// Forms share more than was known before they were followed: as often as that is found, more of the past is given up.
let private mostRounds = 4

/// Follows what has changed, or gives nothing where that cannot be told from the rest.
let private fromPast (setting: Setting) (past: Past) : Outcome option =
    let changes: Stale.Changes = {
        Names = NameSet()
        Shared = HashSet()
    }

    let units = standing setting past changes
    let alone = Dictionary<Closure, Trace>(past.Alone, past.Alone.Comparer)
    changes.Names.AddAll past.Unsettled
    changes.Names.AddAll(Stale.offers past.Offers setting.Offers)

    let rec attempt round =
        Stale.remove changes units alone
        let session = sessionOf setting

        let now = Array.copy units
        let fresh = ResizeArray<Unit>()

        for i in 0 .. now.Length - 1 do
            if isNull now[i] then
                now[i] <- newUnit setting i
                fresh.Add now[i]

        let followed =
            Checker.run now [| struct (session, { Units = now; Alone = alone }) |]

        session.Conflicts.UnionWith(Stale.conflicts (touched fresh followed alone) units alone)

        if session.IsSpoiled || followed.HasLoosePlans then
            None
        elif session.Conflicts.Count > 0 then
            if round >= mostRounds then
                None
            else
                changes.Shared.UnionWith session.Conflicts
                attempt (round + 1)
        elif
            followed.IsDrawn <> past.IsDrawn
            && now |> Array.exists (fun unit -> unit.Trace.Plans.Count > 0)
        then
            None
        else
            Some(outcomeOf [| session |] (Some changes.Names) followed)

    attempt 1

/// What the document hands on. A strict check leaves what another has left.
let private remember (setting: Setting) (outcome: Outcome) : unit =
    let followed = outcome.Followed
    let unsettled = outcome.Unsettled

    let memory () =
        let alone =
            Dictionary<Closure, Trace>(followed.Alone.Length, HashIdentity.Reference)

        for struct (_, closure, trace) in followed.Alone do
            alone[closure] <- trace

        unsettled.UnionWith(Stale.unsettled outcome.Changed setting.Text.Facts)

        CheckMemory(
            setting.Catalogue,
            {
                Units = followed.Units
                Alone = alone
                Types = setting.Types
                Offers = setting.Offers
                Unsettled = unsettled
                IsDrawn = followed.IsDrawn
            }
        )

    let isWorthIt =
        not outcome.IsSpoiled && setting.OffersStay && setting.Imported.Length = 0

    if not setting.IsStrict then
        setting.Text.Lowered.Document.Checking <- if isWorthIt then ValueSome(memory ()) else ValueNone

/// `imported` are the texts that the text imports, `found` what has been found in the text so far.
let follow
    (sharing: Concurrently.Sharing)
    (catalogue: ICatalogue)
    (isStrict: bool)
    (past: Past option)
    (imported: CheckedText array)
    (text: CheckedText)
    (found: TextFindings)
    : Checker.Followed =
    let facts = Array.append (imported |> Array.collect _.Facts) text.Facts

    let struct (offers, offersStay) = offersOf catalogue facts

    let setting = {
        Sharing = sharing
        Catalogue = catalogue
        IsStrict = isStrict
        Types = typesOf facts
        Offers = offers
        OffersStay = offersStay
        Text = text
        Faulty = found.Faulty
        Mistaken = found.Mistaken
        Imported =
            imported
            |> Array.collect (fun text ->
                Array.map2 (fun form facts -> Unit(form, facts, false, false)) text.Lowered.Forms text.Facts)
    }

    let kept =
        match past with
        | Some past when imported.Length = 0 && offersStay && isSameTypes past.Types setting.Types ->
            fromPast setting past
        | _ -> None

    let outcome =
        match kept with
        | Some outcome -> outcome
        | None -> fromNothing setting

    remember setting outcome
    outcome.Followed
