"""Reads a file that is to be checked, or says in one line why it cannot be."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

from promptls.text import Text
from promptls.workspace.disk import SYNTAX_LIMIT

_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class UnreadableError(Exception):
    """The message is one line for a person, without the path. ``too_large``: it could be read, but is not.
    ``folder``: a folder that nobody may look into, which may hold no prompt at all."""

    def __init__(self, message: str, *, too_large: bool = False, folder: bool = False) -> None:
        super().__init__(message)
        self.too_large = too_large
        self.folder = folder


def read_source(path: Path) -> Text:
    """The text of a regular UTF-8 file with its line ends and byte order mark as they are. Raises UnreadableError."""
    if any("\ud800" <= character <= "\udfff" for character in str(path)):
        raise UnreadableError("the name of this file is not UTF-8, so no URI can name it; rename it")
    try:
        status = path.stat()
    except FileNotFoundError:
        raise UnreadableError(_absent(path)) from None
    except OSError as error:
        raise UnreadableError(_refused(error)) from None
    if stat.S_ISDIR(status.st_mode):
        raise _folder(path)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("this is not a regular file, so it is not opened")
    if status.st_size > SYNTAX_LIMIT:
        size, most = f"{status.st_size / 1e6:.1f}", f"{SYNTAX_LIMIT / 1e6:g}"
        raise UnreadableError(f"this file has {size} MB; files of up to {most} MB are checked", too_large=True)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableError(_refused(error)) from None
    return Text(_decode(data))


def _decode(data: bytes) -> str:
    for mark, name in _OTHER_ENCODINGS:
        if data.startswith(mark):
            raise UnreadableError(f"this file is {name}; save it as UTF-8")
    zero = data.find(b"\0", 0, 8192)
    if zero >= 0:
        line = data.count(b"\n", 0, zero) + 1
        raise UnreadableError(f"this is a binary file, not text (byte 0x00 in line {line})")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"this file is not UTF-8 (byte 0x{data[error.start]:02x} in line {line})") from None


def _absent(path: Path) -> str:
    if path.is_symlink():
        return f"this link leads to {os.readlink(path)}, which does not exist"
    return "this file is gone"


def _folder(path: Path) -> UnreadableError:
    try:
        with os.scandir(path):
            return UnreadableError("this is a folder, not a file")
    except OSError as error:
        return UnreadableError(_refused(error, "folder"), folder=True)


def _refused(error: OSError, what: str = "file") -> str:
    if isinstance(error, PermissionError):
        return f"this {what} cannot be read: permission denied"
    return f"this {what} cannot be read: {(error.strerror or type(error).__name__).lower()}"
