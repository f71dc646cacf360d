"""Gathers the events of an answer into the record of its run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from promptls.prompt.tokens import estimate
from promptls.providers.event import (
    Answering,
    Event,
    Failure,
    Finish,
    MediaDelta,
    TextDelta,
    ThinkingDelta,
    ToolDelta,
    Usage,
)
from promptls.runs.event import RunEvent, RunRecord
from promptls.runs.prices import Price

_LONGEST: Final = 4 << 20
"""Characters of an answer that are kept; no model answers with more, and a hostile server may never end."""
_LARGEST: Final = 128 << 20
"""Characters of the images and sounds of an answer, all together."""
_IDLE: Final = 50_000
"""Events without a word in them, one after the other, after which an answer is none."""
_OF_A_CALL: Final = 1000
"""Characters that a call counts for, so that calls without arguments have an end too; its names are cut there."""
_MOST_TOKENS: Final = 10**12


class Collected:
    """An answer as far as it has come. ``output``: a piece of it arrived, so that nothing may be sent again."""

    def __init__(self) -> None:
        self.output = False
        self.finish: Finish | None = None
        self.failure: Failure | None = None
        self.usage: Usage | None = None
        self.answering = Answering()
        self._text: list[str] = []
        self._thinking: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._media: list[tuple[str, str]] = []
        self._length = 0
        self._media_length = 0
        self._idle = 0

    def take(self, run: str, event: Event) -> RunEvent | None:
        """What to tell of it; None where there is nothing to tell yet."""
        self._idle += 1
        if self._idle > _IDLE:
            self._too_much("the server sends on and on, and says nothing with it; it was not read further")
        match event:
            case TextDelta(text):
                if not text or not self._room(text):
                    return None
                self._text.append(text)
                return RunEvent(run, "delta", text)
            case ThinkingDelta(text):
                if not text or not self._room(text):
                    return None
                self._thinking.append(text)
                return RunEvent(run, "thinking", text)
            case ToolDelta(index, call, name, arguments):
                call, name = call[:_OF_A_CALL], name[:_OF_A_CALL]
                if not self._room(arguments, more=0 if index in self._calls else _OF_A_CALL):
                    return None
                known = self._calls.setdefault(index, {"id": "", "name": "", "arguments": ""})
                known["id"], known["name"] = call or known["id"], name or known["name"]
                known["arguments"] += arguments
                return RunEvent(run, "tool", arguments, {"index": index, "id": known["id"], "name": known["name"]})
            case MediaDelta(value, media_type):
                self.output, self._idle = True, 0
                self._media_length += len(value) + _OF_A_CALL
                if self._media_length > _LARGEST:
                    self._too_much(
                        f"its images and sounds have more than {_LARGEST:,} characters; the rest is not read"
                    )
                    return None
                self._media.append((media_type, value))
                return RunEvent(run, "delta", "", {"media_type": media_type})
            case Answering(model, request_id):
                self.answering = Answering(model or self.answering.model, request_id or self.answering.request_id)
            case Usage():
                self.usage = _newer(self.usage, _counted(event))
                return RunEvent(run, "usage", data=_usage_data(self.usage))
            case Finish():
                self.finish = event
            case Failure():
                self.failure = self.failure or event
        return None

    def _room(self, text: str, more: int = 0) -> bool:
        self.output = True
        self._length += len(text) + more
        if text or more:
            self._idle = 0
        if self._length <= _LONGEST:
            return True
        self._too_much(f"the answer has more than {_LONGEST:,} characters, so it was not read further")
        return False

    def _too_much(self, sentence: str) -> None:
        self.failure = self.failure or Failure("malformed", sentence)

    @property
    def text(self) -> str:
        return "".join(self._text)

    def onto(self, record: RunRecord, price: Price | None, sent_tokens: int) -> RunRecord:
        """The record with what came. ``sent_tokens``: of the messages, estimated, for where nobody counted."""
        usage = self.usage or Usage()
        # What some count before the end (Anthropic: one token, before the first word) is not what came.
        cut = self.output and self.finish is None
        counted = usage.input is not None and usage.output is not None and not cut
        text, thinking = self.text, "".join(self._thinking)
        if not counted:
            answered = estimate(text) + estimate(thinking) + sum(estimate(c["arguments"]) for c in self._calls.values())
            usage = replace(
                usage,
                input=sent_tokens if usage.input is None else usage.input,
                output=max(answered, usage.output or 0) if cut or usage.output is None else usage.output,
            )
        return replace(
            record,
            model=self.answering.model or record.model,
            request_id=self.answering.request_id or record.request_id,
            answer=text,
            thinking=thinking,
            tool_calls=tuple(dict(self._calls[index]) for index in sorted(self._calls)),
            media=tuple(self._media),
            finish=self.finish.reason if self.finish else "",
            input_tokens=usage.input,
            output_tokens=usage.output,
            cached_tokens=usage.cached,
            tokens_estimated=not counted,
            cost=price.of(usage) if price else None,
            price_date=price.date if price else "",
        )


def _counted(usage: Usage) -> Usage:
    """What can be a count of tokens; the rest nobody counted. A negative one would earn money."""
    return Usage(*(_count(value) for value in (usage.input, usage.output, usage.cached, usage.thinking)))


def _count(value: Any) -> int | None:
    """Some gateways write a count as ``12.0``."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_TOKENS:
        return None
    return int(value)


def _newer(old: Usage | None, new: Usage) -> Usage:
    """A later count replaces an earlier one, where it says anything."""
    if old is None:
        return new
    return Usage(
        old.input if new.input is None else new.input,
        old.output if new.output is None else new.output,
        old.cached if new.cached is None else new.cached,
        old.thinking if new.thinking is None else new.thinking,
    )


def _usage_data(usage: Usage) -> dict[str, Any]:
    return {"input": usage.input, "output": usage.output, "cached": usage.cached, "thinking": usage.thinking}
