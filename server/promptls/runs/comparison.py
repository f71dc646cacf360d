"""Several runs of one prompt as one Markdown document: what each took, then what each answered."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from promptls.runs.document import clean, fenced, seconds, shown_cost
from promptls.runs.event import RunRecord

ENDING: Final = ".compare.md"
"""For ``place_of``: no result that could be run again, so no result document."""

_COLUMNS: Final = ("Target", "Status", "Tokens in", "Tokens out", "Cost", "First word", "In all", "Result")
_MARKUP = re.compile(r"^(?:#|```|~~~|\||<|---|===|\s*[{\[])", re.MULTILINE)
_STATUS: Final = {"finished": "done", "cancelled": "stopped"}


def comparison_text(records: Sequence[RunRecord], *, place: str = "", places: Mapping[str, str] | None = None) -> str:
    """The runs in the order given, in any state. ``place``: the path of this document, ``places``: those of the
    results by run id, for links from one to the others."""
    if not records:
        return "# Comparison\n\nNo run yet.\n"
    first = records[0]
    about = [f"`{first.prompt}`"] if first.prompt else []
    about += [f"sample `{first.sample}`"] if first.sample else []
    links = {run: _link(place, path) for run, path in (places or {}).items()}
    lines = [f"# {len(records)} runs of {', '.join(about) or 'one prompt'}", "", *_table(records, links), ""]
    if notes := list(_notes(records)):
        lines += [*notes, ""]
    for number, record in enumerate(records, 1):
        lines += [f"## {number}. {_name(record)}", "", *_answer(records, number - 1), ""]
    return "\n".join(lines)


def _table(records: Sequence[RunRecord], links: Mapping[str, str]) -> Iterator[str]:
    shown = [*_COLUMNS] if links else [*_COLUMNS[:-1]]
    yield _row(shown)
    yield _row(["---", "---", *["---:"] * 5, "---"][: len(shown)])
    for record in records:
        about = "~" if record.tokens_estimated else ""
        link = f"[open](<{links[record.id]}>)" if record.id in links else ""
        cells = [
            _name(record),
            _STATUS.get(record.status, record.status) + (f" ({record.failure})" if record.failure else ""),
            "" if record.input_tokens is None else f"{about}{record.input_tokens}",
            "" if record.output_tokens is None else f"{about}{record.output_tokens}",
            "" if record.status == "running" and record.cost is None else shown_cost(record),
            seconds(record.first_token),
            seconds(record.latency),
            link,
        ]
        yield _row(cells[: len(shown)])


def _notes(records: Sequence[RunRecord]) -> Iterator[str]:
    ended = [record for record in records if record.status == "finished"]
    dates = sorted({record.price_date for record in ended if record.price_date and record.cost})
    if dates:
        yield f"Prices of {' and '.join(dates)}."
    hashes = {record.prompt_hash for record in records}
    if len(hashes) > 1:
        yield "The prompt was changed between these runs, so they do not differ by their target alone."


def _answer(records: Sequence[RunRecord], at: int) -> Iterator[str]:
    record = records[at]
    answer = clean(record.answer).strip("\n ")
    for number, earlier in enumerate(records[:at], 1):
        if answer and clean(earlier.answer).strip("\n ") == answer:
            yield f"The same answer as {number}."
            return
    if answer:
        yield fenced(answer, "json" if answer[0] in "{[" else "") if _MARKUP.search(answer) else answer
    if record.tool_calls:
        names = ", ".join(f"`{call.get('name', '')}`" for call in record.tool_calls)
        yield from ("", f"Calls {names}.")
    if record.message:
        yield from ("", "> " + clean(record.message).replace("\n", " "))
    elif not answer and not record.tool_calls:
        yield "No answer yet." if record.status == "running" else "No answer."


def _name(record: RunRecord) -> str:
    alias = f" ({record.alias})" if record.alias and record.alias != record.target else ""
    return f"{record.target or record.model or 'echo'}{alias}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _link(place: str, path: str) -> str:
    try:
        return os.path.relpath(path, os.path.dirname(place)).replace("\\", "/") if place else path
    except ValueError:  # on another drive
        return path
