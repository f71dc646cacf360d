"""Writes prompty_accepted.json: what Prompty's own loaders do with every .prompty file of the shared corpus.

Tests read the JSON file, so they need neither package. To renew it, make two environments outside of the
repository, one with the last v1 loader and one with v2, and run this file with any Python:

    python3.11 -m venv /tmp/v1 && /tmp/v1/bin/pip install prompty==0.1.50 typing_extensions
    python3.11 -m venv /tmp/v2 && /tmp/v2/bin/pip install 'prompty[jinja2,mustache]==2.1.0'
    python tests/oracles/accepted.py ../shared /tmp/v1/bin/python /tmp/v2/bin/python \\
        > tests/oracles/prompty_accepted.json

Per file (path below the shared folder, ``/``) and loader (``v1``: prompty 0.1.50, ``v2``: prompty 2.1.0):
``load``: the loader takes the file; ``prepare``: with the file's own sample or default values it also becomes
messages; ``why``: the first line of what it says otherwise. Every ``${env:NAME}`` is set, and every endpoint is
trusted, so that only the file itself decides.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

ENVIRONMENT = re.compile(r"\$\{env:(\w+)", re.IGNORECASE)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["--ask", version]:
            return ask(version)
        case [shared, v1, v2]:
            files = sorted(path.relative_to(shared).as_posix() for path in Path(shared).rglob("*.prompty"))
            answers = {
                version: answers_of(python, version, shared, files) for version, python in (("v1", v1), ("v2", v2))
            }
            table = {file: {version: answers[version][file] for version in answers} for file in files}
            print(json.dumps(table, indent=1, ensure_ascii=False))
            return 0
    print(__doc__, file=sys.stderr)
    return 2


def answers_of(python: str, version: str, shared: str, files: list[str]) -> dict[str, Any]:
    """Asks one interpreter about all files, so that a loader is imported once."""
    request = json.dumps({"root": str(Path(shared).resolve()), "files": files})
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
    print(json.dumps({file: answer(version, root, root / file) for file in request["files"]}))
    return 0


def answer(version: str, root: Path, path: Path) -> dict[str, Any]:
    try:
        prompt = load(version, path)
    except Exception as error:
        return {"load": False, "prepare": False, "why": first_line(error, root)}
    try:
        prepare(version, prompt)
    except Exception as error:
        return {"load": True, "prepare": False, "why": first_line(error, root)}
    return {"load": True, "prepare": True}


def set_names_of(path: Path) -> None:
    for name in ENVIRONMENT.findall(path.read_text(encoding="utf-8", errors="replace")):
        os.environ.setdefault(name, "https://example.openai.azure.com")


def load(version: str, path: Path) -> Any:
    import prompty

    if version == "v1":
        return prompty.load(str(path))
    return prompty.load(path, trusted_endpoints=["*"])


def prepare(version: str, prompt: Any) -> Any:
    import prompty

    if version == "v1":
        return prompty.prepare(prompt)
    given = {
        item.name: item.example for item in prompt.inputs or () if item.default is None and item.example is not None
    }
    return prompty.prepare(prompt, given)


def first_line(error: Exception, root: Path) -> str:
    words = f"{type(error).__name__}: {error}".replace(root.as_posix(), "…").splitlines()
    return words[0][:200] if words else ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
