"""The request that a run of the previewed prompt would send, as text; nothing is sent, and no key is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from promptls.actions.error import ActionError
from promptls.prompt.model import Document, Prompt
from promptls.render import Renderer
from promptls.workspace.snapshot import Snapshot

if TYPE_CHECKING:
    from promptls.runs.access import Keys


def request_text(
    document: Document,
    prompt: Prompt,
    snapshot: Snapshot,
    renderer: Renderer,
    *,
    keys: Keys,
    environment: Mapping[str, str],
    sample: int | None = None,
    inputs: Mapping[str, Any] | None = None,
    chosen: str = "",
) -> str:
    """``keys`` tells where a key would come from; it stands as ``$NAME``. A sentence where there is no request."""
    from promptls.actions.copy_as import copied
    from promptls.actions.run import plan_run

    try:
        plan = plan_run(
            document,
            prompt,
            snapshot,
            renderer,
            sample=sample if sample and sample <= len(prompt.samples) else None,
            values=inputs,
            chosen=chosen,
            keys=keys,
            environment=environment,
        )
        return copied(plan, "http")
    except ActionError as error:
        return f"There is no request yet: {error}"
