"""What may be written at a place of a Handlebars tag, read from the tag's tokens alone."""

from __future__ import annotations

import re

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.cursor_tag import Place
from promptls.syntax.template.handlebars_lexer import HandlebarsLexer
from promptls.syntax.template.tokens import Token
from promptls.text import Span

_OPENER = re.compile(r"\{\{(\{\{|~?\s*(?:#[>*]?|[/>&^*]|\{)?)")
_SEPARATORS = frozenset([".", "/"])
_FIRST = {"#": "tag", "^": "tag", "#*": "tag", "/": "tag", ">": "include", "#>": "include", "{{": "helper"}
"""What stands first after an opener; elsewhere it is a value or a call."""


def read_handlebars_tag(text: str, tag: Span, offset: int) -> Place:
    """The place at ``offset`` in the tag that spans ``tag`` (up to the cursor, where the tag is not closed).

    ``statement``: what the innermost call around calls; at the first word of a tag its sigil (``#``, ``/``, ``>``).
    """
    here = Span(offset, offset)
    opened = _OPENER.match(text, tag.start, tag.end)
    if opened is None or offset < opened.end() - len(opened[1]) + len(opened[1].rstrip()):
        return Place("none", "", here)
    sigil = opened[1].replace("~", "").strip()
    closer = {"{": "}}}", "{{": "}}}}"}.get(sigil, "}}")
    inner = min(opened.end(), offset)
    read = HandlebarsLexer(text, tag.end, Problems()).tag(tag.start, inner, closer)
    if read.closed and offset > read.inner_end:
        return Place("none", "", here)
    tokens = [token for token in read.tokens if token.start < offset and token.kind != "end"]
    touched = tokens[-1] if tokens and tokens[-1].end >= offset else None
    prefix, replace = "", here
    if touched and touched.kind in ("number", "bad"):
        return Place("none", "", here, (), _calls(tokens, sigil))
    if touched and touched.kind == "string" and (offset < touched.end or _is_open(touched)):
        return _in_string(tokens, touched, offset, sigil)
    if touched and touched.kind == "name" and not _is_dot(tokens, touched):
        tokens.pop()
        prefix, replace = text[touched.start : offset], Span(touched.start, touched.end)
    if tokens and tokens[-1].text == "@" and tokens[-1].end == replace.start:
        at = tokens.pop()
        prefix, replace = text[at.start : offset], Span(at.start, replace.end)
    where, path = _where(tokens, sigil)
    return Place(where, prefix, replace, path, _calls(tokens, sigil))


def _is_open(token: Token) -> bool:
    return len(token.text) < 2 or token.text[-1] != token.text[0]


def _is_dot(tokens: list[Token], token: Token) -> bool:
    """Whether this is the dot of ``user.``, after which nothing is written yet."""
    return token.text == "." and len(tokens) > 1 and tokens[-2].kind == "name" and tokens[-2].end == token.start


def _in_string(tokens: list[Token], string: Token, offset: int, sigil: str) -> Place:
    content = Span(string.start + 1, max(string.start + 1, string.end - (not _is_open(string))))
    prefix = string.text[1 : offset - string.start]
    where = "include" if len(tokens) == 1 and _FIRST.get(sigil) == "include" else "string"
    return Place(where, prefix, content, (), _calls(tokens[:-1], sigil))


def _where(before: list[Token], sigil: str) -> tuple[str, tuple[str, ...]]:
    if not before:
        return _FIRST.get(sigil, "variable"), ()
    last = before[-1]
    if last.kind == "bad":
        return "none", ()
    if _is_dot(before, last) or (last.kind == "operator" and last.text in _SEPARATORS):
        return "attribute", _object_path(before[:-1])
    if any(token.text == "as |" for token in before):
        return "none", ()
    if last.text == "(" and last.kind == "operator":
        return "helper", ()
    if sigil == "/":
        return "none", ()
    if len(before) == 1 and last.text == "else" and not sigil:
        return "tag", ()
    return "variable", ()


def _calls(before: list[Token], sigil: str) -> str:
    """The name of the innermost call that is open here."""
    starts = [0]
    for index, token in enumerate(before):
        if token.kind == "operator" and token.text == "(":
            starts.append(index + 1)
        elif token.kind == "operator" and token.text == ")" and len(starts) > 1:
            starts.pop()
    start = starts[-1]
    if start >= len(before):
        return sigil if start == 0 else ""
    if sigil in (">", "#>") and start == 0:
        return ">"
    if before[start].text == "else" and not sigil and start == 0 and len(before) > 1:
        start = 1
    return before[start].text


def _object_path(tokens: list[Token]) -> tuple[str, ...]:
    """The names before the last separator: ``../user.[first name].x`` is ``.. user``, ``first name``."""
    path: list[str] = []
    at = len(tokens) - 1
    while at >= 0 and tokens[at].kind == "name":
        name = tokens[at].text
        path.append(name[1:-1] if name[0] == "[" else name)
        if at and tokens[at - 1].text == "@":
            path[-1] = f"@{name}"
            break
        if at < 2 or tokens[at - 1].kind != "operator" or tokens[at - 1].text not in _SEPARATORS:
            break
        at -= 2
    return tuple(reversed(path))
