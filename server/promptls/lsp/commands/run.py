"""``promptls.run {uri, prompt?, line?, sample?, values?, target?}``: send what the buffer says to a model.

Of a result document: run what its header says, again; with ``errors: true`` after telling the model what was wrong with
its answer. ``promptls.runWith`` is the same with a ``target`` that a person chose; without one it opens a header to
write into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call, command
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.runs import Wanted
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.prompt.model import Document, Prompt


@command("promptls.run")
def run(ctx: Context, call: Call) -> dict[str, Any]:
    """Answers ``{run, uri}`` at once: its id, and the page that is to hold its result."""
    document, prompt, wanted = asked_for(ctx, call)
    rerun = call.document(ctx).rerun
    if rerun is not None and rerun.targets and not wanted.target:
        sentence = f"The header names {len(rerun.targets)} targets: compare them, or leave one behind `target:`."
        raise RefusedError(REQUEST_FAILED, sentence)
    one = ctx.session.runs.begin(document, prompt, wanted, ctx.snapshot)
    return {"run": one.id, "uri": one.page.uri}


@command("promptls.runWith")
def run_with(ctx: Context, call: Call) -> dict[str, Any] | Later:
    """With a ``target``: a run, and what this document runs with from now on. Without: ``{uri, content}`` of a page."""
    if not call.text("target"):
        return _header(ctx, call)
    document, prompt, wanted = asked_for(ctx, call)
    if document.uri == call.document(ctx).uri:
        ctx.session.choices.choose_target(document.uri, prompt.name, wanted.target)
    one = ctx.session.runs.begin(document, prompt, wanted, ctx.snapshot)
    return {"run": one.id, "uri": one.page.uri}


def asked_for(ctx: Context, call: Call) -> tuple[Document, Prompt, Wanted]:
    """The prompt to run and how: of a prompt file, or what the header of a result says."""
    document = call.document(ctx)
    given = Wanted(call.number("sample"), call.object("values"), call.text("target"), call.object("options"))
    if document.rerun is None:
        return document, call.prompt(document), given
    from promptls.actions.answer import run_again
    from promptls.actions.error import ActionError

    try:
        again = run_again(document, ctx.snapshot, errors=call.argument.get("errors") is True)
    except ActionError as error:
        raise RefusedError(REQUEST_FAILED, f"{error}.") from None
    wanted = Wanted(
        given.sample or again.sample,
        {**again.values, **given.values},
        given.target or again.target,
        {**again.options, **given.options},
        again.more,
        only_options=True,
    )
    return again.document, again.prompt, wanted


def _header(ctx: Context, call: Call) -> Later:
    """A page that says what a run would do, for a person to change and run."""
    document = call.document(ctx)
    prompt, session = call.prompt(document), ctx.session
    chosen = session.choices.sample(document.uri, prompt.name) or 1
    sample = prompt.samples[chosen - 1].title if chosen <= len(prompt.samples) else ""

    session.runs.prepare()

    def work(_: object) -> tuple[str, str]:
        from promptls.runs.document import draft_text, place_of, write_result
        from promptls.runs.service import new_run_id

        run = new_run_id()
        place = place_of(session.folder_of(document.uri), prompt.name, run)
        target = session.runs.target_of(ctx.snapshot, document, prompt)
        text = draft_text(
            document.uri,
            prompt.name,
            sample=sample,
            target=(target.alias or target.name) if target else "echo",
            parameters=prompt.model.options if prompt.model else {},
            place=place,
        )
        return write_result(place, text), text

    def answer(done: tuple[str, str]) -> dict[str, Any]:
        path, text = done
        uri = pages.uri_of(path)
        session.tasks.start(pages.show(session, uri, path, "What to run"), call.name)
        return {"uri": uri, "content": text}

    return Later(work, answer, renders=False)


@command("promptls.cancel")
def cancel(ctx: Context, call: Call) -> dict[str, Any]:
    """``{run}``, or ``{uri}`` of a prompt or a result: all its runs. Answers ``{cancelled: [run, …]}``."""
    runs = ctx.session.runs
    ids = [call.text("run")] if call.text("run") else [one.id for one in runs.active(call.uri)]
    return {"cancelled": [run for run in ids if runs.cancel(run)]}
