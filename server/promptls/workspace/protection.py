"""Settings that protect somebody and that cannot be read as they are meant: a misspelt restriction must not restrict
nothing."""

from __future__ import annotations

from typing import Any, Final

from promptls.syntax.yaml_tree import YamlTree
from promptls.text import Text

_PROTECTS: Final = ("budget", "limits", "offline", "prompts")
UNTIL_MENDED: Final = "until that is mended nothing may be sent"
_KINDS: Final = ("unknown-key", "wrong-type", "invalid-value")


def misread(tree: YamlTree, data: Any, text: str) -> str:
    """What follows the name of a file in a sentence, about the first such setting; empty where all can be read.

    Never a value: somebody may have written a key there.
    """
    if not isinstance(data, dict) or not any(key in data for key in _PROTECTS):
        return ""
    from promptls.schema.validate import violations

    for one in violations("promptls", tree):
        if one.kind in _KINDS and one.path and one.path[0] in _PROTECTS:
            name, line = ".".join(map(str, one.path)), Text(text).line_at(one.span.start) + 1
            what = "which is no key" if one.kind == "unknown-key" else "with a value that it cannot have"
            return f"has `{name}` in line {line}, {what}"
    return ""
