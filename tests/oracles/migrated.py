"""Writes prompty_migrated.json: what Prompty's own loaders make of files before and after our migration to v2.

Tests read the JSON file, so they need neither package; they fail when a migrated text is not the one that was judged.
To renew it, make the two environments that `accepted.py` describes and run this file with the suite's Python:

    PYTHONPATH=. python tests/oracles/migrated.py ../shared /tmp/v1/bin/python /tmp/v2/bin/python \\
        > tests/oracles/prompty_migrated.json

Per file (path below the shared folder, or a name in tests/formats/migrations.py) that there is a migration for:
``text``: the digest of the migrated text; ``safe``: whether we say that the messages stay the same; ``v1``: whether
0.1.50 makes messages of the file; ``loads``: whether 2.1.0 loads the migrated text; ``equal``: whether the messages
are the same, with the file's own sample and with other values for it, or null where v1 makes none. An embedding or a
completion is one text; it counts as one message.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

from accepted import load, set_names_of


def main(arguments: list[str]) -> int:
    match arguments:
        case ["--ask", version]:
            return ask(version)
        case [shared, v1, v2]:
            with tempfile.TemporaryDirectory() as folder:
                print(json.dumps(table(Path(shared).resolve(), Path(folder).resolve(), v1, v2), indent=1))
            return 0
    print(__doc__, file=sys.stderr)
    return 2


def table(shared: Path, folder: Path, v1: str, v2: str) -> dict[str, Any]:
    from tests.formats.migrations import BROKEN, CASES

    before, after = folder / "before", folder / "after"
    shutil.copytree(shared / "corpus", before / "corpus")
    for name, text in {**CASES, **{name: text for name, (text, _) in BROKEN.items()}}.items():
        (before / name).write_bytes(text.encode())
    shutil.copytree(before, after)
    told = migrate(before, after)
    old, new = asked(v1, "v1", before, told), asked(v2, "v2", after, told)
    for file, about in told.items():
        about["v1"] = old[file]["messages"] is not None
        about["loads"] = new[file]["loads"]
        about["equal"] = old[file]["messages"] == new[file]["messages"] if about["v1"] else None
    return told


def migrate(before: Path, after: Path) -> dict[str, dict[str, Any]]:
    """Writes the migrated texts into the copy, where what they name stands beside them."""
    from tests.formats.migrating import digest, migrated

    told = {}
    for path in sorted(before.rglob("*.prompty")):
        made = migrated(path)
        if made is None:
            continue
        name = path.relative_to(before).as_posix()
        (after / name).write_bytes(made.text.encode())
        told[name] = {"text": digest(made.text), "safe": made.upgrade.keeps_messages}
    return told


def asked(python: str, version: str, root: Path, files: Any) -> dict[str, Any]:
    request = json.dumps({"root": str(root), "files": list(files)})
    done = subprocess.run(
        [python, __file__, "--ask", version], input=request, capture_output=True, text=True, check=True, cwd="/"
    )
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


def ask(version: str) -> int:
    """Runs inside the environment that has the loader."""
    warnings.simplefilter("ignore")
    os.environ["PROMPTLS_ORACLE"] = "set"
    os.environ.pop("PROMPTLS_ABSENT", None)
    request = json.loads(sys.stdin.read())
    root = Path(request["root"])
    for path in (*(root / file for file in request["files"]), *root.rglob("prompty.json")):
        if "PROMPTLS_ABSENT" not in path.read_text("utf-8", "replace"):
            set_names_of(path)
    print(json.dumps({file: answer(version, root / file) for file in request["files"]}))
    return 0


def answer(version: str, path: Path) -> dict[str, Any]:
    import prompty

    try:
        prompt = load(version, path)
    except Exception:
        return {"loads": False, "messages": None}
    try:
        own = prompt.sample if version == "v1" else defaults(prompt)
        found = [told(version, prompty.prepare(prompt, values)) for values in ({}, other(own))]
    except Exception:
        return {"loads": True, "messages": None}
    return {"loads": True, "messages": hashlib.sha256(json.dumps(found).encode()).hexdigest()[:16]}


def defaults(prompt: Any) -> dict[str, Any]:
    return {item.name: item.default for item in prompt.inputs or () if item.default is not None}


def other(sample: Any) -> dict[str, Any]:
    """Other values of the same types: texts of several lines, with what an engine might escape."""
    return {name: changed(value) for name, value in sample.items()} if isinstance(sample, dict) else {}


def changed(value: Any) -> Any:
    if isinstance(value, list):
        return [value[0], *value] if value else value
    return f'{value.strip()}, "one" & <two>\n\n  three' if isinstance(value, str) else value


def told(version: str, found: Any) -> list[Any]:
    if isinstance(found, str):
        return [["system", [found.strip()]]]
    if version == "v1":
        return [[each["role"], parts(each["content"])] for each in found]
    return [[message.role, [getattr(part, "value", str(part)) for part in message.parts]] for message in found]


def parts(content: Any) -> list[Any]:
    return [content] if isinstance(content, str) else content


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
