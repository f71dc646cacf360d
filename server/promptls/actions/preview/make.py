"""A prompt of an open document becomes a preview; nothing is sent, and no value is made up without saying so."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from promptls.actions.preview.holes import refused, stand_ins, unset
from promptls.actions.preview.model import Piece, Preview, PreviewMessage, PreviewProblem, Tokens, placeholder
from promptls.actions.render import no_message, render_document
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Prompt, Tool
from promptls.prompt.tokens import estimate, estimate_message
from promptls.render import Renderer
from promptls.render.prompt import Rendering
from promptls.render.segments import Segment
from promptls.rules.engine import findings
from promptls.rules.finding import Severity
from promptls.syntax.problem import Problem
from promptls.text import Span
from promptls.workspace.snapshot import Snapshot

if TYPE_CHECKING:
    from promptls.runs.plan import Target

_BY_VALUE = ("value", "filter", "undefined")
"""Why a template stops that calculates with a placeholder."""
_MOST_FINDINGS = 50
_FEW = 40
"""Characters of a message that are enough to find its place among the template's."""
_NEAR = 50
"""How many messages of the template a condition may leave out at once."""


def make_preview(
    document: Document,
    prompt: Prompt,
    snapshot: Snapshot,
    renderer: Renderer,
    *,
    sample: int | None = None,
    inputs: Mapping[str, Any] | None = None,
    target: Target | None = None,
    last_good: Preview | None = None,
    wire: str | None = None,
) -> Preview:
    """The messages of ``prompt`` with the values of a sample (from 1; the first where none is named, or where there is
    no such one any more), then ``inputs``. ``last_good``: shown, marked as stale, where this version does not render.
    """
    number = _chosen(prompt, sample)
    given = dict(prompt.samples[number - 1].values) if number else {}
    given.update(inputs or {})
    rendering, holes, needed = _rendered(document, prompt, snapshot, renderer, given)
    messages = tuple(_messages(document, prompt, rendering, holes))
    problems = tuple(_problems(document, prompt, snapshot, rendering.problems, messages))
    if not messages and not problems:
        problems = (_at_start(prompt, no_message(prompt), "warning", "empty-body"),)
    if sample is not None and number != sample:
        problems = (_no_such_sample(prompt, sample, number), *problems)
    made = Preview(
        uri=document.uri,
        version=snapshot.version(document.uri),
        title=prompt.name,
        format=document.recognised.title,
        description=prompt.description,
        messages=messages,
        sample=number,
        samples=tuple(each.title for each in prompt.samples),
        holes=holes,
        refused=needed,
        tokens=_all_tokens(messages, _tools(prompt)),
        model=_model(prompt, target),
        target=target.label if target else "",
        window=_window(prompt, target),
        problems=problems,
        tools=_tools(prompt),
        output=prompt.output,
        wire=wire,
    )
    if rendering.problems and not messages and last_good is not None and last_good.messages:
        return replace(made, messages=last_good.messages, tokens=last_good.tokens, stale=True)
    return made


def _chosen(prompt: Prompt, sample: int | None) -> int | None:
    if sample is not None and 1 <= sample <= len(prompt.samples):
        return sample
    return 1 if prompt.samples else None


def _rendered(
    document: Document, prompt: Prompt, snapshot: Snapshot, renderer: Renderer, given: Mapping[str, Any]
) -> tuple[Rendering, tuple[str, ...], tuple[str, ...]]:
    """The rendering, the inputs without a value, and those of them for which a placeholder stands in."""
    needed = refused(document, prompt, given)
    holes = tuple(dict.fromkeys((*needed, *unset(prompt, given))))

    def rendered(names: tuple[str, ...], *, typed: bool = False) -> Rendering:
        values = {**given, **stand_ins(prompt, snapshot, names, typed=typed)}
        return render_document(document, prompt, values, snapshot, renderer, mark=True)

    found = rendered(needed)
    if holes and _stopped_by_a_value(found):
        # It stops on a name that has no value, such as the first of a chain `user.name`, or on one to calculate with.
        more = rendered(holes)
        more = rendered(holes, typed=True) if _stopped_by_a_value(more) else more
        return more, holes, holes
    hidden = _hidden(prompt, found, holes)
    if hidden and not found.problems:
        # Such as a message that is nothing but this value: without it, it is not there.
        more = rendered((*needed, *hidden))
        if not more.problems and len(more.messages) >= len(found.messages):
            found = more
    return found, holes, needed


