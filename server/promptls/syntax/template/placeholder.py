"""The tolerant parser and the analysis for placeholders: ``${input:name}``, ``${input:name:hint}``, ``${selection}``.

Text in which an editor fills places, as VS Code's prompt files have it (docs/copilot/customization/prompt-files.md of
microsoft/vscode-docs, 2025-11). Nothing can be wrong in it: what is no placeholder is text, such as ``${HOME}`` in a
line of shell.
"""

from __future__ import annotations

import re

from promptls.syntax.template.cursor_tag import Place
from promptls.syntax.template.names import Analysis, Use
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

INPUT = "input"
VARIABLES = frozenset(
    {
        *("workspaceFolder", "workspaceFolderBasename", "selection", "selectedText"),
        *("file", "fileBasename", "fileDirname", "fileBasenameNoExtension"),
    }
)
"""What the editor fills by itself."""
_WORDS = (f"{INPUT}:", *VARIABLES)
_TAG = re.compile(
    r"\$\{(?:(?P<word>input):(?P<name>[^\W\d][\w-]*)?(?::[^{}\r\n]*)?|(?P<variable>[A-Za-z]*))(?:\}|(?=\s|\Z))"
)


def parse_placeholders(text: str, span: Span | None = None) -> TemplateTree:
    """The tree of ``span`` (the whole text, where None is given). Offsets are of the whole text.

    A placeholder is an ``output`` whose name is ``input`` or nothing; one that is being written has no head.
    """
    span = span or Span(0, len(text))
    body: list[Node] = []
    at = span.start
    for found in _TAG.finditer(text, span.start, span.end):
        variable = found["variable"]
        if variable is not None and not any(word.startswith(variable) for word in _WORDS):
            continue
        if found.start() > at:
            body.append(Node("text", Span(at, found.start())))
        body.append(_output(found))
        at = found.end()
    if at < span.end:
        body.append(Node("text", Span(at, span.end)))
    return TemplateTree("placeholder", span, Node("template", span, body=tuple(body)))


def analyse_placeholders(tree: TemplateTree) -> Analysis:
    """An input is read wherever it is written; a variable of the editor is none."""
    return Analysis(tuple(_use(node) for node in tree.root.body if node.head))


def hint_of(node: Node, text: str) -> str:
    """What a placeholder says to the person who is asked; empty where it says nothing."""
    return text[node.head[0].span.end : node.span.end].strip("}").removeprefix(":").strip() if node.head else ""


def read_placeholder(text: str, tag: Span, offset: int) -> Place:
    """The place at ``offset`` in the placeholder that spans ``tag``: one word, up to the hint."""
    start = tag.start + 2
    end = min((at for at in (text.find(mark, offset, tag.end) for mark in (":", "}")) if at >= 0), default=tag.end)
    written = text[start:offset]
    if offset < start or written.count(":") > 1:
        return Place("none", "", Span(offset, offset))
    return Place("placeholder", written, Span(start, end))


def _output(found: re.Match[str]) -> Node:
    span = Span(*found.span())
    word = Span(*found.span("word")) if found["word"] else None
    name = found["name"] or (found["variable"] if found["variable"] in VARIABLES else "")
    if not name:
        return Node("output", span, found["word"] or "", word, (), (), span)
    place = Span(*found.span("name" if found["name"] else "variable"))
    return Node("output", span, found["word"] or "", word, (Node("name", place, name, place),), (), span)


def _use(node: Node) -> Use:
    name = node.head[0]
    return Use((name.name,), (name.span,), (name.name,) if node.name == INPUT else None, position="printed")
