"""What people write for a type of Picoschema, and how Picoschema writes it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

_OTHER_WORDS = {
    "str": "string",
    "text": "string",
    "char": "string",
    "date": "string",
    "datetime": "string",
    "url": "string",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bool": "boolean",
    "none": "null",
    "undefined": "null",
    "list": "array",
    "dict": "object",
    "map": "object",
    "unknown": "any",
    "choice": "enum",
}
_LIST = re.compile(r"(.+?)\s*\[\s*\]\Z", re.DOTALL)
_GENERIC = re.compile(r"(?i)(?:array|list|sequence)\s*[<\[(]\s*([\w.-]+)\s*[>\])]\Z")


def written_otherwise(word: str, known: Sequence[str]) -> tuple[str, str]:
    """What to say to a word that is none of ``known``, and the word to put there where that is all; both empty
    where nothing is plain."""
    listed = _LIST.match(word) or _GENERIC.match(word)
    if listed:
        inner = listed[1].strip()
        inner = inner if re.fullmatch(r"[\w.-]+", inner) else "…"
        return f"a list is written at the name, `name(array): {inner}`", ""
    if "|" in word or word[:1] in "\"'":
        return "a choice of values is written `name(enum): [ONE, OTHER]`, and what may be absent `name?: …`", ""
    if word in ("array", "list", "object", "dict", "map") and "string" in known:
        kind = _OTHER_WORDS.get(word, word)
        return f"it is written at the name, `name({kind}): …`", ""
    near = _OTHER_WORDS.get(word.lower(), "")
    if near not in known:
        near = next(iter(difflib.get_close_matches(word.strip().lower(), known, 1, 0.7)), "")
    return (f"did you mean `{near}`?", near) if near else ("", "")
