"""How a value is written in YAML on one line, as a person would."""

from __future__ import annotations

import json
import re
from typing import Any

from promptls.syntax.yaml_quote import quoted

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ ,.!?()'/-]*[A-Za-z0-9_.!?)]|[A-Za-z_]")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def as_yaml(value: Any, *, flow: bool = False) -> str:
    """A value on one line. What a person would write without quotes has none."""
    if isinstance(value, str):
        simple = _PLAIN.fullmatch(value) and value.lower() not in _RESERVED and "---" not in value
        return value if simple and not (flow and "," in value) else quoted(value).replace("---", r"\x2d--")
    try:
        return json.dumps(value, ensure_ascii=False).replace("---", r"\u002d--")
    except (TypeError, ValueError):
        return quoted(str(value))
