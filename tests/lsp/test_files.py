"""A fix in a file that may not exist: it is created by clients that can create files, and offered to no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from promptls.text.uris import path_to_uri
from tests.lsp.frames import Server, profile, server
from tests.lsp.test_documents import GOOD

TEXT = GOOD.replace("{{ name }}", "{{ name | to_xml }}")
ALL = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}


def declaring(one: Server, uri: str) -> list[Any]:
    """The edits of the actions that declare the filter in the configuration."""
    context = {"diagnostics": [], "only": ["quickfix"]}
    params = {"textDocument": {"uri": uri}, "range": ALL, "context": context}
    actions = one.result("textDocument/codeAction", params)
    return [action["edit"] for action in actions if "promptls.yaml" in action["title"]]


def written(change: Any) -> str:
    return "".join(edit["newText"] for edit in change["edits"])


@pytest.mark.parametrize("name", ["vscode", "neovim"])
def test_a_configuration_that_is_not_there_is_created(name: str, tmp_path: Path) -> None:
    uri, config = path_to_uri(str(tmp_path / "a.prompty")), path_to_uri(str(tmp_path / "promptls.yaml"))
    with server() as one:
        one.start(**profile(name), workspaceFolders=[{"uri": path_to_uri(str(tmp_path)), "name": "x"}])
        one.open(uri, TEXT)
        ((create, change),) = [edit["documentChanges"] for edit in declaring(one, uri)]
        assert create == {"kind": "create", "uri": config, "options": {"ignoreIfExists": True}}
        assert change["textDocument"] == {"uri": config, "version": None}
        assert written(change) == "templates:\n  filters: [to_xml]\n"
        assert one.stop() == 0


@pytest.mark.parametrize(("name", "there"), [("vscode", True), ("neovim", True), ("without", True), ("without", False)])
def test_a_configuration_that_is_there_is_edited(name: str, there: bool, tmp_path: Path) -> None:
    uri, config = path_to_uri(str(tmp_path / "a.prompty")), path_to_uri(str(tmp_path / "promptls.yaml"))
    client = profile("neovim" if name == "without" else name)
    if name == "without":
        client["capabilities"]["workspace"]["workspaceEdit"] = {}
    if there:
        (tmp_path / "promptls.yaml").write_text("rules: {}\n", encoding="utf-8")
    with server() as one:
        one.start(**client, workspaceFolders=[{"uri": path_to_uri(str(tmp_path)), "name": "x"}])
        one.open(uri, TEXT)
        edits = declaring(one, uri)
        assert len(edits) == there, "what cannot be created is not offered"
        for edit in edits:
            assert "create" not in str(edit)
            changes = edit.get("changes", {}) | {
                change["textDocument"]["uri"]: change["edits"] for change in edit.get("documentChanges", ())
            }
            assert list(changes) == [config]
            assert written({"edits": changes[config]}) == "templates:\n  filters: [to_xml]\n"
        assert one.stop() == 0
