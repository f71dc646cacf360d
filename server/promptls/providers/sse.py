"""Server-sent events out of bytes that come in pieces of any size.

The lines and events are httpx-sse's: U+2028 and its like end no line there, as they do in httpx's own iterator, and
the text is UTF-8 whatever the header says.
"""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

LIMIT: Final = 64 << 20
"""Characters that one line, one event or one document may have."""


class Frame(NamedTuple):
    """``event``: its name, ``message`` where it has none, empty where this is no event. ``data``: mostly JSON."""

    event: str
    data: str


class TooLongError(ValueError):
    """An answer that no memory should hold."""


class Sse:
    """What follows a line that starts like JSON is one frame, at the end: so does Gemini report an error."""

    def __init__(self) -> None:
        from httpx_sse._decoders import SSEDecoder, SSELineDecoder

        self._text = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._lines = SSELineDecoder()
        self._events = SSEDecoder()
        self._raw: list[str] = []
        self._held = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Raises TooLongError."""
        self._held += len(data)
        text = self._text.decode(data)
        frames = self._read(self._lines.decode(text)) if text else []
        if self._held > LIMIT:
            raise TooLongError
        return frames

    def end(self) -> list[Frame]:
        """An event that no empty line ended is one as well: whoever reads it sees whether it is whole."""
        text = self._text.decode(b"", final=True)
        lines = [*(self._lines.decode(text) if text else []), *self._lines.flush()]
        frames = self._read([*lines, ""])
        return [*frames, Frame("", "\n".join(self._raw).strip())] if self._raw else frames

    def _read(self, lines: list[str]) -> list[Frame]:
        frames = []
        for line in lines:
            if self._raw or line.startswith(("{", "[")):
                self._raw.append(line)
                continue
            event = self._events.decode(line)
            if event is not None and event.data:
                frames.append(Frame(event.event, event.data))
                self._held = 0
        return frames
