"""A whole new prompt, in a file that is still empty."""

from __future__ import annotations

import re

from promptls.ide.completion.item import Completion
from promptls.prompt.model import Document
from promptls.schema.files import load
from promptls.text import Span

_STOP = re.compile(r"\$\{\d+:([^}]*)\}|\$\d+")


def skeleton(document: Document, offset: int) -> tuple[Completion, ...]:
    """Header and messages to fill in, where nothing is written but the begin of a fence."""
    text = document.text.value
    typed = text[:offset].lstrip()
    if document.schema is None or text.strip() not in ("", typed.strip()) or typed not in ("", "-", "--", "---"):
        return ()
    snippet = str(load(document.schema).get("x-promptls", {}).get("skeleton", ""))
    if not snippet:
        return ()
    start = offset - len(typed)
    plain = _STOP.sub(lambda stop: stop[1] or "", snippet)
    detail = f"a new {document.recognised.title.partition(',')[0]} file"
    eol = document.text.eol
    return (
        Completion(
            "---",
            "snippet",
            Span(start, offset),
            plain.replace("\n", eol),
            snippet.replace("\n", eol),
            detail=detail,
            filter="---",
        ),
    )
