/// What a kind of stage looks like: a colour for light and dark, and an icon. Every drawing takes it from here.
namespace Rtfs.Syntax.Plan.Drawing

[<RequireQualifiedAccess>]
type internal Look =
    | Source
    | Sink
    | Transform
    | Filter
    | KeyBy
    | Window
    | Aggregate
    | Multiplex
    | Demultiplex
    | Consume
    | Resource
    /// A kind that no other look is meant for.
    | Plain

/// `Ink` is for borders and icons.
type internal Colours = {
    Fill: string
    Ink: string
    DarkFill: string
    DarkInk: string
}

module internal Look =
    /// Kinds are open: the engine may know operators that no drawing has met.
    let ofKind (kind: string) : Look =
        match kind with
        | "source" -> Look.Source
        | "sink"
        | "produce" -> Look.Sink
        | "transform"
        | "map" -> Look.Transform
        | "filter" -> Look.Filter
        | "key-by" -> Look.KeyBy
        | "window" -> Look.Window
        | "aggregate" -> Look.Aggregate
        | "multiplex"
        | "join" -> Look.Multiplex
        | "demultiplex"
        | "output" -> Look.Demultiplex
        | "consume" -> Look.Consume
        | "resource" -> Look.Resource
        | _ -> Look.Plain

    /// Its class in a style sheet.
    let name (look: Look) : string =
        match look with
        | Look.Source -> "source"
        | Look.Sink -> "sink"
        | Look.Transform -> "transform"
        | Look.Filter -> "filter"
        | Look.KeyBy -> "key-by"
        | Look.Window -> "window"
        | Look.Aggregate -> "aggregate"
        | Look.Multiplex -> "multiplex"
        | Look.Demultiplex -> "demultiplex"
        | Look.Consume -> "consume"
        | Look.Resource -> "resource"
        | Look.Plain -> "plain"

    let private palette fill ink darkFill darkInk = {
        Fill = fill
        Ink = ink
        DarkFill = darkFill
        DarkInk = darkInk
    }

    let colours (look: Look) : Colours =
        match look with
        | Look.Source -> palette "#e7f5ec" "#2f855a" "#15291e" "#68b587"
        | Look.Sink -> palette "#e9ecfc" "#4f5fc4" "#1c2140" "#8f9ff0"
        | Look.Transform -> palette "#e6f2fb" "#2f78b3" "#12283a" "#6bb0e4"
        | Look.Filter -> palette "#fdf3dd" "#a86d14" "#32260f" "#dcab57"
        | Look.KeyBy -> palette "#e1f4f2" "#23827a" "#102d2a" "#5cc0b5"
        | Look.Window -> palette "#f1eafb" "#8156bd" "#291f3c" "#b596e6"
        | Look.Aggregate -> palette "#fce9f1" "#b04475" "#391a29" "#e588b1"
        | Look.Multiplex -> palette "#feeae0" "#b8572a" "#392115" "#ea986d"
        | Look.Demultiplex -> palette "#f4ece4" "#87623f" "#2d241b" "#c8a07c"
        | Look.Consume -> palette "#fce8e8" "#b04545" "#3a1b1b" "#e68a8a"
        | Look.Resource -> palette "#e9eef3" "#56697d" "#1e2731" "#97abc1"
        | Look.Plain -> palette "#f0f0ef" "#6a6a68" "#262625" "#aaaaa7"

    /// Lines in a square of 20 by 20.
    let icon (look: Look) : string =
        match look with
        | Look.Source -> "M9 4.3a6 6 0 1 0 0 11.4M7.5 10H17M13.5 6.5 17 10l-3.5 3.5"
        | Look.Sink -> "M10 3v9M6.5 8.5 10 12l3.5-3.5M3 11.5V16a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-4.5"
        | Look.Transform -> "M2.5 10H6l2.6-6 3.6 12 2.5-6h2.8"
        | Look.Filter -> "M3 4h14l-5.4 6.6V16.5l-3.2-1.7v-4.2z"
        | Look.KeyBy -> "M10.2 9.8a3.6 3.6 0 1 1-5 5.1 3.6 3.6 0 0 1 5-5.1zL16.5 3.5M13.4 6.6l2.8 2.8"
        | Look.Window -> "M6 3H3v14h3M14 3h3v14h-3M7.3 12V8M10 14V6M12.7 12V8"
        | Look.Aggregate -> "M15 6V3.5H5L10.8 10 5 16.5h10V14"
        | Look.Multiplex -> "M3 4c6.5 0 4 6 9.5 6M3 16c6.5 0 4-6 9.5-6M3 10h14M14 7l3 3-3 3"
        | Look.Demultiplex -> "M3 10h14M6.5 10C12 10 10 4 16.5 4M6.5 10c5.5 0 3.5 6 10 6"
        | Look.Consume -> "M2.5 10c3-5.6 12-5.6 15 0-3 5.6-12 5.6-15 0zM10 7.7a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6z"
        | Look.Resource -> "M4 5.8c0-3.4 12-3.4 12 0v8.4c0 3.4-12 3.4-12 0zM4 5.8c0 3.4 12 3.4 12 0"
        | Look.Plain -> "M10 3l6 3.5v7L10 17l-6-3.5v-7z"
