"""The history for a person: a list of runs and two runs beside each other, as Markdown."""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from promptls.actions.error import ActionError
from promptls.runs.budget import money
from promptls.runs.database import Database
from promptls.runs.event import RunRecord
from promptls.runs.history import History
from promptls.runs.summary import tokens
from promptls.text.markdown import code, escape, fenced

_MOST_LINES = 400
_ABOUT = ("target", "model", "status", "sample", "finish", "failure", "prompt_hash")


def history_markdown(database: Database, *, uri: str = "", limit: int = 100) -> str:
    """The runs, newest first, as one Markdown document; of one prompt file where ``uri`` names it."""
    runs = History(database).runs(limit, uri=uri)
    name = unquote(uri.rpartition("/")[2])
    lines = [f"# Runs of {code(name)}" if name else "# Runs", ""]
    if not runs:
        what = "it; `promptls history` shows those of all prompts" if name else "a prompt"
        return "\n".join([*lines, f"None yet: run {what}. Without a model, `echo` shows what would be sent.", ""])
    lines += [
        f"{'1 run' if len(runs) == 1 else f'{len(runs)} runs'}, newest first. "
        "`promptls history RUN` shows one, `promptls history RUN RUN` compares two.",
        "",
        "| run | when | prompt | target | status | tokens | cost | time |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(run) for run in runs]
    return "\n".join([*lines, ""])


def one_run(history: History, name: str) -> RunRecord:
    """The run of that id, or of its beginning, or `last`. Raises ActionError."""
    if name == "last":
        runs = history.runs(1)
        if not runs:
            raise ActionError("there is no run yet")
        return runs[0]
    run = history.run(name)
    if run is None:
        raise ActionError(f"there is no run `{name}`, or more than one begins so; `promptls history` lists them")
    return run


def difference(one: RunRecord, other: RunRecord) -> str:
    """Two runs as Markdown: what differs about them, and their answers line by line."""
    old, new = (one, other) if one.started <= other.started else (other, one)
    lines = [f"# {escape(old.id)} and {escape(new.id)}", ""]
    about = list(_differing(old, new))
    if about:
        lines += ["| | before | after |", "|---|---|---|", *about, ""]
    changed = list(_changed(old.answer, new.answer))
    if not changed:
        return "\n".join([*lines, "The answers are the same.", ""])
    return "\n".join([*lines, fenced("\n".join(changed), "diff"), ""])


def _row(run: RunRecord) -> str:
    cells = (
        run.id, when(run.started), run.prompt, run.target, run.failure or run.status, _tokens(run),
        "" if run.status == "running" else cost_of(run), "" if run.latency is None else f"{run.latency:.1f} s",
    )  # fmt: skip
    return f"| {' | '.join(map(escape, cells))} |"


def cost_of(run: RunRecord) -> str:
    if run.input_tokens is None and run.cost is None:
        return ""
    return "unknown" if run.cost is None else money(run.cost)


def _differing(old: RunRecord, new: RunRecord) -> Iterator[str]:
    for name in _ABOUT:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield f"| {name.replace('_', ' ')} | {escape(before)} | {escape(after)} |"
    for key in sorted({*old.parameters, *new.parameters}):
        before, after = old.parameters.get(key, ""), new.parameters.get(key, "")
        if before != after:
            yield f"| {escape(key)} | {escape(str(before))} | {escape(str(after))} |"
    yield f"| tokens | {_tokens(old)} | {_tokens(new)} |"
    yield f"| cost | {cost_of(old)} | {cost_of(new)} |"
    yield f"| time | {old.latency or 0:.1f} s | {new.latency or 0:.1f} s |"


def _changed(old: str, new: str) -> Iterable[str]:
    before, after = old.splitlines()[:_MOST_LINES], new.splitlines()[:_MOST_LINES]
    return list(difflib.unified_diff(before, after, "before", "after", lineterm=""))


def _tokens(run: RunRecord) -> str:
    if run.input_tokens is None:
        return ""
    return tokens(run)


def when(started: float) -> str:
    """The time on the clock here."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(started))
