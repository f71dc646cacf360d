"""Whether a `*.run.md` is a result: people have files of that name, too."""

from __future__ import annotations

import re

from promptls.formats.result.layout import ENDING, FOLDER
from promptls.prompt.model import Recognised

KEY = "result"
TITLE = "Result of a run"
_LOOKED_AT = 100_000
_OWN_KEY = re.compile(r"^run:[ \t]*(?:#.*)?\r?$", re.MULTILINE)


def recognise(name: str, text: str, as_format: str | None = None) -> Recognised | None:
    if as_format == KEY:
        return Recognised(KEY, TITLE, "the configuration says so")
    path = name.replace("\\", "/")
    if not path.lower().endswith(ENDING):
        return None
    if path.rsplit("/", 2)[-2:-1] == [FOLDER]:
        return Recognised(KEY, TITLE, f"its name and the folder `{FOLDER}`")
    if text.lstrip("\ufeff").startswith("---") and _OWN_KEY.search(text, 0, _LOOKED_AT):
        return Recognised(KEY, TITLE, "its name and `run` in its header")
    return None
