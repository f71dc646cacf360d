"""What the extension for VS Code carries fits the server and itself."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from promptls.lsp.settings import read_settings

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "vscode"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MANIFEST = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))


def name_of(requirement: str) -> str:
    return re.split(r"[\s<>=!~;\[]", requirement)[0].lower().replace("_", "-")


def test_the_requirements_are_the_servers_own_and_have_hashes() -> None:
    """`python clients/vscode/requirements.py` writes them."""
    text = (CLIENT / "server" / "requirements.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)(?: ;.*?)? \\$", text, re.MULTILINE))
    assert {name_of(each) for each in PROJECT["dependencies"]} <= set(pinned)
    for requirement in PROJECT["dependencies"]:
        name, exact, version = requirement.partition("==")
        assert not exact or pinned[name_of(name)] == version
    entries = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_they_are_what_the_tests_run_with() -> None:
    text = (CLIENT / "server" / "requirements.txt").read_text(encoding="utf-8")
    tested = {
        name_of(line): line.strip().partition("==")[2]
        for line in (ROOT / "tests" / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))
    assert {name: version for name, version in pinned.items() if tested.get(name, version) != version} == {}


def test_the_version_is_the_servers() -> None:
    assert MANIFEST["version"] == PROJECT["version"]


def test_every_setting_is_the_clients_own_or_known_to_the_server() -> None:
    names = [name.removeprefix("promptls.") for name in MANIFEST["contributes"]["configuration"]["properties"]]
    shown = {"diagnosticsDelay": 150, "inlayHints": True, "hostChecks": "skip"}
    defaults = {name: shown.get(name, "") for name in names}
    assert read_settings(defaults)[1] == ()


def test_what_the_manifest_names_is_there() -> None:
    contributes = MANIFEST["contributes"]
    places = [each["path"] for kind in ("grammars", "snippets") for each in contributes[kind]]
    places += [step["media"]["markdown"] for each in contributes["walkthroughs"] for step in each["steps"]]
    places += [path for language in contributes["languages"] for path in language["icon"].values()]
    assert [path for path in [*places, MANIFEST["icon"]] if not (CLIENT / path).exists()] == []


def test_every_command_of_the_manifest_is_registered_and_the_reverse() -> None:
    source = (CLIENT / "src" / "commands.ts").read_text(encoding="utf-8")
    block = source[source.index("const started:") : source.index("for (const [name, start]")]
    registered = set(re.findall(r"^    (\w+): ", block, re.MULTILINE))
    assert registered == {each["command"].removeprefix("promptls.ui.") for each in MANIFEST["contributes"]["commands"]}


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in (CLIENT / "package-lock.json").read_text(encoding="utf-8")
