"""A preview as Markdown, for editors that show documents and hovers but no web pages.

What a model would get stands in fences, as it is: a value that holds Markdown neither changes the page, nor makes an
editor load a picture or show a link that the value chose.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from promptls.actions.preview.model import Piece, Preview, PreviewMessage, PreviewProblem, placeholder
from promptls.actions.preview.summary import ESTIMATE, STALE, address, count, holes
from promptls.text.markdown import code, escape, fenced, sentence

HOVER_LINES = 40
_MARKS = {"error": "✗ error", "warning": "⚠ warning"}


def to_markdown(preview: Preview) -> str:
    """The whole preview; ends with a line end."""
    blocks = [*_head(preview)]
    placed = [problem for problem in preview.problems if problem.message_index is not None and not preview.stale]
    blocks += [_problem(problem) for problem in preview.problems if problem not in placed]
    blocks += [f"> {STALE}"] if preview.stale else []
    blocks += [f"> {said}." for said in holes(preview)]
    for index, message in enumerate(preview.messages):
        blocks.append(f"## {_role(message)} · {message.tokens} tokens{_line(message.line)}")
        blocks += [_problem(problem) for problem in placed if problem.message_index == index]
        blocks += _content(message.pieces)
    blocks += _tail(preview)
    return "\n\n".join(blocks) + "\n"


def hover_preview(preview: Preview, index: int) -> str:
    """One message, cut at 40 lines, with its tokens; what stops the rendering where there is no such message."""
    if not 0 <= index < len(preview.messages):
        return "\n\n".join([_problem(problem) for problem in preview.problems] or ["This makes no message."])
    message = preview.messages[index]
    sample = f" · sample {preview.sample}/{len(preview.samples)}" if preview.sample and len(preview.samples) > 1 else ""
    notes = [f"*{STALE}*"] if preview.stale else []
    shown = _content(_cut(message.pieces))
    total = sum(piece.text.count("\n") for piece in message.pieces) + 1
    if total > HOVER_LINES:
        shown.append(f"*{HOVER_LINES} of {total} lines*")
    named = {piece.name.split(".")[0].split("[")[0] for piece in message.pieces if piece.kind == "hole"}
    if named:
        notes.append(f"*Without a value: {', '.join(f'`{name}`' for name in sorted(named))}*")
    return "\n\n".join([f"**{_role(message)}** · {message.tokens} of {preview.tokens} tokens{sample}", *notes, *shown])


def _head(preview: Preview) -> Iterator[str]:
    yield f"# {escape(preview.title)}"
    facts = [count(preview), escape(preview.target or preview.model), preview.format]
    yield " · ".join(fact for fact in facts if fact)
    if preview.samples:
        titles = [
            f"**{number}. {escape(title)}**" if number == preview.sample else f"{number}. {escape(title)}"
            for number, title in enumerate(preview.samples, 1)
        ]
        yield "Sample: " + " · ".join(titles)


def _content(pieces: Iterable[Piece]) -> list[str]:
    """Fences of text, and a line for everything else."""
    blocks: list[str] = []
    text = ""
    for piece in pieces:
        if piece.kind in ("text", "value", "hole"):
            text += piece.text or placeholder(piece.name)
            continue
        if text.strip():
            blocks.append(fenced(text.strip("\n")))
        text = ""
        blocks.append(f"- {piece.kind}: {code(address(piece.text))}")
    if text.strip() or not blocks:
        blocks.append(fenced(text.strip("\n")))
    return blocks


def _cut(pieces: Iterable[Piece]) -> Iterator[Piece]:
    left = HOVER_LINES
    for piece in pieces:
        lines = piece.text.split("\n")
        if len(lines) > left:
            yield Piece(piece.kind, "\n".join(lines[:left]), piece.name)
            return
        left -= len(lines) - 1
        yield piece


def _tail(preview: Preview) -> Iterator[str]:
    for tool in preview.tools:
        yield f"## Tool {code(tool.name)}" + (f"\n\n{escape(tool.description)}" if tool.description else "")
        if tool.parameters:
            yield _json(tool.parameters)
    if preview.output is not None:
        yield "## Shape of the answer"
        yield _json(preview.output)
    if preview.wire is not None:
        yield "## Request\n\nAs it would be sent; nothing was."
        yield fenced(preview.wire, "http")
    if preview.messages:
        yield f"*{ESTIMATE}.*"


def _problem(problem: PreviewProblem) -> str:
    return (
        f"> **{_MARKS.get(problem.severity, problem.severity)}** line {problem.line + 1}: {sentence(problem.message)}"
    )


def _role(message: PreviewMessage) -> str:
    about = ", ".join(f"{key}={value}" for key, value in message.metadata.items())
    return escape(f"{message.role} [{about}]" if about else message.role)


def _line(line: int | None) -> str:
    return "" if line is None else f" · line {line + 1}"


def _json(data: object) -> str:
    return fenced(json.dumps(data, indent=2, ensure_ascii=False, default=str), "json")
