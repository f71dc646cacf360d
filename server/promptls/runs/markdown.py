"""Words of others in a page of ours: shown as they are, and nothing in them loads when an editor shows the page.

A picture's address can carry what the prompt held to anybody's server, and a preview fetches it unasked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_LOADS: Final = re.compile(
    r"!\[|<(?!https?://[^\s<>`]*>|mailto:[^\s<>`]*>)[A-Za-z/!?]|^[ \t]*@import\b", re.MULTILINE | re.IGNORECASE
)
"""Pictures, HTML and what some previews include; an address in `<>` is a link, which waits for a click."""
_DRAWN: Final = ("mermaid", "plantuml", "puml", "dot", "graphviz", "viz", "vega", "d2", "kroki")
"""Languages that previews draw, pictures in them included."""
_FETCHES: Final = re.compile(r"//|\\|https?:|url\(|!include|@import", re.IGNORECASE)
"""What a drawing names to be loaded: ``A@{ img: "https://…" }`` in Mermaid. A backslash may hide any of it."""
_OPENER: Final = re.compile(r"(`{3,})([^`|]*)|(~{3,})([^|]*)")
_FENCE: Final = re.compile(r"`{3,}|~{3,}")
_MARGIN: Final = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*[ \t>]*")
_SPAN: Final = re.compile(r"(?<!`)`(?!`)[^`|\n]+`(?!`)")


class _Fences(NamedTuple):
    """``outside``: the lines that are no code; blocks that previews draw are none. ``drawn``: the lines of those.
    ``is_open``: the last block is."""

    outside: str
    drawn: str
    is_open: bool


def is_inert(text: str, *, ended: bool = True) -> bool:
    """Whether a preview loads nothing for a text in Markdown, and what stands behind it is not drawn into it.

    In doubt it is not: what one renderer takes for code another may not. ``ended``: no more of it comes.
    """
    certain = _fences(text.split("\n"))
    if certain is not None:
        loads = _LOADS.search(_without_spans(certain.outside)) or _FETCHES.search(certain.drawn)
        return not loads and not (ended and certain.is_open)
    # Where fences stand in lists and quotations, none of them counts as code, and all must have an end.
    inside = _fences(text.split("\n"), anywhere=True)
    loads = _LOADS.search(text) or _FETCHES.search(text if inside is None else inside.drawn)
    return not loads and not (ended and (inside is None or inside.is_open))


def disarmed(text: str) -> str:
    """A sentence with its own Markdown but without pictures and HTML; a backslash could stand in front already."""
    return re.sub(r"!\[|<(?=[A-Za-z/!?])", lambda found: "!&#91;" if found[0] == "![" else "&lt;", text)


def _fences(lines: Iterable[str], *, anywhere: bool = False) -> _Fences | None:
    """The blocks of code; None where they are not certain: a fence within a line, formulas, which take precedence.

    ``anywhere``: in lists and quotations as well, where a block ends as far to the right as it began.
    """
    outside: list[str] = []
    drawn: list[str] = []
    fence, is_drawn, margin = "", False, 0
    for line in lines:
        found = _MARGIN.match(line) if anywhere else None
        at = found.end() if found else 0
        bare = line[at:].strip(" \t")
        if fence and bare and len(line) - len(line.lstrip(" \t>")) < margin:
            return None
        if fence and len(bare) >= len(fence) and not bare.strip(fence[0]):
            if at != margin if anywhere else line.expandtabs(4).startswith("    "):
                return None
            fence = ""
        elif fence:
            if is_drawn:
                outside.append(line)
                drawn.append(line)
        elif opener := _OPENER.fullmatch(line, at):
            fence, margin = opener[1] or opener[3], at
            is_drawn = (opener[2] or opener[4] or "").lstrip(" \t{.").casefold().startswith(_DRAWN)
            outside.append("")
        elif _FENCE.search(line) or ("$$" in line and not anywhere):
            return None
        else:
            outside.append(line)
    return _Fences("\n".join(outside), "\n".join(drawn), bool(fence))


def _without_spans(text: str) -> str:
    return "\n".join(_lines_without_spans(text))


def _lines_without_spans(text: str) -> Iterator[str]:
    """Code spans of one line are left out, as long as nothing in the paragraph may shift where they begin."""
    certain = True
    for line in text.split("\n"):
        if not line.strip(" \t"):
            certain = True
        rest = _SPAN.sub("", line)
        certain = certain and (rest == line or not re.search(r"<[A-Za-z/!?]|[$\\]", rest)) and "`" not in rest
        yield rest if certain else line
