"""A file without front matter: 0.1.50 refuses it, and 2.1.0 (``core/utils.py`` ``parse``) reads all of it as YAML.

Most prose is one long string to YAML, and so becomes the prompt. A colon, a dash or a brace at the start of a line
makes something else of it, or nothing at all.
"""

from __future__ import annotations

from promptls.formats.written import as_yaml
from promptls.syntax.frontmatter import FrontMatter
from promptls.syntax.problem import Problem
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Mapping, Node, Scalar, Sequence
from promptls.text import Span

_LONGEST = 200_000


def headerless(text: str, front: FrontMatter, name: str) -> Problem | None:
    """At the first line that is not empty; ``data``: the edit that puts a header with that name above it."""
    if front.header is not None or front.problems or not text.strip() or len(text) > _LONGEST:
        return None
    tree = parse_yaml(text)
    broken = any(problem.code == "yaml-syntax" for problem in tree.problems)
    if not broken and not _loses_the_text(tree.root):
        return None
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    span = Span(start, len(text[start : end if end >= 0 else None].rstrip()) + start)
    said = "fails" if broken else "finds no prompt in it"
    message = f"There is no header: Prompty 2.1.0 reads the whole file as YAML, and {said}; write one above the text"
    at = front.body.start
    data = {
        "severity": "error" if broken else "warning",
        "title": "Write a header above it",
        "edits": ((Span(at, at), f"---\nname: {as_yaml(name)}\n---\n"),),
    }
    return Problem(span, "yaml-syntax", message, "no-header", data)


def _loses_the_text(root: Node | None) -> bool:
    """A map or a list that says something; `system:` by itself is a first line that somebody writes."""
    if isinstance(root, Mapping):
        return root.entry("instructions") is None and any(not _is_empty(entry.value) for entry in root.entries)
    return isinstance(root, Sequence) and not all(_is_empty(item) for item in root.items)


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
