"""How VS Code colours prompt files: its own engine, its own YAML and Markdown, and the grammars of the extension."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.editors.vscode import CLIENT, PINNED
from tests.shared_files import corpus, needs_shared

pytestmark = PINNED.needed
IN_SMALL = (
    "a Prompty file with Jinja",
    "a Prompty file with Mustache",
    "a Prompty file without a header",
    "a header without an end",
    "a Dotprompt file",
    "Mustache alone",
    "VS Code's own prompt file",
)


@pytest.fixture(scope="module")
def coloured(vsix: Path) -> dict[str, Any]:
    """What the script says, by the names of its tests. `vsix`: what is needed to build it is what it runs with."""
    builtin = PINNED.entry.parents[2] / "lib" / "vscode" / "extensions"
    files = [path for kind in ("prompty", "prompt", "prompt.md") for path in corpus(f"**/*.{kind}")]
    done = subprocess.run(
        [str(PINNED.node), str(CLIENT / "test" / "grammars.cjs"), str(builtin)],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        timeout=300,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told, done.stderr
    return {each["test"]: each for each in told}


@pytest.mark.parametrize("name", IN_SMALL)
def test_a_small_file(coloured: dict[str, Any], name: str) -> None:
    assert coloured[name]["ok"], coloured[name]["error"]


@needs_shared
def test_the_header_of_every_file_of_the_corpus_ends_where_it_ends(coloured: dict[str, Any]) -> None:
    assert coloured["every file of the corpus"]["ok"], coloured["every file of the corpus"]["error"]
