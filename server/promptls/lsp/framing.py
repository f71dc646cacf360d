"""Cuts a stream of bytes into JSON-RPC bodies, whatever the pieces it comes in, and survives what is not one."""

from __future__ import annotations

import re
from typing import Final

LIMIT: Final = 1 << 28
"""The longest body that is believed, in bytes: a larger length is a broken header, not a message."""

_HEADER_LIMIT: Final = 1 << 16
_HEADER_END: Final = re.compile(rb"\r\n\r\n|\n\n")
# Not anchored to the start of a line: after a body whose length was wrong, the next header follows its rest.
_LENGTH: Final = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class Unreadable(str):
    """Stands where a message should be, and says in a sentence why there is none."""

    __slots__ = ()


class Frames:
    """Collects bytes and gives out whole bodies. After a broken header it goes on at the next one."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None
        self._searched = 0

    def feed(self, data: bytes) -> list[bytes | Unreadable]:
        """The bodies that are complete with ``data``, in order, and what was wrong between them."""
        self._buffer += data
        found: list[bytes | Unreadable] = []
        while (one := self._next()) is not None:
            found.append(one)
        return found

    def _next(self) -> bytes | Unreadable | None:
        if self._length is None:
            return self._header()
        if len(self._buffer) < self._length:
            return None
        body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        self._length = None
        return body

    def _header(self) -> bytes | Unreadable | None:
        end = _HEADER_END.search(self._buffer, self._searched)
        if end is None:
            if len(self._buffer) > _HEADER_LIMIT:
                del self._buffer[: -_HEADER_LIMIT // 2]
            self._searched = max(0, len(self._buffer) - 3)
            return None
        header = bytes(self._buffer[: end.start()])
        del self._buffer[: end.end()]
        self._searched = 0
        lengths = _LENGTH.findall(header)
        if not lengths:
            return Unreadable("A message has no valid Content-Length header.")
        if int(lengths[-1]) > LIMIT:
            return Unreadable("A message says that it is larger than 256 MiB.")
        self._length = int(lengths[-1])
        return self._next()


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
