"""VS Code with the packaged extension: in the extension host, in its window, and on bad days.

The tests themselves are in `clients/vscode/test`: `host/suite.cjs` runs in the extension host, `ui.cjs` and `bad.cjs`
in a browser.
"""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.editors.seen import seen
from tests.editors.vscode import (
    BUILDS,
    CLIENT,
    NEWER,
    PINNED,
    Build,
    Installation,
    installed,
    model_can_run,
    node,
    serving,
    small_model,
    talking,
    workspace,
)

GREET = """---
name: greet
inputs:
  name: {kind: string, default: Ada}
  tone: {kind: string, default: friendly}
---
system:
Be kind and {{ tone }}.
user:
Hello {{ name }}
"""
FILES = {
    "samples.prompty": """---
name: cities
inputs:
  city: {kind: string}
---
user:
What is there to see in {{ city }}?
""",
    "samples.sample.yaml": "- {city: Rome}\n- {city: Oslo}\n",
    "keyed.prompty": "---\nname: keyed\nmodel: {id: fast}\n---\nuser:\nHello again\n",
    "forever.prompty": "---\nname: forever\n---\nuser:\nGo on and on\n",
    "small.prompty": """---
name: small
model: {id: smollm2, provider: embedded, options: {maxOutputTokens: 3900, temperature: 0}}
---
user:
Hello
""",
    "shape.prompty": """---
name: shape
outputs:
  city: {kind: string, required: true}
---
user:
Name a city as JSON
""",
    "prompts/plain.txt": "system:\nHi {% if x %}\n",
}
IN_THE_HOST = (
    "a prompt file has its language, and its opening starts the server",
    "findings appear, and go when the mistake goes",
    "hover, completion, symbols and lenses come from the server",
    "a quick fix changes the text",
    "the preview shows unsaved text and follows the typing",
    "a run with echo ends as a result beside the prompt",
    "a file that is in no folder is checked and previewed",
    "a killed server comes back with its findings",
    "a file that `formats:` names is served",
)
OF_ITS_OWN = {
    "review.prompt.md": "---\ndesription: Looks for mistakes\n---\nReview. See [the rules](./gone.md)\n",
    "broken.prompt.md": "---\ndescription: Review: a first look\nagent: agent\n---\nReview\n",
}
"""Files that VS Code itself checks; 1.100 does so by a parser that takes every key for a mistake."""
WITH_ITS_OWN = (
    "what VS Code finds in its own prompt files is there once",
    "its own prompt files have our fixes, and all of our findings where a person wants them",
    "what VS Code does not find in its own prompt files is told",
)
SMALL = "a run streams from the small model of this machine"
IN_THE_WINDOW: dict[str, tuple[str, ...]] = {
    "not trusted: checked, but neither previewed nor run": (),
    "trust is given, and the same window previews": (),
    "one typo, one squiggle": ("findings",),
    "hover says what is wrong": ("hover",),
    "a quick fix is applied": ("fixes",),
    "completion offers the inputs": ("completion",),
    "lenses stand above the prompt": ("lenses",),
    "the status bar opens the menu of all that can be done": ("menu",),
    "the preview shows unsaved text and follows the typing": ("preview", "preview follows typing"),
    "the preview follows the cursor, and leads back to the text": (),
    "another sample is chosen in the preview": ("samples",),
    "the preview is light where VS Code is light": (),
    "a run streams, and its result is a file": ("run", "words come as they are made"),
    "a run is stopped": ("stop",),
    SMALL: ("run", "words come as they are made"),
    "a result of the wrong shape has findings": ("findings in the result",),
    "two models are compared": ("compare",),
    "a key of the editor's store goes to its provider": ("key from the editor's store",),
    "a server that was killed comes back": ("comes back after a crash",),
    "after three crashes one sentence says what to do": (),
}
"""What is done there, and which features that shows."""
ON_BAD_DAYS = ("no Python", "offline", "no server where the setting says", "a server of another version")
OLD = "import sys, promptls; promptls.__version__ = '9.9.9'; from promptls.lsp import serve; sys.exit(serve())"
TESTS = CLIENT / "test"


