"""Inlay hints: what a sample puts in the place of a name, and how long a message is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from promptls.prompt.model import MISSING, Document, Prompt, Template
from promptls.prompt.tokens import estimate
from promptls.syntax.template.names import EACH, Use
from promptls.text import Span

_LONGEST: Final = 30


class Hint(NamedTuple):
    """``offset``: behind what it is about. ``tooltip``: the whole of what the label shortens."""

    offset: int
    label: str
    tooltip: str = ""


def hints_of(document: Document, span: Span, samples: Mapping[str, int] | None = None) -> tuple[Hint, ...]:
    """The hints whose place lies in ``span``. ``samples``: the chosen sample of a prompt, by its name, from 1."""
    found: list[Hint] = []
    for prompt in document.prompts:
        if prompt.template is not None:
            values = _values(prompt, (samples or {}).get(prompt.name, 1))
            found += _values_shown(prompt.template, values, span)
            found += _lengths(document, prompt.template, span)
    return tuple(sorted(found))


def _values(prompt: Prompt, number: int) -> dict[str, Any]:
    values = {item.name: item.default for item in prompt.inputs if item.default is not MISSING}
    if 1 <= number <= len(prompt.samples):
        values |= prompt.samples[number - 1].values
    return values


def _values_shown(template: Template, values: Mapping[str, Any], span: Span) -> Iterator[Hint]:
    for use in template.analysis.uses:
        if use.position == "printed" and span.start <= use.span.end <= span.end:
            value = _value(use, values)
            if value is not MISSING:
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                shown = " ".join(text[: 4 * _LONGEST].split())
                short = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
                yield Hint(use.span.end, f"= {short}" if shown else "= (empty)", text[:1000])


def _value(use: Use, values: Mapping[str, Any]) -> Any:
    """What a sample says a use reads; MISSING where that is nothing, or differs from turn to turn of a loop."""
    if use.path is None or EACH in use.path or use.called or use.method:
        return MISSING
    value: Any = values
    for name in use.path:
        if not isinstance(value, Mapping) or name not in value:
            return MISSING
        value = value[name]
    return value


def _lengths(document: Document, template: Template, span: Span) -> Iterator[Hint]:
    for role in template.roles:
        if role.known and span.start <= role.span.end <= span.end:
            count = estimate(role.body.slice(document.text.value).strip())
            yield Hint(role.span.end, f"~{count} tokens", "Estimated from the template's text, before its values")
