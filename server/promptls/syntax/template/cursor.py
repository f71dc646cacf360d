"""What may be written at an offset of a template, also where the tag at hand is broken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from promptls.syntax.template.cursor_handlebars import read_handlebars_tag
from promptls.syntax.template.cursor_jinja import read_jinja_tag
from promptls.syntax.template.cursor_mustache import read_mustache_tag
from promptls.syntax.template.cursor_tag import Place
from promptls.syntax.template.placeholder import read_placeholder
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span


class TemplateCursor(NamedTuple):
    """``where``: what may stand here.

    ``text`` (outside of tags), ``variable`` (a value), ``attribute``, ``filter``, ``test``, ``tag`` (the word that
    names the tag), ``string``, ``operator`` (what follows a value), ``include`` (the name of a template), ``helper``
    (the name of a call), ``placeholder`` (all that stands in one), ``comment``, or ``none`` (a new name, raw text,
    nothing to offer).

    ``prefix``: what is written of it before the cursor; ``replace``: all that is written of it. ``object_path``:
    the names before the dot of an attribute (``[]`` for a subscript, ``?`` for what cannot be known).
    ``open_block``: the innermost block around. ``statement``: the word of the tag, empty in an output; in Handlebars
    what is called, or the sigil of the tag before its first word.
    """

    where: str
    prefix: str
    replace: Span
    object_path: tuple[str, ...] = ()
    open_block: Node | None = None
    statement: str = ""


_READERS: dict[str, Callable[[str, Span, int], Place]] = {
    "jinja": read_jinja_tag,
    "nunjucks": read_jinja_tag,
    "mustache": read_mustache_tag,
    "handlebars": read_handlebars_tag,
    "placeholder": read_placeholder,
}


def cursor_in_template(tree: TemplateTree, text: str, offset: int) -> TemplateCursor:
    """What may be written at ``offset``; ``text`` is the whole text that ``tree`` was parsed from. Never raises."""
    here = Span(offset, offset)
    reader = _READERS.get(tree.dialect)
    pieces: list[_Piece] = []
    if reader and offset >= tree.span.start:
        _collect(tree.root.body, None, offset, pieces)
    if reader is None or not pieces:
        return TemplateCursor("text", "", here)
    piece = pieces[-1]
    if piece.kind == "text" and len(pieces) > 1 and _continues(text, pieces[-2], offset):
        piece = pieces[-2]._replace(span=Span(pieces[-2].span.start, offset))
    elif offset > tree.span.end and not _continues(text, piece, offset):
        return TemplateCursor("text", "", here)
    elif offset > tree.span.end:
        # A format may cut the blanks off that were typed last.
        piece = piece._replace(span=Span(piece.span.start, offset))
    elif offset >= piece.span.end and _is_closed(text, piece.span):
        return TemplateCursor("text", "", here, (), piece.after)
    if piece.kind != "tag":
        return TemplateCursor(piece.kind, "", here, (), piece.block)
    place = reader(text, piece.span, offset)
    return TemplateCursor(place.where, place.prefix, place.replace, place.object_path, piece.block, place.statement)


class _Piece(NamedTuple):
    """A part of the text without parts of its own. ``kind``: ``text``, ``tag``, ``comment`` or ``none``; ``block``:
    the innermost block that it is in; ``after``: the one behind it."""

    kind: str
    span: Span
    block: Node | None
    after: Node | None


def _collect(nodes: tuple[Node, ...], block: Node | None, offset: int, pieces: list[_Piece]) -> None:
    """The last two pieces that start before the cursor, and perhaps more before them."""
    end = bisect_left(nodes, offset, key=lambda node: node.span.start)
    for node in nodes[max(0, end - 2) : end]:
        if node.kind == "text":
            pieces.append(_Piece("text", node.span, block, block))
            continue
        if node.kind in ("comment", "delimiters"):
            pieces.append(_Piece("comment" if node.kind == "comment" else "none", node.span, block, block))
            continue
        inner = node if node.kind == "block" else block
        if node.tag:
            # The tag of a branch belongs to the block that the branch is in.
            pieces.append(_Piece("none" if node.kind == "raw" else "tag", node.tag, block, inner))
        if node.kind == "raw":
            pieces.append(_Piece("none", Span(*(node.tag or node.span))._replace(end=node.span.end), block, block))
        else:
            _collect(node.body, inner, offset, pieces)
        if node.close and node.close.start < offset:
            pieces.append(_Piece("tag" if node.kind == "block" else "none", node.close, inner, block))


def _continues(text: str, piece: _Piece, offset: int) -> bool:
    """Whether the tag is not closed, and only blanks are between its end and the cursor."""
    if piece.kind != "tag" or _is_closed(text, piece.span):
        return False
    return not text[piece.span.end : offset].strip(" \t")


def _is_closed(text: str, span: Span) -> bool:
    return span.end - span.start > 2 and text[span.end - 1] == "}"
