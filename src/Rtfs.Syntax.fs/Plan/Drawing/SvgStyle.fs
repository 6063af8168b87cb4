/// The style sheet of a drawing: calm colours by kind of stage, and the same at night.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Plan.Drawing.SvgStyle

open System.Text

/// No font is brought along: these are what systems have.
let private sans =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial,sans-serif"

let private code =
    "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono',monospace"

let private shape =
    $".name{{font:600 13px {sans}}}"
    + $".kind{{font:400 11px {sans}}}"
    + $".id,.type{{font:400 10.5px {code}}}"
    + "text{white-space:pre}"
    + ".box{stroke-width:1.25}"
    + ".icon{fill:none;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}"
    + ".edge{fill:none;stroke-width:1.4}"
    + ".pill{stroke-width:1}"

let private scheme paper text quiet line pill pillLine =
    $".paper{{fill:{paper}}}"
    + $".name{{fill:{text}}}"
    + $".kind,.id{{fill:{quiet}}}"
    + $".type{{fill:{text}}}"
    + $".edge{{stroke:{line}}}.head{{fill:{line}}}"
    + $".pill{{fill:{pill};stroke:{pillLine}}}"
    + $".empty{{fill:none;stroke:{line};stroke-dasharray:6 5}}"

/// Only the looks that the drawing has.
let sheet (looks: Look list) : string =
    let text = StringBuilder()

    text.Append(shape).Append(scheme "#ffffff" "#1f2933" "#5b6876" "#8a97a6" "#f8fafb" "#d5dce3")
    |> ignore

    for look in looks do
        let name, colours = Look.name look, Look.colours look

        text.Append $".{name} .box{{fill:{colours.Fill};stroke:{colours.Ink}}}.{name} .icon{{stroke:{colours.Ink}}}"
        |> ignore

    text
        .Append("@media (prefers-color-scheme:dark){")
        .Append(scheme "#0f151c" "#e6ebf0" "#9fabb8" "#66737f" "#18212b" "#38444f")
    |> ignore

    for look in looks do
        let name, colours = Look.name look, Look.colours look

        text.Append
            $".{name} .box{{fill:{colours.DarkFill};stroke:{colours.DarkInk}}}.{name} .icon{{stroke:{colours.DarkInk}}}"
        |> ignore

    text.Append("}").ToString()
