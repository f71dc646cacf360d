"""Jinja's tags: what may stand in each, whether it has a body, which branches it knows.

The tags of jinja2 3.1 and of the extensions that come with it (``do``, ``break``, ``continue``, ``debug``,
``trans``). A tag that is not in ``TAGS`` is reported with its name; a rule knows whether the host has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from promptls.syntax.template.jinja_expression import CONSTANTS, DEEPEST_EXPRESSION, JinjaExpression
from promptls.syntax.template.tree import Node
from promptls.text import Span

Head = tuple[Node, ...]


class TagGrammar(NamedTuple):
    """``of``: the blocks that a branch belongs to, by key; ``last``: no other branch may follow it.

    ``key``: what the closing tag says behind ``end``, where that is not the tag's own word."""

    head: Callable[[JinjaExpression], Head]
    block: bool = False
    of: tuple[str, ...] = ()
    last: bool = False
    key: str = ""


def target(read: JinjaExpression, *, namespaces: bool = False) -> Node:
    """What a value is bound to: a name, several, or the attribute of a namespace."""
    found = [_one_target(read, namespaces)]
    start = found[0].span.start
    while read.take(","):
        if read.ended or read.sees(")"):
            return Node("tuple", Span(start, read.last_end), "", None, tuple(found))
        found.append(_one_target(read, namespaces))
    if len(found) == 1:
        return found[0]
    return Node("tuple", Span(start, read.last_end), "", None, tuple(found))


def _one_target(read: JinjaExpression, namespaces: bool) -> Node:
    start = read.next
    if start.kind == "name" and start.text == "in":
        return read.missing("The name of a variable is expected here")
    if start.kind == "operator" and start.text == "(":
        if read.depth >= DEEPEST_EXPRESSION:
            return read.too_deep()
        read.depth += 1
        read.at += 1
        inner = target(read, namespaces=namespaces)
        read.expect(")")
        read.depth -= 1
        return Node("group", Span(start.start, read.last_end), "", None, (inner,))
    node = _new_name(read, "The name of a variable is expected here")
    if namespaces and node.kind == "target" and read.take("."):
        place = node.span
        name = Node("name", place, node.name, place)
        attribute = read.word("target", "The name of an attribute is expected after the dot")
        span = Span(place.start, attribute.span.end)
        return Node("attribute", span, attribute.name, attribute.span, (name,))
    return node


def _new_name(read: JinjaExpression, message: str) -> Node:
    if read.next.text in CONSTANTS and read.next.kind == "name":
        read.fail("expected", f"`{read.next.text}` is a constant and cannot be assigned to")
    return read.word("target", message)


def loop(read: JinjaExpression) -> Head:
    bound = target(read)
    read.expect("in")
    head = [bound, read.one_or_more(conditions=False)]
    if read.take("if"):
        head.append(read.expression())
    head += _words(read, "recursive")
    return tuple(head)


def condition(read: JinjaExpression) -> Head:
    return (read.one_or_more(conditions=False),)


def _set(read: JinjaExpression) -> Head:
    bound = target(read, namespaces=True)
    if read.take("="):
        return (bound, read.one_or_more())
    chain = _filter_chain(read)
    return (bound, chain) if chain else (bound,)


def _filter(read: JinjaExpression) -> Head:
    chain = _filter_chain(read, started=True)
    return (chain,) if chain else ()


def _filter_chain(read: JinjaExpression, *, started: bool = False) -> Node | None:
    """Filters that work on what the block contains."""
    at = read.last_end
    node = Node("contents", Span(at, at))
    while started or read.take("|"):
        started = False
        node = read.filter(node)
    return None if node.kind == "contents" else node


def _with(read: JinjaExpression) -> Head:
    head: list[Node] = []
    if read.ended or read.sees(":"):
        return ()
    head.append(_assignment(read))
    while read.take(","):
        head.append(_assignment(read))
    return tuple(head)


def _assignment(read: JinjaExpression) -> Node:
    bound = target(read)
    read.expect("=")
    value = read.expression()
    return Node("assign", Span(bound.span.start, max(bound.span.end, value.span.end)), "=", None, (bound, value))


def _macro(read: JinjaExpression) -> Head:
    name = _new_name(read, "The name of the macro is expected here")
    if not read.sees("("):
        read.expect("(")
        return (name,)
    return (name, *_parameters(read))


def _call(read: JinjaExpression) -> Head:
    parameters = _parameters(read) if read.sees("(") else ()
    called = read.expression()
    if called.kind not in ("call", "missing"):
        read.fail("expected", "A call of a macro is expected here, like `name()`", called.span)
    return (*parameters, called)