class Told:
    """What the scripts say, for each build of VS Code: done once, in whatever order the tests ask."""

    def __init__(self, vsix: Path, folders: pytest.TempPathFactory) -> None:
        self._vsix, self._folders = vsix, folders
        self.installation = cache(self._installation)
        self.in_the_host = cache(self._in_the_host)
        self.in_the_window = cache(self._in_the_window)
        self.on_bad_days = cache(self._on_bad_days)

    def _installation(self, build: Build) -> Installation:
        """Both parts share it, so the server is installed once."""
        folder = self._folders.mktemp("vscode")
        more = {"PROMPTLS_TEST_SEEN": str(folder / "seen")}
        if model_can_run():
            more["PROMPTLS_DATA"] = str(small_model(self._folders.mktemp("data")))
        return installed(build, self._vsix, folder, **more)

    def _in_the_host(self, build: Build) -> dict[str, Any]:
        one = self.installation(build)
        formats = 'formats: {"prompts/**/*.txt": jinja}\n'
        place = workspace(one.folder / "host", {"greet.prompty": GREET, "promptls.yaml": formats, **FILES})
        with serving(one, "--disable-workspace-trust") as port:
            script = [TESTS / "host.cjs", port, place, TESTS / "empty", TESTS / "host" / "index.cjs"]
            return node(one, *map(str, script), timeout=550)

    def _in_the_window(self, build: Build) -> dict[str, Any]:
        one = self.installation(build)
        with talking(one.folder / "seen") as model, serving(one) as port:
            local = f"  local: {{type: openai-compatible, base_url: '{model.url}'}}"
            keyed = f"  keyed: {{type: openai, base_url: '{model.url}'}}"
            # The user's own: nobody is asked about it, as about one that the project names.
            (one.folder / "user.yaml").write_text(f"providers:\n{local}\n", encoding="utf-8")
            yaml = f"providers:\n{keyed}\naliases: {{fast: {{route: [keyed/slow]}}}}\ndefault: local/slow\n"
            files = {"greet.prompty": GREET.replace("{{ name }}", "{{ nmae }}"), "promptls.yaml": yaml, **FILES}
            place = workspace(one.folder / "window", {**files, **(OF_ITS_OWN if build == NEWER else {})})
            script = [TESTS / "ui.cjs", port, place, one.data, one.shots]
            told = node(one, *map(str, script), timeout=800)
            return {**told, "keys": {headers.get("authorization") for headers, _ in model.requests}}

    def _on_bad_days(self, build: Build) -> dict[str, Any]:
        nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
        old = json.dumps([sys.executable, "-c", OLD])
        one = installed(build, self._vsix, self._folders.mktemp("bad"), **nowhere, PROMPTLS_TEST_OLD=old)
        place = workspace(one.folder, {"greet.prompty": GREET})
        with serving(one, "--disable-workspace-trust") as port:
            script = [TESTS / "bad.cjs", port, place, one.data, one.shots]
            return node(one, *map(str, script), timeout=800)


@pytest.fixture(scope="module")
def told(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(vsix, tmp_path_factory)


def on(*builds: Build) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("build", [pytest.param(one, id=one.version, marks=one.needed) for one in builds])


def _holds(all_told: dict[str, Any], name: str) -> None:
    assert name in all_told, all_told[""]["error"]
    assert all_told[name]["ok"], all_told[name]["error"]


@on(*BUILDS)
@pytest.mark.parametrize("name", IN_THE_HOST)
def test_in_the_extension_host(told: Told, build: Build, name: str) -> None:
    _holds(told.in_the_host(build), name)


@on(*BUILDS)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=seen("VS Code", *features)) for name, features in IN_THE_WINDOW.items()]
)
def test_in_the_window(told: Told, build: Build, name: str) -> None:
    if name == SMALL and not model_can_run():
        pytest.skip("xllamacpp and gguf are installed by `make test-all`")
    _holds(told.in_the_window(build), name)


@on(NEWER)
@pytest.mark.parametrize("name", WITH_ITS_OWN)
def test_beside_the_checks_of_vscode(told: Told, build: Build, name: str) -> None:
    _holds(told.in_the_window(build), name)


@on(*BUILDS)
def test_the_key_was_sent_once_and_to_nobody_else(told: Told, build: Build) -> None:
    one = told.installation(build)
    assert told.in_the_window(build)["keys"] == {None, "Bearer from-the-store"}
    logs = [path for path in one.data.rglob("*.log") if b"from-the-store" in path.read_bytes()]
    pages = [path for path in one.folder.rglob("*.run.md") if b"from-the-store" in path.read_bytes()]
    assert logs + pages == []


@on(PINNED)
@pytest.mark.parametrize("name", ON_BAD_DAYS)
def test_on_bad_days(told: Told, build: Build, name: str) -> None:
    _holds(told.on_bad_days(build), name)
