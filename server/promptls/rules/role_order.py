"""role-order: messages in an order that some providers change or refuse."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document, Prompt, RoleLine, Template
from promptls.rules import Finding, Severity, rule
from promptls.rules.damage import is_broken
from promptls.rules.reported import template_is_doubtful
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_ABOVE_ALL = ("system", "developer")
_ANSWERS = ("assistant", "model")
EARLIER = ("history",)
"""Helpers that put earlier messages in their place, behind which somebody else speaks."""


@rule("role-order", severity=Severity.INFORMATION)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """Anthropic, Google and Amazon take the system text apart from the conversation, so that a system message below
    it moves to the top; and some models refuse a conversation that does not begin with the user. Role lines under a
    condition or in a loop are left alone, and so is what stands behind a thread of messages.

    -- greet.prompty --
    ---
    name: greet
    ---
    user:
    Hello
    system:
    ^^^^^^ role-order: Some providers put all `system` messages first, so this one moves above the conversation
    Answer in one sentence.
    """
    document = snapshot.document(prompt.uri)
    template = prompt.template
    if document is None or template is None or is_broken(template) or template_is_doubtful(document):
        return
    blocks = [node.span for node in template.tree.root.body if node.kind == "block"]
    certain = [role for role in template.roles if role.known and not _is_inside(blocks, role.span)]
    talk = [role for role in certain if role.role not in _ABOVE_ALL]
    if not talk:
        return
    if talk[0].role in _ANSWERS and _is_the_first(document, prompt, template, talk[0]):
        message = f"Some providers refuse a conversation that begins with `{talk[0].role}`: begin with `user`"
        yield Finding(document.location(talk[0].role_span), message)
    late = [role for role in certain if role.role in _ABOVE_ALL and role.span > talk[0].span]
    if late:
        message = f"Some providers put all `{late[0].role}` messages first, so this one moves above the conversation"
        yield Finding(document.location(late[0].role_span), message)


def _is_the_first(document: Document, prompt: Prompt, template: Template, first: RoleLine) -> bool:
    """Whether no other message of the conversation can stand above it."""
    start = first.span.start
    if any(role.span.start < start and role.role not in _ABOVE_ALL for role in template.roles):
        return False
    if any(problem.span.start < start for problem in document.problems_of("unknown-role")):
        return False
    threads = {item.name for item in prompt.inputs if item.type.label == "thread"}
    if any(use.span.start < start and use.path and use.path[0] in threads for use in template.analysis.uses):
        return False
    if any(one.span.start < start and one.name in EARLIER for one in template.analysis.mentions):
        return False
    above = Span(template.span.start, min(role.span.start for role in template.roles))
    return template.leading_role in _ABOVE_ALL or not above.slice(document.text.value).strip()


def _is_inside(blocks: list[Span], place: Span) -> bool:
    """``blocks``: sorted and disjoint."""
    at = bisect_right(blocks, place.start, key=lambda span: span.start) - 1
    return at >= 0 and blocks[at].covers(place)
