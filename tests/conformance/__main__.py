"""``python -m tests.conformance FORMAT DIR``: runs a format's official vectors and says which fail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conformance import dotprompt, prompty

RUNNERS: dict[str, Callable[[Path], Iterator[tuple[str, str | None]]]] = {
    "dotprompt": dotprompt.run,
    "prompty": prompty.run,
}
NEEDED = {"dotprompt": "*.yaml", "prompty": "vectors.json"}
"""The files that are looked for."""
KNOWN_FAILURES: dict[str, str] = {}
"""``operation/name`` of a vector that we do not follow, and why. At most three."""


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in RUNNERS:
        print(f"usage: python -m tests.conformance {{{','.join(RUNNERS)}}} DIR", file=sys.stderr)
        return 2
    form, folder = arguments[0], Path(arguments[1])
    if not any(folder.rglob(NEEDED[form])):
        print(f"there is no {NEEDED[form]} in {folder}", file=sys.stderr)
        return 2
    passed = failed = 0
    for name, wrong in RUNNERS[form](folder):
        if wrong is None:
            passed += 1
            continue
        failed += 1
        print(f"FAILED {name}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
