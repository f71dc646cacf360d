"""What a result document may run next: the samples of its prompt, the targets that the configuration knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.ide.completion.inputs import prompt_near
from promptls.ide.completion.item import Completion
from promptls.prompt.model import Document
from promptls.syntax.yaml_cursor import YamlCursor

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


def samples(document: Document, cursor: YamlCursor, snapshot: Snapshot) -> Iterator[tuple[str, Completion]]:
    """The titles of the prompt's samples, with the values that each gives."""
    prompt = prompt_near(document, cursor.replace.start, snapshot)
    for sample in prompt.samples if prompt else ():
        shown = ", ".join(f"{name}: {value}" for name, value in sample.values.items())
        yield sample.title, Completion(sample.title, "value", cursor.replace, sample.title, detail=shown[:80])


def targets(document: Document, cursor: YamlCursor, snapshot: Snapshot) -> Iterator[tuple[str, Completion]]:
    """The aliases, the providers with the model that was run, and `echo`."""
    running = snapshot.config(document.uri).running
    for name, alias in running.aliases.items():
        yield name, Completion(name, "constant", cursor.replace, name, detail=", ".join(alias.route))
    prompt = prompt_near(document, cursor.replace.start, snapshot)
    _, _, model = (document.rerun.target if document.rerun else "").partition("/")
    model = model or (prompt.model.id if prompt and prompt.model else "")
    for name in running.providers:
        target = f"{name}/{model}"
        yield target, Completion(target, "value", cursor.replace, target, detail="a provider of yours")
    yield "echo", Completion("echo", "constant", cursor.replace, "echo", detail="sends nothing, shows the request")
