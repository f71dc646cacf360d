"""What completion offers: plain data, before any protocol."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from promptls.text import Edit, Span


@dataclass(frozen=True, slots=True)
class Completion:
    """One choice. ``text`` replaces ``replace``; ``snippet`` is the same with tab stops, in LSP's syntax.

    ``kind``: ``property value variable field function keyword file snippet role constant operator``.
    ``data``: what ``documentation_of`` needs to find the documentation later, JSON only.
    ``documentation``: Markdown where it is at hand already. ``sort``/``filter``: empty means the label.
    ``edits``: further changes of the same file. ``again``: a next choice follows at once, so the editor
    should ask again after the insertion.
    """

    label: str
    kind: str
    replace: Span
    text: str
    snippet: str | None = None
    detail: str = ""
    documentation: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    filter: str = ""
    preselect: bool = False
    edits: tuple[Edit, ...] = ()
    again: bool = False
