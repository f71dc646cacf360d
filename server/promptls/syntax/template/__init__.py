"""Templates: tolerant parsers, one tree for all dialects, and what a template reads and binds.

A dialect is a parser and an analysis, registered here by its name. Everything works on offsets into the whole
text of the file; nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from promptls.syntax.template.analysis_handlebars import analyse_handlebars
from promptls.syntax.template.analysis_jinja import analyse_jinja
from promptls.syntax.template.analysis_mustache import analyse_mustache
from promptls.syntax.template.handlebars import parse_handlebars
from promptls.syntax.template.jinja import parse_jinja
from promptls.syntax.template.mustache import parse_mustache
from promptls.syntax.template.names import Analysis
from promptls.syntax.template.nunjucks import analyse_nunjucks, parse_nunjucks
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

__all__ = ["DIALECTS", "Dialect", "analyse", "parse_template"]


class Dialect(NamedTuple):
    """``analyse`` is given the tree, its text and the names that are calls also without arguments. ``comment``: what
    stands around a comment. ``name``: what a name may be, with nothing around it; ``reserved``: what it may not be."""

    parse: Callable[[str, Span | None], TemplateTree]
    analyse: Callable[[TemplateTree, str, frozenset[str]], Analysis]
    comment: tuple[str, str]
    name: re.Pattern[str]
    reserved: frozenset[str] = frozenset()


_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "elif", "for", "import", "loop"})
_WORDS |= {"true", "false", "none"}

DIALECTS: dict[str, Dialect] = {
    "jinja": Dialect(
        parse_jinja,
        lambda tree, text, _: analyse_jinja(tree, text),
        ("{# ", " #}"),
        re.compile(r"[^\W\d]\w*"),
        _WORDS | {"True", "False", "None"},
    ),
    "nunjucks": Dialect(
        parse_nunjucks,
        lambda tree, text, _: analyse_nunjucks(tree, text),
        ("{# ", " #}"),
        re.compile(r"[^\W\d]\w*"),
        _WORDS | {"null"},
    ),
    "mustache": Dialect(
        parse_mustache,
        lambda tree, text, _: analyse_mustache(tree, text),
        ("{{! ", " }}"),
        re.compile(r"[^\W\d][\w-]*"),
    ),
    "handlebars": Dialect(
        parse_handlebars,
        analyse_handlebars,
        ("{{!-- ", " --}}"),
        re.compile(r"[^\W\d][\w-]*"),
        frozenset({"else", "this", "true", "false", "null", "undefined"}),
    ),
}


def parse_template(dialect: str, text: str, span: Span | None = None) -> TemplateTree:
    """The tree of ``span`` of the text; a dialect that is not known is all text."""
    found = DIALECTS.get(dialect)
    if found:
        return found.parse(text, span)
    span = span or Span(0, len(text))
    body = (Node("text", span),) if not span.empty else ()
    return TemplateTree(dialect, span, Node("template", span, body=body))


def analyse(tree: TemplateTree, text: str, alone: frozenset[str] = frozenset()) -> Analysis:
    """What the template reads and binds; ``text`` is the whole text that ``tree`` was parsed from. ``alone``: helpers
    of the engine that are called without arguments (``{{history}}``), in dialects where a bare name is a variable."""
    found = DIALECTS.get(tree.dialect)
    return found.analyse(tree, text, alone) if found else Analysis()
