"""What is wrong in the user's own configuration, which no editor shows: `promptls.yaml`'s rules see projects' files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from promptls.syntax.yaml import parse_yaml
from promptls.text import Text
from promptls.workspace.places import user_file

if TYPE_CHECKING:
    from promptls.schema.validate import Violation

_LARGEST: Final = 1_000_000
_TOLD: Final = ("unknown-key", "wrong-type", "invalid-value")
_MOST: Final = 5


def own_problems(environment: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each key or value of the user's own file that does nothing, with its place. Never raises.

    A file that cannot be read at all is told by who would send something: nothing is sent then.
    """
    path = user_file(environment)
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ()
        text = Text(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError):
        return ()
    tree = parse_yaml(text.value)
    if tree.root is None or tree.problems:
        return ()
    from promptls.schema.validate import violations

    found = [each for each in violations("promptls", tree) if each.kind in _TOLD]
    return tuple(f"{path}, line {text.line_at(each.span.start) + 1}: {_sentence(each)}" for each in found[:_MOST])


def _sentence(violation: Violation) -> str:
    """Never a value: it goes to logs and bug reports, and may be a key that somebody wrote there."""
    if violation.kind == "unknown-key":
        return violation.message if violation.message.endswith("?") else f"{violation.message}."
    return f"`{'.'.join(map(str, violation.path))}` has a value that it cannot have."
