"""unknown-test: a test that the template engine does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Prompt
from promptls.rules import Finding, Severity, rule
from promptls.rules.mentioned import unknown_mentions

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("unknown-test", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """Rendering fails at a test that nobody registered. Where the application that loads the prompt registers it,
    name it under `templates: {tests: [...]}` in `promptls.yaml`.

    -- greet.prompty --
    ---
    name: greet
    inputs:
      name: {kind: string}
    ---
    user:
    Hello{% if name is definde %} {{ name }}{% endif %}
                       ^^^^^^^ unknown-test: `definde` is not a known test; did you mean `defined`?
    """
    return unknown_mentions(prompt, snapshot, "test")
