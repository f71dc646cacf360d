"""What the history keeps of a run: all of it, all but secrets, or nothing of what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from promptls.prompt.message import Message
from promptls.runs.event import RunRecord
from promptls.runs.scan import without_secrets

_LONGEST_URL: Final = 120


def as_data(messages: tuple[Message, ...]) -> tuple[Mapping[str, Any], ...]:
    """Messages as plain values: ``{role, content: [{type, text | url}]}``."""
    return tuple({"role": message.role, "content": [_part(part) for part in message.parts]} for message in messages)


def kept(record: RunRecord, log_prompts: str) -> RunRecord:
    """``log_prompts``: ``full``; ``redacted``: no secrets and no contents of files; ``off``: nothing that was said."""
    if log_prompts == "full":
        return record
    if log_prompts == "off":
        return replace(record, messages=(), values={}, answer="", thinking="", tool_calls=(), media=(), wire="")
    return replace(
        record,
        messages=_clean(record.messages),
        values=_clean(record.values),
        answer=without_secrets(record.answer),
        thinking=without_secrets(record.thinking),
        tool_calls=_clean(record.tool_calls),
        media=tuple((kind, _short(url)) for kind, url in record.media),
        wire=without_secrets(record.wire),
    )


def _part(part: Any) -> dict[str, str]:
    if part.type == "text":
        return {"type": "text", "text": part.value}
    return {"type": part.type, "url": part.value, "media_type": part.media_type}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _short(value) if value.startswith("data:") else without_secrets(value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_clean(item) for item in value) if not hasattr(value, "_fields") else value
    return value


def _short(url: str) -> str:
    if not url.startswith("data:") or len(url) <= _LONGEST_URL:
        return url
    return f"{url[:40]}… ({len(url):,} characters)"
