"""What a person does with a result: run it again, run it again with what was wrong, accept the shape of the answer."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from promptls.actions.error import ActionError
from promptls.prompt.message import Message, Part
from promptls.prompt.model import Document, Prompt, Rerun
from promptls.text.uris import uri_key, uri_to_path
from promptls.workspace.asked import asked
from promptls.workspace.places import state_folder

if TYPE_CHECKING:
    from promptls.schema.answer import AnswerProblem
    from promptls.text import Edit
    from promptls.workspace.snapshot import Snapshot

_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Again:
    """What ``actions.run.plan_run`` is to be given. ``sample``: from 1, None where the prompt has none. ``target``: as
    the header says it; ``targets``: those that it says are to be compared. ``options``: in the place of the file's.
    ``more``: messages behind those of the prompt."""

    document: Document
    prompt: Prompt
    sample: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    target: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    more: tuple[Message, ...] = ()
    targets: tuple[str, ...] = ()


def run_again(result: Document, snapshot: Snapshot, *, errors: bool = False, named: Collection[str] = ()) -> Again:
    """What the header of a result asks for, as it is in the buffer now. ``errors``: with the answer and what is wrong
    with it behind the messages of the prompt. ``named``: URIs of files that a person named for this.

    Raises ActionError for a header that does not say enough, a prompt or sample that is not there, a prompt outside of
    the workspace that nobody has opened or named, and where there are no errors to send.
    """
    rerun = result.rerun
    if rerun is None:
        raise ActionError("This result has no header that says what to run: run the prompt itself again")
    held = {uri_key(uri) for uri in (*snapshot.uris(), *named)}
    if _leads_out(result, rerun.uri, snapshot) and uri_key(rerun.uri) not in held:
        raise ActionError(
            f"The prompt of this result, {rerun.uri}, is outside of its workspace: open or name that itself"
        )
    document, prompt = _prompt(rerun, snapshot)
    _check_values(rerun.values)
    return Again(
        document,
        prompt,
        _sample(rerun, prompt),
        rerun.values,
        rerun.target,
        rerun.options,
        _correction(result, prompt) if errors else (),
        rerun.targets,
    )


def answer_errors(result: Document, snapshot: Snapshot) -> tuple[AnswerProblem, ...]:
    """What is wrong with the answer by the shape that its prompt declares; places count in the answer's text. Nothing
    where the run did not end well, or no shape is declared."""
    about = asked(result, snapshot)
    return _errors(result, about[1]) if about else ()


def accept_shape(result: Document, snapshot: Snapshot) -> tuple[Edit, ...]:
    """The edits of the prompt's file that make the answer one of the declared shape.

    Raises ActionError where the answer is no JSON, already fits, or the format has no place or no words for the shape.
    """
    from promptls import formats
    from promptls.schema.answer import answer_data
    from promptls.schema.shape import fitted

    about = asked(result, snapshot)
    if about is None or result.answer is None:
        raise ActionError("The prompt of this result is not in the workspace, so its shape cannot be changed: open it")
    document, prompt = about
    text = result.answer.span.slice(result.text.value)
    try:
        data = answer_data(text)
    except ValueError as error:
        raise ActionError(f"There is no shape to accept. {error}") from None
    schema = fitted(prompt.output, data)
    if prompt.output and schema == dict(prompt.output):
        raise ActionError("The answer is of the declared shape already: there is nothing to change")
    edits = formats.set_output(document, prompt, schema)
    if not edits:
        why = f"{document.recognised.title} has no place in this header for the shape of such an answer"
        raise ActionError(f"{why}: say in the prompt's text what to answer")
    if left := _left(text, document, prompt, edits, snapshot):
        raise ActionError(f"{document.recognised.title} has no words for this shape ({left}): change it by hand")
    return edits


def _left(text: str, document: Document, prompt: Prompt, edits: tuple[Edit, ...], snapshot: Snapshot) -> str:
    """What would still be wrong with the answer after the edits: not every format can say every shape."""
    from promptls import formats
    from promptls.schema.answer import answer_problems

    after = document.text.apply((edit.span, edit.text) for edit in edits)
    as_format = snapshot.as_format(document.uri)
    read = formats.read(document.uri, after, lambda path: snapshot.sibling(document.uri, path), as_format)
    again = (
        read.prompts[document.prompts.index(prompt)] if read and len(read.prompts) == len(document.prompts) else None
    )
    if again is None or not again.output:
        return "it would not be read back"
    return next((problem.message for problem in answer_problems(text, again.output) if problem.kind == "misfit"), "")


def _prompt(rerun: Rerun, snapshot: Snapshot) -> tuple[Document, Prompt]:
    if not rerun.uri:
        raise ActionError("The header does not say what to run: write the prompt's path behind `prompt:`", usage=True)
    document = snapshot.document(rerun.uri)
    if document is None or not document.prompts:
        raise ActionError(f"There is no prompt at {rerun.uri}: write its path behind `prompt:`", usage=True)
    named = [prompt for prompt in document.prompts if prompt.name == rerun.prompt]
    if not named and rerun.prompt and len(document.prompts) > 1:
        names = ", ".join(f"`{prompt.name}`" for prompt in document.prompts[:8])
        raise ActionError(f"There is no prompt `{rerun.prompt}` in the file; there are {names}", usage=True)
    # A single prompt is meant whatever it is called by now.
    return document, (named or document.prompts)[0]


def _leads_out(result: Document, uri: str, snapshot: Snapshot) -> bool:
    """A result that promptls wrote for a prompt in no folder lies with its own state, which nobody else writes."""
    path, own = uri_to_path(uri), uri_to_path(result.uri)
    if path is None or own is None or Path(own).is_relative_to(state_folder(os.environ)):
        return False
    return snapshot.is_outside(result.uri, path)


def _sample(rerun: Rerun, prompt: Prompt) -> int | None:
    titles = [sample.title for sample in prompt.samples]
    if not rerun.sample:
        return 1 if titles else None
    if rerun.sample in titles:
        return titles.index(rerun.sample) + 1
    there = f"there are {', '.join(f'`{title}`' for title in titles[:8])}" if titles else "it has none"
    raise ActionError(f"`{prompt.name}` has no sample `{rerun.sample}`: {there}", usage=True)


def _check_values(values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if _lacks_a_part(value):
            why = "is too long, or holds what looks like a key, and was not copied into the result"
            raise ActionError(f"`{name}` {why}: write its value again", usage=True)


def _lacks_a_part(value: Any) -> bool:
    from promptls.formats.result.layout import is_not_copied

    if isinstance(value, Mapping):
        return any(map(_lacks_a_part, value.values()))
    return any(map(_lacks_a_part, value)) if isinstance(value, list) else is_not_copied(value)


def _errors(result: Document, prompt: Prompt) -> tuple[AnswerProblem, ...]:
    from promptls.schema.answer import answer_problems

    answer = result.answer
    if answer is None or not prompt.output or answer.provider == "echo" or answer.status != "finished":
        return ()
    return answer_problems(answer.span.slice(result.text.value), prompt.output)


def _correction(result: Document, prompt: Prompt) -> tuple[Message, ...]:
    problems = _errors(result, prompt)
    if not problems or result.answer is None:
        raise ActionError("Nothing is wrong with the shape of this answer, so there are no errors to send")
    told = [f"- {problem.message}{_where(problem.path)}" for problem in problems[:_MOST_TOLD]]
    text = "\n".join(
        [
            "Your answer is not of the required shape:",
            *told,
            "",
            "Answer again: with the whole JSON, corrected, and nothing else.",
        ]
    )
    said = result.answer.span.slice(result.text.value).replace("\r\n", "\n")
    return Message("assistant", (Part("text", said),)), Message("user", (Part("text", text),))


def _where(path: tuple[str | int, ...]) -> str:
    """As a JSON pointer, where the sentence alone does not say which of several."""
    if len(path) < 2:
        return ""
    return f" (at /{'/'.join(str(step).replace('~', '~0').replace('/', '~1') for step in path)})"
