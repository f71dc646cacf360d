"""A prompt of a document and values for its inputs become the messages that would be sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from promptls import formats
from promptls.formats.base import FormatError, MissingInput
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Prompt, Template
from promptls.render.pieces import pieces_of, with_marks
from promptls.render.pool import NO_NAMES, Renderer
from promptls.render.result import Mark, RenderError
from promptls.render.segments import Segment, output_tags, role_boundary, split
from promptls.schema.dialects import registered
from promptls.syntax.problem import Problem
from promptls.syntax.template import parse_template
from promptls.syntax.template.tree import TemplateTree
from promptls.text import Span
from promptls.workspace.config import HostNames


@dataclass(frozen=True, slots=True)
class Rendering:
    """``messages`` is empty where a problem stopped it. ``problems``: what a person has to mend, each with its
    place in the file. ``segments``: the text in pieces where that was asked for and can be told, else None.
    ``values``: what each input had in the end. ``pieces``: the segments of each part of each message, where there are
    segments."""

    text: str = ""
    messages: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()
    segments: tuple[Segment, ...] | None = None
    values: Mapping[str, Any] | None = None
    pieces: tuple[tuple[tuple[Segment, ...], ...], ...] | None = None


def render_prompt(
    document: Document,
    prompt: Prompt,
    values: Mapping[str, Any],
    renderer: Renderer,
    *,
    mark: bool = False,
    host: HostNames = NO_NAMES,
    templates: Mapping[str, str] | None = None,
) -> Rendering:
    """Render one prompt as its format's own runtime would; never raises for what a file or a value does.

    ``host``: what promptls.yaml says that the application registers. ``templates``: what may be included.
    """
    template = prompt.template
    if template is None:
        return Rendering(
            problems=(_problem(prompt.span, "not rendered: this file holds no prompt text", "no-template"),)
        )
    try:
        filled = formats.values(document, prompt, values)
        ready = formats.ready_template(document, prompt)
    except MissingInput as missing:
        return Rendering(problems=tuple(_missing(prompt, name) for name in missing.names), values=values)
    except FormatError as error:
        return Rendering(problems=(_problem(prompt.span, str(error), error.kind),), values=values)

    tree = parse_template(template.dialect, ready.text) if mark else None
    rendered = renderer.render(
        template.dialect,
        ready.text,
        formats.template_values(document, prompt, filled),
        templates=templates,
        host=host,
        helpers=registered(template.dialect, template.runtime),
        mark=[tag.span for tag in output_tags(tree)] if tree else (),
    )
    text = ready.shown(rendered.text)
    if rendered.error:
        return Rendering(text, problems=(_in_file(document, template, rendered.error),), values=filled)
    raw = _segments(rendered.text, rendered.marks, tree, template)
    segments = raw
    if raw is not None and ready.guards:
        segments = tuple(replace(piece, text=ready.shown(piece.text)) for piece in raw)
    try:
        messages = formats.messages(document, prompt, rendered.text, filled, ready.nonce)
    except FormatError as error:
        if segments is None and not mark:
            # Only marks tell which value did it.
            told = render_prompt(document, prompt, values, renderer, mark=True, host=host, templates=templates)
            return replace(told, segments=None)
        span = _forged(segments or (), template.role_names) or _source_of(prompt, error.field)
        return Rendering(text, (), (_problem(span, str(error), error.kind),), segments, filled)
    return Rendering(
        text, messages, (), segments, filled, _pieces(document, prompt, messages, raw, filled, ready.nonce)
    )


def _pieces(
    document: Document,
    prompt: Prompt,
    messages: tuple[Message, ...],
    raw: tuple[Segment, ...] | None,
    values: Mapping[str, Any],
    nonce: str,
) -> tuple[tuple[tuple[Segment, ...], ...], ...] | None:
    """The format reads the text once more with marks in it; None where it refuses that."""
    text = with_marks(raw) if raw else ""
    if not raw or not text:
        return None
    try:
        return pieces_of(messages, formats.messages(document, prompt, text, values, nonce), raw)
    except FormatError:
        return None


def _segments(
    text: str, marks: tuple[Mark, ...] | None, tree: TemplateTree | None, template: Template
) -> tuple[Segment, ...] | None:
    """The pieces, with places in the file. None where the format's guarding changed which tags there are."""
    tags = output_tags(template.tree)
    if tree is None or len(tags) != len(output_tags(tree)):
        return None
    if marks is None and tags:
        return None
    return split(text, marks or (), tags)


def _forged(segments: Iterable[Segment], roles: Collection[str]) -> Span | None:
    """The first output tag whose value holds a role line."""
    boundary = role_boundary(roles)
    forging = (piece.tag for piece in segments if piece.kind == "interp" and boundary and boundary.search(piece.text))
    return next(forging, None)


def _missing(prompt: Prompt, name: str) -> Problem:
    message = f"`{name}` is required and has no value: give one, or write a `default` or a sample"
    return _problem(_source_of(prompt, name), message, "missing-input")


def _source_of(prompt: Prompt, name: str) -> Span:
    """Where the input of that name is declared, if that is in this file; else where the prompt starts."""
    item = prompt.input(name) if name else None
    if item is not None and item.name_location.uri == prompt.uri:
        return item.name_location.span
    return Span(prompt.span.start, prompt.span.start)


def _in_file(document: Document, template: Template, error: RenderError) -> Problem:
    """The renderer's error at its place in the file: as exact as our own parser knows it, else the whole line."""
    own = next((problem for problem in template.tree.problems if problem.code == "template-syntax"), None)
    if error.kind == "syntax" and own is not None and not error.template:
        return _problem(own.span, f"not rendered: {own.message}", error.kind)
    message = error.message if error.message.startswith("not rendered") else f"not rendered: {error.message}"
    if error.template:
        where = f", line {error.line}" if error.line else ""
        return _problem(template.span, f"{message} (in `{error.template}`{where})", error.kind)
    if error.line is None:
        return _problem(Span(template.span.start, template.span.start), message, error.kind)
    line = document.text.line_at(template.span.start) + error.line - 1
    span = document.text.line_span(line)
    span = Span(max(span.start, template.span.start), max(min(span.end, template.span.end), template.span.start))
    place = _named(template, error.name, span) or _trimmed(document, span)
    return Problem(place, "not-rendered", message, error.kind, {"name": error.name} if error.name else {})


def _named(template: Template, name: str, line: Span) -> Span | None:
    """Where a line of the template names that variable, filter or test."""
    analysis = template.analysis
    spans = [use.spans[0] for use in analysis.uses if use.name == name]
    spans += [mention.span for mention in analysis.mentions if mention.name == name]
    return next((span for span in sorted(spans) if line.covers(span)), None)


def _trimmed(document: Document, span: Span) -> Span:
    text = span.slice(document.text.value)
    left = len(text) - len(text.lstrip())
    return Span(span.start + left, max(span.start + len(text.rstrip()), span.start + left))


def _problem(span: Span, message: str, kind: str) -> Problem:
    return Problem(span, "not-rendered", message, kind)
