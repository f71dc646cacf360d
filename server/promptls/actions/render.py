"""Renders a prompt file with values that a person gives, to the messages that would be sent."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from promptls import formats
from promptls.actions.check import shown_path
from promptls.actions.discover import workspace_for
from promptls.actions.error import ActionError
from promptls.actions.inputs import sample_values, settings
from promptls.actions.source import UnreadableError, read_source
from promptls.prompt.model import Document, Prompt
from promptls.render import Renderer
from promptls.render.prompt import Rendering, render_prompt
from promptls.syntax.problem import Problem
from promptls.text.uris import path_to_uri
from promptls.workspace.snapshot import Snapshot

HEADER = ("yaml-syntax", "front-matter-unclosed")
"""Problems after which a header says nothing reliable, so that no loader goes on."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """``path`` as people see it; ``rendering`` holds messages, or the problems that stopped it."""

    path: str
    document: Document
    prompt: Prompt
    rendering: Rendering


@dataclass(frozen=True, slots=True)
class Opened:
    """The prompt of a file on disk. ``path`` as people see it."""

    path: str
    document: Document
    prompt: Prompt
    snapshot: Snapshot


def open_prompt(path: Path, snapshot: Snapshot | None = None) -> Opened:
    """Raises ActionError where the file is not there, cannot be read, or holds no prompt."""
    uri = path_to_uri(os.path.abspath(path))
    if not os.path.lexists(path):
        raise ActionError(f"there is no file {path}", usage=True)
    try:
        read_source(path)
    except UnreadableError as reason:
        raise ActionError(f"{shown_path(path)}: {reason}") from None
    snapshot = snapshot or workspace_for([path]).snapshot()
    document = snapshot.document(uri)
    if document is None:
        raise ActionError(f"{shown_path(path)} is no prompt file that promptls knows")
    if not document.prompts:
        raise ActionError(f"{shown_path(path)} ({document.recognised.title}) holds no prompt")
    return Opened(shown_path(path), document, document.prompts[0], snapshot)


def render_file(
    path: Path,
    *,
    given: Mapping[str, Any] | None = None,
    written: Sequence[str] = (),
    sample: int | None = None,
) -> Rendered:
    """Values: those of the sample, then ``given``, then the ``name=value`` settings; defaults fill the rest.

    Raises ActionError where the file is not there, is no prompt file, or a setting does not fit.
    """
    opened = open_prompt(path)
    document, prompt = opened.document, opened.prompt
    values = {**sample_values(prompt, sample), **(given or {}), **settings(prompt, written)}
    rendering = render_document(document, prompt, values, opened.snapshot)
    return Rendered(opened.path, document, prompt, rendering)


def render_document(
    document: Document,
    prompt: Prompt,
    values: Mapping[str, Any],
    snapshot: Snapshot,
    renderer: Renderer | None = None,
    *,
    mark: bool = False,
) -> Rendering:
    """One prompt of a snapshot, with the names that its configuration says the application registers."""
    broken = tuple(one for one in document.problems if one.code in HEADER or one.data.get("refused"))
    broken = broken or _no_map(document, snapshot)
    if broken:
        return Rendering(problems=broken)
    host = snapshot.config(document.uri).host
    templates = formats.templates(document, prompt, partial(snapshot.sibling, document.uri))
    if renderer is not None:
        return render_prompt(document, prompt, values, renderer, mark=mark, host=host, templates=templates)
    with Renderer() as own:
        return render_prompt(document, prompt, values, own, mark=mark, host=host, templates=templates)


def _no_map(document: Document, snapshot: Snapshot) -> tuple[Problem, ...]:
    """A header that is no map, where that is an error: its format's loader refuses the file."""
    return tuple(
        Problem(one.span, one.kind, one.message)
        for one in snapshot.violations(document)
        if one.kind == "wrong-type" and not one.path and one.severity == "error"
    )


def no_message(prompt: Prompt) -> str:
    """What is missing where nothing is wrong and there is no message either, as a sentence without its stop."""
    template, text = prompt.template, prompt.text.value
    written = template.span.slice(text) if template is not None else ""
    if not written.strip():
        return f"`{prompt.name}` has no text, so there is no message: write what the model is to be told"
    assert template is not None
    roles = [role for role in template.roles if role.known]
    if roles and not any(role.body.slice(text).strip() for role in roles):
        return (
            f"`{prompt.name}` makes no message: write what to say below the line `{roles[0].span.slice(text).strip()}`"
        )
    return f"`{prompt.name}` makes no message with these values, so there is nothing to send"
