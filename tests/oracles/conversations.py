"""Writes prompty_conversations.json: the messages that Prompty's own loaders make of every .prompty file of the corpus.

Tests read the JSON file, so they need neither package. To renew it, make the two environments that `accepted.py`
describes and run this file with any Python:

    python tests/oracles/conversations.py ../shared /tmp/v1/bin/python /tmp/v2/bin/python \\
        > tests/oracles/prompty_conversations.json

Per file (path below the shared folder, ``/``) and loader that becomes messages with the file's own values (v1: its
sample; v2: defaults, else examples): a list of ``[role, digest]``. The files are other people's, so their text is
not kept: a digest is of the message's parts, one line ``type:value`` each, an image's value left out (v1 reads the
file that it names). Marks of threads and media are left out too: they are random.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from accepted import load, prepare, set_names_of

MARK = re.compile(r"__PROMPTY_THREAD_[0-9a-f]{8}_\w+?__")


def main(arguments: list[str]) -> int:
    match arguments:
        case ["--ask", version]:
            return ask(version)
        case [shared, v1, v2]:
            root = Path(shared).resolve()
            files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.prompty"))
            answers = {
                version: answers_of(python, version, root, files) for version, python in (("v1", v1), ("v2", v2))
            }
            table = {
                file: {version: answers[version][file] for version in answers if file in answers[version]}
                for file in files
            }
            print(json.dumps({file: found for file, found in table.items() if found}, indent=1))
            return 0
    print(__doc__, file=sys.stderr)
    return 2


def answers_of(python: str, version: str, root: Path, files: list[str]) -> dict[str, Any]:
    request = json.dumps({"root": str(root), "files": files})
    done = subprocess.run(
        [python, __file__, "--ask", version], input=request, capture_output=True, text=True, check=True, cwd="/"
    )
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def ask(version: str) -> int:
    """Runs inside the environment that has the loader."""
    warnings.simplefilter("ignore")
    request = json.loads(sys.stdin.read())
    root = Path(request["root"])
    for path in (root / file for file in request["files"]):
        set_names_of(path)
    for path in root.rglob("prompty.json"):  # v1 adds the nearest one to the file's own configuration
        set_names_of(path)
    answers = {}
    for file in request["files"]:
        try:
            found = prepare(version, load(version, root / file))
        except Exception:  # accepted.py records why
            continue
        if isinstance(found, list):
            answers[file] = [[role, digest(parts)] for role, parts in map(of_v1 if version == "v1" else of_v2, found)]
    print(json.dumps(answers))
    return 0


def of_v1(message: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    content = message["content"]
    if isinstance(content, str):
        return message["role"], [("text", content)]
    return message["role"], [("text", part["text"]) if part["type"] == "text" else ("image", "") for part in content]


def of_v2(message: Any) -> tuple[str, list[tuple[str, str]]]:
    return message.role, [(part.kind, part.value if part.kind == "text" else "") for part in message.parts]


def digest(parts: list[tuple[str, str]]) -> str:
    lines = "\n".join(f"{kind}:{MARK.sub('', value)}" for kind, value in parts)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
