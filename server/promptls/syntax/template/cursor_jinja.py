"""What may be written at a place of a Jinja tag, read from the tag's tokens alone."""

from __future__ import annotations

from promptls.syntax.template.builder import Problems
from promptls.syntax.template.cursor_tag import Place
from promptls.syntax.template.jinja_lexer import JinjaLexer
from promptls.syntax.template.names import EACH
from promptls.syntax.template.strings import unquote
from promptls.syntax.template.tokens import Token
from promptls.text import Span

_INCLUDES = frozenset(["extends", "from", "import", "include"])
_EXPECT_VALUE = frozenset(["and", "do", "elif", "else", "if", "in", "is", "not", "or"])
_VALUE_TAGS = frozenset(["autoescape", "call", "do", "elif", "extends", "from", "if", "import", "include", "print"])
_NAME_TAGS = frozenset(["block", "for", "macro", "set", "with"])
_CLOSERS = frozenset([")", "]", "}"])


def read_jinja_tag(text: str, tag: Span, offset: int) -> Place:
    """The place at ``offset`` in the tag that spans ``tag`` (up to the cursor, where the tag is not closed)."""
    here = Span(offset, offset)
    output = text.startswith("{{", tag.start)
    inner = tag.start + 2
    if inner < tag.end and text[inner] in "-+":
        inner += 1
    if offset < inner:
        return Place("none", "", here)
    read = JinjaLexer(text, tag.end, Problems()).tag(tag.start, inner, output=output)
    if read.closed and offset > read.inner_end:
        return Place("none", "", here)
    tokens = [token for token in read.tokens if token.start < offset and token.kind != "end"]
    statement = tokens[0].text if tokens and not output and tokens[0].kind == "name" else ""
    touched = tokens[-1] if tokens and tokens[-1].end >= offset else None
    if touched and touched.kind == "string" and (offset < touched.end or _is_open(touched)):
        return _in_string(tokens, touched, offset, statement)
    prefix, replace = "", here
    if touched and touched.kind == "name":
        prefix = touched.text[: offset - touched.start]
        replace = Span(touched.start, touched.end)
        tokens.pop()
    elif touched and touched.kind in ("number", "bad"):
        return Place("none", "", here, (), statement)
    if not tokens and not output:
        return Place("tag", prefix, replace, (), prefix)
    where = _where(tokens, statement)
    path = _object_path(tokens[:-1]) if where == "attribute" else ()
    return Place(where, prefix, replace, path, statement)


def _is_open(token: Token) -> bool:
    return len(token.text) < 2 or token.text[-1] != token.text[0]


def _in_string(tokens: list[Token], string: Token, offset: int, statement: str) -> Place:
    content = Span(string.start + 1, max(string.start + 1, string.end - (not _is_open(string))))
    prefix = string.text[1 : offset - string.start]
    names_template = statement in _INCLUDES and not any(one.text in ("as", "import") for one in tokens[1:-1])
    return Place("include" if names_template else "string", prefix, content, (), statement)


def _where(before: list[Token], statement: str) -> str:
    """What may follow the tokens; in a statement, the first of them is its word."""
    if not before:
        return "variable"
    last = before[-1]
    if last.kind == "operator":
        return _after_operator(before, statement)
    if last.kind == "bad":
        return "none"
    if last.kind in ("string", "number"):
        return "operator"
    if last.text == "is" and len(before) > 1 + bool(statement):
        return "test"
    if last.text == "not" and len(before) > 1 and before[-2].text == "is":
        return "test"
    if statement:
        special = _in_statement(before, statement)
        if special:
            return special
    return "variable" if last.text in _EXPECT_VALUE and last.kind == "name" else "operator"


def _after_operator(before: list[Token], statement: str) -> str:
    text = before[-1].text
    if text == ".":
        names_filter = len(before) > 2 and before[-3].text in ("|", "is")
        return "none" if names_filter and before[-2].kind == "name" else "attribute"
    if text == "|":
        return "filter"
    if text in _CLOSERS:
        return "operator"
    if text in (",", "(") and statement and _names_follow(before, statement):
        return "none"
    return "variable"


def _names_follow(before: list[Token], statement: str) -> bool:
    """Whether a comma or a parenthesis is followed by a new name: a parameter, a second target."""
    if statement == "for":
        return not any(token.text == "in" and token.kind == "name" for token in before)
    if statement == "set":
        return not any(token.text == "=" for token in before)
    if statement == "from":
        return any(token.text == "import" and token.kind == "name" for token in before)
    depth = 0
    for token in before:
        depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "operator" else 0
    if statement == "with":
        return depth == 0
    if statement == "macro":
        return depth == 1
    return statement == "call" and depth == 1 and len(before) > 1 and before[1].text == "("


def _in_statement(before: list[Token], statement: str) -> str:
    """What follows a word of the tag; empty where the rules of expressions decide."""
    last = before[-1]
    if len(before) == 1:
        if statement == "filter":
            return "filter"
        return "variable" if statement in _VALUE_TAGS or _is_unknown(statement) else "none"
    if statement == "for" and not any(token.text == "in" and token.kind == "name" for token in before):
        return "operator"
    if statement == "from" and last.text in ("import", "as"):
        return "none"
    if statement == "import" and last.text == "as":
        return "none"
    return "none" if statement.startswith("end") else ""


def _is_unknown(statement: str) -> bool:
    return not statement.startswith("end") and statement not in _NAME_TAGS and statement not in _NO_VALUES


_NO_VALUES = frozenset(["break", "continue", "debug", "else", "filter", "pluralize", "raw", "trans"])


def _object_path(tokens: list[Token]) -> tuple[str, ...]:
    """The names before the last dot: ``a.b["c"][0]`` is ``a b c []``."""
    path: list[str] = []
    at = len(tokens) - 1
    while at >= 0:
        token = tokens[at]
        if token.kind == "name":
            path.append(token.text)
        elif token.kind == "number" and at and tokens[at - 1].text == ".":
            path.append(EACH)
        elif token.text == "]" and at > 1 and tokens[at - 2].text == "[" and at > 2:
            index = tokens[at - 1]
            path.append(unquote(index.text) if index.kind == "string" else EACH if index.kind == "number" else "?")
            at -= 3
            continue
        else:
            path.append("?")
            break
        if at < 1 or tokens[at - 1].text != "." or tokens[at - 1].kind != "operator":
            break
        at -= 2
    return tuple(reversed(path))
