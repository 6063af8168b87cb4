/// RTFS015x: modules and their imports.
[<RequireQualifiedAccess>]
module internal Rtfs.Syntax.Diagnostics.ModuleCodes

open Rtfs.Syntax.Diagnostics.CodeEntry

let all: CodeEntry array = [|
    error
        "RTFS0150"
        "No such module"
        "`(import geo.shapes)` reads `geo/shapes.rtfs`, relative to the importing file. The message names the places that were looked at."
        "(import geo.shapes :as shapes)"
        "(module geo.shapes (defn area [w h] (* w h)))\n(import geo.shapes :as shapes)\n(shapes/area 2 3)"
    error
        "RTFS0151"
        "Modules in a circle"
        "A module is read before the text that imports it, so that no two can wait for each other. The message spells the circle out."
        "(import example)"
        "(import checked)"
    error
        "RTFS0152"
        "A file without its module"
        "A file that is imported begins with `(module name …)`, and the name is the one that it is imported by."
        "(import misnamed)"
        "(import checked)"
    error
        "RTFS0153"
        "A module that does not read"
        "A module with an error gives nothing to import. The message gives the first error and its place."
        "(import broken)"
        "(import checked)"
    error
        "RTFS0154"
        "A name that its module does not export"
        "Of a module, others see what it lists in `:exports`, or all of its names where it lists none."
        "(module geo (:exports [area]) (def scale 2) (defn area [w h] (* scale w h)))\n(str geo/scale)"
        "(module geo (:exports [area]) (def scale 2) (defn area [w h] (* scale w h)))\n(geo/area 2 3)"
    error
        "RTFS0155"
        "An export without a definition"
        "Each name in `:exports` must be defined in the module."
        "(module geo (:exports [aera]) (defn area [w h] (* w h)))"
        "(module geo (:exports [area]) (defn area [w h] (* w h)))"
    error
        "RTFS0156"
        "An import or module inside of another form"
        "`module` stands at the top of a text; `import` stands there, or at the top of a module."
        "(do (import geo :as g))"
        "(module geo (defn area [w h] (* w h)))\n(import geo :as g)\n(g/area 2 3)"
    error
        "RTFS0157"
        "A module or import without its parts"
        "`module` takes a name, optional exports `(:exports [names])`, and definitions. `import` takes the name of a module, and `:as alias` or `:only [names]`."
        "(module geo (defn area [w h] (* w h)))\n(import geo :from g)"
        "(module geo (defn area [w h] (* w h)))\n(import geo :as g :only [area])\n(area 2 3)"
|]
