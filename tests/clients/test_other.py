"""The configurations of `clients/other` that no test runs in their editor: held to what those editors read.

What each reads is from their own sources: Helix (helix-core/src/syntax/config.rs), Zed (extension_manifest.rs), Kate's
syntax files (KSyntaxHighlighting), Sublime Text's `.sublime-syntax` and LSP 2.10's settings, Pulsar's packages.
"""

from __future__ import annotations

import json
import re
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import yaml

from promptls import formats

OTHER = Path(__file__).resolve().parents[2] / "clients" / "other"
ENDINGS = {pattern.removeprefix("*.") for pattern in formats.patterns()}
COMMAND = ["promptls", "lsp"]
HELIX_KEYS = {"name", "scope", "file-types", "roots", "language-servers", "grammar"}


def test_each_says_whether_it_was_run() -> None:
    folders = [path for path in OTHER.iterdir() if path.is_dir()]
    assert {path.name for path in folders} == {"emacs", "helix", "kate", "pulsar", "sublime", "vim", "zed"}
    for folder in folders:
        said = (folder / "README.md").read_text(encoding="utf-8")
        assert re.search(r"^Not run\b|^Run: |\(run: ", said, re.MULTILINE), folder.name


def test_helix() -> None:
    data = tomllib.loads((OTHER / "helix" / "languages.toml").read_text(encoding="utf-8"))
    server = data["language-server"]["promptls"]
    assert [server["command"], *server["args"]] == COMMAND
    found = set()
    for language in data["language"]:
        assert set(language) <= HELIX_KEYS
        assert language["language-servers"] == ["promptls"]
        for each in language["file-types"]:
            found.add(each if isinstance(each, str) else each["glob"].removeprefix("*."))
        # A language of our own is coloured by the queries of the grammar that it borrows.
        queries = OTHER / "helix" / "runtime" / "queries" / language["name"]
        if "grammar" in language:
            assert f"; inherits: {language['grammar']}\n" == (queries / "highlights.scm").read_text(encoding="utf-8")
    # Helix puts `*/` before a glob that does not begin with it.
    assert found == ENDINGS | {*formats.paths()}


def test_zed() -> None:
    folder = OTHER / "zed"
    extension = tomllib.loads((folder / "extension.toml").read_text(encoding="utf-8"))
    configs = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("languages/*/config.toml"))
    ]
    assert extension["schema_version"] == 1
    assert set(extension["language_servers"]["promptls"]["languages"]) == {config["name"] for config in configs}
    own = {ending for one in formats.languages() if not one.builtin for ending in one.patterns}
    assert {f"*.{suffix}" for config in configs for suffix in config["path_suffixes"]} == own
    cargo = tomllib.loads((folder / "Cargo.toml").read_text(encoding="utf-8"))
    assert cargo["lib"]["crate-type"] == ["cdylib"]


def test_kate() -> None:
    folder = OTHER / "kate"
    root = ElementTree.parse(folder / "prompt.xml").getroot()
    settings = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    (server,) = settings["servers"].values()
    assert server["command"] == COMMAND
    assert re.search(server["highlightingModeRegex"], root.attrib["name"])
    assert set(root.attrib["extensions"].split(";")) == set(formats.patterns())
    contexts = {context.attrib["name"] for context in root.iter("context")}
    styles = {style.attrib["name"] for style in root.iter("itemData")}
    for rule in root.iter("RegExpr"):
        re.compile(rule.attrib["String"])
        assert rule.attrib["attribute"] in styles
        target = rule.attrib["context"].removeprefix("#pop").removeprefix("!")
        assert target in ("", "#stay", *contexts)


def test_sublime() -> None:
    folder = OTHER / "sublime"
    text = (folder / "Prompt.sublime-syntax").read_text(encoding="utf-8")
    assert text.startswith("%YAML 1.2\n---\n")
    syntax = yaml.safe_load(text.split("---\n", 1)[1])
    settings = json.loads((folder / "LanguageServers.sublime-settings").read_text(encoding="utf-8"))
    client = settings["promptls"]
    assert client["command"] == COMMAND
    assert client["selector"] == syntax["scope"]
    assert set(syntax["file_extensions"]) == ENDINGS
    assert set(syntax["contexts"]) == {"main", "body"}
    for rules in syntax["contexts"].values():
        assert all(re.compile(rule["match"]) for rule in rules)


def test_pulsar() -> None:
    folder = OTHER / "pulsar"
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    grammar = json.loads((folder / "grammars" / "prompt.json").read_text(encoding="utf-8"))
    main = (folder / f"{package['main']}.js").read_text(encoding="utf-8")
    assert f"'{grammar['scopeName']}'" in main
    assert set(grammar["fileTypes"]) == ENDINGS
    assert package["enhancedScopes"] == [grammar["scopeName"]]
    for version in package["dependencies"].values():
        assert re.fullmatch(r"[\d.]+", version)
