"""The roles that ``{{role "system"}}`` switches to: the outline of the messages, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from promptls.prompt.model import RoleLine
from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import Node, TemplateTree
from promptls.text import Span

ROLES = ("system", "user", "model", "tool")
"""dotpromptz 0.2.0 ``_typing.py``, ``Role``; npm dotprompt takes any word of small letters."""
_MEANT = {"assistant": "model", "ai": "model", "bot": "model", "developer": "system", "human": "user"}


class Switch(NamedTuple):
    """``{{role "x"}}``: the tag, and the word in quotes. ``block``: it is written as ``{{#role "x"}}``."""

    tag: Span
    role: Node
    block: Node | None = None


def switches(tree: TemplateTree) -> tuple[Switch, ...]:
    """All of them, in the order of the text."""
    found = []
    for node in tree.root.walk_bodies():
        if node.kind not in ("output", "block") or not node.head:
            continue
        call = node.head[0]
        if call.kind == "call" and len(call.head) > 1 and call.head[0].kind == "name" and call.head[0].name == "role":
            role = call.head[1]
            if role.kind == "string":
                found.append(Switch(node.tag or node.span, role, node if node.kind == "block" else None))
    return tuple(found)


def role_lines(found: tuple[Switch, ...], tree: TemplateTree, text: str) -> tuple[RoleLine, ...]:
    ends = [switch.tag.start for switch in found[1:]] + [tree.span.end]
    return tuple(
        RoleLine(
            switch.role.name, switch.tag, _word(switch.role), Span(switch.tag.end, end), known=switch.role.name in ROLES
        )
        for switch, end in zip(found, ends, strict=False)
    )


def problems(found: tuple[Switch, ...], text: str) -> Iterator[Problem]:
    """Roles that the loaders refuse or take for text, and bodies that nobody renders."""
    for switch in found:
        role = switch.role.name
        if role not in ROLES:
            yield _unknown(switch, role)
        block = switch.block
        if block is not None and block.tag and block.body:
            message = (
                f'`role` renders no body: what stands up to `{{{{/role}}}}` is lost. Write `{{{{role "{role}"}}}}`, '
                f"which holds up to the next role, and no `{{{{/role}}}}`"
            )
            data = {"edits": _as_switch(block, text), "title": f'Write `{{{{role "{role}"}}}}`'} if block.close else {}
            yield Problem(block.tag, "wrong-use", message, "helper-block", data)


def _unknown(switch: Switch, role: str) -> Problem:
    known = ", ".join(f"`{name}`" for name in ROLES)
    meant = _MEANT.get(role.lower()) or (role.lower() if role.lower() in ROLES else None)
    hint = f"; did you mean `{meant}`?" if meant else f": it is one of {known}"
    data = {"severity": "error", "suggestion": meant}
    return Problem(_word(switch.role), "unknown-role", f"There is no role `{role}`{hint}", "", data)


def _as_switch(block: Node, text: str) -> tuple[tuple[Span, str], ...]:
    """The edits that leave the switch alone: no `#`, no closing tag."""
    assert block.tag is not None
    assert block.close is not None
    sign = text.index("#", block.tag.start)
    return (Span(sign, sign + 1), ""), (block.close, "")


def _word(role: Node) -> Span:
    return role.name_span or role.span
