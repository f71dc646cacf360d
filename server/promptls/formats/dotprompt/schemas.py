"""Schemas by name: ``schema: Address`` is one of the application, or a file beside the prompt."""

from __future__ import annotations

from promptls.formats.base import OpenSibling
from promptls.formats.dotprompt.picoschema import FindSchema, Named
from promptls.syntax.yaml import parse_yaml, to_data

MOST = 100
"""Names that are looked for, of one file."""
_BESIDE = ("{}.schema.json", "{}.json", "{}.yaml", "schemas/{}.json", "schemas/{}.yaml", "../schemas/{}.json")


def finder(open_sibling: OpenSibling) -> FindSchema:
    """Looks where promptls.yaml says, then beside the file. None: nothing of that name is known."""

    known: dict[str, Named | None] = {}

    def find(name: str) -> Named | None:
        if name not in known and len(known) < MOST:
            known[name] = look(name)
        return known.get(name)

    def look(name: str) -> Named | None:
        if not name or not all(char.isalnum() or char in "_-." for char in name) or name.startswith("."):
            return None
        for path in (f"schema:{name}", *(pattern.format(name) for pattern in _BESIDE)):
            found = open_sibling(path)
            if found.text is not None:
                return Named(_read(found.text))
            if found.exists and found.uri is None:
                return Named(None)
        return None

    return find


def _read(text: str) -> dict[str, object] | None:
    tree = parse_yaml(text)
    data = None if any(problem.code == "yaml-syntax" for problem in tree.problems) else to_data(tree)
    return data if isinstance(data, dict) else None
