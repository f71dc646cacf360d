"""What a parser or a reader stumbled over. Rules classify, word and fix problems; none is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from promptls.text import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is the code of the rule that reports it, ``kind`` the parser's own finer name.

    ``message`` is a short sentence for a person; ``data`` holds what a fix needs.
    """

    span: Span
    code: str
    message: str
    kind: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
