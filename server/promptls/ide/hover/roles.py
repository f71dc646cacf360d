"""Cards of role lines."""

from __future__ import annotations

from promptls.ide.hover.card import Card
from promptls.ide.markdown import bullets, paragraphs
from promptls.ide.roles import ROLES
from promptls.prompt.model import RoleLine, Template
from promptls.text.markdown import code


def role_card(template: Template, role: RoleLine) -> Card | None:
    """What the role of a message is for, and the line's attributes."""
    if not role.known:
        known = ", ".join(code(name) for name in template.role_names)
        return Card(
            role.span,
            paragraphs(f"{code(role.role)} starts no message here; the line is text", f"known roles: {known}"),
        )
    messages = [line for line in template.roles if line.known]
    number = messages.index(role) + 1
    attributes = [f"attribute {code(f'{name} = {given}')}" for name, _, given, _ in role.attributes]
    return Card(
        role.span,
        paragraphs(
            f"{code(role.role)}: starts message {number} of {len(messages)}",
            ROLES.get(role.role.lower(), ""),
            bullets(attributes),
        ),
    )
