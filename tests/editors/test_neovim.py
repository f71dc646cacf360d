"""A real Neovim without plugins: what a person sees and does there."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.editors import neovim
from tests.editors.neovim import card, finding, findings, menu, needs_neovim, own_home, wait
from tests.editors.seen import seen

pytestmark = needs_neovim
TEXT = """---
name: greet
model:
  id: gpt-4o
inputs:
  name: {kind: string}
---
user:
Hello 😀 {{ nmae | upper }}
"""


@pytest.fixture
def nvim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    own_home(monkeypatch, tmp_path)
    command = [sys.executable, "-c", "import sys; from promptls.cli import main; sys.exit(main())", "lsp"]
    monkeypatch.setenv("PROMPTLS_COMMAND", json.dumps(command))
    with neovim.neovim(Path(__file__).with_name("neovim.lua")) as editor:
        yield editor


def edit(nvim: Any, path: Path, text: str = TEXT) -> Path:
    return neovim.edit(nvim, path, text)


@seen("Neovim, plain", "findings")
def test_a_finding_is_shown_where_it_is_and_goes_when_it_is_mended(nvim: Any, tmp_path: Path) -> None:
    edit(nvim, tmp_path / "a.prompty")
    found = finding(nvim, "undefined-variable")
    assert (found["lnum"], found["source"]) == (8, "promptls")
    # Neovim counts bytes.
    line = nvim.current.buffer[8].encode()
    assert line[found["col"] : found["end_col"]] == b"nmae"
    nvim.current.buffer[8] = "Hello {{ name }}"
    wait(lambda: not findings(nvim), "the finding goes")


@seen("Neovim, plain", "hover")
def test_hover_opens_a_window(nvim: Any, tmp_path: Path) -> None:
    edit(nvim, tmp_path / "a.prompty", TEXT.replace("nmae", "name"))
    line = nvim.current.buffer[8].encode()
    nvim.current.window.cursor = (9, line.index(b"name"))
    nvim.exec_lua("vim.lsp.buf.hover()")
    text = card(nvim)
    assert "name" in text
    assert "string" in text


@seen("Neovim, plain", "completion")
def test_completion_shows_a_menu_and_inserts_the_choice(nvim: Any, tmp_path: Path) -> None:
    edit(nvim, tmp_path / "a.prompty")
    finding(nvim, "undefined-variable")
    nvim.input("GoHow are you, {{ n<C-x><C-o>")
    words = menu(nvim)
    assert words[0] == "name"
    nvim.input("<C-n><C-y> }}<Esc>" if nvim.call("complete_info", ["selected"])["selected"] < 0 else "<C-y> }}<Esc>")
    wait(lambda: nvim.current.buffer[9] == "How are you, {{ name }}", "the choice is in the text")


def test_completion_of_a_key_in_half_typed_yaml(nvim: Any, tmp_path: Path) -> None:
    edit(nvim, tmp_path / "a.prompty", TEXT.replace("model:\n  id: gpt-4o\n", ""))
    finding(nvim, "undefined-variable")
    nvim.input("ggomod<C-x><C-o>")
    words = menu(nvim, "abbr")
    assert words[0] == "model"


@seen("Neovim, plain", "fixes")
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_fix_is_applied_and_removes_its_finding(nvim: Any, tmp_path: Path, ends: str) -> None:
    path = edit(nvim, tmp_path / "a.prompty", TEXT.replace("\n", ends))
    found = finding(nvim, "undefined-variable")
    nvim.current.window.cursor = (9, found["col"])
    apply = "vim.lsp.buf.code_action({apply = true, filter = function(action) return action.isPreferred end})"
    nvim.exec_lua(apply)
    wait(lambda: "name | upper" in nvim.current.buffer[8], "the fix is in the text")
    wait(lambda: not findings(nvim), "the finding goes")
    nvim.command("write")
    assert path.read_bytes() == TEXT.replace("nmae", "name").replace("\n", ends).encode()


def test_the_server_ends_with_the_editor(nvim: Any, tmp_path: Path) -> None:
    edit(nvim, tmp_path / "a.prompty")
    finding(nvim, "undefined-variable")
    nvim.exec_lua("vim.lsp.stop_client(vim.lsp.get_clients())")
    wait(lambda: not nvim.exec_lua("return #vim.lsp.get_clients()"), "the server stops")
    log = nvim.exec_lua("return vim.lsp.get_log_path()")
    written = Path(log).read_text(encoding="utf-8") if Path(log).exists() else ""
    assert "promptls" not in written.replace("PROMPTLS_COMMAND", "")


def test_a_plain_template_that_is_a_prompt(nvim: Any, tmp_path: Path) -> None:
    (tmp_path / "promptls.yaml").write_text("rules: {}\n", encoding="utf-8")
    edit(nvim, tmp_path / "chat.j2", "# system:\nBe {{ tone }}.\n\n# user:\n{{ question | uper }}\n")
    found = finding(nvim, "unknown-filter")
    assert found["lnum"] == 4
    nvim.current.window.cursor = (1, 0)
    nvim.exec_lua(
        "vim.lsp.buf.code_action({apply = true, filter = function(action) return action.title:match('^Declare') end})"
    )
    wait(lambda: nvim.current.buffer[1] == "inputs:", "the inputs are declared")
    assert list(nvim.current.buffer[:5]) == ["---", "inputs:", "  tone: string", "  question: any", "---"]
    nvim.current.window.cursor = (7, 7)
    nvim.input("i{{ qu<C-x><C-o>")
    words = menu(nvim)
    assert words[0].startswith("question")


def test_a_template_of_another_world_is_left_in_peace(nvim: Any, tmp_path: Path) -> None:
    text = "server {\n  listen {{ port | ansible_filter }};\n{% if tls %}\n  ssl on;\n{% endif %}\n}\n"
    edit(nvim, tmp_path / "nginx.conf.j2", text)
    nvim.current.buffer[4] = "{% endfor %}"
    assert finding(nvim, "template-syntax")["lnum"] in (2, 4)
    nvim.current.buffer[4] = "{% endif %}"
    wait(lambda: not findings(nvim), "nothing is wrong")
