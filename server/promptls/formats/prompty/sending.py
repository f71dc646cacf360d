"""From given values to a template that can be rendered: defaults, required inputs, guarded role lines."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from promptls.formats.base import MissingInput, ReadyTemplate
from promptls.formats.beside import IN_THE_FILE
from promptls.formats.prompty.recognise import PROMPTFLOW, UNGUARDED, V1, version_of
from promptls.formats.prompty.rich import marked_values
from promptls.formats.prompty.samples import stripped
from promptls.prompt.model import MISSING, Prompt


def values(prompt: Prompt, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The given values and, for the others, what the loader fills in.

    v1 (0.1.50 ``prepare``): the file's sample. v2 (2.1.0 ``validate_inputs``): defaults, never examples.
    Raises MissingInput with all required inputs that have neither.
    """
    if version_of(prompt.variant) == V1:
        return {**_stripped(prompt, _sample(prompt)), **given}
    filled = dict(given)
    missing = []
    for item in prompt.inputs:
        if item.name in filled:
            continue
        if item.default is not MISSING:
            filled[item.name] = item.default
        elif item.required:
            missing.append(item.name)
    if missing:
        raise MissingInput(tuple(missing))
    return filled


def template_values(prompt: Prompt, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the renderer gets: as ``values``, with a mark in the place of each thread, image, audio or file."""
    return values if version_of(prompt.variant) == V1 else marked_values(prompt, values)


def ready_template(prompt: Prompt, text: str) -> ReadyTemplate:
    """The template's text as the loader hands it to the renderer; ``text`` is the whole file.

    v1: Jinja drops the last line end. v2: a nonce in each role line, so that no value can write one (2.1.0
    ``pre_render``, on unless ``template.format.strict`` is false). 2.1.0 loses a role line's attributes by it;
    here they stay, as its ``parse`` vectors say.
    """
    template = prompt.template
    if template is None:
        return ReadyTemplate("")
    body = template.span.slice(text)
    if version_of(prompt.variant) == V1:
        if template.dialect == "jinja":
            body = re.sub(r"(?:\r\n|\r|\n)\Z", "", body)
        return ReadyTemplate(body)
    if prompt.variant == UNGUARDED:
        return ReadyTemplate(body)
    nonce = secrets.token_hex(8)
    alone, further = f'[nonce="{nonce}"]', f',nonce="{nonce}"'
    pieces, done = [], template.span.start
    for role in (role for role in template.roles if role.known):
        colon = text.rindex(":", role.role_span.end, role.span.end)
        bracket = text.rfind("]", role.role_span.end, colon)
        at = bracket if bracket >= 0 else role.role_span.end
        pieces += [text[done:at], further if bracket >= 0 else alone]
        done = at
    return ReadyTemplate("".join([*pieces, text[done : template.span.end]]), nonce, (alone, further))


def _stripped(prompt: Prompt, sample: Mapping[str, Any]) -> Mapping[str, Any]:
    """0.1.50 strips every string of the header (``Prompty.normalize``), promptflow none."""
    return sample if prompt.variant == PROMPTFLOW else stripped(sample)


def _sample(prompt: Prompt) -> Mapping[str, Any]:
    found = next((sample for sample in prompt.samples if sample.title == IN_THE_FILE), None)
    return found.values if found is not None else {}
