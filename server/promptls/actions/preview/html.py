"""A preview as one HTML page that needs nothing from anywhere: no script, no font, no picture but those in the prompt.

Every text is escaped; the content policy lets the page load nothing at all, so that a value can neither run nor call
anybody. Only a page for an editor, which gives a nonce, has one small script: what was clicked on is told the editor.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from promptls.actions.preview.model import Piece, Preview, PreviewMessage, PreviewProblem, placeholder
from promptls.actions.preview.style import ROLES, SCRIPT, style
from promptls.actions.preview.summary import ESTIMATE, STALE, address, holes, share

_NONCE = re.compile(r"[A-Za-z0-9+/_=-]{1,200}")
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp|avif|bmp);base64,[A-Za-z0-9+/=\s]+")
_MOST_SHEETS = 20


def to_html(preview: Preview, *, nonce: str = "", others: Sequence[Preview] = ()) -> str:
    """The page. ``nonce``: of the script, for a page in an editor; ValueError where it is no nonce.

    ``others``: the previews of all samples in their order, for a page that has no editor to ask for another one.
    """
    if nonce and not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is letters, digits, +, /, -, _ and =")
    sheets = [preview if each.sample == preview.sample else each for each in others[:_MOST_SHEETS]]
    sheets = sheets if len(sheets) > 1 else []
    css = style(len(sheets))
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    policy += f"; script-src 'nonce-{nonce}'" if nonce else ""
    body = [
        f"<h1>{_text(preview.title)}</h1>",
        f'<p class="about">{_text(preview.description)}</p>' if preview.description else "",
        *(_sheets(preview, sheets) if sheets else [_switcher(preview, nonce), *_sheet(preview, nonce)]),
        *_footer(preview),
    ]
    script = f'<script nonce="{nonce}">{SCRIPT}</script>\n' if nonce else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(preview.title)}</title>\n<style>{css}</style>\n</head>\n"
        f"<body>\n<main>\n{_lines(body)}\n</main>\n{script}</body>\n</html>\n"
    )


def _sheets(chosen: Preview, sheets: Sequence[Preview]) -> Iterator[str]:
    """All samples in one page, of which the one whose button is checked can be seen."""
    yield '<div class="samples"><span>Sample</span>'
    for number, sheet in enumerate(sheets, 1):
        title = sheet.samples[number - 1] if number <= len(sheet.samples) else str(number)
        checked = " checked" if sheet.sample == chosen.sample else ""
        yield f'<input type="radio" name="sample" id="sample-{number}"{checked}>'
        yield f'<label class="sample" for="sample-{number}">{_text(title)}</label>'
    yield "</div>"
    for number, sheet in enumerate(sheets, 1):
        yield f'<div class="sheet sheet-{number}">'
        yield from _sheet(sheet, "")
        yield "</div>"


def _switcher(preview: Preview, nonce: str) -> str:
    if not preview.samples:
        return ""
    shown = ['<div class="samples"><span>Sample</span>']
    for number, title in enumerate(preview.samples, 1):
        current = ' aria-current="true"' if number == preview.sample else ""
        if nonce:
            shown.append(f'<button class="sample" data-sample="{number}"{current}>{_text(title)}</button>')
        else:
            shown.append(f'<span class="sample"{current}>{_text(title)}</span>')
    return "".join([*shown, "</div>"])


def _sheet(preview: Preview, nonce: str) -> Iterator[str]:
    yield _facts(preview)
    yield _bar(preview)
    placed = [problem for problem in preview.problems if problem.message_index is not None and not preview.stale]
    for problem in preview.problems:
        if problem not in placed:
            yield _problem(problem)
    if preview.stale:
        yield f'<p class="note information">{_text(STALE)}</p>'
    for sentence in holes(preview):
        yield f'<p class="note hole-note">{_words(sentence)}.</p>'
    yield f'<div class="messages{" stale" if preview.stale else ""}">'
    for index, message in enumerate(preview.messages):
        yield from _message(message, [problem for problem in placed if problem.message_index == index], nonce)
    yield "</div>"
    for tool in preview.tools:
        about = f" <span>{_text(tool.description)}</span>" if tool.description else ""
        yield _details(f"Tool {_text(tool.name)}{about}", _json(tool.parameters) if tool.parameters else "{}")
    if preview.output is not None:
        yield _details("Shape of the answer", _json(preview.output))
    if preview.wire is not None:
        yield _details("Request <span>as it would be sent; nothing was</span>", _text(preview.wire), opened=True)


def _facts(preview: Preview) -> str:
    number = len(preview.messages)
    facts = [
        f"<b>{number}</b> message{'' if number == 1 else 's'}",
        f"<b>{preview.tokens}</b> tokens" + (f" · {share(preview)}" if share(preview) else ""),
        _text(preview.target or preview.model),
        _text(preview.format),
    ]
    return '<ul class="facts">' + "".join(f"<li>{fact}</li>" for fact in facts if fact) + "</ul>"


def _bar(preview: Preview) -> str:
    """How the tokens are shared out among the messages; for the eye alone, the numbers stand at each message."""
    counts = [message.tokens.count for message in preview.messages]
    total, at = sum(counts), 0.0
    shown = []
    for message, count in zip(preview.messages, counts, strict=True):
        width = 1000 * count / total if total else 0
        shown.append(
            f'<rect class="{_colour(message.role)}" x="{at:.1f}" width="{max(width - 2, 1):.1f}" height="10"/>'
        )
        at += width
    if not shown:
        return ""
    return (
        '<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        + "".join(shown)
        + "</svg>"
    )


def _message(message: PreviewMessage, problems: Iterable[PreviewProblem], nonce: str) -> Iterator[str]:
    about = ", ".join(f"{key}={value}" for key, value in message.metadata.items())
    line = ""
    if message.line is not None:
        place = f'data-line="{message.line}" data-offset="{message.offset}"'
        said = f"line {message.line + 1}"
        line = f'<button class="line" {place}>{said}</button>' if nonce else f"<span>{said}</span>"
    yield f'<section class="message {_colour(message.role)}">'
    yield (
        f"<header><h2>{_text(message.role)}</h2>{f'<span>{_text(about)}</span>' if about else ''}"
        f"<span>{message.tokens} tokens</span>{line}</header>"
    )
    for problem in problems:
        yield _problem(problem)
    yield from _content(message.pieces, nonce)
    yield "</section>"


def _content(pieces: Iterable[Piece], nonce: str) -> Iterator[str]:
    text: list[str] = []
    for piece in pieces:
        if piece.kind in ("text", "value", "hole"):
            text.append(_piece(piece, nonce))
            continue
        if text:
            yield f'<div class="text" dir="auto">{"".join(text)}</div>'
            text = []
        yield f'<div class="media">{_media(piece)}</div>'
    if text:
        yield f'<div class="text" dir="auto">{"".join(text)}</div>'


def _piece(piece: Piece, nonce: str) -> str:
    if piece.kind == "text":
        return _text(piece.text)
    said = f"line {piece.line + 1}" if piece.line is not None else ""
    said = " · ".join(word for word in (piece.name, "no value" if piece.kind == "hole" else "", said) if word)
    place = f' data-line="{piece.line}" data-offset="{piece.span.start}"' if piece.span is not None else ""
    focus = ' role="link" tabindex="0"' if nonce and place else ""
    kind = ' class="hole"' if piece.kind == "hole" else ""
    shown = _text(piece.text or (placeholder(piece.name) if piece.kind == "hole" else ""))
    return f'<mark{kind} title="{_text(said)}"{place if nonce else ""}{focus}>{shown}</mark>' if shown else ""


def _media(piece: Piece) -> str:
    if piece.kind == "image" and _PICTURE.fullmatch(piece.text):
        return f'<img src="{_text(piece.text)}" alt="an image of the prompt">'
    shown = _text(address(piece.text))
    if re.match(r"https?://", piece.text):
        return f'{_text(piece.kind)}: <a href="{_text(piece.text)}" rel="noopener noreferrer">{shown}</a>'
    return f"{_text(piece.kind)}: {shown}"


def _footer(preview: Preview) -> Iterator[str]:
    yield "<footer>"
    if preview.messages:
        yield f"<p>{_text(ESTIMATE)}.</p>"
        yield '<p><mark>value</mark> of an expression · <mark class="hole">‹name›</mark> no value</p>'
    yield "<p>Nothing was sent to a model.</p></footer>"


def _problem(problem: PreviewProblem) -> str:
    return f'<p class="note {_text(problem.severity)}">Line {problem.line + 1}: {_words(problem.message)}</p>'


def _details(summary: str, content: str, *, opened: bool = False) -> str:
    return f"<details{' open' if opened else ''}><summary>{summary}</summary><pre>{content}</pre></details>"


def _json(data: object) -> str:
    return _text(json.dumps(data, indent=2, ensure_ascii=False, default=str))


def _words(sentence: str) -> str:
    """A message of ours, whose backticks mark what stands in the file."""
    parts = sentence.split("`")
    if len(parts) % 2 == 0:
        return _text(sentence)
    return "".join(f"<code>{_text(part)}</code>" if at % 2 else _text(part) for at, part in enumerate(parts))


def _text(text: str) -> str:
    """Escaped for text and attributes; what no page can hold is shown by its picture."""
    shown = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", lambda match: chr(0x2400 + ord(match[0])), text)
    return escape(re.sub("[\ud800-\udfff\x7f]", "\ufffd", shown), quote=True)


def _colour(role: str) -> str:
    return ROLES.get(role.lower(), "other")


def _lines(blocks: Iterable[str]) -> str:
    return "\n".join(block for block in blocks if block)