def _stopped_by_a_value(rendering: Rendering) -> bool:
    return any(problem.kind in _BY_VALUE for problem in rendering.problems)


def _hidden(prompt: Prompt, rendering: Rendering, holes: tuple[str, ...]) -> tuple[str, ...]:
    """The holes that the template prints, and nothing of the messages shows where."""
    pieces = [piece for message in rendering.pieces or () for part in message for piece in part]
    shown = {piece.source for piece in pieces if piece.kind == "interp"}
    uses = prompt.template.analysis.uses if prompt.template is not None else ()
    printed = {use.path[0] for use in uses if use.path and len(use.path) == 1 and use.position == "printed"}
    return tuple(name for name in holes if name in printed and name not in shown)


def _messages(
    document: Document, prompt: Prompt, rendering: Rendering, holes: tuple[str, ...]
) -> Iterator[PreviewMessage]:
    starts = list(_starts(prompt, rendering.messages, rendering.pieces))
    for index, message in enumerate(rendering.messages):
        pieces = rendering.pieces[index] if rendering.pieces else [()] * len(message.parts)
        start = starts[index]
        yield PreviewMessage(
            message.role,
            message.parts,
            tuple(_pieces(document, message, pieces, holes)),
            Tokens(estimate_message(message)),
            None if start is None else document.text.line_at(start),
            start,
            message.metadata,
        )


def _pieces(
    document: Document, message: Message, segments: Iterable[Iterable[Segment]], holes: tuple[str, ...]
) -> Iterator[Piece]:
    for part, of_part in zip(message.parts, segments, strict=True):
        if part.type != "text":
            hole = next((name for name in holes if part.value == placeholder(name)), "")
            yield Piece("hole" if hole else part.type, part.value, hole, media_type=part.media_type)
            continue
        for segment in list(of_part) or [Segment("literal", part.value)]:
            yield from _shown(document, segment, holes)


def _shown(document: Document, segment: Segment, holes: tuple[str, ...]) -> Iterator[Piece]:
    """A segment, with the placeholders in it as holes."""
    line = document.text.line_at(segment.tag.start) if segment.tag else None
    kind = "value" if segment.kind == "interp" else "text"
    name = segment.source or ""
    if not segment.text:
        if name in holes:
            yield Piece("hole", "", name, segment.tag, line)
        return
    if not holes:
        yield Piece(kind, segment.text, name, segment.tag, line)
        return
    pattern = "|".join(rf"{re.escape(placeholder(hole)[:-1])}[\w.\[\]]*›" for hole in holes)
    done = 0
    for match in re.finditer(pattern, segment.text, re.IGNORECASE):
        if match.start() > done:
            yield Piece(kind, segment.text[done : match.start()], name, segment.tag, line)
        yield Piece("hole", match[0], match[0][1:-1], segment.tag, line)
        done = match.end()
    if done < len(segment.text):
        yield Piece(kind, segment.text[done:], name, segment.tag, line)


