"""unknown-filter: a filter that the template engine does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt
from promptls.rules import Finding, Severity, rule
from promptls.rules.mentioned import unknown_mentions

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unknown-filter", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """Rendering fails at a filter that nobody registered. Where the application that loads the prompt registers it,
    name it under `templates: {filters: [...]}` in `promptls.yaml`.

    -- shout.prompty --
    ---
    name: shout
    inputs:
      text: {kind: string}
    ---
    user:
    {{ text | uper }}
              ^^^^ unknown-filter: `uper` is not a known filter; did you mean `upper`?
    """
    return unknown_mentions(prompt, snapshot, "filter")
