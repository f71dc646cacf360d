"""Where the server writes what it has to say: the log file or standard error, and the client's log.

Nothing that a person wrote goes there: no text, no values, no exception's own words, which may quote them.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

from promptls.providers.redact import RedactingFilter

ROOT: Final = "promptls"
# pygls writes whole messages at INFO and DEBUG; httpx and httpcore write URLs and headers.
_TALKATIVE: Final = ("pygls", "httpx", "httpcore")
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"

log = logging.getLogger(ROOT)


def start(log_file: str | Path | None) -> logging.Handler:
    """Write everything to the file, or only warnings to standard error, which editors take for errors."""
    handler = _file(log_file) if log_file else logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.DEBUG if isinstance(handler, logging.FileHandler) else logging.WARNING)
    handler.setFormatter(logging.Formatter(_FORMAT))
    # The last net: what is above keeps keys out, this takes out those that came through.
    handler.addFilter(RedactingFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    log.setLevel(logging.DEBUG)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


def _file(path: str | Path) -> logging.Handler:
    try:
        # It tells when somebody worked on what: nobody else on this machine has to know.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        handler = logging.StreamHandler(sys.stderr)
        handler.handle(
            logging.makeLogRecord(
                {"name": ROOT, "levelno": logging.WARNING, "msg": f"the log file cannot be written: {error.strerror}"}
            )
        )
        return handler


def where(error: BaseException) -> str:
    """The error's type and its way through the code, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames[-25:]]
    return "\n".join([type(error).__name__, *lines])


class ToClient(logging.Handler):
    """Shows the house's own records, from INFO up, in the client's log: only their first line."""

    def __init__(self, show: Callable[[int, str], None]) -> None:
        super().__init__(logging.INFO)
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == ROOT or record.name.startswith(ROOT + "."):
            self._show(record.levelno, record.getMessage().partition("\n")[0])
