"""Front matter: where the YAML header ends and the template begins, as each family of loaders decides it.

Prompty's loaders (PyPI prompty 0.1.50 `utils.py`, 2.1.0 `core/utils.py`) share one regular expression,
``^\\s*(---|\\+\\+\\+)(.*?)(---|\\+\\+\\+)\\s*(.+)$`` with DOTALL and MULTILINE: the header ends at the first fence
anywhere after the opener, also inside of a value, and something must follow it. 2.1.0 applies it only to a text
that starts with ``---``; 0.1.50 looks for an opener on every line. ``str.find`` stands in for the expression,
which tries every start for every end on hostile text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from promptls.syntax.problem import Problem
from promptls.text import Span

BOM = "\ufeff"
_FENCES = ("---", "+++")
_SPACE = re.compile(r"\s*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?")
_LONE_FENCE = re.compile(r"(?:---|\+\+\+)[ \t]*\Z")
_KEY_LINE = re.compile(r"""(?:[\w$.-]+|"[^"\r\n]*"|'[^'\r\n]*')[ \t]*:(?=\s|\Z)""")
_ROLE_LINE = re.compile(
    r"(?:system|user|assistant|developer|tool|function)\s*+(?:\[[^\]\r\n]*\])?\s*+:\s*+\Z", re.IGNORECASE
)
_VALUE = re.compile(r"[ \t]*(?:-[ \t]+)*(?:[^\s:#][^:\r\n]*:[ \t]+)?(?=\S)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """``header``: the YAML between the fences (None where there is no front matter, then ``body`` is all).

    ``body`` is exactly what the loader takes for the template. ``opener``/``closer``: the fences themselves.
    ``bom``: the text starts with a byte-order mark, which Prompty's loaders trip over.
    """

    header: Span | None
    body: Span
    opener: Span | None = None
    closer: Span | None = None
    bom: bool = False
    problems: tuple[Problem, ...] = ()


def split_unanchored(text: str, *, anywhere: bool = False) -> FrontMatter:
    """Split as Prompty does. ``anywhere``: the opener may stand on any line, as 0.1.50 has it.

    Where a loader would refuse the text, the most helpful split is answered, with a problem that says why.
    """
    bom = text.startswith(BOM)
    opener = _opener(text, int(bom), anywhere)
    if opener is None:
        return FrontMatter(None, Span(int(bom), len(text)), bom=bom, problems=_bom_problem(bom))
    at = _next_fence(text, opener.end)
    closer = None if at is None else Span(at, at + 3)
    if closer is None or (closer.end == len(text) and not _alone(text, closer)):
        return _unclosed(text, opener, bom)
    header = Span(opener.end, closer.start)
    if closer.end == len(text):
        problem = Problem(
            closer,
            "front-matter-unclosed",
            "Nothing follows the closing fence: the loader needs a template, or at least an empty line, after it",
            "no-body",
            {"at": closer.end},
        )
        return FrontMatter(header, Span(len(text), len(text)), opener, closer, bom, (*_bom_problem(bom), problem))
    start = _space_end(text, closer.end)
    # `\s*(.+)` gives the last blank back when nothing else is left for the body.
    body = Span(min(start, len(text) - 1), len(text))
    problems = (*_bom_problem(bom), *_cut_short(text, opener, closer))
    return FrontMatter(header, body, opener, closer, bom, problems)


def split_lines(text: str) -> FrontMatter:
    """Split where the first line is ``---`` and at the next line that is ``---``: most other formats' rule.

    Blanks after a fence are allowed. The body starts on the line after the closing fence.
    """
    bom = text.startswith(BOM)
    start = int(bom)
    first = _LINE.match(text, start)
    if first is None or first[0].rstrip() != "---":
        return FrontMatter(None, Span(start, len(text)), bom=bom)
    opener = Span(start, start + 3)
    at = first.end()
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        if text.startswith("---", at) and line[0].rstrip() == "---":
            return FrontMatter(
                Span(first.end(), at), Span(line.end(), len(text)), opener, Span(at, at + 3), bom, _bom_problem(bom)
            )
        at = line.end()
    return _unclosed(text, opener, bom, header_start=first.end())


def split_below_comments(text: str) -> FrontMatter:
    """Split where lines of ``#`` and empty lines may stand above the header, at lines that are ``---`` alone.

    As Dotprompt does it (PyPI dotpromptz 0.2.0 ``_parse.py``, ``identify_frontmatter``): blanks may follow a fence
    and not precede it; the body is stripped where there is a header, and is the whole text, comment lines included,
    where there is none. A byte-order mark hides the header from it; here the header is found, with the problem.
    """
    bom = text.startswith(BOM)
    at = int(bom)
    opener: Span | None = None
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        content = line[0].rstrip("\r\n")
        if text.startswith("---", at) and not content[3:].strip(" \t"):
            opener = Span(at, at + 3)
            break
        if content.strip() and not content.startswith("#"):
            break
        at = line.end()
    if opener is None:
        return FrontMatter(None, Span(0, len(text)), bom=bom, problems=_bom_problem(bom))
    start = at = _line_after(text, opener.end)
    while at < len(text):
        line = _LINE.match(text, at)
        assert line is not None
        if text.startswith("---", at) and not line[0].rstrip("\r\n")[3:].strip(" \t"):
            below = text[line.end() :]
            body = Span(line.end() + len(below) - len(below.lstrip()), len(text.rstrip()))
            if not below.strip():
                body = Span(len(text), len(text))
            return FrontMatter(Span(start, at), body, opener, Span(at, at + 3), bom, _bom_problem(bom))
        at = line.end()
    return _unclosed(text, opener, bom, header_start=start)


def _opener(text: str, start: int, anywhere: bool) -> Span | None:
    at = _space_end(text, start)
    while True:
        if text.startswith(_FENCES, at):
            return Span(at, at + 3)
        if not anywhere:
            return None
        # MULTILINE's `^` holds after `\n` only.
        newline = text.find("\n", at)
        if newline < 0:
            return None
        at = _space_end(text, newline + 1)


def _next_fence(text: str, start: int) -> int | None:
    found = [at for at in (text.find(fence, start) for fence in _FENCES) if at >= 0]
    return min(found) if found else None


def _space_end(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _line_end(text: str, at: int) -> int:
    ends = [end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0]
    return min(ends) if ends else len(text)


def _alone(text: str, fence: Span) -> bool:
    before = text[_line_start(text, fence.start) : fence.start]
    return not before.strip()


def _line_after(text: str, at: int) -> int:
    line = _LINE.match(text, at)
    return line.end() if line else at


def _bom_problem(bom: bool) -> tuple[Problem, ...]:
    if not bom:
        return ()
    message = (
        "The file starts with a byte-order mark, which hides its header from the loader: save it as UTF-8 without one"
    )
    return (Problem(Span(0, 1), "byte-order-mark", message),)


def _cut_short(text: str, opener: Span, closer: Span) -> tuple[Problem, ...]:
    """A fence that its author did not mean as one: inside of a value, a comment, a block of text or a longer rule."""
    line = Span(_line_start(text, closer.start), _line_end(text, closer.end))
    if opener.end > line.start:
        line = Span(opener.end, line.end)
    before = text[line.start : closer.start]
    after = text[closer.end : line.end]
    own_indent = opener.start - _line_start(text, opener.start)
    real = _lone_fence(text, line.end, own_indent)
    if before.strip():
        kind = "comment" if before.lstrip().startswith("#") else "value"
    elif after[:1] not in ("", " ", "\t"):
        kind = "longer"
    elif (
        real is not None and (len(before) > own_indent or after.strip()) and _reads_as_yaml(text, line.end, real.start)
    ):
        kind = "block"
    else:
        return ()
    fence = closer.slice(text)
    message = (
        f"The header ends at this `{fence}`: the loader takes the first one for the closing fence, wherever it stands"
    )
    if kind == "longer":
        message = f"The header ends after `{fence}`: what follows on this line becomes part of the template"
    value = _VALUE.match(text, line.start, closer.start) if kind == "value" else None
    data = {
        "line": line,
        "value": Span(value.end(), line.end) if value else None,
        "closer": real,
    }
    return (Problem(closer, "front-matter-cut-short", message, kind, data),)


def _lone_fence(text: str, start: int, indent: int) -> Span | None:
    """The next fence that is alone on its line and no further in than the opener."""
    at = start
    while (at_fence := _next_fence(text, at)) is not None:
        begin, end = _line_start(text, at_fence), _line_end(text, at_fence)
        if at_fence - begin <= indent and _LONE_FENCE.match(text, at_fence, end) and not text[begin:at_fence].strip():
            return Span(at_fence, at_fence + 3)
        at = end
    return None


def _reads_as_yaml(text: str, start: int, end: int) -> bool:
    """Whether what stands between a doubtful closer and a lone fence continues a header rather than a template."""
    at = start
    seen = False
    while at < end:
        line = _LINE.match(text, at, end)
        if line is None or line.end() == at:
            break
        content = line[0].rstrip()
        if content.strip() and not content.startswith((" ", "\t", "#", "- ", "]", "}")):
            if not _KEY_LINE.match(content) or _ROLE_LINE.match(content):
                return False
            seen = True
        at = line.end()
    return seen or at > start


def _unclosed(text: str, opener: Span, bom: bool, header_start: int | None = None) -> FrontMatter:
    start = opener.end if header_start is None else header_start
    end = _yaml_end(text, start)
    body = Span(min(_space_end(text, end), len(text)), len(text))
    fence = opener.slice(text)
    message = f"The header is never closed: write `{fence}` on a line of its own where it ends"
    data = {"at": end, "fence": fence, "newline_before": end > 0 and text[end - 1] not in "\r\n"}
    problem = Problem(opener, "front-matter-unclosed", message, "", data)
    return FrontMatter(Span(start, end), body, opener, None, bom, (*_bom_problem(bom), problem))


def _yaml_end(text: str, start: int) -> int:
    """Where a header that nobody closed stops to look like YAML: the start of the first line that does not."""
    end = start
    at = start
    blank = True
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None or line.end() == at:
            break
        content = line[0].rstrip()
        if not content.strip() or (blank and content.startswith("#")):
            blank = True  # a comment of the header or a Markdown heading: the next line tells
        elif content.startswith((" ", "\t", "-", "#", "]", "}")) or at == start:
            end, blank = line.end(), False
        elif _ROLE_LINE.match(content) or not (_KEY_LINE.match(content) or _half_key(content, blank)):
            return end
        else:
            end, blank = line.end(), False
        at = line.end()
    # Nothing but blank lines and comments is left: the cursor may stand there, and it stands in the header.
    return len(text)


def _half_key(content: str, after_blank: bool) -> bool:
    return not after_blank and re.fullmatch(r"[\w$.-]+", content) is not None