def _starts(
    prompt: Prompt, messages: tuple[Message, ...], pieces: tuple[tuple[tuple[Segment, ...], ...], ...] | None
) -> Iterator[int | None]:
    """Where each message starts in the file: by the values in it, else by its words and the order of the roles.

    A message that a loop makes has its line only where a value tells it.
    """
    template = prompt.template
    lines = [line for line in template.roles if line.known] if template is not None else []
    text = prompt.text.value
    bodies = [line.body.start for line in lines]
    at = 0
    for index, message in enumerate(messages):
        tags = [piece.tag for part in pieces[index] for piece in part if piece.tag] if pieces else []
        found = None
        if tags:
            over = bisect_right(bodies, tags[0].start) - 1
            found = over if over >= 0 and lines[over].body.covers(tags[0]) else None
        elif len(messages) <= len(lines) + 1:
            words = message.text.strip().partition("\n")[0][:_FEW]
            near = range(at, min(at + _NEAR, len(lines)))
            same = [number for number in near if lines[number].role.lower() == message.role]
            found = next((number for number in same if words and words in lines[number].body.slice(text)), None)
            found = found if found is not None or index == 0 else next(iter(same), None)
        if found is not None and lines[found].role.lower() == message.role:
            at = found + 1
            yield lines[found].span.start
        elif tags and lines and (found is not None or index):
            # Its role line is made by a value, as in a loop over a conversation.
            yield tags[0].start
        elif index == 0 and template is not None and not (lines and tags and lines[0].span.start < tags[0].start):
            yield template.span.start
        else:
            yield None


def _problems(
    document: Document,
    prompt: Prompt,
    snapshot: Snapshot,
    own: Iterable[Problem],
    messages: tuple[PreviewMessage, ...],
) -> Iterator[PreviewProblem]:
    """What stops the rendering, then what the rules find: errors and warnings."""
    starts = [message.offset for message in messages]
    seen = set()
    for problem in own:
        seen.add(problem.span.start)
        yield _problem(document, prompt, problem.span, problem.message, "error", problem.code, starts)
    count = 0
    for finding in findings(document, snapshot):
        severity = finding.severity or Severity.WARNING
        if severity > Severity.WARNING or finding.location.uri != document.uri:
            continue
        if finding.location.span.start in seen and severity == Severity.ERROR:
            continue
        count += 1
        if count > _MOST_FINDINGS:
            return
        span = finding.location.span
        yield _problem(document, prompt, span, finding.message, severity.label, finding.code, starts)


def _problem(
    document: Document, prompt: Prompt, span: Span, message: str, severity: str, code: str, starts: list[int | None]
) -> PreviewProblem:
    inside = prompt.template is not None and prompt.template.span.start <= span.start <= prompt.template.span.end
    index = max((at for at, start in enumerate(starts) if start is not None and start <= span.start), default=None)
    line = document.text.line_at(span.start)
    return PreviewProblem(message, severity, code, span, line, index if inside else None)


def _no_such_sample(prompt: Prompt, asked: int, shown: int | None) -> PreviewProblem:
    there = f"shown with sample {shown} ({prompt.samples[shown - 1].title})" if shown else "this prompt has none"
    return _at_start(prompt, f"There is no sample {asked}: {there}", "information", "sample")


def _at_start(prompt: Prompt, message: str, severity: str, code: str) -> PreviewProblem:
    span = Span(prompt.span.start, prompt.span.start)
    return PreviewProblem(message, severity, code, span, prompt.text.line_at(span.start))


def _tools(prompt: Prompt) -> tuple[Tool, ...]:
    told = {tool.name for tool in prompt.functions}
    return (*prompt.functions, *(Tool(name) for name in prompt.tools if name not in told))


def _all_tokens(messages: Iterable[PreviewMessage], tools: Iterable[Tool]) -> Tokens:
    described = sum(estimate(f"{tool.name} {tool.description} {dict(tool.parameters)}") for tool in tools)
    return Tokens(sum(message.tokens.count for message in messages) + described)


def _model(prompt: Prompt, target: Target | None) -> str:
    if target is not None and target.route:
        return target.route[0].model
    return prompt.model.id if prompt.model else ""


def _window(prompt: Prompt, target: Target | None) -> int | None:
    from promptls.schema.models import facts_of

    if target is not None and target.route:
        hop = target.shows or target.route[0]
        facts = facts_of(hop.endpoint.service, hop.model)
    elif prompt.model is not None and prompt.model.id:
        facts = facts_of(prompt.model.service, prompt.model.id)
    else:
        return None
    return facts.window if facts else None
