"""Whether providers answer, by the call that lists their models: all of them at once, each within seconds."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from promptls.providers.event import Failure
from promptls.providers.failures import failure_of
from promptls.providers.key_command import KeyCommandError
from promptls.providers.request import Endpoint, UnsupportedError
from promptls.providers.secret import Secret
from promptls.providers.transport import Transport, TransportError
from promptls.providers.wire import ModelInfo, wire_of

_PATIENCE: Final = 10.0
"""Seconds without a byte: nobody waits longer for a list."""


class Asked(NamedTuple):
    """``secret``: gives the key when it is needed; it may raise KeyCommandError."""

    endpoint: Endpoint
    secret: Callable[[], Secret | None]


class Reached(NamedTuple):
    """``seconds``: from the request to the end of the answer. ``failure``: why there is no list of models."""

    models: tuple[ModelInfo, ...] = ()
    seconds: float = 0.0
    failure: Failure | None = None


def reach(
    asked: Sequence[Asked], *, environment: Mapping[str, str] | None = None, offline: bool = False
) -> list[Reached]:
    """What each answers, in the same order. Consent is the caller's business. Not to be called from an event loop."""

    async def work() -> list[Reached]:
        transport = Transport(environment=environment, offline=offline)
        try:
            return list(await asyncio.gather(*(_one(transport, each) for each in asked)))
        finally:
            await transport.aclose()

    return asyncio.run(work())


async def _one(transport: Transport, asked: Asked) -> Reached:
    endpoint = replace(asked.endpoint, timeout=min(asked.endpoint.timeout, _PATIENCE))
    began = time.monotonic()
    try:
        wire = wire_of(endpoint.wire)
        http = wire.list_models(endpoint)
        secret = await asyncio.to_thread(asked.secret)
        began = time.monotonic()
        async with transport.open(http, endpoint, secret) as answer:
            body = await answer.read()
            if not 200 <= answer.status < 300:
                return Reached(failure=failure_of(answer.status, answer.headers, body, endpoint))
    except (KeyError, UnsupportedError):
        return Reached(failure=Failure("unsupported", "it has no list of models to ask for"))
    except KeyCommandError as error:
        return Reached(failure=Failure("no-key", str(error)))
    except TransportError as error:
        return Reached(failure=error.failure)
    data = _parsed(body)
    models = wire.read_models(data) if data is not None else ()
    if data is None:
        said = f"what answers at {endpoint.base_url} is no model service; check its address"
        return Reached(failure=Failure("malformed", said))
    return Reached(models, time.monotonic() - began)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
