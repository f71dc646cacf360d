"""jinja2 itself as a second opinion on a template in which the own parser found nothing.

It knows the rules that the tolerant parser leaves out, at the price of one error without a column. Not for the
first publish: it takes milliseconds.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span, Text

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST = 20_000
"""Code points of a template up to which jinja2 is asked."""


def second_opinion(tree: TemplateTree, text: str) -> tuple[Problem, ...]:
    """What jinja2 has against the template, as problems of kind ``jinja2``; at most one. Never raises."""
    if tree.dialect != "jinja" or tree.problems or tree.span.end - tree.span.start > LONGEST:
        return ()
    body = tree.span.slice(text)
    if "{" not in body:
        return ()
    error = _error_of(body)
    if error is None:
        return ()
    line, message = error
    return (Problem(_place(tree, body, line), "template-syntax", message, "jinja2"),)


@lru_cache(maxsize=256)
def _error_of(body: str) -> tuple[int, str] | None:
    """The line (from 1) and the message of jinja2's error; None where it accepts the template.

    The cache's key is the text itself: Python hashes it once, and equal texts have equal answers.
    """
    from jinja2 import TemplateSyntaxError

    try:
        _environment().parse(body)
    except TemplateSyntaxError as error:
        return error.lineno, (error.message or "This is not valid").rstrip(".")
    except RecursionError:
        return 1, "This template is nested too deeply for jinja2"
    except Exception:
        # A failure of jinja2 itself says nothing about the template.
        return None
    return None


@cache
def _environment() -> Environment:
    from jinja2 import Environment

    # The extensions that come with jinja2; a rule knows whether the host has them. Nothing is rendered here.
    extensions = ["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n", "jinja2.ext.debug"]
    return Environment(extensions=extensions, autoescape=False, cache_size=0)  # noqa: S701


def _place(tree: TemplateTree, body: str, line: int) -> Span:
    """The only tag that starts on the line, else the line's content."""
    lines = Text(body)
    span = lines.line_span(line - 1).shift(tree.span.start)
    tags = [tag for tag in _tags(tree.root) if span.start <= tag.start <= span.end]
    if len(tags) == 1:
        return tags[0]
    content = lines.line_text(line - 1)
    start = span.start + len(content) - len(content.lstrip())
    return Span(start, max(start, span.start + len(content.rstrip())))


def _tags(root: Node) -> list[Span]:
    found: list[Span] = []
    todo = [root]
    while todo:
        node = todo.pop()
        found += [tag for tag in (node.tag, node.close) if tag]
        todo += node.body
    return found
