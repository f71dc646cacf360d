"""``promptls.compare {uri, prompt?, targets?}``: the same messages to several targets, side by side on one page.

Without ``targets``: those that the header of a result lists, else what the prompt runs with now, and what else is
configured. Each is a run of its own, with its own result in the history and beside the page.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp import pages
from promptls.lsp.commands.registry import Call, command
from promptls.lsp.commands.run import asked_for
from promptls.lsp.menu import COMPARED, facts_of
from promptls.lsp.requests.registry import REQUEST_FAILED, RefusedError
from promptls.lsp.runs import Running
from promptls.lsp.session import Context
from promptls.lsp.worker import Later

if TYPE_CHECKING:
    from promptls.runs.event import RunRecord

MOST: Final = 8
_PAUSE: Final = 0.5
_TRIES: Final = 5


@command("promptls.compare")
def compare(ctx: Context, call: Call) -> dict[str, Any] | Later:
    """Answers ``{runs: [run, …], uri}`` at once."""
    given = call.argument.get("targets")
    targets = [each for each in given if isinstance(each, str) and each] if isinstance(given, list) else []
    rerun = call.document(ctx).rerun
    targets = targets or list(rerun.targets if rerun is not None else ())
    if targets:
        return _begin(ctx, call, list(dict.fromkeys(targets)))
    document, prompt, _ = asked_for(ctx, call)
    ctx.session.runs.prepare()
    return Later(
        lambda _: facts_of(ctx.session, ctx.snapshot, document, prompt),
        lambda facts: _begin(ctx, call, [facts.name, *facts.others][:COMPARED]),
        renders=False,
    )


def _begin(ctx: Context, call: Call, targets: list[str]) -> dict[str, Any]:
    from promptls.runs.comparison import ENDING
    from promptls.runs.keeping import place_of
    from promptls.runs.service import new_run_id

    if len(targets) < 2:
        sentence = "There is only one target here: name others as `providers` or `aliases` in promptls.yaml."
        raise RefusedError(REQUEST_FAILED, sentence)
    document, prompt, wanted = asked_for(ctx, call)
    session = ctx.session
    runs = [
        session.runs.begin(document, prompt, replace(wanted, target=target), ctx.snapshot, shown=False)
        for target in targets[:MOST]
    ]
    place = place_of(session.folder_of(document.uri), prompt.name, new_run_id(), ending=ENDING)
    session.tasks.start(_watch(ctx, targets[:MOST], runs, place), call.name)
    return {"runs": [one.id for one in runs], "uri": pages.uri_of(place)}


async def _watch(ctx: Context, targets: list[str], runs: list[Running], place: str) -> None:
    """One page of them all, renewed until the last has ended."""
    from promptls.runs.comparison import comparison_text

    session, uri, shown, tries = ctx.session, "", "", 0
    while True:
        ended = all(one.task is None or one.task.done() for one in runs)
        records = [_record(one, target) for one, target in zip(runs, targets, strict=True)]
        written = {one.id: one.page.path for one in runs if one.record is not None}
        text = comparison_text(records, place=place, places=written)
        if not shown:
            place = await session.aside.submit(partial(_write, place, text))
            uri = pages.uri_of(place)
            await pages.show(session, uri, place, "The comparison")
            await pages.opened(session, uri)
        elif text != shown and not await pages.replace_all(session, uri, text):
            tries += 1
            if session.workspace.is_open(uri) and tries < _TRIES:
                # A busy editor. On disk the page would change under it.
                await asyncio.sleep(_PAUSE)
                continue
            await session.aside.submit(partial(_write, place, text))
        shown = text
        if ended:
            return
        await asyncio.sleep(_PAUSE)


def _record(one: Running, target: str) -> RunRecord:
    """Also of a run that is still planned, or was refused."""
    from promptls.runs.event import RunRecord

    known = one.now()
    if known is not None:
        return known
    status = "failed" if one.refused else "running"
    return RunRecord(one.id, status, 0.0, one.uri, one.prompt, target=target, message=one.refused)


def _write(place: str, text: str, _: object) -> str:
    from promptls.runs.keeping import write_result

    return write_result(place, text)
