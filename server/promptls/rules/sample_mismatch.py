"""sample-mismatch: a sample, default or example that its input's declaration does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from promptls.prompt.model import MISSING, Document, Input, Prompt
from promptls.rules import Finding, Severity, rule
from promptls.rules.fits import misfit
from promptls.rules.near import nearest, or_list
from promptls.syntax.yaml import node_at
from promptls.text import Location

if TYPE_CHECKING:
    from promptls.workspace.snapshot import Snapshot


@rule("sample-mismatch", severity=Severity.WARNING)
def check(prompt: Prompt, snapshot: Snapshot) -> Iterator[Finding]:
    """The preview shows what no caller may send, or the caller's values look different from the sample.

    -- greet.prompty --
    ---
    name: greet
    inputs:
      - name: times
        kind: integer
        default: often
                 ^^^^^ sample-mismatch: The default of `times` is a string and must be a whole number
    ---
    user:
    {% for i in range(times) %}Hello {% endfor %}
    """
    document = snapshot.document(prompt.uri)
    if document is None:
        return
    for item in prompt.inputs:
        if item.name_location.uri != prompt.uri:
            continue
        for key, value in (("default", item.default), ("example", item.example)):
            if value is not MISSING and (wrong := _wrong(value, item)):
                yield Finding(_place(document, item, key), f"The {key} of `{item.name}` {wrong}")
        for sample in prompt.samples:
            if sample.location.uri == prompt.uri or item.name not in sample.values:
                continue
            if wrong := _wrong(sample.values[item.name], item):
                yield Finding(item.name_location, f"`{item.name}` in {sample.title} {wrong}")
    yield from _misspelled(prompt)


def _misspelled(prompt: Prompt) -> Iterator[Finding]:
    """Names in the samples beside the file that are near to an input without a value; said once, at that input."""
    inputs = {item.name: item for item in prompt.inputs if item.name_location.uri == prompt.uri}
    said = set()
    for sample in prompt.samples if prompt.declares and prompt.complete else ():
        lacking = [name for name in inputs if name not in sample.values]
        for name in sample.values if sample.location.uri != prompt.uri else ():
            for meant in nearest(name, lacking) if prompt.input(name) is None else ():
                if meant not in said:
                    said.add(meant)
                    message = f"{sample.title} has no `{meant}`, but a value for `{name}`, which is not declared"
                    place = inputs[meant].name_location
                    yield Finding(place, message, related=((sample.location, f"`{name}` stands here"),))


def _wrong(value: Any, item: Input) -> str:
    if wrong := misfit(value, item.type):
        return wrong
    if item.enum and value is not None and value not in item.enum:
        return f"is `{value}` and must be {or_list(str(each) for each in item.enum[:8])}"
    return ""


def _place(document: Document, item: Input, key: str) -> Location:
    """The value itself, where the declaration holds it; else the input's name."""
    tree = document.yaml
    for name in (key, "sample"):
        node = node_at(tree, (*item.path, name)) if tree is not None and item.path else None
        if node is not None:
            return document.location(node.span)
    return item.name_location
