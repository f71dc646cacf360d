"""VS Code as a newcomer meets it: the first steps, windows without a folder, which server is started, and where from.

What is done is in `clients/vscode/test`: `host/elsewhere.cjs` and `host/discovery.cjs` run in the extension host,
`first-days.cjs` in a browser, `install.cjs` in plain Node.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.editors.vscode import CLIENT, PINNED, Installation, add, installed, node, serving, workspace

pytestmark = PINNED.needed
TESTS = CLIENT / "test"
GREET = """---
name: greet
inputs:
  name: {kind: string, default: Ada}
---
user:
Greet {{ name }}
"""
ELSEWHERE = (
    "a new buffer whose language is Prompty is checked, completed, previewed and run",
    "a new buffer that becomes a Prompty file by its language is served from then on",
    "the version that git holds is shown beside the file, and only the file is checked",
    "what is commented out is a remark of the header or of the template, which no model gets",
)
TRUSTED = (
    "first the one that the setting names",
    "restarted while it restarts: one after the other, and it runs in the end",
    "a program that ends at once is told of, one that never answers ends, and the next setting counts",
    "then the workspace's, the selected Python's, the one on the path, at last the extension's own",
)
UNTRUSTED = "not trusted: nothing of the workspace is started, nor what it sets"
IN_THE_WINDOW = (
    "the first steps open by themselves",
    "a rival is told of once, in one window",
    "their buttons open an example, preview it and run it",
    "a file in a window without a folder is previewed and run",
    "a preview is there again after a reload, and follows the typing",
    "a preview that was closed is opened again",
    "two windows on one folder",
    "the palette offers what works where it is opened",
    "the panel has one button for each thing",
)
INSTALLED = (
    "a step that fails once is tried once more",
    "a step that fails twice is told of, and leaves nothing behind",
    "a second window waits for the first, and installs nothing",
    "what a window left that was ended half way is made anew, without waiting long",
    "a server of another build goes when this one is there",
    "a Python that makes no environments: one sentence",
    "a Python that is too old: one sentence",
    "on Windows a server is Scripts\\promptls.exe",
    "on Windows it is found in the workspace, beside conda's python.exe, on the path",
)
PYTHON = """exports.activate = () => ({
  environments: {
    getActiveEnvironmentPath: () => ({ path: process.env.PROMPTLS_TEST_SELECTED }),
    resolveEnvironment: async ({ path }) => ({ executable: { uri: require("vscode").Uri.file(`${path}/bin/python`) } }),
  },
});
"""


def dummy(one: Installation, identifier: str, main: str = "", **manifest: Any) -> None:
    """Installs an extension of that id, with this program."""
    publisher, _, name = identifier.partition(".")
    about = {"name": name, "publisher": publisher, "version": "9.9.9", "engines": {"vscode": "^1.91.0"}, **manifest}
    if main:
        about = {"main": "./main.js", "activationEvents": ["*"], **about}
    made = one.folder / f"{identifier}.vsix"
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("extension/package.json", json.dumps(about))
        packed.writestr("extension/main.js", main)
    add(one, made)


def set_there(one: Installation, **settings: Any) -> None:
    file = one.data / "User" / "settings.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | settings), encoding="utf-8")


def server(program: Path, mark: Path | None = None) -> Path:
    """A program that serves; it leaves a mark where one is wanted."""
    program.parent.mkdir(parents=True, exist_ok=True)
    lines = ["#!/bin/sh", *([f"touch '{mark}'"] if mark else [])]
    program.write_text("\n".join([*lines, f'exec "{sys.executable}" -m promptls "$@"', ""]), encoding="utf-8")
    program.chmod(0o755)
    return program


def in_the_host(one: Installation, place: Path, suite: str, *more: str) -> dict[str, Any]:
    with serving(one, *more) as port:
        script = [TESTS / "host.cjs", port, place, TESTS / "empty", TESTS / "host" / f"{suite}.index.cjs"]
        return node(one, *map(str, script), timeout=550)


def told(all_told: dict[str, Any], name: str) -> None:
    assert name in all_told, all_told[""]["error"]
    assert all_told[name]["ok"], all_told[name]["error"]


@pytest.fixture(scope="module")
def elsewhere(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    one = installed(PINNED, vsix, tmp_path_factory.mktemp("elsewhere"))
    set_there(one, **{"git.enabled": True})
    place = workspace(one.folder, {"greet.prompty": GREET.replace("{{ name }}", "{{ nmae }}")})
    person = ["-c", "user.name=t", "-c", "user.email=t@t"]
    for words in (["init", "-q"], ["add", "."], [*person, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *words], cwd=place, check=True, capture_output=True)
    (place / "greet.prompty").write_text(GREET, encoding="utf-8")
    return in_the_host(one, place, "elsewhere", "--disable-workspace-trust")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_elsewhere(elsewhere: dict[str, Any], name: str) -> None:
    told(elsewhere, name)


@pytest.fixture(scope="module")
def with_servers(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path]:
    """Servers wherever one may be found, and the Python extension, or what says it is."""
    folder = tmp_path_factory.mktemp("discovery")
    places = {"SELECTED": folder / "selected", "ON_PATH": folder / "path", "SET": folder / "set" / "my promptls"}
    one = installed(PINNED, vsix, folder, **{f"PROMPTLS_TEST_{name}": str(path) for name, path in places.items()})
    # VS Code asks the person's login shell for the path.
    (folder / ".profile").write_text(f'export PATH="{places["ON_PATH"]}:$PATH"\n', encoding="utf-8")
    dummy(one, "ms-python.python", PYTHON)
    server(places["SELECTED"] / "bin" / "promptls")
    server(places["ON_PATH"] / "promptls")
    server(places["SET"])
    place = workspace(folder, {"greet.prompty": GREET})
    server(place / ".venv" / "bin" / "promptls", mark=place / "started")
    settings = {"promptls.command": [str(place / ".venv" / "bin" / "promptls")], "promptls.python": "./python"}
    (place / ".vscode").mkdir()
    (place / ".vscode" / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    return one, place


def test_of_a_workspace_that_nobody_trusts_nothing_is_started(with_servers: tuple[Installation, Path]) -> None:
    one, place = with_servers
    told(in_the_host(one, place, "discovery"), UNTRUSTED)
    assert not (place / "started").exists()


def test_which_server_is_started(with_servers: tuple[Installation, Path]) -> None:
    one, place = with_servers
    shutil.rmtree(place / ".vscode")
    server(one.folder / "selected" / "bin" / "promptls")
    found = in_the_host(one, place, "discovery", "--disable-workspace-trust")
    for name in TRUSTED:
        told(found, name)


@pytest.fixture(scope="module")
def in_the_window(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    one = installed(PINNED, vsix, tmp_path_factory.mktemp("first days"))
    set_there(one, **{"workbench.welcomePage.walkthroughs.openOnInstall": True})
    dummy(one, "ms-toolsai.prompty", displayName="Prompty")
    place = workspace(one.folder, {"greet.prompty": GREET, "notes.md": "# Notes\n"})
    alone = one.folder / "alone.prompty"
    alone.write_text(GREET.replace("Ada", "Eve"), encoding="utf-8")
    with serving(one, "--disable-workspace-trust") as port:
        script = [TESTS / "first-days.cjs", port, place, alone, one.shots]
        return node(one, *map(str, script), timeout=600)


@pytest.mark.parametrize("name", IN_THE_WINDOW)
def test_in_the_window(in_the_window: dict[str, Any], name: str) -> None:
    told(in_the_window, name)


@pytest.fixture(scope="module")
def in_node(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """`vsix`: what is needed to build it is what this runs with."""
    folder = tmp_path_factory.mktemp("node")
    one = Installation(PINNED, folder, folder, folder, dict(os.environ))
    return node(one, str(TESTS / "install.cjs"), timeout=300)


@pytest.mark.parametrize("name", INSTALLED)
def test_finding_and_installing_a_server(in_node: dict[str, Any], name: str) -> None:
    told(in_node, name)


def test_what_is_packed(vsix: Path) -> None:
    """What the manifest names, the program in one file, the server's wheel: no source, no test, no other package."""
    manifest = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
    contributes = manifest["contributes"]
    named = {each["path"] for kind in ("grammars", "snippets") for each in contributes[kind]}
    named |= {each["configuration"] for each in contributes["languages"]}
    named |= {path for each in contributes["languages"] for path in each["icon"].values()}
    named |= {f"./{step['media']['markdown']}" for step in contributes["walkthroughs"][0]["steps"]}
    wheel = f"./server/promptls-{manifest['version']}-py3-none-any.whl"
    own = {manifest["main"], f"./{manifest['icon']}", "./server/requirements.txt", wheel, "./media/first.prompty"}
    plain = {"./package.json", "./readme.md", "./changelog.md", "./LICENSE.txt", "./icons/prompt.svg"}
    with zipfile.ZipFile(vsix) as packed:
        inside = {f"./{name.removeprefix('extension/')}" for name in packed.namelist() if name.startswith("extension/")}
    assert inside == named | own | plain
    assert vsix.stat().st_size < 1_000_000
