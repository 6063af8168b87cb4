/// The nearest of known names to a misspelled one. Stands alone because names, options and ids all ask for it.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Text.Nearest

open System

/// Edits from one name to the other: insert, delete, replace, and swap of neighbours (optimal string alignment,
/// Boytsov 2011). Gives `limit + 1` as soon as more than `limit` edits are certain.
let distance (limit: int) (a: string) (b: string) : int =
    if abs (a.Length - b.Length) > limit then
        limit + 1
    else
        let mutable before = Array.zeroCreate<int>(b.Length + 1)
        let mutable previous = Array.init (b.Length + 1) id
        let mutable current = Array.zeroCreate<int>(b.Length + 1)
        let mutable row = 1
        let mutable within = true

        while within && row <= a.Length do
            current[0] <- row
            let mutable least = row

            for column in 1 .. b.Length do
                let cost = if a[row - 1] = b[column - 1] then 0 else 1

                let swapped =
                    if
                        row > 1
                        && column > 1
                        && a[row - 1] = b[column - 2]
                        && a[row - 2] = b[column - 1]
                    then
                        before[column - 2] + 1
                    else
                        Int32.MaxValue

                let edits =
                    min
                        (min (previous[column] + 1) (current[column - 1] + 1))
                        (min (previous[column - 1] + cost) swapped)

                current[column] <- edits
                least <- min least edits

            // A swap reaches two rows back, so only two hopeless rows in turn end the search; one row is a lower bound minus one.
            within <- least <= limit + 1
            let spare = before
            before <- previous
            previous <- current
            current <- spare
            row <- row + 1

        if within then
            min previous[b.Length] (limit + 1)
        else
            limit + 1

/// Short names must be close: one edit up to four characters, two up to eight, then a third of the length, never above five.
let private tolerance (name: string) =
    if name.Length <= 1 then 0
    elif name.Length <= 4 then 1
    elif name.Length <= 8 then 2
    else min 5 (name.Length / 3)

/// The candidate with the fewest edits, letter case counting for less than any edit; ties go to the ordinally first.
let find (name: string) (candidates: seq<string>) : string | null =
    let limit = tolerance name
    let folded = name.ToLowerInvariant()
    let mutable best: string | null = null
    let mutable rank = struct (limit + 1, 0, 0)

    for candidate in candidates do
        if
            abs (candidate.Length - name.Length) <= limit
            && not (String.Equals(candidate, name, StringComparison.Ordinal))
        then
            let edits = distance limit folded (candidate.ToLowerInvariant())

            if edits <= limit then
                let exact = distance (limit + candidate.Length) name candidate
                // Names that begin alike are likelier slips than names that merely rhyme.
                let start =
                    if candidate.Length > 0 && folded[0] = Char.ToLowerInvariant candidate[0] then
                        0
                    else
                        1

                let found = struct (edits, exact, start)

                let better =
                    match best with
                    | null -> true
                    | chosen -> found < rank || (found = rank && String.CompareOrdinal(candidate, chosen) < 0)

                if better then
                    best <- candidate
                    rank <- found

    best
