"""One run, from the click to the end of its page: planned in the worker, asked, started, watched."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from promptls.lsp import pages
from promptls.lsp.progress import Progress
from promptls.lsp.questions import agrees
from promptls.lsp.runs import Running, Wanted
from promptls.lsp.session import Session
from promptls.lsp.wire import types

if TYPE_CHECKING:
    from promptls.prompt.model import Document, Prompt
    from promptls.render import Renderer
    from promptls.runs.plan import Plan, Question
    from promptls.workspace.snapshot import Snapshot

_PAUSE: Final = 0.25
"""Seconds between two edits of a page that grows."""


async def carry_out(
    session: Session, one: Running, document: Document, prompt: Prompt, wanted: Wanted, snapshot: Snapshot
) -> None:
    from promptls.actions.error import ActionError

    try:
        plan = await session.worker.submit(planned(session, document, prompt, wanted, snapshot))
    except ActionError as error:
        _not_run(session, one, _sentence(document, error))
        return
    one.target = plan.target.label
    one.page.note = " ".join(f"{warned.message.rstrip('.')}." for warned in plan.warnings)
    if plan.refusal is not None:
        _not_run(session, one, plan.refusal.message)
        return
    agreed = await _asked(session, plan)
    if agreed is None:
        one.refused = "Not sent: a question was not answered with yes."
        session.runs.tell(one, "cancelled", one.refused)
        pages.tell(session, f"{prompt.name} was not run: nothing was sent.")
        return
    session.runs.send(one, agreed)
    async with Progress(
        session, f"Run {prompt.name} · {plan.target.name}", lambda: session.runs.cancel(one.id)
    ) as told:
        await _watched(session, one, told)


def planned(
    session: Session, document: Document, prompt: Prompt, wanted: Wanted, snapshot: Snapshot
) -> Callable[[Renderer], Plan]:
    """What the worker does for the plan of a run, with the sample and the target that are chosen now."""
    chosen_sample = wanted.sample or session.choices.sample(document.uri, prompt.name)
    chosen_target = session.choices.target(document.uri, prompt.name)

    def plan(renderer: Renderer) -> Plan:
        from promptls.actions.run import plan_run

        sample = chosen_sample if chosen_sample and chosen_sample <= len(prompt.samples) else None
        return plan_run(
            document,
            prompt,
            snapshot,
            renderer,
            sample=sample,
            values=wanted.values,
            target=wanted.target,
            chosen=chosen_target,
            keys=session.runs.keys(),
            environment=os.environ,
            database=session.runs.database(),
            options=wanted.options,
            only_options=wanted.only_options,
            more=wanted.more,
        )

    return plan


async def _asked(session: Session, plan: Plan) -> Plan | None:
    """The plan without its questions; None where one of them was not answered with yes."""
    from promptls.actions.run import agreed

    for question in plan.questions:
        if not await agrees(session, question.text, question.yes):
            return None
        await session.aside.submit(partial(_remember, session, question))
    return agreed(plan, plan.questions)


def _remember(session: Session, question: Question, _: object) -> None:
    """Consent holds until something of it changes; all else is asked each time."""
    from promptls.runs.consent import grant
    from promptls.runs.database import DatabaseError

    database = session.runs.database()
    with contextlib.suppress(DatabaseError):
        if database is not None:
            grant(database, question)


async def _watched(session: Session, one: Running, progress: Progress) -> None:
    """Keep the page up with the run, until both are at their end."""
    await one.changed.wait()
    record = one.now()
    own = session.client.own_runs or not one.shown
    if record is not None:
        await one.page.write(record)
        if not own:
            await one.page.open()
    while not one.ended:
        await one.changed.wait()
        one.changed.clear()
        record = one.now()
        if record is None or one.ended:
            continue
        progress.report(one.waiting or f"{len(record.answer)} characters")
        if not own:
            await one.page.grow(record)
        await asyncio.sleep(_PAUSE)
    record = one.now()
    if record is None:
        return
    if own:
        await one.page.write(record)
        session.runs.tell(one, "written")
    else:
        await one.page.finish(record)
    if record.status == "failed" and one.shown:
        pages.tell(session, f"{one.prompt}: {record.message}", types.MessageType.Error)


def _not_run(session: Session, one: Running, sentence: str) -> None:
    one.refused = sentence
    session.runs.tell(one, "failed", sentence)
    if one.shown:
        pages.tell(session, f"{one.prompt} was not run: {sentence}", types.MessageType.Error)


def _sentence(document: Document, error: Exception) -> str:
    from promptls.actions.run import NotRenderedError

    if isinstance(error, NotRenderedError) and error.problems:
        line = document.text.line_at(error.problems[0].span.start) + 1
        return f"line {line}: {error}"
    return str(error)
