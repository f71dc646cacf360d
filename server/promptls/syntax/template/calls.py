"""The call that an offset of a template is in: what is called, and which argument is being written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.cursor import cursor_in_template
from promptls.syntax.template.handlebars_lexer import HandlebarsLexer
from promptls.syntax.template.jinja_lexer import JinjaLexer
from promptls.syntax.template.tokens import Token
from promptls.syntax.template.tree import TemplateTree

_OPENER = re.compile(r"\{\{(\{\{|~?[ \t]*(?:#[>*]?|[/>&^*]|\{)?)")
_NO_CALLEES = frozenset(["and", "else", "if", "import", "in", "is", "not", "or"])


class Call(NamedTuple):
    """``kind``: ``filter``, ``test``, ``function`` or ``helper``; ``path``: its name, with what stands before its dots.

    ``position``: how many arguments are written before this one; ``keyword``: this one's name, where it has one;
    ``keywords``: the names that are given up to here.
    """

    kind: str
    path: tuple[str, ...]
    position: int = 0
    keyword: str = ""
    keywords: tuple[str, ...] = ()


def call_in_template(tree: TemplateTree, text: str, offset: int) -> Call | None:
    """The innermost call whose arguments ``offset`` is in; ``text`` is the whole text of ``tree``. Never raises."""
    reader = _READERS.get(tree.dialect)
    if reader is None or cursor_in_template(tree, text, offset).where in ("text", "comment"):
        return None
    start = max(text.rfind(opener, tree.span.start, offset) for opener in ("{{", "{%"))
    return reader(text, start, tree.span.end, offset) if start >= 0 else None


class _Open:
    """A bracket or a tag that is open at the offset; ``call`` is None where it only groups."""

    def __init__(self, call: Call | None) -> None:
        self.call = call

    def next(self) -> None:
        if self.call is not None:
            self.call = self.call._replace(position=self.call.position + 1, keyword="")

    def named(self, name: str) -> None:
        if self.call is not None:
            self.call = self.call._replace(keyword=name, keywords=(*self.call.keywords, name))


def _innermost(stack: list[_Open]) -> Call | None:
    return next((one.call for one in reversed(stack) if one.call is not None), None)


# Jinja


def _jinja_call(text: str, start: int, end: int, offset: int) -> Call | None:
    output = text.startswith("{{", start)
    inner = start + 3 if text[start + 2 : start + 3] in ("-", "+") else start + 2
    read = JinjaLexer(text, end, Problems()).tag(start, inner, output=output)
    tokens = [token for token in read.tokens if token.end <= offset and token.kind != "end"]
    stack: list[_Open] = []
    for index, token in enumerate(tokens):
        if token.kind != "operator":
            continue
        if token.text == "(":
            stack.append(_Open(_jinja_callee(tokens, index, output=output)))
        elif token.text in "[{":
            stack.append(_Open(None))
        elif token.text in ")]}" and stack:
            stack.pop()
        elif token.text == "," and stack:
            stack[-1].next()
        elif token.text == "=" and stack and index > 1 and tokens[index - 2].text in ("(", ","):
            stack[-1].named(tokens[index - 1].text)
    return _innermost(stack)


def _jinja_callee(before: list[Token], parenthesis: int, *, output: bool) -> Call | None:
    """What the name in front of a parenthesis is; None where there is none that is called."""
    at = parenthesis - 1
    first = 0 if output else 1  # the word of the tag
    if at < first or before[at].kind != "name" or before[at].text in _NO_CALLEES:
        return None
    path = [before[at].text]
    while at - 2 >= first and before[at - 1].text == "." and before[at - 2].kind == "name":
        at -= 2
        path.insert(0, before[at].text)
    lead = before[at - 1] if at > 0 else None
    statement = "" if output else before[0].text
    if lead is not None and lead.text == ".":
        return None  # of something that is no name
    if (lead is not None and lead.text == "|") or (statement == "filter" and at == 1):
        return Call("filter", tuple(path))
    if lead is not None and (lead.text == "is" or (lead.text == "not" and at > 1 and before[at - 2].text == "is")):
        return Call("test", tuple(path))
    if statement in ("macro", "block") and at == 1:
        return None
    return Call("function", tuple(path))


# Handlebars


def _handlebars_call(text: str, start: int, end: int, offset: int) -> Call | None:
    if text.startswith("{{{", start - 1):  # the last two braces of three or four
        start -= 2 if text.startswith("{{{{", start - 2) else 1
    opened = _OPENER.match(text, start, end)
    sigil = opened[1].replace("~", "").strip() if opened else "/"
    if opened is None or sigil in ("/", ">", "#>") or opened.end() > offset:
        return None
    closer = {"{": "}}}", "{{": "}}}}"}.get(sigil, "}}")
    read = HandlebarsLexer(text, end, Problems()).tag(start, opened.end(), closer)
    tokens = [token for token in read.tokens if token.start < offset and token.kind != "end"]
    if not sigil and tokens and tokens[0].text == "else":
        tokens = tokens[1:]
    starts = [0]
    for index, token in enumerate(tokens):
        if token.kind == "operator" and token.text == "(":
            starts.append(index + 1)
        elif token.kind == "operator" and token.text == ")" and len(starts) > 1 and token.end <= offset:
            starts.pop()
    # A call without parentheses, or of nothing yet, is inside of the one around it.
    calls = (_handlebars_words(tokens[start:], offset) for start in reversed(starts))
    return next((call for call in calls if call is not None), None)


def _handlebars_words(tokens: list[Token], offset: int) -> Call | None:
    """The call that these words are: its name, a blank, its arguments, each of which has no blank outside of brackets.
    None while its name is still being written, or where it is none."""
    words: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if token.text == "as |":
            return None
        if depth or (words and token.start == words[-1][-1].end):
            words[-1].append(token)
        else:
            words.append([token])
        if token.kind == "operator":
            depth += (token.text == "(") - (token.text == ")")
    if not words or words[0][-1].end >= offset or words[0][0].kind != "name":
        return None
    path = tuple(token.text for token in words[0] if token.kind == "name")
    written = words[-1] if words[-1][-1].end >= offset or depth else None
    before = words[1:-1] if written else words[1:]
    keywords = [name for name in map(_keyword, words[1:]) if name]
    position = sum(not _keyword(word) for word in before)
    return Call("helper", path, position, _keyword(written) if written else "", tuple(keywords))


def _keyword(word: list[Token]) -> str:
    return word[0].text if len(word) > 1 and word[1].text == "=" and word[0].kind == "name" else ""


_READERS: dict[str, Callable[[str, int, int, int], Call | None]] = {
    "jinja": _jinja_call,
    "nunjucks": _jinja_call,
    "handlebars": _handlebars_call,
}
