"""Writes prompty_messages.json: digests of the messages that Prompty's own loaders make of the shared corpus.

Made like prompty_accepted.json (see accepted.py), with the same two environments:

    python tests/oracles/messages.py ../shared /tmp/v1/bin/python /tmp/v2/bin/python \\
        > tests/oracles/prompty_messages.json

Per file and loader: the digest of its messages with the file's own sample (v1) or default values (v2), or null where
the loader refuses. Digests, because the texts are other people's. What is no text (images, marks of threads) counts
as ``<other>``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ENVIRONMENT = re.compile(r"\$\{env:(\w+)", re.IGNORECASE)
OTHER = "<other>"
MARK = re.compile(r"__PROMPTY_THREAD_[0-9a-f]{8}_\w+?__")


def digest(messages: Iterable[tuple[str, list[str]]]) -> str:
    """Of ``(role, parts)``; each part its text, or ``<other>``."""
    told = [[role, [MARK.sub(OTHER, part) for part in parts]] for role, parts in messages]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def main(arguments: list[str]) -> int:
    match arguments:
        case ["--ask", version, shared]:
            return ask(version, Path(shared))
        case [shared, v1, v2]:
            table: dict[str, dict[str, str | None]] = {}
            for version, python in (("v1", v1), ("v2", v2)):
                command = [python, __file__, "--ask", version, str(Path(shared).resolve())]
                done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
                for file, found in json.loads(done.stdout.splitlines()[-1]).items():
                    table.setdefault(file, {})[version] = found
            print(json.dumps(table, indent=1, ensure_ascii=False))
            return 0
    print(__doc__, file=sys.stderr)
    return 2


def ask(version: str, shared: Path) -> int:
    """Runs inside the environment that has the loader."""
    warnings.simplefilter("ignore")
    answers: dict[str, str | None] = {}
    files = sorted((shared / "corpus").rglob("*.prompty"))
    for path in (*files, *shared.rglob("prompty.json")):  # v1 adds the nearest one to the file's own configuration
        for name in ENVIRONMENT.findall(path.read_text("utf-8", "replace")):
            os.environ.setdefault(name, "https://example.openai.azure.com")
    for path in files:
        try:
            messages = (_v1 if version == "v1" else _v2)(str(path))
        except Exception:
            messages = None
        answers[path.relative_to(shared).as_posix()] = None if messages is None else digest(messages)
    print(json.dumps(answers))
    return 0


def _v1(path: str) -> list[tuple[str, list[str]]] | None:
    import prompty  # type: ignore[import-not-found,unused-ignore]

    made: Any = prompty.prepare(prompty.load(path))
    # A completion is one text, not messages.
    return [(each["role"], _parts(each["content"])) for each in made] if isinstance(made, list) else None


def _parts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [part["text"] if part["type"] == "text" else OTHER for part in content]


def _v2(path: str) -> list[tuple[str, list[str]]]:
    import prompty  # type: ignore[import-not-found,unused-ignore]

    agent: Any = prompty.load(path, trusted_endpoints=["*"])
    values = {item.name: item.default for item in agent.inputs or [] if item.default is not None}
    made = prompty.prepare(agent, values)
    return [(message.role, [getattr(part, "value", OTHER) for part in message.parts]) for message in made]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
