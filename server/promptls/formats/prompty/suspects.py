"""Lines that look like a role line and are text to the loader, and text that has no role line above it.

Only what can hardly be meant otherwise counts: a line of its own, not indented, no heading, in no code block,
whose word is a role of the other version or a slip of the pen. ``Note:`` and ``Users:`` are text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from promptls.formats.prompty.recognise import TITLES, UNCLEAR, UNGUARDED, V1, V2, version_of
from promptls.formats.prompty.roles import ROLES_V1, ROLES_V2, V2_LINE, Body, read_attributes, role_names
from promptls.prompt.model import RoleLine
from promptls.syntax.problem import Problem
from promptls.text import Span

_ALONE = re.compile(r"(?m)^([A-Za-z]{3,14})(\[[^\n]*\])?[^\S\n]*:[^\S\n]*$")
_DYNAMIC = re.compile(r"(?m)^[^\S\n]*+#?[^\S\n]*+(?:\{\{[^\n{}]{0,200}\}\}|\{%[^\n]{0,200}%\})[^\n]{0,40}:[^\S\n]*+$")
_MADE = re.compile(r"(?m)^[^\S\n]*+#?[^\S\n]*+[^\n]{0,200}?(?:\{\{|\{%|\{#)[^\n]*$")
_ROLE_VALUE = re.compile(r"\A\s*+#?\s*+\{\{-?\s*+(?:\w+\.)*+role\s*+-?\}\}\s*+:\s*+\Z")
_FENCE = re.compile(r"(?m)^[^\S\n]*(?:```|~~~)")
_DETAIL = re.compile(r"\n?(?:[ \t]+\S|- )")
_WORDS = {
    *("users", "uses", "used", "use", "systems", "assistants", "assistance", "assist", "functions", "functional"),
    *("developers", "develop", "developed", "development"),
}
"""Words of English near to a role, that a heading may well be."""


def suspects(body: Body, known: tuple[RoleLine, ...], variant: str) -> Iterator[tuple[RoleLine, Problem]]:
    """Each line that looks like a role line and is none, with what is wrong with it. ``variant``: the prompt's."""
    taken = {role.role_span.start for role in known}
    fences = [match.start() for match in _FENCE.finditer(body.flat)]
    for match in _ALONE.finditer(body.flat):
        at = body.start + match.start()
        if at in taken or body.in_comment(match.start()) or bisect_right(fences, match.start()) % 2:
            continue
        said = _verdict(body, match, variant)
        if said is None:
            continue
        kind, meant, message = said
        line = Span(at, at + len(match[0].rstrip()))
        below = min(at + len(match[0]) + 1, body.start + len(body.flat))
        attributes = read_attributes(match[2], body.start + match.start(2)) if match[2] else ()
        role = RoleLine(
            match[1].lower(),
            line,
            Span(*match.span(1)).shift(body.start),
            Span(below, below),
            known=False,
            attributes=attributes,
        )
        data = {"role": role.role, "suggestion": meant, "roles": role_names(variant), "line": line}
        # The span is what a fix replaces by the role that is meant: its name, or its brackets with it.
        end = role.role_span.end + len(match[2] or "") if kind == "attributes" else role.role_span.end
        yield role, Problem(Span(at, end), "unknown-role", message, kind, data)


def unguarded_lines(body: Body, known: tuple[RoleLine, ...], variant: str) -> Iterator[Problem]:
    """Lines that become a role line only when they are rendered, which 2.1.0 takes for an injection and refuses.

    It marks the role lines of the template before it renders, and raises on one without the mark, unless
    ``template.format.strict`` is false (``parsers/prompty.py``).
    """
    if version_of(variant) == V1 or variant == UNGUARDED:
        return
    taken = {role.span.start for role in known}
    for match in _MADE.finditer(body.flat):
        line = Span(match.start(), match.start() + len(match[0].rstrip()))
        start = line.start + len(match[0]) - len(match[0].lstrip())
        made = V2_LINE.match(line.slice(body.shown).strip()) is not None or _ROLE_VALUE.search(match[0]) is not None
        if made and body.start + start not in taken and not body.in_comment(start):
            message = (
                "Prompty refuses a role line that is only made when the template is rendered: "
                "write the role as it is, or set `template.format.strict: false`"
            )
            span = Span(start, line.end).shift(body.start)
            data = {"line": span, "suggestion": "", "roles": role_names(variant), "severity": "warning"}
            yield Problem(span, "unknown-role", message, "made", data)


