"""Codes of rules in a comment that silences them: ``promptls: ignore[…]``."""

from __future__ import annotations

import re

from promptls.ide.completion.item import Completion
from promptls.ide.completion.order import arranged
from promptls.prompt.model import Document
from promptls.rules.registry import rules
from promptls.text import Span

_LIST = re.compile(r"(?:#|\{#|\{\{!).*\bpromptls:[ \t]*ignore(?:-file)?\[([^\]]*)\Z")


def ignored_codes(document: Document, offset: int) -> tuple[Completion, ...] | None:
    """The codes that such a comment can name; None where the cursor is in none."""
    text = document.text
    line = text.line_span(text.line_at(offset))
    found = _LIST.search(text.value[max(line.start, offset - 500) : offset])
    if found is None:
        return None
    typed = found[1].rpartition(",")[2].lstrip()
    taken = {code.strip() for code in found[1].split(",")[:-1]}
    place = Span(offset - len(typed), offset)
    codes = ((code, rule) for code, rule in rules().items() if code not in taken)
    return arranged(
        (Completion(code, "constant", place, code, documentation=rule.title) for code, rule in codes), typed
    )
