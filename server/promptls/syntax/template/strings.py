"""What a string in a tag says, without its quotes and escapes. Shared by all dialects."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\r\n|.))", re.DOTALL)
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "\n": "",
    "\r\n": "",
}
_KNOWN_ESCAPES = frozenset("\\'\"")


def unquote(written: str) -> str:
    """The value of a string token; escapes that Python does not know stay as they are."""
    inner = written[1:-1] if len(written) > 1 and written[-1] == written[0] else written[1:]
    return _ESCAPE.sub(_unescape, inner) if "\\" in inner else inner


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else found[0]
    if found[4] in _KNOWN_ESCAPES:
        return str(found[4])
    return _ESCAPES.get(found[4], found[0])
