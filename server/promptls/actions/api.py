"""The Python API behind `promptls.parse`, `promptls.check`, `promptls.render` and `promptls.run`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from promptls.actions.error import ActionError
from promptls.actions.inputs import require_input, sample_values
from promptls.actions.render import render_document
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Prompt
from promptls.rules.engine import findings
from promptls.rules.finding import Finding
from promptls.text.uris import path_to_uri, uri_to_path
from promptls.workspace.files import Workspace
from promptls.workspace.snapshot import Snapshot

if TYPE_CHECKING:
    from promptls.runs.event import RunEvent, RunRecord


def parse_text(text: str, path: str | os.PathLike[str] | None = None) -> Document:
    """Raises ValueError where the path is no prompt file's; without a path the text is taken for a Prompty file."""
    uri = path_to_uri(os.path.abspath(path)) if path is not None else "untitled:prompt.prompty"
    document = _snapshot(uri, text).document(uri)
    if document is None:
        raise ValueError(f"{path} is not the name of a prompt file that promptls knows")
    return document


def check_document(document: Document | str | os.PathLike[str]) -> list[Finding]:
    if not isinstance(document, Document):
        document = parse_text(Path(document).read_bytes().decode("utf-8"), document)
    snapshot = _snapshot(document.uri, document.text.value)
    return list(findings(snapshot.document(document.uri) or document, snapshot))


def render_one(prompt: Prompt, inputs: Mapping[str, Any], sample: int | None) -> list[Message]:
    """Raises ActionError, whose text says what is missing or wrong and where."""
    snapshot = _snapshot(prompt.uri, prompt.text.value)
    document = snapshot.document(prompt.uri)
    if document is None:
        raise ActionError(f"{prompt.uri} holds no prompt that promptls knows", usage=True)
    values = {**(sample_values(prompt, sample) if sample is not None else {}), **inputs}
    rendering = render_document(document, prompt, values, snapshot)
    if rendering.problems:
        line, column = prompt.text.place(rendering.problems[0].span.start)
        where = uri_to_path(prompt.uri) or prompt.uri
        raise ActionError(f"{where}:{line + 1}:{column + 1}: {rendering.problems[0].message}")
    return list(rendering.messages)


def run_one(
    prompt: Prompt | str | os.PathLike[str],
    inputs: Mapping[str, Any],
    sample: int | None,
    model: str,
    options: Mapping[str, Any],
    hosts: Sequence[str],
    yes: bool,
    on_text: Callable[[str], None] | None,
) -> RunRecord:
    """Raises ActionError for what may not or cannot be sent."""
    from promptls.actions.run_files import Files

    def told(event: RunEvent) -> None:
        if on_text is not None and event.kind == "delta":
            on_text(event.text)

    path = Path((uri_to_path(prompt.uri) or ".") if isinstance(prompt, Prompt) else prompt)
    with Files([path]) as files:
        opened = files.open_held(prompt) if isinstance(prompt, Prompt) else files.open(path)
        for name in inputs:
            require_input(opened.prompt, name)
        planned = next(files.plan_opened(opened, (model,), given=inputs, sample=sample, options=options))
        plan = planned.plan
        if plan is None:
            line, column = opened.document.text.place(planned.problems[0].span.start)
            raise ActionError(f"{planned.path}:{line + 1}:{column + 1}: {planned.problems[0].message}")
        if plan.refusal is not None:
            raise ActionError(plan.refusal.message)
        for question in plan.questions:
            if not files.allows(question, hosts) and not (yes and question.kind != "consent"):
                way = f"allow_hosts=[{question.host!r}]" if question.kind == "consent" else "yes=True"
                raise ActionError(f"{question.text} Nobody can be asked here: say {way}")
        return files.run(plan, told)


def _snapshot(uri: str, text: str) -> Snapshot:
    """The text as if an editor held it, with its neighbours on disk."""
    workspace = Workspace()
    workspace.open(uri, text)
    return workspace.snapshot()