def _parameters(read: JinjaExpression) -> Head:
    read.at += 1
    found: list[Node] = []
    defaults = False
    while not read.sees(")") and not read.ended:
        node = _new_name(read, "The name of a parameter is expected here")
        if read.take("="):
            value = read.expression()
            node = node._replace(span=Span(node.span.start, max(node.span.end, value.span.end)), head=(value,))
            defaults = True
        elif defaults:
            read.fail("expected", "A parameter without a default cannot follow one with a default", node.span)
        found.append(node)
        if not read.take(","):
            break
        if read.sees(")"):
            read.fail("expected", "A parameter is expected after the comma")
    read.expect(")")
    return tuple(found)


def _block(read: JinjaExpression) -> Head:
    label = read.word("label", "The name of the block is expected here")
    if read.sees("-") and label.kind == "label":
        read.fail("expected", "The name of a block holds no hyphen; use `_`")
    return (label, *_words(read, "scoped"), *_words(read, "required"))


def _template(read: JinjaExpression) -> Head:
    return (read.expression(),)


def _include(read: JinjaExpression) -> Head:
    return (read.expression(), *_words(read, "ignore", "missing"), *_context(read))


def _import(read: JinjaExpression) -> Head:
    template = read.expression()
    read.expect("as")
    return (template, _new_name(read, "A name for the template is expected here"), *_context(read))


def _from(read: JinjaExpression) -> Head:
    template = read.expression()
    read.expect("import")
    names: list[Node] = []
    while not (context := _context(read)):
        names.append(_imported(read))
        if names[-1].kind == "missing":
            break
        context = _context(read)
        if context or not read.take(","):
            break
        if read.ended:
            read.fail("expected", "A name is expected after the comma")
            break
    return (template, *names, *context)


def _imported(read: JinjaExpression) -> Node:
    name = read.word("import", "The name of a macro or a variable is expected here")
    if name.kind == "missing":
        return name
    if name.name.startswith("_"):
        read.fail("expected", "A name that starts with an underscore cannot be imported", name.span)
    bound = Node("target", name.span, name.name, name.span)
    if read.take("as"):
        bound = _new_name(read, "Another name is expected after `as`")
    return name._replace(span=Span(name.span.start, max(name.span.end, bound.span.end)), head=(bound,))


def _context(read: JinjaExpression) -> Head:
    return _words(read, "with", "context") or _words(read, "without", "context")


def _words(read: JinjaExpression, *words: str) -> Head:
    """The fixed words, as one node; nothing where they do not follow each other here."""
    if read.next.text != words[0]:
        return ()
    tokens = read.tokens[read.at : read.at + len(words)]
    if [token.text for token in tokens] != list(words) or any(token.kind != "name" for token in tokens):
        return ()
    read.at += len(words)
    span = Span(tokens[0].start, tokens[-1].end)
    return (Node("word", span, " ".join(words), span),)


def _print(read: JinjaExpression) -> Head:
    found: list[Node] = []
    while not read.ended:
        found.append(read.expression())
        if not read.take(","):
            break
    return tuple(found)


def _trans(read: JinjaExpression) -> Head:
    """``{% trans count=items|length, user trimmed %}``: names are read from the context or given a value."""
    found: list[Node] = []
    if read.next.kind == "string":
        found.append(read.primary())
    while read.next.kind == "name":
        if (words := _words(read, "trimmed") or _words(read, "notrimmed")) and not read.sees("="):
            found += words
        elif read.tokens[read.at + 1].text == "=":
            found.append(_assignment(read))
        else:
            found.append(read.word("name", "A name is expected here"))
        read.take(",")
    return tuple(found)


def _pluralize(read: JinjaExpression) -> Head:
    return () if read.ended else (read.word("name", "A name is expected here"),)


def nothing(read: JinjaExpression) -> Head:
    return ()


TAGS = {
    "for": TagGrammar(loop, block=True),
    "if": TagGrammar(condition, block=True),
    "elif": TagGrammar(condition, of=("if",)),
    "else": TagGrammar(nothing, of=("if", "for"), last=True),
    "set": TagGrammar(_set),
    "block": TagGrammar(_block, block=True),
    "extends": TagGrammar(_template),
    "include": TagGrammar(_include),
    "import": TagGrammar(_import),
    "from": TagGrammar(_from),
    "macro": TagGrammar(_macro, block=True),
    "call": TagGrammar(_call, block=True),
    "filter": TagGrammar(_filter, block=True),
    "with": TagGrammar(_with, block=True),
    "autoescape": TagGrammar(_template, block=True),
    "print": TagGrammar(_print),
    "do": TagGrammar(lambda read: (read.one_or_more(),)),
    "break": TagGrammar(nothing),
    "continue": TagGrammar(nothing),
    "debug": TagGrammar(nothing),
    "trans": TagGrammar(_trans, block=True),
    "pluralize": TagGrammar(_pluralize, of=("trans",), last=True),
}
