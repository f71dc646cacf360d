"""unknown-helper: a call of something that the template engine does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt
from promptls.rules import Finding, Severity, rule
from promptls.rules.mentioned import unknown_mentions

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unknown-helper", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """Rendering fails at a call of a helper that nobody registered. Where the application that loads the prompt
    registers it, name it under `templates: {helpers: [...]}` in `promptls.yaml`.

    -- card.prompt --
    ---
    input:
      schema: {user: any}
    ---
    {{jsn user}}
      ^^^ unknown-helper: `jsn` is not a known helper; did you mean `json`?
    """
    return unknown_mentions(prompt, snapshot, "helper")
