"""Nunjucks (3.2): Jinja as it is read and run in JavaScript.

One parser reads both. What Nunjucks has beside is here; what Jinja has and it has not is read as well, so that a rule
can name it (``lacks`` in schemas/data/nunjucks.json).
"""

from __future__ import annotations

import re

from promptls.syntax.template import filters
from promptls.syntax.template.analysis_jinja import JinjaAnalysis
from promptls.syntax.template.drafts import Scope
from promptls.syntax.template.jinja import JinjaParser
from promptls.syntax.template.jinja_expression import CONSTANTS, LEVELS, JinjaExpression
from promptls.syntax.template.jinja_statement import TAGS, TagGrammar, condition, loop, nothing
from promptls.syntax.template.names import Analysis
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

_TAGS = {
    **TAGS,
    "elseif": TagGrammar(condition, of=("if",)),
    "else": TagGrammar(nothing, of=("if", "for", "each", "all"), last=True),
    "ifAsync": TagGrammar(condition, block=True, key="if"),
    "asyncEach": TagGrammar(loop, block=True, key="each"),
    "asyncAll": TagGrammar(loop, block=True, key="all"),
    "switch": TagGrammar(condition, block=True),
    "case": TagGrammar(condition, of=("switch",)),
    "default": TagGrammar(nothing, of=("switch",), last=True),
}
_LEVELS = {**LEVELS, "===": LEVELS["=="], "!==": LEVELS["=="]}
_PROPERTIES = {"length": filters.COUNTED}
_LOOPS = ("for", "asyncEach", "asyncAll")


def parse_nunjucks(text: str, span: Span | None = None) -> TemplateTree:
    """The tree of ``span`` (the whole text, where None is given). Offsets are of the whole text."""
    return _Parser(text, span or Span(0, len(text))).parse()


def analyse_nunjucks(tree: TemplateTree, text: str) -> Analysis:
    return _Analysis(tree, text).analysis()


class _Expression(JinjaExpression):
    levels = _LEVELS
    constants = CONSTANTS | {"null"}

    def key(self) -> Node:
        """A bare word is the key itself, as in JavaScript."""
        token = self.next
        if token.kind == "name" and self.tokens[self.at + 1][:2] == ("operator", ":"):
            self.at += 1
            span = Span(token.start, token.end)
            return Node("string", span, token.text, span)
        return self.expression()


class _Parser(JinjaParser):
    dialect = "nunjucks"
    title = "Nunjucks"
    tags = _TAGS
    expression = _Expression
    patterns = True
    raw = re.compile(r"\{%[-+]?\s*(raw|verbatim)\s*-?%\}")


class _Analysis(JinjaAnalysis):
    globals = frozenset(["cycler", "joiner", "range"])
    properties = _PROPERTIES
    loops = frozenset(_LOOPS)

    def read_tag(self, node: Node) -> None:
        if node.name in _LOOPS:
            self.read_loop(node)
        elif node.name == "ifAsync":
            self.read_condition(node)
        elif node.name == "switch":
            self._switch(node)
        else:
            super().read_tag(node)

    def _switch(self, node: Node) -> None:
        self.values_of(node.head)
        cases = [one for one in node.body if one.kind == "branch"]
        scopes: list[Scope] = []
        for case in cases:
            self.mention(case)
            self.values_of(case.head)
            scopes.append(Scope(self.scope.span, self.scope))
            self.inside(case, scopes[-1])
        self.scope.merge(scopes, one_is_taken=bool(cases) and cases[-1].name == "default")
