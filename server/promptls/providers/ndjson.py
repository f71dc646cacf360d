"""One JSON value per line, or one in all, out of bytes that come in pieces of any size."""

from __future__ import annotations

from promptls.providers.sse import LIMIT, Frame, Sse, TooLongError


class Ndjson:
    """Each line is a frame. Only LF ends a line; a CR before it is a blank to JSON."""

    whole = False

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Raises TooLongError."""
        *ended, rest = data.split(b"\n")
        frames = []
        for line in ended:
            self._pieces.append(line)
            frames += self._take()
        self._pieces.append(rest)
        self._held += len(rest)
        if self._held > LIMIT:
            raise TooLongError
        return frames

    def end(self) -> list[Frame]:
        return self._take()

    def _take(self) -> list[Frame]:
        line = b"".join(self._pieces).strip()
        self._pieces, self._held = [], 0
        return [Frame("", line.decode("utf-8", "replace"))] if line else []


class Whole:
    """All bytes are one frame, at the end."""

    whole = True

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Raises TooLongError."""
        self._pieces.append(data)
        self._held += len(data)
        if self._held > LIMIT:
            raise TooLongError
        return []

    def end(self) -> list[Frame]:
        text = b"".join(self._pieces).decode("utf-8-sig", "replace").strip()
        return [Frame("", text)] if text else []


class SseOrWhole:
    """By the first character: servers send either under either content type, whatever they were asked for."""

    def __init__(self) -> None:
        self._before = b""
        self._frames: Sse | Whole | None = None

    @property
    def whole(self) -> bool:
        return isinstance(self._frames, Whole)

    def feed(self, data: bytes) -> list[Frame]:
        """Raises TooLongError."""
        if self._frames is None:
            data, self._before = self._before + data, b""
            first = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
            if not first or data in (b"\xef", b"\xef\xbb"):
                self._before = data[-4:]
                return []
            self._frames = Whole() if first in b'{["<' else Sse()
        return self._frames.feed(data)

    def end(self) -> list[Frame]:
        return self._frames.end() if self._frames else []
