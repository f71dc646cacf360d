"""What can be started on a prompt: the same entries as code actions, and the first of them as lenses.

In a plain editor a menu is the list of code actions, so each choice (a sample, a target) is an entry of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from promptls.lsp.session import Session
from promptls.text.uris import uri_to_path

if TYPE_CHECKING:
    from promptls.prompt.model import Document, Prompt
    from promptls.workspace.snapshot import Snapshot

KIND: Final = "source.promptls"
MOST: Final = 7
"""Choices of one kind in a menu."""
COMPARED: Final = 4
COPIED: Final = (("curl", "curl"), ("Python", "python"), ("support ticket", "ticket"))


class Entry(NamedTuple):
    """``kind``: below KIND. ``argument``: the command's one object."""

    title: str
    kind: str
    command: str
    argument: dict[str, Any]


def entries(session: Session, document: Document, prompt: Prompt, facts: Facts) -> Iterator[Entry]:
    """Everything that can be started on a prompt file."""
    about = about_prompt(session, document, prompt)
    yield Entry("Preview", "preview", "promptls.preview", about)
    if prompt.runnable:
        yield Entry(f"Run · {facts.label}", "run", "promptls.run", about)
    yield from stops(session, document.uri)
    for number, title in other_samples(session, document, prompt):
        argument = {**about, "sample": number}
        yield Entry(f"Use sample {number}: {title}", "sample", "promptls.selectSample", argument)
    if prompt.inputs:
        yield Entry("New sample", "newSample", "promptls.newSample", about)
    if prompt.runnable:
        for name in facts.others[:MOST]:
            yield Entry(f"Run with {name}", "runWith", "promptls.runWith", {**about, "target": name})
        yield Entry("Run with … (write what you like)", "runWith", "promptls.runWith", about)
        if names := facts.compared:
            argument = {**about, "targets": names}
            yield Entry(f"Compare {', '.join(names)}", "compare", "promptls.compare", argument)
        for title, form in COPIED:
            yield Entry(f"Copy as {title}", "copyAs", "promptls.copyAs", {**about, "as": form})
    if _in_git(document.uri):
        yield Entry("Compare with HEAD", "compareWithHead", "promptls.compareWithHead", about)
    yield Entry("Open history", "openHistory", "promptls.openHistory", about)


def result_entries(session: Session, snapshot: Snapshot, document: Document) -> Iterator[Entry]:
    """Everything that can be started on the result of a run."""
    from promptls.actions.answer import answer_errors

    about = {"uri": session.workspace.spelling(document.uri)}
    target = document.rerun.target if document.rerun else ""
    going = list(stops(session, document.uri))
    yield from going
    if going:
        return
    if several := document.rerun.targets if document.rerun else ():
        yield Entry(f"Compare {', '.join(several)}", "compare", "promptls.compare", about)
    else:
        yield Entry(f"Run again · {target}" if target else "Run again", "run", "promptls.run", about)
    problems = answer_errors(document, snapshot)
    if problems:
        yield Entry("Run again with the errors", "run", "promptls.run", {**about, "errors": True})
    if any(problem.kind == "misfit" for problem in problems):
        yield Entry("Accept this shape", "acceptShape", "promptls.acceptShape", about)
    if document.rerun is not None and document.rerun.uri:
        yield Entry("Open history", "openHistory", "promptls.openHistory", about)


def explained(session: Session, document: Document, code: str) -> Entry:
    argument = {"uri": session.workspace.spelling(document.uri), "code": code}
    return Entry(f"Explain {code}", "explain", "promptls.explain", argument)


def stops(session: Session, uri: str) -> Iterator[Entry]:
    """One for each run that goes on, of a prompt or of its page."""
    for one in session.runs.active(uri):
        target = f" · {one.target}" if one.target else ""
        yield Entry(f"Stop {one.prompt}{target}", "cancel", "promptls.cancel", {"run": one.id})


class Facts(NamedTuple):
    """What only a look at configuration and keys can tell. ``label``: the target of a run, as lenses say it; ``name``:
    as a command takes it; ``others``: what else could be run with."""

    label: str
    name: str
    others: tuple[str, ...] = ()

    @property
    def compared(self) -> list[str]:
        """What a comparison is of where nobody names it; empty where there is one target alone."""
        return [self.name, *self.others][:COMPARED] if self.others else []


def facts_of(session: Session, snapshot: Snapshot, document: Document, prompt: Prompt) -> Facts:
    """In a worker, as keys may be slow to find. What a click on `Run` needs is imported there too."""
    from promptls.providers import embedded
    from promptls.runs import service

    assert service
    target = session.runs.target_of(snapshot, document, prompt)
    running = snapshot.config(document.uri).running
    name = (target.alias or target.name) if target else "echo"
    model = prompt.model.id if prompt.model else ""
    # Without a model of the file's own there is nothing to say behind a provider.
    providers = [f"{provider}/{model}" for provider in running.providers if model and provider != "echo"]
    small = [f"embedded/{embedded.MODEL}"] if embedded.installed() else []
    default = [running.default] if running.default else []
    names = dict.fromkeys([*default, *running.aliases, *small, *providers, "echo"])
    label = target.label if target else f"{session.choices.target(document.uri, prompt.name)} (not known here)"
    if target and target.alias:
        label = f"{target.alias} ({label})"
    return Facts(label, name, tuple(each for each in names if each != name))


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


def _in_git(uri: str) -> bool:
    """Whether a repository holds the file; git itself is not asked."""
    path = uri_to_path(uri)
    return path is not None and any(os.path.lexists(folder / ".git") for folder in Path(path).parents)


def prompt_around(document: Document, offset: int) -> Prompt | None:
    """The prompt at an offset; the file's only or first one above its prompts."""
    return document.prompt_at(offset) or (document.prompts[0] if document.prompts else None)
