"""What files hold, short enough for a card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from promptls.text.markdown import code

_SPACE = re.compile(r"\s+")
LONGEST = 80
"""Characters of a value that are shown."""


def value(data: Any, longest: int = LONGEST) -> str:
    """A value that a file holds, as JSON in a code span, cut when it is long."""
    return code(short(literal(data), longest))


def literal(data: Any) -> str:
    """A value as people write it in a prompt file's header, on one line."""
    data = _pruned(data)
    try:
        return json.dumps(data, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return str(type(data).__name__)


def short(text: str, longest: int = LONGEST) -> str:
    """One line of at most ``longest`` characters."""
    text = _SPACE.sub(" ", text[: longest * 4]).strip()
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def paragraphs(*parts: str) -> str:
    """Blocks of Markdown, empty ones left out."""
    return "\n\n".join(part for part in parts if part)


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines if line)


def _pruned(data: Any, depth: int = 0) -> Any:
    """Enough of a value to fill a line: a sample may be large, and shared (aliases) many times over."""
    if isinstance(data, dict):
        if depth > 2:
            return "…"
        return {str(key): _pruned(item, depth + 1) for key, item in list(data.items())[:12]}
    if isinstance(data, list | tuple):
        if depth > 2:
            return "…"
        return [_pruned(item, depth + 1) for item in list(data)[:12]]
    return data[: LONGEST * 4] if isinstance(data, str) else data
