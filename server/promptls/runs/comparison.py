"""Several runs of one prompt as one Markdown document: what each took, then what each answered."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from promptls.runs.document import clean, seconds, shown_cost
from promptls.runs.event import RunRecord
from promptls.runs.scan import without_secrets
from promptls.text.markdown import code, escape, fenced

ENDING: Final = ".compare.md"
"""For ``place_of``: no result that could be run again, so no result document."""

_COLUMNS: Final = ("Target", "Status", "Answered by", "Tokens in", "Tokens out", "Cost", "First word", "In all", "")
_RIGHT: Final = range(3, 8)
_STATUS: Final = {"finished": "done", "cancelled": "stopped"}


def comparison_text(
    records: Sequence[RunRecord | None],
    *,
    prompt: str = "",
    targets: Sequence[str] = (),
    refused: Sequence[str] = (),
    place: str = "",
    places: Mapping[str, str] | None = None,
) -> str:
    """The runs in the order given, in any state; None for one that has not begun.

    ``prompt``: its name, where no run has begun yet. ``targets`` and ``refused`` belong to the records one to one:
    what was asked for, and the sentence that says why one was not run. ``place``: the path of this document,
    ``places``: those of the results by run id, for links to them.
    """
    runs = [
        record or _not_begun(targets[at] if at < len(targets) else "", refused[at] if at < len(refused) else "")
        for at, record in enumerate(records)
    ]
    known = next((record for record in records if record is not None), None)
    about = escape(prompt or (known.prompt if known else "") or "one prompt")
    about += f", sample {escape(known.sample)}" if known and known.sample else ""
    links = {run: _link(place, path) for run, path in (places or {}).items()}
    lines = [f"# {about}: {len(runs)} targets compared", "", *_table(runs, links), ""]
    for note in _notes(runs):
        lines += [note, ""]
    for number, record in enumerate(runs, 1):
        lines += [f"## {number}. {_name(record)}", "", *_answer(runs, number - 1), ""]
    return clean("\n".join(lines))


def _not_begun(target: str, why_not: str) -> RunRecord:
    return RunRecord("", "not run" if why_not else "waiting", 0.0, target=target, message=why_not)


def _table(records: Sequence[RunRecord], links: Mapping[str, str]) -> Iterator[str]:
    columns = len(_COLUMNS) if links else len(_COLUMNS) - 1
    yield _row(_COLUMNS[:columns])
    yield _row([*("---:" if at in _RIGHT else "---" for at in range(columns))])
    for record in records:
        begun = record.status not in ("waiting", "not run")
        about = "~" if record.tokens_estimated else ""
        known = begun and (record.status != "running" or record.cost is not None)
        cells = [
            _name(record),
            _STATUS.get(record.status, record.status) + (f" ({record.failure})" if record.failure else ""),
            escape(record.model),
            "" if record.input_tokens is None else f"{about}{record.input_tokens}",
            "" if record.output_tokens is None else f"{about}{record.output_tokens}",
            shown_cost(record) if known else "",
            seconds(record.first_token),
            seconds(record.latency),
            f"[open](<{links[record.id].replace('|', '%7C')}>)" if record.id in links else "",
        ]
        yield _row(cells[:columns])


def _notes(records: Sequence[RunRecord]) -> Iterator[str]:
    dates = sorted({record.price_date for record in records if record.price_date and record.cost})
    if dates:
        yield f"Prices of {' and '.join(dates)}."
    if len({record.prompt_hash for record in records if record.prompt_hash}) > 1:
        yield "The prompt was changed between these runs, so they do not differ by their target alone."


def _answer(records: Sequence[RunRecord], at: int) -> Iterator[str]:
    record, said = records[at], _said(records[at])
    same = next((number for number, earlier in enumerate(records[:at], 1) if said and _said(earlier) == said), 0)
    if same:
        yield f"The same answer as {same}."
    elif said:
        # Fenced: a heading stays in its section, and no picture is fetched that the answer names.
        yield fenced(said, "json" if said[0] in "{[" else "text")
    if record.tool_calls:
        names = ", ".join(code(str(call.get("name", ""))) for call in record.tool_calls)
        yield from ("", f"Calls {names}.")
    if record.message:
        yield from ("", f"> {escape(without_secrets(record.message))}")
    elif not said and not record.tool_calls:
        yield "…" if record.status in ("running", "waiting") else "> The answer is empty."


def _said(record: RunRecord) -> str:
    return without_secrets(clean(record.answer)).strip("\n ")


def _name(record: RunRecord) -> str:
    alias = f" ({record.alias})" if record.alias and record.alias != record.target else ""
    return escape(f"{record.target or record.model or 'echo'}{alias}")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _link(place: str, path: str) -> str:
    try:
        return os.path.relpath(path, os.path.dirname(place)).replace("\\", "/") if place else path
    except ValueError:  # on another drive
        return path
