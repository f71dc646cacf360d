"""The result document `NAME.run.md`: the text of a run in any state, and the smallest changes that make it grow.

The header says above `run:` what a further run would do, for a person to change, and below it what happened. The
answer follows as it came, but for what looks like a key; in a fence where it holds what a preview of the page would
load. All else stands in sections behind it, so that words are added at one place while they come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from promptls.formats.result import layout
from promptls.formats.yaml_block import block
from promptls.runs.event import PARTIAL, RunRecord
from promptls.runs.keeping import media_name, place_of, write_result
from promptls.runs.markdown import disarmed, is_inert
from promptls.runs.scan import without_secrets
from promptls.text import Span
from promptls.text.difference import difference
from promptls.text.markdown import code, escape, fenced
from promptls.text.uris import path_to_uri, uri_key, uri_to_path

__all__ = [
    "Growth",
    "clean",
    "draft_text",
    "growth",
    "media_files",
    "place_of",
    "result_text",
    "seconds",
    "shown_cost",
    "write_result",
]

HEADING: Final = "# Change what you like above `run:`, then run it again."
_DRAFT: Final = "draft"
_DRAFT_HEADING: Final = "# Change what you like above `run:`, then run it. `target: [one, other]` compares."
_LONGEST_VALUE: Final = 20_000
"""Characters of a value in the header; images and documents are not copied there."""
_INLINE_MEDIA: Final = 2_000
_SHOWN: Final = 120
_WORDS: Final = {
    "failed": "Failed",
    "cancelled": "Stopped",
    "interrupted": "Interrupted: promptls ended before the run did",
}


class Growth(NamedTuple):
    """Replace ``span`` of the old text by ``text``. Several of one change never overlap; the first stands first."""

    span: Span
    text: str


def result_text(record: RunRecord, *, place: str = "", findings_note: str = "") -> str:
    """The whole document, its lines ended by ``\\n``.

    ``place``: the path where it is to stand, for the way to the prompt and to media beside it. ``findings_note``: a
    sentence about the answer that is put below it.
    """
    lines = ["---", HEADING, *block(_settings(record, place)), *block({"run": _happened(record)}), "---", ""]
    parts = ["\n".join(lines) + "\n"]
    answer = without_secrets(clean(record.answer)).rstrip(layout.BLANKS)
    if answer:
        drawn = is_inert(answer, ended=record.status != "running")
        parts.append(f"{answer if drawn else layout.guarded(fenced(answer, layout.GUARD), _id(record))}\n")
    for name, text in _sections(record, place, findings_note):
        gap = "\n" if len(parts) > 1 else ""
        parts.append(f"{gap}{layout.mark(name, _id(record))}\n{without_secrets(clean(text)).rstrip()}\n")
    return "".join(parts)


def draft_text(
    uri: str,
    prompt: str,
    *,
    sample: str = "",
    target: str = "",
    parameters: Mapping[str, Any] | None = None,
    place: str = "",
) -> str:
    """A document of a run that has not been: only what a person may change, to be run from there."""
    record = RunRecord("", _DRAFT, 0.0, uri, prompt, sample=sample, target=target, parameters=parameters or {})
    lines = ["---", _DRAFT_HEADING, *block(_settings(record, place)), *block({"run": {"status": _DRAFT}}), "---", ""]
    return "\n".join(lines)


def growth(old_text: str, record: RunRecord, *, place: str = "", findings_note: str = "") -> tuple[Growth, ...]:
    """What to change in ``old_text``, an earlier text of this run, so that it is the run's text now.

    What a person has changed above `run:` meanwhile stays. Nothing where nothing is new.
    """
    new_text = result_text(record, place=place, findings_note=findings_note)
    old_cuts, new_cuts = _cuts(old_text), _cuts(new_text)
    if old_cuts is None or new_cuts is None:
        return tuple(_difference(old_text, new_text, Span(0, len(old_text)), Span(0, len(new_text))))
    return (
        *_difference(old_text, new_text, Span(*old_cuts), Span(*new_cuts)),
        *_difference(old_text, new_text, Span(old_cuts[1], len(old_text)), Span(new_cuts[1], len(new_text))),
    )


def media_files(record: RunRecord, place: str) -> dict[str, str]:
    """The name of each file that the document at ``place`` shows from beside it -> its ``data:`` URL."""
    return {
        media_name(place, number, media_type): value
        for number, (media_type, value) in enumerate(record.media, 1)
        if _is_beside(value, place)
    }


def shown_cost(record: RunRecord) -> str:
    """``$0.00012``, or ``unknown``."""
    if record.cost is None:
        return "unknown"
    return f"${_decimal(record.cost)}"


def seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"


def _settings(record: RunRecord, place: str) -> dict[str, Any]:
    """What a further run would do."""
    settings: dict[str, Any] = {"prompt": _way_to(record.uri, place)}
    if record.prompt:
        settings["name"] = record.prompt
    if record.sample:
        settings["sample"] = record.sample
    settings["target"] = record.alias or record.target or "echo"
    if record.parameters:
        settings["parameters"] = _short_values(record.parameters)
    if record.values and not record.sample:
        # Beside a sample they would win over another one that a person chooses.
        settings["values"] = _short_values(record.values)
    return settings


def _happened(record: RunRecord) -> dict[str, Any]:
    tokens = {
        "input": record.input_tokens,
        "output": record.output_tokens,
        "cached": record.cached_tokens,
        "expected": record.expected_tokens,
    }
    known = {name: count for name, count in tokens.items() if count is not None}
    spent = {"first_token": record.first_token, "total": record.latency}
    told: dict[str, Any] = {
        "id": _id(record),
        "status": record.status,
        "started": datetime.fromtimestamp(record.started, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "prompt_hash": record.prompt_hash,
        "version": record.version,
        "values": _short_values(record.values) if record.sample else None,
        "target": record.target if record.alias else "",
        "provider": record.provider or re.split("[/:]", record.target)[0],
        "model": record.model,
        "finish": record.finish,
        "partial": record.partial or None,
        "failure": record.failure,
        "message": without_secrets(record.message),
        "tokens": {**known, "estimated": True} if known and record.tokens_estimated else known,
        "cost": _cost(record),
        "seconds": {name: round(value, 3) for name, value in spent.items() if value is not None},
        "retries": record.retries or None,
        "trace_id": record.trace_id,
        "request_id": record.request_id,
        "tool_calls": [str(call.get("name", "")) for call in record.tool_calls],
    }
    return {name: value for name, value in told.items() if value not in (None, "", {}, [])}


def _cost(record: RunRecord) -> Any:
    if record.status == "running" and record.cost is None:
        return None
    if record.cost is None:
        return "unknown"
    return {"usd": float(_decimal(record.cost)), **({"prices_of": record.price_date} if record.price_date else {})}


def _sections(record: RunRecord, place: str, findings_note: str) -> Iterator[tuple[str, str]]:
    if note := _note(record, findings_note):
        yield "note", note
    if record.tool_calls:
        yield "tools", _titled("tools", "\n\n".join(_call(call) for call in record.tool_calls))
    if record.media:
        shown = [_medium(one, number, place) for number, one in enumerate(record.media, 1)]
        yield "media", _titled("media", "\n\n".join(shown))
    if record.wire and record.wire.strip() not in record.answer:
        yield "wire", _titled("wire", fenced(record.wire, "http"))
    if record.thinking:
        said = record.thinking.strip()
        yield "thinking", _folded("thinking", said if is_inert(said) else fenced(said))
    if record.messages:
        yield "sent", _folded("sent", "\n\n".join(_message(message) for message in record.messages))


def _note(record: RunRecord, findings_note: str) -> str:
    word = _WORDS.get(record.status, "")
    head = f"**{word}**" if word else ""
    cut = record.partial and record.answer and record.status != "running"
    message = record.message.removesuffix(PARTIAL).rstrip() if cut else record.message
    message = message.removeprefix(f"{word}: ")
    told = [": ".join(part for part in (head, message) if part)] if head or message else []
    if cut:
        told.append("The answer above ends before its end: it is what had come until then.")
    if findings_note:
        told.append(findings_note)
    return "\n>\n".join("> " + disarmed(line).replace("\n", "\n> ") for line in told)


def _titled(name: str, text: str) -> str:
    return f"## {layout.SECTIONS[name]}\n\n{text}"


def _folded(name: str, text: str) -> str:
    return f"<details><summary>{layout.SECTIONS[name]}</summary>\n\n{text.strip()}\n\n</details>"


def _call(call: Mapping[str, Any]) -> str:
    written = call.get("arguments", "")
    if not isinstance(written, str):
        written = json.dumps(written, ensure_ascii=False, indent=2, default=str)
    head = code(str(call.get("name") or "no name")) + (f" ({code(str(call['id']))})" if call.get("id") else "")
    return f"{head}\n\n{fenced(written, 'json')}"


def _medium(medium: tuple[str, str], number: int, place: str) -> str:
    media_type, value = medium
    if media_type == "application/json":
        return fenced(value[:_LONGEST_VALUE], "json") + ("\n\n(shortened)" if len(value) > _LONGEST_VALUE else "")
    kind = escape(media_type)
    if _is_beside(value, place):
        value = media_name(place, number, media_type)
    elif not value.startswith("data:"):
        # A picture elsewhere is for a person to open.
        return f"[{kind} {number}](<{re.sub('[<>]', lambda found: quote(found[0]), ''.join(value.split()))}>)"
    elif len(value) > _INLINE_MEDIA:
        return f"{kind}, {len(value)} characters as a `data:` URL, not shown"
    sign = "!" if media_type.startswith("image/") else ""
    return f"{sign}[{kind} {number}](<{value}>)"


def _is_beside(value: str, place: str) -> bool:
    return bool(place) and value.startswith("data:") and ";base64," in value[:200]


def _message(message: Mapping[str, Any]) -> str:
    content = message.get("content", "")
    if isinstance(content, list | tuple):
        content = "\n\n".join(_part(part) for part in content)
    return f"**{escape(str(message.get('role', '')))}**\n\n{fenced(str(content))}"


def _part(part: Any) -> str:
    """A part of a message, as the history keeps it: ``{type, text | url}``."""
    if not isinstance(part, Mapping):
        return str(part)
    return str(part["text"]) if "text" in part else f"({part.get('type', 'part')}: {str(part.get('url', ''))[:_SHOWN]})"


def clean(text: str) -> str:
    """As a file can hold it: one kind of line end, and no half of a surrogate pair."""
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _short_values(value: Any) -> Any:
    if isinstance(value, str):
        # A run with asterisks in the place of a secret would be another one.
        kept = len(value) <= _LONGEST_VALUE and without_secrets(value) == value
        return value if kept else layout.not_copied(value)
    if isinstance(value, Mapping):
        return {str(key): _short_values(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_short_values(item) for item in value]
    return value


def _id(record: RunRecord) -> str:
    return re.sub(r"[^\w.-]", "-", record.id) or "run"


def _way_to(uri: str, place: str) -> str:
    """The prompt as seen from the document in the workspace's folder; else its URI."""
    folder = PurePath(place).parent
    if place and folder.name == layout.FOLDER and uri_to_path(uri) is not None:
        root, prompt = uri_key(path_to_uri(str(folder.parent))).rstrip("/") + "/", uri_key(uri)
        if prompt.startswith(root):
            return "../" + prompt[len(root) :]
    return uri


def _decimal(dollars: float) -> str:
    """Without an exponent, with as many places as say something."""
    text = f"{dollars:.8f}".rstrip("0").rstrip(".")
    return text or "0"


def _cuts(text: str) -> tuple[int, int] | None:
    """Where `run:` stands in the header, and where the body begins."""
    run = re.search(r"^run:", text, re.MULTILINE)
    closer = re.compile(r"^---[ \t]*\r?\n", re.MULTILINE).search(text, run.end()) if run else None
    return (run.start(), closer.end()) if run and closer else None


def _difference(old: str, new: str, of_old: Span, of_new: Span) -> Iterator[Growth]:
    change = difference(of_old.slice(old), of_new.slice(new))
    if change is not None:
        yield Growth(change[0].shift(of_old.start), change[1])
