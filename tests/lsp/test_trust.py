"""An editor that says that nobody trusts the workspace: findings and hover as ever, nothing rendered or run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lsp.frames import Server, server
from tests.lsp.test_preview import TEXT, _state, folder, run

__all__ = ["_state"]


def trust(one: Server, trusted: bool) -> None:
    one.notify("workspace/didChangeConfiguration", {"settings": {"promptls": {"trusted": trusted}}})


def refused(one: Server, method: str, params: Any) -> str:
    return str(one.request(method, params)["error"]["message"])


@pytest.mark.parametrize("command", ["preview", "run", "runWith", "compare", "copyAs", "compareWithHead"])
def test_what_renders_or_runs_is_refused(tmp_path: Path, command: str) -> None:
    uri = (tmp_path / "greet.prompty").as_uri()
    with server() as one:
        one.start({}, **folder(tmp_path))
        trust(one, False)
        one.open(uri, TEXT)
        params = {"command": f"promptls.{command}", "arguments": [{"uri": uri}]}
        assert "not trusted" in refused(one, "workspace/executeCommand", params)
        assert not (tmp_path / ".promptls").exists()
        assert one.stop() == 0


def test_checking_works_and_rendering_waits_for_trust(tmp_path: Path) -> None:
    uri = (tmp_path / "greet.prompty").as_uri()
    hover = {"textDocument": {"uri": uri}, "position": {"line": 7, "character": 1}}
    preview = {"textDocument": {"uri": uri}, "format": "markdown"}
    with server() as one:
        one.start({}, **folder(tmp_path))
        trust(one, False)
        one.open(uri, TEXT.replace("{{ name }}", "{{ nmae }}"))
        assert "undefined-variable" in [finding["code"] for finding in one.findings(uri, 1)]
        assert "not trusted" in refused(one, "promptls/preview", preview)
        assert "Hello" not in str(one.result("textDocument/hover", hover))
        trust(one, True)
        assert "Hello" in one.result("promptls/preview", preview)["content"]
        assert run(one, "promptls.preview", uri=uri)["content"]
        assert one.stop() == 0
