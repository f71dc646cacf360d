"""The body as a person sees it: messages and template blocks in one another, so that no two cross.

A message goes on to the next role line, a block to its end tag; the loader and the template engine do not
know of each other, so the two may cross (`{% if x %}` in one message, `{% endif %}` in the next). Then the
block stays whole and the message ends where the block starts or ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from promptls.prompt.model import Document, Prompt, RoleLine, Template
from promptls.syntax.template.tree import Node
from promptls.text import Span


@dataclass(slots=True)
class Section:
    """A message (``what`` is its role line) or a block (``what`` is its node), with what lies in it."""

    what: RoleLine | Node
    span: Span
    children: list[Section] = field(default_factory=list)


Found: TypeAlias = "tuple[Span, RoleLine | Node]"


def sections(document: Document, prompt: Prompt) -> list[Section]:
    """The outermost sections of a prompt's template, in the order of the text."""
    if prompt.template is None:
        return []
    text = document.text.value
    blocks = list(_blocks(prompt.template))
    messages = _messages(prompt.template, blocks, text)
    found: list[Found] = [*messages, *((block.span, block) for block in blocks)]
    found.sort(key=lambda one: (one[0].start, -one[0].end))
    outermost: list[Section] = []
    stack: list[Section] = []
    for span, what in found:
        section = Section(what, span)
        while stack and stack[-1].span.end < span.end:
            stack.pop()
        (stack[-1].children if stack else outermost).append(section)
        stack.append(section)
    return outermost


def blocks_below(node: Node) -> Iterator[Node]:
    """The tags that hold a body, in the order of the text, outer ones first."""
    todo = [node]
    while todo:
        node = todo.pop()
        if node.kind == "block":
            yield node
        todo.extend(reversed(node.body))


def _blocks(template: Template) -> Iterator[Node]:
    return (node for node in blocks_below(template.tree.root) if not node.span.empty)


def _messages(template: Template, blocks: list[Node], text: str) -> Iterator[Found]:
    """Each message with the span that crosses no block; ``blocks`` are in the order of the text."""
    at = 0
    open_blocks: list[Node] = []
    for role in sorted((role for role in template.roles if role.known), key=lambda role: role.span):
        start, end = role.span.start, max(role.span.end, role.body.end)
        while at < len(blocks) and blocks[at].span.start < start:
            open_blocks.append(blocks[at])
            at += 1
        open_blocks = [block for block in open_blocks if block.span.end > start]
        for block in open_blocks:
            end = min(end, block.close.start if block.close else block.span.end)
        following = at
        while following < len(blocks) and blocks[following].span.start < end:
            if blocks[following].span.end > end:
                end = blocks[following].span.start
            following += 1
        end = max(role.span.end, start + len(text[start:end].rstrip()))
        if not any(block.span.start < end < block.span.end for block in open_blocks if block.span.start > start):
            yield Span(start, end), role
