"""Opening a folder that somebody sent, and looking at everything in it, starts nothing and calls nobody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_hostile_workspace import KEY, TEAM, hostile
from tests.lsp.frames import profile, server
from tests.lsp.test_menu import actions, started
from tests.lsp.test_preview import folder, reply, run
from tests.providers.serving import model_server


@pytest.mark.parametrize("case", ["a program", "an endpoint in the prompt file", "a .env with addresses and proxies"])
def test_looking_calls_nobody_and_a_run_asks_first(case: str, tmp_path: Path) -> None:
    work, touched = tmp_path / "work", tmp_path / "touched"
    work.mkdir()
    with model_server() as evil:
        for name, text in hostile(evil, touched)[case].items():
            (work / name).write_text(text, encoding="utf-8")
        environment = {
            **os.environ,
            "OPENAI_API_KEY": KEY,
            "TEAM_SECRET": TEAM,
            "PROMPTLS_STATE": str(tmp_path / "state"),
            "PROMPTLS_USER_CONFIG": str(tmp_path / "user.yaml"),
        }
        with server(str(tmp_path / "log"), env=environment) as one:
            one.start(**{**profile("neovim"), "trace": "verbose", **folder(work)})
            uri = (work / "ask.prompty").as_uri()
            text = (work / "ask.prompty").read_text(encoding="utf-8")
            one.open(uri, text)
            document = {"textDocument": {"uri": uri}}
            lenses = one.result("textDocument/codeLens", document)
            assert any(lens["command"]["title"].startswith("Run") for lens in lenses)
            for line in range(text.count("\n")):
                at = {**document, "position": {"line": line, "character": 3}}
                one.result("textDocument/hover", at)
                one.result("textDocument/completion", at)
            assert "Preview" in started(actions(one, uri, triggerKind=1))
            run(one, "promptls.preview", uri=uri)
            if not any("echo" in lens["command"]["title"] for lens in lenses):
                run(one, "promptls.run", uri=uri)
                asked = reply(one, "window/showMessageRequest", None)
                assert "Send prompts to" in asked["message"]
            assert one.stop() == 0
            said = repr(one.received) + one.errors.decode("utf-8", "replace")
        said += "".join(path.read_bytes().decode("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file())
        assert KEY not in said
        assert TEAM not in said
        assert evil.requests == []
    assert not touched.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_log_is_for_its_owner_alone(tmp_path: Path) -> None:
    with server(str(tmp_path / "log")) as one:
        one.start(**profile("neovim"))
        assert one.stop() == 0
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0
