/// What is known of the number of characters of a string or of items of a collection: an interval of naturals.
namespace Rtfs.Syntax.Types

[<Struct>]
type internal Sizes = { Least: int64; Most: int64 }

module internal Sizes =
    /// Nothing is known, not even that there is a size: a keyword has none, and is not of `[:min-count 0]`.
    let unknown = {
        Least = -1L
        Most = System.Int64.MaxValue
    }

    let add (comparison: Comparison) (size: int64) (sizes: Sizes) : Sizes =
        let measured = {
            sizes with
                Least = max sizes.Least 0L
        }

        match comparison with
        | Comparison.GreaterOrEqual -> {
            measured with
                Least = max measured.Least size
          }
        | Comparison.LessOrEqual -> {
            measured with
                Most = min sizes.Most size
          }
        | Comparison.Equal -> {
            Least = max measured.Least size
            Most = min sizes.Most size
          }
        | _ -> sizes

    /// Of what has a size, whichever.
    let measured (sizes: Sizes) : Sizes = add Comparison.GreaterOrEqual 0L sizes

    let implies (sizes: Sizes) (comparison: Comparison) (size: int64) : bool =
        match comparison with
        | Comparison.GreaterOrEqual -> sizes.Least >= size
        | Comparison.LessOrEqual -> sizes.Least >= 0L && sizes.Most <= size
        | Comparison.Equal -> sizes.Least = size && sizes.Most = size
        | _ -> false

    let isEmpty (sizes: Sizes) = sizes.Least > sizes.Most