def text_before_role(body: Body, known: tuple[RoleLine, ...], doubtful: list[RoleLine]) -> Problem | None:
    """What stands above the first role line, apart from white space, comments and tags.

    0.1.50 and 2.1.0 make it a system message, 2.x's specification (9.1) drops it: a matter of portability.
    """
    if not known:
        return None
    first = known[0].span.start - body.start
    if any(role.span.start < known[0].span.start for role in doubtful):
        # Somebody did write a role line up there, and hears of that.
        return None
    dynamic = _DYNAMIC.search(body.flat, 0, first)
    above = body.shown[: dynamic.start() if dynamic is not None else first]
    if not above.strip():
        return None
    start = len(above) - len(above.lstrip())
    span = Span(start, len(above.rstrip())).shift(body.start)
    message = "The text above the first role line is sent as a `system` message: write `system:` above it"
    return Problem(
        span,
        "text-before-role",
        message,
        data={"role": "system", "insert": span.start, "text": "system:\n", "severity": "information"},
    )


def _verdict(body: Body, match: re.Match[str], variant: str) -> tuple[str, str, str] | None:
    """``(kind, the role that was meant, a sentence)``; None for a line that is text by right."""
    word = match[1].lower()
    own = role_names(variant)
    title = TITLES[version_of(variant)]
    if word in own:
        return _unread(match, word, title)
    if word in (*ROLES_V1, *ROLES_V2, "tool"):
        listing = _DETAIL.match(body.flat, match.end() + 1)
        belongs = variant == UNCLEAR and word != "tool"
        if belongs or listing is not None or not _starts_paragraph(body, match.start()):
            return None
        meant = "system" if word == "developer" else ""
        return "other-version", meant, f"`{word}` is not a role of {title}, so this line is sent as text"
    meant = _meant(word, own)
    if not meant or not _starts_paragraph(body, match.start()):
        return None
    return "typo", meant, f"`{word}` is not a role, so this line is sent as text: did you mean `{meant}`?"


def _unread(match: re.Match[str], role: str, title: str) -> tuple[str, str, str]:
    """A role by name, which the loader's pattern does not take all the same."""
    if match[2] and title == TITLES[V1]:
        return "attributes", role, f"{title} knows no attributes on a role line, so this line is sent as text"
    if match[2] and title == TITLES[V2]:
        message = f'These attributes cannot be read, so this line is sent as text: write `{role}[name="value"]:`'
        return "attributes", "", message
    return "at-end", "", f"Nothing follows the last `{role}:`, so {title} sends this line as text"


@lru_cache(maxsize=512)
def _meant(word: str, roles: tuple[str, ...]) -> str:
    if word in _WORDS or word in roles:
        return ""
    near = [(_distance(word, role), role) for role in roles]
    steps, role = min(near)
    return role if steps <= (1 if len(role) < 6 else 2) and word[0] == role[0] else ""


def _distance(a: str, b: str) -> int:
    """Insertions, deletions, replacements and swaps of neighbours that make ``a`` into ``b``."""
    rows = [list(range(len(b) + 1))]
    for i, one in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (one != other))
            if i > 1 and j > 1 and one == b[j - 2] and a[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _starts_paragraph(body: Body, start: int) -> bool:
    """Whether the line before is empty, or there is none."""
    before = body.shown.rfind("\n", 0, max(start - 1, 0)) + 1
    return not body.shown[before:start].strip()
