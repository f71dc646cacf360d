"""Carries a plan out: the hops in turn, each with its retries, until one answers; the record of what came."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from promptls.prompt.tokens import estimate_message
from promptls.providers.embedded import EmbeddedError
from promptls.providers.event import Event, Failure, Finish, TextDelta, Usage
from promptls.providers.failures import failure_of
from promptls.providers.key_command import KeyCommandError
from promptls.providers.mask import SHORTEST
from promptls.providers.redact import without_known
from promptls.providers.request import Endpoint, HttpRequest, UnsupportedError
from promptls.providers.secret import Secret
from promptls.providers.transport import TransportError
from promptls.providers.wire import Decoder, wire_of
from promptls.runs import limits, retry
from promptls.runs.access import Keys, Network
from promptls.runs.breaker import FAILURES, Breakers
from promptls.runs.collect import Collected
from promptls.runs.database import DatabaseError
from promptls.runs.environment import expanded
from promptls.runs.event import RunEvent, RunRecord
from promptls.runs.history import History
from promptls.runs.plan import Hop, Plan
from promptls.runs.planning import is_echo, request_of
from promptls.runs.prices import FREE, price_at
from promptls.runs.target import needs_key

_log = logging.getLogger(__name__)
_ERROR_BODY: Final = 64 << 10
"""Bytes of an answer with an error that are read."""
_SAID_BY_SERVER: Final = ("answer", "thinking", "model", "request_id", "tool_calls", "media", "finish")
_SILENT: Final = 80 << 20
"""Bytes that may come without an event of the answer; an image is one event."""
_ECHO_PAUSE: Final = 0.004
"""Seconds between the pieces of an echo, so that one sees them come."""
_ECHO_WORDS: Final = 250
"""Pieces of an echo with a pause behind them: a long prompt need not be waited for."""
_CUT_FROM: Final = 1000
"""Tokens of a prompt below which no context is too small."""
_CUT: Final = 0.6
"""Of the tokens that are expected; with fewer than that, a part of the prompt was not read."""


@dataclass(frozen=True, slots=True)
class Means:
    """What runs are carried out with. ``history`` is None where it cannot be used: then nothing is limited."""

    network: Callable[[], Network]
    keys: Keys
    breakers: Breakers
    history: History | None
    served: Callable[[], tuple[str, Secret]]
    """Starts the model of our own where it does not run: its address and its key. It may take seconds."""
    in_background: Callable[..., asyncio.Future[Any]]
    """Runs a function that may wait (the database, a key) off the loop."""


class Execution:
    """One run. ``record`` is always what is known of it by now."""

    def __init__(self, plan: Plan, record: RunRecord, emit: Callable[[RunEvent], None], means: Means) -> None:
        self.plan = plan
        self._record = record
        self._emit = emit
        self._means = means
        self._collected = Collected()
        self._hop = plan.target.route[0]
        self._retries = 0
        self._began = time.monotonic()
        self._first: float | None = None
        self._wire = ""
        self._sent = False

    async def run(self) -> Failure | None:
        """Until the end of the answer; the failure, where there is no whole one."""
        if is_echo(self.plan.target):
            await self._echo()
            return None
        failure: Failure | None = None
        route = self.plan.target.route
        for hop in route:
            if failure is not None:
                self._retries += 1
                self._wait(f"{retry.told(failure, self._hop.name)}; now {hop.name}", 0.0)
            failure = await self._hop_with_retries(hop)
            if failure is None or self._collected.output or not retry.goes_on(failure):
                return failure
        return failure

    def record(self, status: str, failure: Failure | None = None, message: str = "") -> RunRecord:
        """The record as it is now, ended in that way."""
        hop = self._hop
        price = FREE if is_echo(self.plan.target) else price_at(hop.endpoint, hop.model)
        record = replace(
            self._record,
            status=status,
            target=_target_name(self.plan, hop),
            provider=hop.endpoint.provider,
            retries=self._retries,
            latency=time.monotonic() - self._began,
            first_token=self._first,
            wire=self._wire,
            partial=status != "finished" and self._collected.output,
            failure=failure.kind if failure else "",
            message=message,
            request_id=failure.request_id if failure else "",
        )
        if not self._sent:
            return record
        record = self._collected.onto(record, price, self._tokens)
        # A server may answer with the key that it was given.
        said = {name: _without_keys(getattr(record, name)) for name in _SAID_BY_SERVER}
        # Of an echo nobody but us counts.
        estimated = record.tokens_estimated or is_echo(self.plan.target)
        return replace(record, tokens_estimated=estimated, expected_tokens=self._cut_from(record), **said)

    def _cut_from(self, record: RunRecord) -> int | None:
        """How many tokens the prompt should have, where so few were read that it was cut. Ollama keeps half of its
        context then (ollama#17427), and estimates of text are within a few per cent; pictures count otherwise."""
        text = all(part.type == "text" for message in self.plan.messages for part in message.parts)
        if not self._hop.endpoint.quirks.get("cuts_prompt") or record.tokens_estimated or not text:
            return None
        expected = self._tokens
        return expected if expected > _CUT_FROM and 0 < (record.input_tokens or 0) < _CUT * expected else None

    @property
    def hop(self) -> Hop:
        """The one that answers, or failed last."""
        return self._hop

    @property
    def sent(self) -> bool:
        """Whether anything went to a provider, who may bill for it."""
        return self._sent and not is_echo(self.plan.target)

    @property
    def _tokens(self) -> int:
        return sum(estimate_message(message) for message in self.plan.messages)

    async def _echo(self) -> None:
        from promptls.providers.echo import echo_answer, wire_view

        self._sent = True
        shown = self.plan.target.shows
        http: HttpRequest | None = None
        endpoint = self._hop.endpoint
        if shown is not None:
            endpoint = shown.endpoint
            try:
                http = wire_of(endpoint.wire).build(request_of(self.plan, shown), endpoint)
            except UnsupportedError as error:
                self._take(TextDelta(f"{shown.name} cannot be asked this: {error}\n\n"))
            else:
                self._wire = wire_view(http, endpoint)
        for number, piece in enumerate(echo_answer(self.plan.messages, http, endpoint)):
            self._take(TextDelta(piece))
            await asyncio.sleep(_ECHO_PAUSE if number < _ECHO_WORDS else 0)
        self._take(Usage(self._tokens, 0))
        self._take(Finish("stop"))

    async def _hop_with_retries(self, hop: Hop) -> Failure | None:
        self._hop = hop
        endpoint = hop.endpoint
        tries = 0
        while True:
            failure = await self._guarded(hop, endpoint)
            if failure is None or self._collected.output:
                return failure
            if endpoint.quirks.get("include_usage", True) and retry.without_usage(failure):
                endpoint = replace(endpoint, quirks={**endpoint.quirks, "include_usage": False})
                continue
            pause = retry.wait_before(failure, tries)
            if pause is None:
                return failure
            tries += 1
            self._retries += 1
            self._wait(f"{retry.told(failure, hop.name)}; asking again in {pause:.1f} s", pause)
            await asyncio.sleep(pause)

    async def _guarded(self, hop: Hop, endpoint: Endpoint) -> Failure | None:
        """One call, if circuit breaker and limits let it through."""
        name = f"{endpoint.provider} {endpoint.base_url}"
        left = self._means.breakers.wait(name)
        if left > 0:
            return Failure(
                "breaker",
                f"{hop.endpoint.provider} failed {FAILURES} times in a row; it is asked again in {left:.0f} s",
            )
        try:
            calls = await self._hold(hop)
        except BaseException:
            self._means.breakers.told(name, "cancelled")
            raise
        failure: Failure | None = Failure("cancelled", "")
        try:
            failure = await self._call(hop, endpoint)
        finally:
            self._means.breakers.told(name, failure.kind if failure else "")
            await self._let_go(calls)
        return failure

    async def _hold(self, hop: Hop) -> tuple[int, ...]:
        history = self._means.history
        applying = limits.limits_of(self.plan.limits, hop.endpoint.provider, hop.model)
        if history is None or not applying:
            return ()
        told = ""
        while True:
            taking = self._means.in_background(limits.hold, history, applying, self._tokens)
            try:
                held = await asyncio.shield(taking)
            except asyncio.CancelledError:
                taking.add_done_callback(self._give_back)
                raise
            except DatabaseError as error:
                _log.warning("%s; the limits of %s are not kept", error, hop.endpoint.provider)
                return ()
            assert isinstance(held, limits.Held)
            if not held.wait:
                return held.calls
            if held.why != told:
                told = held.why
                self._wait(f"waiting: {held.why}", held.wait)
            await asyncio.sleep(min(held.wait, 5.0))

    def _give_back(self, done: asyncio.Future[object]) -> None:
        """What was counted for a run that was stopped meanwhile."""
        if not done.cancelled() and done.exception() is None and self._means.history is not None:
            held = done.result()
            assert isinstance(held, limits.Held)
            self._means.in_background(limits.let_go, self._means.history, held.calls, 0)

    async def _let_go(self, calls: tuple[int, ...]) -> None:
        history = self._means.history
        if history is None or not calls:
            return
        usage = self._collected.usage
        tokens = None if usage is None or usage.input is None else usage.input + (usage.output or 0)
        try:
            await asyncio.shield(self._means.in_background(limits.let_go, history, calls, tokens))
        except DatabaseError as error:
            # What came is no less an answer.
            _log.warning("%s; a call goes on counting for its limits", error)

    async def _call(self, hop: Hop, endpoint: Endpoint) -> Failure | None:
        self._collected = Collected()
        self._first = None
        secret: Secret | None = None
        if endpoint.starts:
            try:
                address, secret = await self._means.in_background(self._means.served)
            except EmbeddedError as error:
                return Failure("refused", str(error))
            endpoint = replace(endpoint, base_url=address, auth="bearer")
        request = request_of(self.plan, hop, expanded(self.plan.messages, self.plan.expands))
        wire = wire_of(endpoint.wire)
        try:
            http = wire.build(request, endpoint)
        except UnsupportedError as error:
            return Failure("unsupported", str(error), parameter=error.name)
        if endpoint.auth != "none" and secret is None:
            try:
                secret = await self._means.in_background(self._means.keys.secret, endpoint, hop.settings)
            except KeyCommandError as error:
                return Failure("no-key", str(error))
            if secret is None and needs_key(endpoint):
                source = hop.key_source or "its source"
                return Failure("no-key", f"{hop.name} needs a key, and {source} has none any more")
            if isinstance(secret, Secret) and secret.source not in ("", hop.key_source):
                # The place that was agreed to has none any more, and another has: that was not agreed to.
                said = f"the key of {hop.name} comes from {secret.source} now, which you have not agreed to"
                return Failure("consent", f"{said}; run it again to be asked")
        try:
            async with self._means.network().open(http, endpoint, secret) as answer:
                self._sent = True
                if not 200 <= answer.status < 300:
                    body = await _start_of(answer.chunks)
                    if answer.status == 401:
                        # A key command of another run may be at work, and is waited for.
                        await self._means.in_background(self._means.keys.forget, endpoint, hop.settings)
                    return failure_of(answer.status, answer.headers, body, endpoint)
                await self._decode(wire.decoder(request, answer.content_type), answer.chunks)
        except TransportError as error:
            return error.failure
        return self._collected.failure

    async def _decode(self, reader: Decoder, chunks: AsyncIterator[bytes]) -> None:
        silent = 0
        try:
            async for chunk in chunks:
                silent += len(chunk)
                for event in reader.feed(chunk):
                    silent = 0
                    self._take(event)
                if silent > _SILENT:
                    said = f"{_SILENT:,} bytes came without a word of an answer in them; no more of it was read"
                    self._take(Failure("malformed", said))
                if self._collected.failure:
                    return
        except TransportError as error:
            # What the decoder still holds may be the end of the answer: then the server only closed badly.
            for event in reader.end():
                if not isinstance(event, Failure):
                    self._take(event)
            if self._collected.finish is None:
                self._collected.failure = self._collected.failure or _cut(error.failure, self._collected.output)
            return
        for event in reader.end():
            self._take(event)

    def _take(self, event: Event) -> None:
        told = self._collected.take(self._record.id, event)
        if self._collected.output and self._first is None:
            self._first = time.monotonic() - self._began
        if told is None:
            return
        if len(told.text) >= SHORTEST or told.data:
            # Spelled another way (`\u0073k-`) it came past the transport.
            told = replace(told, text=without_known(told.text), data=_without_keys(told.data))
        self._emit(told)

    def _wait(self, sentence: str, seconds: float) -> None:
        self._emit(RunEvent(self._record.id, "waiting", sentence, {"seconds": seconds}))


def _without_keys(value: Any) -> Any:
    if isinstance(value, str):
        return without_known(value)
    if isinstance(value, Mapping):
        return {name: _without_keys(item) for name, item in value.items()}
    return tuple(map(_without_keys, value)) if isinstance(value, tuple) else value


def _target_name(plan: Plan, hop: Hop) -> str:
    """As it can be asked for again."""
    shows = plan.target.shows
    return f"{hop.name}:{shows.name}" if shows is not None and is_echo(plan.target) else hop.name


def _cut(failure: Failure, output: bool) -> Failure:
    """A connection that broke in the middle of an answer: what came is a part of it."""
    if not output or failure.kind == "timeout":
        return failure
    return replace(failure, kind="truncated", message=f"the answer broke off: {failure.message}", retryable=False)


async def _start_of(chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    try:
        async for chunk in chunks:
            body += chunk
            if len(body) >= _ERROR_BODY:
                break
    except TransportError:
        pass  # the status says enough
    return bytes(body[:_ERROR_BODY])
