"""The header: keys or values, also where its YAML is broken or half written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptls.ide.completion.item import Completion
from promptls.ide.completion.keys import keys
from promptls.ide.completion.order import arranged
from promptls.ide.completion.values import allowed, values
from promptls.ide.header import data_around, header_data
from promptls.prompt.model import Document
from promptls.syntax.yaml_cursor import cursor_in_yaml
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


def in_header(document: Document, span: Span, offset: int, snapshot: Snapshot, asked: bool) -> tuple[Completion, ...]:
    """The choices at an offset of the YAML that stands at ``span``."""
    if document.schema is None:
        return ()
    cursor = cursor_in_yaml(document.text.value, span, offset)
    if cursor.where not in ("key", "value"):
        return ()
    data = data_around(header_data(document), cursor.path)
    if cursor.where == "value":
        return values(document, document.schema, data, cursor, offset, snapshot, asked)
    data = data_around(data, (*cursor.path, ""))
    found = list(keys(document, document.schema, data, cursor, snapshot))
    if not found and cursor.path and isinstance(cursor.path[-1], int):
        # `- na` may be the begin of a key or a scalar of its own.
        found = list(allowed(document, document.schema, data, cursor.path, cursor))
    return arranged(found, cursor.prefix)
