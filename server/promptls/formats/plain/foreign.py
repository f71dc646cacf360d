"""What is certainly wrong in a template that may be anything: only what its own engine would refuse as well.

Django, Twig, Liquid, Nunjucks and dbt write tags that look like Jinja's, Ansible and LaTeX files choose delimiters of
their own, and Ember is more than Handlebars. Where one sign of that is seen nothing is said of the whole file.
"""

from __future__ import annotations

import re

from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import TemplateTree

_BLOCKS = frozenset(["unclosed-block", "unclosed-tag", "open-string", "stray-close", "stray-branch", "wrong-closer"])
_JINJA = _BLOCKS | {"expected", "bad-character"}
_OTHER_DELIMITERS = re.compile(
    r"#\s*jinja2:|\\(?:VAR|BLOCK|documentclass|usepackage|newcommand|begin)\s*[{\[]|\(\(\*|\(\(\(|<%|\[%|\[\[|<<\s*\w+\s*>>"
    r"|\{%-?\s*(?:comment|verbatim|raw)\b"
)
_OTHER_ENGINE = re.compile(r"\|\s*\w+\s*:|\?|&&|\|\||!==?=|===|=>|\$|@|`|;|:=|!\w")
_LOOKED_AT = 500_000


def certain_problems(tree: TemplateTree, text: str) -> tuple[Problem, ...]:
    """The problems of the tree that are true ones whatever the file is."""
    if not tree.problems or _OTHER_DELIMITERS.search(text, tree.span.start, min(tree.span.end, _LOOKED_AT)):
        return ()
    known = _JINJA if tree.dialect == "jinja" else _BLOCKS
    if any(problem.code != "template-syntax" or problem.kind not in known for problem in tree.problems):
        return ()
    if tree.dialect == "jinja" and _of_another_engine(tree, text):
        return ()
    return tuple(problem for problem in tree.problems if not _is_shell(problem, text))


def _of_another_engine(tree: TemplateTree, text: str) -> bool:
    for node in tree.root.walk_bodies():
        tag = node.span if node.kind in ("output", "statement") else node.tag if node.kind == "block" else None
        if tag is not None and (_OTHER_ENGINE.search(text, tag.start, tag.end) or _is_short(node.name, node.close)):
            return True
    return False


def _is_short(name: str, close: object) -> bool:
    """``{% trans "Hello" %}`` without an end is Django's or Twig's."""
    return name == "trans" and close is None


def _is_shell(problem: Problem, text: str) -> bool:
    """``${#array[@]}``: who renders shell scripts moves Jinja's comments out of the way, in the task that does it."""
    start = problem.span.start
    return text.startswith("{#", start) and text[max(start - 1, 0) : start] == "$"
