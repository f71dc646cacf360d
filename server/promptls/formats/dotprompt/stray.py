"""``}}`` in the text that closes nothing: mostly what is left of a tag whose start went missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import TemplateTree
from promptls.text import Span

_BRACES = re.compile(r"[{}]+")
_QUOTES = "`\"'\\"


def stray_closers(tree: TemplateTree, text: str) -> Iterator[Problem]:
    """Braces of JSON and code that were opened in the text before are closed as they should be; so are quoted ones.

    Handlebars prints it as it is, so it is a warning.
    """
    open_braces = 0
    for node in tree.root.walk_bodies():
        if node.kind != "text":
            continue
        for match in _BRACES.finditer(text, node.span.start, node.span.end):
            opened = match[0].count("{")
            closed = len(match[0]) - opened
            stray = closed - open_braces
            quoted = match.start() > 0 and text[match.start() - 1] in _QUOTES
            if not opened and stray >= 2 and not quoted:
                span = Span(match.end() - 2, match.end())
                message = "`}}` closes no tag and is sent as it stands: the `{{` before it is missing"
                yield Problem(span, "template-syntax", message, "stray-close", {"severity": "warning"})
            open_braces = max(0, open_braces + opened - closed)
