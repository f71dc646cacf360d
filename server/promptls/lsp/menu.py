"""What can be started on a prompt: the same entries as code actions, and the first of them as lenses.

In a plain editor a menu is the list of code actions, so each choice (a sample, a target) is an entry of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from promptls.lsp.session import Session

if TYPE_CHECKING:
    from promptls.prompt.model import Document, Prompt

KIND: Final = "source.promptls"
MOST: Final = 7
"""Choices of one kind in a menu."""


class Entry(NamedTuple):
    """``kind``: below KIND. ``argument``: the command's one object."""

    title: str
    kind: str
    command: str
    argument: dict[str, Any]


def entries(session: Session, document: Document, prompt: Prompt, target: str) -> Iterator[Entry]:
    """Everything that can be started on a prompt. ``target``: what a run would call, as lenses say it."""
    about = about_prompt(session, document, prompt)
    yield Entry("Preview", "preview", "promptls.preview", about)
    for number, title in other_samples(session, document, prompt):
        argument = {**about, "sample": number}
        yield Entry(f"Use sample {number}: {title}", "sample", "promptls.selectSample", argument)


def about_prompt(session: Session, document: Document, prompt: Prompt) -> dict[str, Any]:
    uri = session.workspace.spelling(document.uri)
    return {"uri": uri} if len(document.prompts) == 1 else {"uri": uri, "prompt": prompt.name}


def chosen_sample(session: Session, document: Document, prompt: Prompt) -> int | None:
    """From 1; None where there are no samples."""
    chosen = session.choices.sample(document.uri, prompt.name) or 1
    return (chosen if chosen <= len(prompt.samples) else 1) if prompt.samples else None


def other_samples(session: Session, document: Document, prompt: Prompt) -> list[tuple[int, str]]:
    """The samples after the chosen one, then those before it: at most MOST."""
    chosen, count = chosen_sample(session, document, prompt), len(prompt.samples)
    if chosen is None:
        return []
    numbers = [(chosen + step - 1) % count + 1 for step in range(1, count)][:MOST]
    return [(number, prompt.samples[number - 1].title) for number in numbers]


def prompt_around(document: Document, offset: int) -> Prompt | None:
    """The prompt at an offset; the file's only or first one above its prompts."""
    return document.prompt_at(offset) or (document.prompts[0] if document.prompts else None)
