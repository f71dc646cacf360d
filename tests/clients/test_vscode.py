"""What the extension for VS Code carries fits the server and itself."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import promptls
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
    for language in contributes["languages"]:
        places += [language["configuration"], language["icon"]["light"], language["icon"]["dark"]]
    assert [path for path in [*places, MANIFEST["icon"]] if not (CLIENT / path).exists()] == []


def test_every_command_of_the_manifest_is_registered_and_the_reverse() -> None:
    source = (CLIENT / "src" / "commands.ts").read_text(encoding="utf-8")
    block = source[source.index("const started:") : source.index("for (const [name, start]")]
    registered = set(re.findall(r"^    (\w+): ", block, re.MULTILINE))
    assert registered == {each["command"].removeprefix("promptls.ui.") for each in MANIFEST["contributes"]["commands"]}


def expanded(snippet: dict[str, Any]) -> str:
    """What stands there when a person takes every default and every first choice."""
    text = "\n".join(snippet["body"])
    text = re.sub(r"\$\{(\d+)\|([^,|]*)[^|]*\|\}", r"${\1:\2}", text)
    values: dict[str, str] = {}
    while found := re.search(r"\$\{(\d+):((?:[^${}]|\{\{[^$]*?\}\})*)\}", text):
        values[found[1]] = found[2]
        text = text[: found.start()] + found[2] + text[found.end() :]
    # Where the cursor is left, a person types.
    return re.sub(r"\$\{?(\d+)\}?", lambda place: values.get(place[1], "Hello"), text)


SNIPPETS = [
    (each["language"], name, snippet)
    for each in MANIFEST["contributes"]["snippets"]
    for name, snippet in json.loads((CLIENT / each["path"]).read_text(encoding="utf-8")).items()
]


@pytest.mark.parametrize(("language", "name", "snippet"), SNIPPETS, ids=[f"{one[0]}: {one[1]}" for one in SNIPPETS])
def test_what_a_snippet_inserts_has_no_findings(
    language: str, name: str, snippet: dict[str, Any], tmp_path: Path
) -> None:
    text = expanded(snippet)
    assert "$" not in text
    if language == "prompty" and not text.startswith("---"):
        before = "user:\nHello\n" * text.startswith("assistant")
        text = f"---\nname: draft\n---\n{before}{text}"
    file = tmp_path / {"prompty": "draft.prompty", "dotprompt": "draft.prompt"}[language]
    file.write_text(text + "\n", encoding="utf-8")
    assert promptls.check(file) == []


def test_the_first_prompt_has_no_findings() -> None:
    assert promptls.check(CLIENT / "media" / "first.prompty") == []


def test_it_runs_where_the_files_are() -> None:
    """In a remote window the server is started on the other machine, beside the files."""
    assert MANIFEST["extensionKind"] == ["workspace"]


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in (CLIENT / "package-lock.json").read_text(encoding="utf-8")
