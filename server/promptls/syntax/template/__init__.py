"""Templates: tolerant parsers, one tree for all dialects, and what a template reads and binds.

A dialect is a parser and an analysis, registered here by its name. Everything works on offsets into the whole
text of the file; nothing here raises, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from promptls.syntax.template.analysis_handlebars import analyse_handlebars
from promptls.syntax.template.analysis_jinja import analyse_jinja
from promptls.syntax.template.analysis_mustache import analyse_mustache
from promptls.syntax.template.handlebars import parse_handlebars
from promptls.syntax.template.jinja import parse_jinja
from promptls.syntax.template.mustache import parse_mustache
from promptls.syntax.template.names import Analysis
from promptls.syntax.template.nunjucks import analyse_nunjucks, parse_nunjucks
from promptls.syntax.template.placeholder import VARIABLES, analyse_placeholders, parse_placeholders
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

__all__ = ["DIALECTS", "Dialect", "analyse", "blocks_of", "parse_template"]


class Dialect(NamedTuple):
    """``analyse`` is given the tree, its text and the names that are calls also without arguments. ``comment``: what
    stands around a comment. ``name``: what a name may be, with nothing around it; ``reserved``: what it may not be.

    ``blocks``: what the word of a block is: a ``tag`` (``{% for %}``, ended by ``endfor``; only the label of a
    ``{% block %}`` may stand in its end too), a ``helper`` (``{{#each items}}``, ended by its name), or the ``value``
    itself (``{{#items}}``, ended by it), whose keys are in reach inside by their bare names."""

    parse: Callable[[str, Span | None], TemplateTree]
    analyse: Callable[[TemplateTree, str, frozenset[str]], Analysis]
    comment: tuple[str, str]
    name: re.Pattern[str]
    reserved: frozenset[str] = frozenset()
    blocks: Literal["tag", "helper", "value"] = "tag"


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
        lambda tree, *_: analyse_mustache(tree),
        ("{{! ", " }}"),
        re.compile(r"[^\W\d][\w-]*"),
        blocks="value",
    ),
    "handlebars": Dialect(
        parse_handlebars,
        analyse_handlebars,
        ("{{!-- ", " --}}"),
        re.compile(r"[^\W\d][\w-]*"),
        frozenset({"else", "this", "true", "false", "null", "undefined"}),
        blocks="helper",
    ),
    "placeholder": Dialect(
        parse_placeholders,
        lambda tree, text, _: analyse_placeholders(tree),
        ("<!-- ", " -->"),
        re.compile(r"[^\W\d][\w-]*"),
        VARIABLES,
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


def blocks_of(dialect: str) -> str:
    """What the word of a block is in a dialect; empty where it is not known."""
    found = DIALECTS.get(dialect)
    return found.blocks if found else ""
