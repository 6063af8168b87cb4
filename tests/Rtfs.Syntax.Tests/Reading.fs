/// What the reading tests share: a tree in the short notation of its canonical text, and the checks of every reading.
module Rtfs.Syntax.Tests.Reading

open Rtfs.Syntax
open Rtfs.Syntax.Diagnostics
open Rtfs.Syntax.Tree
open Xunit

let read (text: string) = Language.Read(text, "test")

let forms (text: string) = (read text).Forms |> Array.map _.Form

/// The only form of a text that reads without a diagnostic.
let single (text: string) : Form =
    let document = read text
    Assert.Empty document.Diagnostics
    (Assert.Single document.Forms).Form

let codes (document: Document) =
    document.Diagnostics |> Seq.map _.Code |> List.ofSeq

let isBracketFault (found: Diagnostic) =
    found.Code = "RTFS0001" || found.Code = "RTFS0002"

/// What a diagnostic's span covers.
let covered (text: string) (found: Diagnostic) =
    text.Substring(found.Span.Start, found.Span.Length)

/// The only diagnostic of a text: its code, what it covers, its message and its fix.
let fault (text: string) =
    let document = read text
    let found = Assert.Single document.Diagnostics
    Assert.Equal(text, Language.Print document)
    struct (found.Code, covered text found, found.Message, found.Fix)
