"""undefined-attribute: the template reads an attribute that the value does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt
from promptls.rules import Finding, Fix, Severity, rule
from promptls.rules.damage import sound_uses
from promptls.rules.near import did_you_mean, nearest
from promptls.rules.reported import header_is_broken
from promptls.rules.steps import first_stop

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("undefined-attribute", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """What a value has is known where its properties are declared, or where the file's own samples show it. A missing
    attribute renders as nothing. A loop's variable has what the elements of the list have.

    -- list.prompty --
    ---
    name: list
    inputs:
      - name: items
        kind: array
        items:
          kind: object
          properties: {title: {kind: string}, price: {kind: float}}
    ---
    user:
    {% for item in items %}{{ item.titel }}: {{ item.price }}{% endfor %}
                                   ^^^^^ undefined-attribute: `item` has no `titel`; did you mean `title`?
    """
    document = snapshot.document(prompt.uri)
    if document is None or prompt.template is None or header_is_broken(document):
        return
    types = snapshot.types(prompt)
    for use in sound_uses(prompt.template, document.text.value):
        stop = None if use.guarded else first_stop(types, use)
        if stop is None or stop.of.kinds - {"null"} != {"object"}:
            continue
        meant = nearest(stop.step, stop.of.properties)
        place = document.location(stop.span)
        message = f"{stop.owner} has no `{stop.step}`{did_you_mean(meant)}"
        fixes = tuple(Fix.replace(f"Change to `{name}`", place, name, preferred=len(meant) == 1) for name in meant)
        yield Finding(place, message, fixes)
