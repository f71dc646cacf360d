"""Plain data to LSP's types: places, texts and edits. What only one request needs stands with that request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from promptls.lsp.positions import Positions
from promptls.lsp.wire import types
from promptls.text import Edit, Location, Span, Text
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.lsp.session import Context

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_FENCE: Final = re.compile(r"^```.*$\n?", re.MULTILINE)
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\(([^)]*)\)")
_MARKS: Final = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_RULE: Final = re.compile(r"^(?:---+|\*\*\*+)$\n?", re.MULTILINE)
_NOTE: Final = "note"
_HEADING: Final = re.compile(r"^#{1,6} ", re.MULTILINE)


def range_of(positions: Positions, span: Span) -> types.Range:
    start, end = positions.place(span.start), positions.place(span.end)
    return types.Range(types.Position(*start), types.Position(*end))


def locations(ctx: Context, places: Iterable[Location]) -> list[types.Location]:
    """Each file as the client spells it; a file that is no text (an image) begins at its beginning."""
    found = []
    for place in places:
        uri = ctx.session.workspace.spelling(place.uri)
        positions = ctx.positions_of(uri) or Positions(Text(""), ctx.client.encoding)
        found.append(types.Location(uri, range_of(positions, place.span)))
    return found


def with_line_ends(text: str, target: Text) -> str:
    """The text with the line ends of the document that it goes into. Every inserted text passes through here."""
    return _LINE_END.sub(target.eol, text)


def markup(markdown: str, as_markdown: bool) -> types.MarkupContent:
    if as_markdown:
        return types.MarkupContent(types.MarkupKind.Markdown, markdown)
    return types.MarkupContent(types.MarkupKind.PlainText, plain(markdown))


def plain(markdown: str) -> str:
    """Our own Markdown without its marks, for a client that shows it as it is."""
    text = _LINK.sub(lambda match: match[1] or match[2], _FENCE.sub("", markdown))
    text = _HEADING.sub("", _RULE.sub("", text))
    return _MARKS.sub(lambda match: match[2], _MARKS.sub(lambda match: match[2], text)).strip()


def text_edit(positions: Positions, span: Span, text: str) -> types.TextEdit:
    return types.TextEdit(range_of(positions, span), with_line_ends(text, positions.text))


def workspace_edit(ctx: Context, edits: Iterable[Edit], title: str = "", note: str = "") -> types.WorkspaceEdit | None:
    """The change as the client takes it, with versions where it can; None where it cannot be made there.

    A file that does not exist is created first, which only some clients can do. ``note``: what to know of the
    change, shown where a client can show it.
    """
    by_file: dict[str, list[Edit]] = {}
    spelled: dict[str, str] = {}
    for edit in edits:
        by_file.setdefault(uri_key(edit.uri), []).append(edit)
        spelled.setdefault(uri_key(edit.uri), ctx.session.workspace.spelling(edit.uri))
    changes: dict[str, list[types.TextEdit]] = {}
    created: list[str] = []
    for key, own in by_file.items():
        uri = spelled[key]
        positions = ctx.positions_of(uri)
        if positions is None:
            if not ctx.client.create_files:
                return None
            created.append(uri)
            positions = Positions(Text(""), ctx.client.encoding)
        changes[uri] = [text_edit(positions, edit.span, edit.text) for edit in own]
    if not ctx.client.document_changes and not created:
        return types.WorkspaceEdit(changes=changes)
    operations: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = [
        types.CreateFile(uri, options=types.CreateFileOptions(ignore_if_exists=True)) for uri in created
    ]
    noted = bool(note) and ctx.client.change_notes
    for uri, text_edits in changes.items():
        version = ctx.snapshot.version(uri)
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        annotated = [types.AnnotatedTextEdit(_NOTE, each.range, each.new_text) for each in text_edits]
        operations.append(types.TextDocumentEdit(identifier, annotated if noted else text_edits))
    notes = {_NOTE: types.ChangeAnnotation(title, description=note)} if noted else None
    return types.WorkspaceEdit(document_changes=operations, change_annotations=notes)
