"""wrong-use: the template does something with a value that its declared type cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt
from promptls.prompt.types import ValueType, member
from promptls.rules import Finding, Severity, rule
from promptls.rules.damage import sound_uses
from promptls.rules.dialects import names_of
from promptls.rules.fits import kinds_in_words
from promptls.rules.reported import header_is_broken, replacing, reported
from promptls.rules.steps import first_stop
from promptls.syntax.template.names import Use

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_NUMBERS = {"integer", "number"}
_MANY = {"array", "object"}
_NEAR = 20
"""Characters around a use that are looked at for an operator."""
_MADE_A_LIST = re.compile(r"\s*\|\s*(?:list|reverse)\b")


@rule("wrong-use", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """Rendering fails, or gives something else than is meant: a text that is looped over is one letter at a time.
    Only declared types count, and only what no value of them can do.

    -- list.prompty --
    ---
    name: list
    inputs:
      - name: items
        kind: string
    ---
    user:
    {% for item in items %}{{ item }}{% endfor %}
                   ^^^^^ wrong-use: `items` is declared as a string, and this needs a list or a map
    """
    document = snapshot.document(prompt.uri)
    if document is None or prompt.template is None:
        return
    for problem in document.problems_of("wrong-use"):
        yield reported(document, problem, *replacing(document, problem))
    if header_is_broken(document):
        return
    declared = {item.name: item.type for item in prompt.inputs if item.origin == "declared"}
    properties = names_of(prompt.template, "properties")
    text = document.text.value
    for use in sound_uses(prompt.template, text):
        if use.guarded or not use.path:
            continue
        root = declared.get(use.path[0])
        if root is None or root.any or root.label:
            continue
        stop = first_stop(declared, use)
        if stop is not None:
            if "object" not in stop.of.kinds and stop.step not in properties:
                about = f"{stop.owner} is declared as {kinds_in_words(stop.of)}, which has no `{stop.step}`"
                yield Finding(document.location(stop.span), about)
            continue
        type = member(root, use.path[1:])
        if type is None or type.any or type.label:
            continue
        name = ".".join(use.names)
        if use.called:
            yield Finding(
                document.location(use.span), f"`{name}` is declared as {kinds_in_words(type)}, which cannot be called"
            )
        elif needed := _unmet(use, type, text):
            message = f"`{name}` is declared as {kinds_in_words(type)}, and this needs {kinds_in_words(needed)}"
            yield Finding(document.location(use.span), message)


def _unmet(use: Use, type: ValueType, text: str) -> ValueType | None:
    """What a use asks for, where no value of the type is any of it."""
    kinds = type.kinds - {"null"}
    if use.wants and use.wants <= _MANY and not kinds & _MANY and not _MADE_A_LIST.match(text, use.span.end):
        return ValueType(frozenset(_MANY))
    if use.wants and use.wants <= _NUMBERS and not kinds & {*_NUMBERS, "boolean"} and not _is_multiplied(use, text):
        return ValueType(frozenset({"number"}))
    return None


def _is_multiplied(use: Use, text: str) -> bool:
    """A text or a list times a number is itself so many times."""
    before, after = text[max(use.span.start - _NEAR, 0) : use.span.start], text[use.span.end : use.span.end + _NEAR]
    return after.lstrip().startswith("*") or before.rstrip().endswith("*")
