"""Role lines with nothing below them, and a header with no prompt below it: what each loader makes of that.

0.1.50 (``parsers.py``) pairs the roles with the texts between them, so an empty one in the middle shifts all pairs:
with an odd number of them it raises. 2.1.0 (``parsers/prompty.py``) drops a message that has no line at all, and
sends one with an empty line as an empty text.
"""

from __future__ import annotations

from collections.abc import Iterator

from promptls.formats.prompty.recognise import TITLES, V1, version_of
from promptls.formats.prompty.roles import Body
from promptls.prompt.model import RoleLine
from promptls.syntax.problem import Problem
from promptls.syntax.template.tree import TemplateTree
from promptls.text import Span


def empty_messages(
    body: Body, known: tuple[RoleLine, ...], tree: TemplateTree, *, certain: bool, variant: str
) -> Iterator[Problem]:
    """One problem per role line that nothing follows; ``data``: ``remove``, the lines to take out.

    ``certain``: no other line may become a role line.
    """
    texts = _texts(body)
    empty = [role for role in known if not texts[role.body.start - body.start : role.body.end - body.start].strip()]
    inner = [role for role in empty if role is not known[-1]]
    certain = certain and not any(node.kind in ("block", "include") for node in tree.root.body)
    raises = version_of(variant) == V1 and len(inner) % 2 == 1 and certain
    for role in empty:
        message, severity = _inner(role, body, variant, raises) if role is not known[-1] else _last(role, variant)
        data = {"remove": Span(_line_start(body, role), role.body.end), "severity": severity}
        yield Problem(role.span, "empty-message", message, data=data)


def empty_body(body: Body, variant: str, api: str, closer: Span | None) -> Problem | None:
    """A header that is closed, and behind it white space and comments at most. At the closing fence."""
    if closer is None or _texts(body).strip():
        return None
    if version_of(variant) != V1:
        message = "There is no prompt below the header: Prompty v2 sends an empty `system` message"
        return Problem(closer, "empty-body", message)
    title = TITLES[V1]
    if api == "chat":
        return Problem(
            closer, "empty-body", f"There is no prompt below the header: {title} fails", data={"severity": "error"}
        )
    return Problem(closer, "empty-body", f"There is no prompt below the header: {title} sends an empty text")


def _inner(role: RoleLine, body: Body, variant: str, raises: bool) -> tuple[str, str]:
    if raises:
        return f"Nothing stands below `{role.role}:`: {TITLES[V1]} refuses a prompt with an empty message", "error"
    if version_of(variant) == V1:
        return f"Nothing stands below `{role.role}:`: {TITLES[V1]} takes the next role line for its text", "warning"
    if role.body.start >= role.body.end or not body.flat[role.body.start - body.start : role.body.end - body.start]:
        return f"Nothing stands below `{role.role}:`, so there is no such message", "warning"
    return f"Nothing stands below `{role.role}:`: an empty message is sent, which some providers refuse", "warning"


def _last(role: RoleLine, variant: str) -> tuple[str, str]:
    sent = version_of(variant) != V1 and role.body.start < role.body.end
    what = "an empty message is sent, which some providers refuse" if sent else "there is no such message"
    return f"Nothing stands below the last `{role.role}:`: {what}", "information"


def _texts(body: Body) -> str:
    """The template without its comments; tags stay, for they may make text."""
    pieces, done = [], 0
    for start, end in body.comments:
        if start >= done:
            pieces += [body.flat[done:start], " " * (end - start)]
            done = end
    return "".join([*pieces, body.flat[done:]])


def _line_start(body: Body, role: RoleLine) -> int:
    return body.start + body.flat.rfind("\n", 0, role.span.start - body.start) + 1
