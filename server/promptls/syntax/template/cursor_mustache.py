"""What may be written at a place of a Mustache tag."""

from __future__ import annotations

import re

from promptls.syntax.template.cursor_tag import Place
from promptls.text import Span

_INSIDE = re.compile(r"\s*([#^/>&<$!{=]?)\s*(\*?)\s*")
_WORD = re.compile(r"[^\s.{}]*")
_WHERE = {"/": "tag", ">": "include", "<": "include", "$": "none", "=": "none", "!": "comment"}


def read_mustache_tag(text: str, tag: Span, offset: int) -> Place:
    """The place at ``offset`` in the tag that spans ``tag``. Tags with other delimiters than ``{{`` give no prefix
    longer than their name."""
    here = Span(offset, offset)
    opened = re.compile(r"\{\{|\S+?(?=[\s\w#^/>&<$!])").match(text, tag.start, tag.end)
    found = _INSIDE.match(text, opened.end() if opened else tag.start, tag.end)
    if found is None or offset < found.start():
        return Place("none", "", here)
    sigil = found[1]
    if sigil and offset <= found.start(1):
        return Place("none", "", here)
    start = found.end()
    written = text[start:offset]
    where = "variable" if found[2] else _WHERE.get(sigil, "variable")
    word = _WORD.match(text, offset, tag.end)
    end = word.end() if word else offset
    if offset < start:
        return Place(where, "", here, (), sigil)
    if where != "variable":
        prefix = written.lstrip()
        return Place(where, prefix, Span(offset - len(prefix), end), (), sigil)
    if "}" in written:
        return Place("none", "", here, (), sigil)
    *path, prefix = written.split(".")
    prefix = prefix.lstrip()
    if " " in prefix:
        return Place("none", "", here, (), sigil)
    steps = tuple(step.strip() for step in path)
    return Place("attribute" if steps else "variable", prefix, Span(offset - len(prefix), end), steps, sigil)
