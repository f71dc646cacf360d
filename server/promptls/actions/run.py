"""From a prompt of a snapshot to a plan that can be run: rendered, aimed, with all that has to be asked first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from promptls.actions.attached import attached_files
from promptls.actions.error import ActionError
from promptls.actions.inputs import sample_values
from promptls.actions.render import no_message, render_document
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Prompt
from promptls.render import Renderer
from promptls.runs.access import Keys
from promptls.runs.consent import consent_questions
from promptls.runs.database import Database, DatabaseError
from promptls.runs.history import History, start_of_day
from promptls.runs.plan import Plan, Target
from promptls.runs.planning import agreed, is_echo, make_plan
from promptls.runs.target import TargetError, target_of
from promptls.workspace.snapshot import Snapshot

__all__ = ["NotRenderedError", "agreed", "plan_run", "plan_target"]


class NotRenderedError(ActionError):
    """A prompt that makes no messages. ``problems``: each with its place in the file."""

    def __init__(self, message: str, problems: tuple[Any, ...]) -> None:
        super().__init__(message)
        self.problems = problems


def plan_target(
    document: Document,
    prompt: Prompt,
    snapshot: Snapshot,
    *,
    target: str = "",
    chosen: str = "",
    keys: Keys,
    environment: Mapping[str, str],
) -> Target:
    """What a run would call, without rendering: for a lens. Raises ActionError for a ``target`` that leads nowhere."""
    config = snapshot.config(document.uri)
    try:
        return target_of(prompt, config, argument=target, chosen=chosen, keys=keys.source, environment=environment)
    except TargetError as error:
        said = f"{error}; {config.problem}" if config.problem else str(error)
        raise ActionError(said, usage=True) from None


def plan_run(
    document: Document,
    prompt: Prompt,
    snapshot: Snapshot,
    renderer: Renderer | None,
    *,
    sample: int | None = None,
    values: Mapping[str, Any] | None = None,
    target: str = "",
    chosen: str = "",
    keys: Keys,
    environment: Mapping[str, str],
    database: Database | None = None,
    options: Mapping[str, Any] | None = None,
    only_options: bool = False,
    more: Iterable[Message] = (),
    stream: bool = True,
) -> Plan:
    """The plan of a run from the buffer. Sends nothing and asks nobody.

    ``sample``: from 1, the first without a number; ``values``: over those of the sample. ``target``: as a command
    names it, ``chosen``: as it was chosen for the document. ``options``: by our names, over those of the file,
    or with ``only_options`` in their place (a result's header holds them all).
    ``more``: messages behind those of the prompt (what was wrong with the last answer). ``database``: for consent and
    the budget of the day; without one both are unknown, so consent is asked for.

    Ask its ``questions``, then start ``agreed(plan, those that were answered yes)``. Raises NotRenderedError where
    there are no messages, ActionError for a sample or target that is not there.
    """
    if not prompt.runnable:
        raise ActionError(f"`{prompt.name}` is no whole conversation, so there is nothing to run: preview it instead")
    aim = plan_target(document, prompt, snapshot, target=target, chosen=chosen, keys=keys, environment=environment)
    given = {**sample_values(prompt, sample), **(values or {})}
    rendering = render_document(document, prompt, given, snapshot, renderer)
    if rendering.problems:
        raise NotRenderedError(rendering.problems[0].message, rendering.problems)
    if not rendering.messages:
        raise ActionError(no_message(prompt))
    running = snapshot.config(document.uri).running
    echo = is_echo(aim)
    files, unreadable = attached_files(document.uri, rendering.messages, snapshot)
    return make_plan(
        document,
        prompt,
        (*rendering.messages, *more),
        aim,
        running,
        environment=environment,
        keys=keys,
        consent={} if echo else consent_questions(aim.route, database, policy=running.policy),
        spent_today=0.0 if echo or running.per_day is None else _spent_today(database),
        values=rendering.values or given,
        version=snapshot.version(document.uri),
        # With values of its own it is no longer that sample: what is kept has to make the same messages again.
        sample="" if values else _sample_title(prompt, sample),
        prompt_hash=hash_of(document),
        options=options,
        only_options=only_options,
        stream=stream,
        files=files,
        unreadable=unreadable,
    )


def hash_of(document: Document) -> str:
    """Names one text of a file: the first 16 digits of its SHA-256."""
    return hashlib.sha256(document.text.value.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _spent_today(database: Database | None) -> float:
    if database is None:
        return float("inf")
    try:
        return History(database).spent(start_of_day())
    except DatabaseError:
        return float("inf")


def _sample_title(prompt: Prompt, number: int | None) -> str:
    if not prompt.samples:
        return ""
    return prompt.samples[(number or 1) - 1].title
