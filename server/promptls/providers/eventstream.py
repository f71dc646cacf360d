"""AWS's binary event stream (``application/vnd.amazon.eventstream``): length, headers, payload and two checksums.

As botocore 1.44.5 reads it (``eventstream.EventStreamBuffer``).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

LARGEST: Final = 24 * 1024 * 1024
"""Bytes of one message; botocore refuses more, too."""
_PRELUDE: Final = 12
_CHECKSUM: Final = 4
_FIXED: Final = {2: ">b", 3: ">h", 4: ">i", 5: ">q", 8: ">q", 9: "16s"}
"""Type of a header's value -> how it is packed; 0 and 1 are true and false, 6 and 7 bytes and text."""


class Frame(NamedTuple):
    headers: Mapping[str, Any]
    payload: bytes


class EventStream:
    """Takes the bytes in pieces of any size. ``broken``: why no more frames can come; empty while they can."""

    __slots__ = ("_buffer", "broken")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.broken = ""

    @property
    def pending(self) -> bool:
        """Whether a frame has begun that did not end."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        found: list[Frame] = []
        if self.broken:
            return found
        self._buffer += data
        start, size = 0, len(self._buffer)
        while not self.broken and size - start >= _PRELUDE:
            total, length, checksum = struct.unpack_from(">III", self._buffer, start)
            if zlib.crc32(self._buffer[start : start + 8]) != checksum:
                self.broken = "the checksum of a frame's lengths is wrong"
            elif not _PRELUDE + length + _CHECKSUM <= total <= LARGEST:
                self.broken = "a frame's lengths are wrong"
            elif size - start < total:
                break
            else:
                frame = _frame(bytes(self._buffer[start : start + total]), length)
                start += total
                if frame is None:
                    self.broken = "a frame's checksum or headers are wrong"
                else:
                    found.append(frame)
        del self._buffer[:start]
        return found


def _frame(message: bytes, length: int) -> Frame | None:
    (checksum,) = struct.unpack_from(">I", message, len(message) - _CHECKSUM)
    if zlib.crc32(message[:-_CHECKSUM]) != checksum:
        return None
    end = _PRELUDE + length
    try:
        headers = _headers(message[_PRELUDE:end])
    except (struct.error, IndexError, KeyError, UnicodeDecodeError):
        return None
    return Frame(headers, message[end:-_CHECKSUM])


def _headers(data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    at = 0
    while at < len(data):
        name_end = at + 1 + data[at]
        name, kind = data[at + 1 : name_end].decode(), data[name_end]
        at = name_end + 1
        if kind in (0, 1):
            found[name] = kind == 0
        elif kind in (6, 7):
            (size,) = struct.unpack_from(">H", data, at)
            value = data[at + 2 : at + 2 + size]
            at += 2 + size
            found[name] = value.decode() if kind == 7 else value
        else:
            (found[name],) = struct.unpack_from(_FIXED[kind], data, at)
            at += struct.calcsize(_FIXED[kind])
    return found
