"""Files that a command writes: what the ending of a name asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from promptls.actions.error import ActionError


def form_for(path: Path | None, form: str | None, endings: Mapping[str, str], usual: str) -> str:
    """What ``form`` says, else the ending of the file; ``usual`` where there is none. Raises ActionError."""
    ending = path.suffix.lower() if path is not None else ""
    if form is None and ending and ending not in endings:
        known = ", ".join(endings)
        raise ActionError(
            f"{path}: promptls writes no `{ending}` here; the endings that it knows are {known}", usage=True
        )
    return form or endings.get(ending, usual)


def write_page(path: Path, text: str) -> None:
    """Raises ActionError."""
    try:
        path.write_text(text, encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise ActionError(f"{path} cannot be written: {error.strerror}", usage=True) from None
