"""Answers that were damaged on the way, and events put together for a look at them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from promptls.providers.event import Event, TextDelta, ThinkingDelta, ToolDelta
from promptls.providers.wire import Decoder

SEED = 20261121


def _pieces(data: bytes, chance: random.Random, most: int) -> Iterator[bytes]:
    start = 0
    while start < len(data):
        size = chance.randint(1, most)
        yield data[start : start + size]
        start += size


def _read(decoder: Decoder, pieces: Iterator[bytes] | list[bytes]) -> list[Event]:
    return [event for piece in pieces for event in decoder.feed(piece)] + decoder.end()


def nothing_raises(make: Callable[[], Decoder], data: bytes, rounds: int = 150) -> None:
    """Bytes are changed, lost and doubled: the decoder says so in events, and no cut makes a difference."""
    chance = random.Random(SEED)
    for _ in range(rounds):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(broken))
            match chance.randrange(3):
                case 0:
                    broken[at] = chance.randrange(256)
                case 1:
                    del broken[at : at + chance.randint(1, 30)]
                case _:
                    broken[at:at] = broken[at : at + chance.randint(1, 30)]
            if not broken:
                break
        whole = _read(make(), [bytes(broken)])
        assert _read(make(), _pieces(bytes(broken), chance, 50)) == whole


def joined(events: list[Event]) -> list[Event]:
    """With pieces of the same text, thought or call as one."""
    found: list[Event] = []
    for event in events:
        last = found[-1] if found else None
        if isinstance(event, TextDelta | ThinkingDelta) and type(last) is type(event):
            found[-1] = replace(event, text=last.text + event.text)
        elif isinstance(event, ToolDelta) and isinstance(last, ToolDelta) and last.index == event.index:
            found[-1] = replace(last, arguments=last.arguments + event.arguments)
        else:
            found.append(event)
    return found
