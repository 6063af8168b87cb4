/// Makes forms from a program's data: plans as values become trees here.
namespace Rtfs.Syntax.Tree

open System
open Rtfs.Syntax.Text

/// They have empty spans and no trivia; the canonical printer gives them text.
[<AbstractClass; Sealed>]
type Forms =
    static member internal Of(node: Node) = {
        Node = node
        Span = Span.Of(0, 0)
        Lead = Array.empty
        Text = ""
    }

    static member Nil() = Forms.Of Node.Nil
    static member Bool(value: bool) = Forms.Of(Node.Bool value)
    static member Int(value: int64) = Forms.Of(Node.Int value)
    static member Float(value: float) = Forms.Of(Node.Float value)
    static member String(value: string) = Forms.Of(Node.String value)
    static member Timestamp(value: DateTime) = Forms.Of(Node.Timestamp value)
    static member Uuid(value: Guid) = Forms.Of(Node.Uuid value)
    static member Resource(uri: string) = Forms.Of(Node.Resource uri)
    static member Symbol(name: string) = Forms.Of(Node.Symbol name)
    static member Keyword(name: string) = Forms.Of(Node.Keyword name)
    static member List(items: Form array) = Forms.Of(Node.List(Items.Of items))
    static member Vector(items: Form array) = Forms.Of(Node.Vector(Items.Of items))
    static member Map(items: Form array) = Forms.Of(Node.Map(Items.Of items))
    static member Function(items: Form array) = Forms.Of(Node.Function(Items.Of items))
    static member Consume(items: Form array) = Forms.Of(Node.Consume(Items.Of items))
    static member Prefixed(prefix: Prefix, target: Form) = Forms.Of(Node.Prefixed(prefix, target))
    static member Meta(meta: Form array, target: Form) = Forms.Of(Node.Meta(meta, target))
