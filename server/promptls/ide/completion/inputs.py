"""The inputs of a prompt, as choices: in the template, in a sample, in the binding of a tool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from promptls.prompt.model import Document, Prompt
from promptls.prompt.types import ANY, ValueType
from promptls.workspace.asked import asked

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


def prompt_near(document: Document, offset: int, snapshot: Snapshot) -> Prompt | None:
    """The prompt that an offset of the header belongs to; of the header of a result, the one that is run again."""
    if document.rerun is not None:
        about = asked(document, snapshot)
        return about[1] if about else None
    return document.prompt_at(offset) or next(iter(document.prompts), None)


def input_names(prompt: Prompt, snapshot: Snapshot, *, but: int = -1) -> Iterator[tuple[str, ValueType]]:
    """Declared inputs, then names that the template reads and nothing declares; without the half-typed one at the
    offset ``but``."""
    types = snapshot.types(prompt)
    seen = set(prompt.ambient)
    for item in prompt.inputs:
        here = item.name_location.uri == prompt.uri and item.name_location.span.touches(but)
        if item.name not in seen and not here:
            seen.add(item.name)
            yield item.name, types.get(item.name, item.type)
    for use in prompt.template.analysis.uses if prompt.template else ():
        read = use.binding is None and use.path is not None and use.path[0] == use.name
        read = read and not use.spans[0].touches(but)
        if read and use.name not in seen:
            seen.add(use.name)
            yield use.name, ANY


def input_data(of: Document | Prompt, name: str) -> dict[str, str]:
    """What documentation is found by."""
    return {"kind": "input", "uri": of.uri, "name": name}
