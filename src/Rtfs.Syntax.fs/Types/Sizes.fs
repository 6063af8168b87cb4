/// What is known of the number of characters of a string or of items of a collection: an interval of naturals.
namespace Rtfs.Syntax.Types

[<Struct>]
type internal Sizes = { Least: int64; Most: int64 }

module internal Sizes =
    let any = {
        Least = 0L
        Most = System.Int64.MaxValue
    }

    let exactly size = { Least = size; Most = size }

    let add (comparison: Comparison) (size: int64) (sizes: Sizes) : Sizes =
        match comparison with
        | Comparison.GreaterOrEqual -> {
            sizes with
                Least = max sizes.Least size
          }
        | Comparison.LessOrEqual -> {
            sizes with
                Most = min sizes.Most size
          }
        | Comparison.Equal -> {
            Least = max sizes.Least size
            Most = min sizes.Most size
          }
        | _ -> sizes

    let implies (sizes: Sizes) (comparison: Comparison) (size: int64) : bool =
        match comparison with
        | Comparison.GreaterOrEqual -> sizes.Least >= size
        | Comparison.LessOrEqual -> sizes.Most <= size
        | Comparison.Equal -> sizes.Least = size && sizes.Most = size
        | _ -> false

    let isEmpty (sizes: Sizes) = sizes.Least > sizes.Most
