"""untrusted-input-in-system: what somebody else writes stands where the model looks for its instructions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt, Template
from promptls.rules import Finding, Severity, rule
from promptls.rules.damage import sound_uses
from promptls.rules.reported import template_is_doubtful
from promptls.rules.role_order import EARLIER
from promptls.syntax.template.names import Use
from promptls.text import Span

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot

_ABOVE_ALL = ("system", "developer")


@rule("untrusted-input-in-system", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """A model obeys its system message before all others. A question, a mail or a web page in it can so take over the
    prompt. Mark such an input with `x-untrusted: true`, and put it into a `user` message. Loaders drop the mark.

    -- answer.prompty --
    ---
    name: answer
    inputs:
      - name: mail
        kind: string
        x-untrusted: true
    ---
    system:
    Answer this mail: {{ mail }}
                         ^^^^ untrusted-input-in-system: `mail` is untrusted and stands in a `system` message, whose…
    user:
    Please.
    """
    untrusted = {item.name for item in prompt.inputs if item.untrusted}
    document = snapshot.document(prompt.uri)
    template = prompt.template
    if not untrusted or document is None or template is None or template_is_doubtful(document):
        return
    outputs = [node.span for node in template.tree.root.walk_bodies() if node.kind == "output"]
    for use in sound_uses(template, document.text.value):
        if use.path and use.path[0] in untrusted and _is_printed(use, outputs):
            role = _role_of(template, use.span.start)
            if role in _ABOVE_ALL:
                yield Finding(
                    document.location(use.span),
                    f"`{use.path[0]}` is untrusted and stands in a `{role}` message, whose words the model obeys: "
                    "put it into a `user` message",
                )


def _is_printed(use: Use, outputs: list[Span]) -> bool:
    """Whether its text goes into the message, also by way of a filter or a function."""
    if use.position == "tested":
        return False
    at = bisect_right(outputs, use.span.start, key=lambda span: span.start) - 1
    return use.position == "printed" or (at >= 0 and outputs[at].covers(use.span))


def _role_of(template: Template, offset: int) -> str:
    """The role of the message that a place is in; empty where a line is near that may be a role line or not."""
    at = bisect_right(template.roles, offset, key=lambda role: role.span.start) - 1
    if at < 0:
        return template.leading_role
    start = template.roles[at].span.start
    if any(one.name in EARLIER and start < one.span.start < offset for one in template.analysis.mentions):
        return ""
    return template.roles[at].role if template.roles[at].known else ""
