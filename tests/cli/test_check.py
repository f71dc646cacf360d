"""`promptls check`: what people, programs and CI get."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calls import CLEAN, UNDEFINED, Promptls

BROKEN = "---\nname: [\n---\nuser:\nHi\n"


def test_a_clean_file_has_nothing_to_report(promptls: Promptls) -> None:
    promptls.write({"a.prompty": CLEAN})
    assert promptls("check") == (0, "Checked 1 file: nothing to report\n", "")


def test_a_finding_is_shown_in_its_source(promptls: Promptls) -> None:
    promptls.write({"prompts/a.prompty": UNDEFINED})
    called = promptls("check")
    assert called.code == 1
    assert "prompts/a.prompty:13:23: warning[undefined-variable]: " in called.out
    assert "13 | I am {{ name }} in {{ citty }}.\n   |                       ^^^^^\n   = fix: " in called.out
    assert called.out.splitlines()[-1] == "Checked 1 file: 1 warning, 1 hint"


def test_json_is_one_list_in_a_stable_order(promptls: Promptls) -> None:
    promptls.write({"b.prompty": UNDEFINED, "a.prompty": BROKEN, "sub/c.prompty": UNDEFINED})
    called = promptls("check", "--format", "json")
    assert called.code == 1
    assert [list(item) for item in called.data] == [["path", "code", "severity", "message", "start", "end"]] * 5
    assert [item["path"] for item in called.data] == ["a.prompty", *["b.prompty"] * 2, *["sub/c.prompty"] * 2]
    undefined = next(item for item in called.data if item["code"] == "undefined-variable")
    assert undefined["severity"] == "warning"
    assert (undefined["start"], undefined["end"]) == ({"line": 13, "column": 23}, {"line": 13, "column": 28})
    assert promptls("check", "sub", "b.prompty", ".", "--format", "json").out == called.out


def test_columns_are_code_points_whatever_the_line_ends(promptls: Promptls) -> None:
    promptls.write({"a.prompty": UNDEFINED.replace("I am", "👍 日本").replace("\n", "\r\n")})
    undefined = promptls("check", "--format", "json", "--select", "undefined-variable").data
    assert [(item["start"], item["end"]) for item in undefined] == [
        ({"line": 13, "column": 23}, {"line": 13, "column": 28})
    ]


def test_paths_are_relative_to_the_working_folder(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    promptls.write({"a.prompty": UNDEFINED, "sub/x.txt": ""})
    monkeypatch.chdir(promptls.folder / "sub")
    found = promptls("check", "..", "--format", "json").data
    assert {item["path"] for item in found} == {"../a.prompty"}


def test_github_gets_annotations(promptls: Promptls) -> None:
    promptls.write({"a, b.prompty": UNDEFINED})
    lines = promptls("check", "--format", "github").out.splitlines()
    place = "file=a%2C b.prompty,line=13,endLine=13,col=23,endColumn=27,title=undefined-variable"
    assert any(line.startswith(f"::warning {place}::") for line in lines)
    assert any(line.startswith("::notice ") for line in lines)


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("information", 1), ("hint", 1)])
def test_the_exit_code_is_what_fail_on_says(promptls: Promptls, fail_on: str, code: int) -> None:
    promptls.write({"a.prompty": UNDEFINED})
    assert promptls("check", "--fail-on", fail_on).code == code
    assert promptls("check", "--fail-on", fail_on, "--ignore", "undefined-variable").code == (fail_on == "hint")


def test_rules_can_be_chosen(promptls: Promptls) -> None:
    promptls.write({"a.prompty": UNDEFINED})
    codes = {item["code"] for item in promptls("check", "--format", "json").data}
    assert codes == {"undefined-variable", "unused-input"}
    only = promptls("check", "--format", "json", "--select", "unused-input,missing-key").data
    assert {item["code"] for item in only} == {"unused-input"}
    wrong = promptls("check", "--select", "unused-inputs")
    assert (wrong.code, wrong.out) == (2, "")
    assert "there is no rule `unused-inputs`; did you mean `unused-input`?" in wrong.err


def test_no_prompt_files_is_fine_and_said(promptls: Promptls) -> None:
    promptls.write({"readme.md": "# Hi"})
    assert promptls("check") == (0, "", "promptls: no prompt files in this folder\n")
    assert promptls("check", "--format", "json") == (0, "[]\n", "promptls: no prompt files in this folder\n")


def test_a_named_path_that_is_not_there_is_a_wrong_call(promptls: Promptls) -> None:
    promptls.write({"a.prompty": UNDEFINED})
    assert promptls("check", "a.prompty", "b.prompty") == (2, "", "promptls: there is no file or folder b.prompty\n")


def test_other_peoples_folders_are_left_alone(promptls: Promptls) -> None:
    promptls.write(
        {
            "node_modules/x/a.prompty": UNDEFINED,
            ".hidden/a.prompty": UNDEFINED,
            "env/pyvenv.cfg": "",
            "env/a.prompty": UNDEFINED,
            "src/__pycache__/a.prompty": UNDEFINED,
            "src/a.prompty": CLEAN,
        }
    )
    assert promptls("check").out == "Checked 1 file: nothing to report\n"
    assert promptls("check", "node_modules/x/a.prompty", "env").out.endswith("Checked 2 files: 2 warnings, 2 hints\n")


def test_a_file_that_is_named_twice_is_checked_once(promptls: Promptls) -> None:
    promptls.write({"a.prompty": CLEAN})
    assert promptls("check", ".", "a.prompty", "./a.prompty").out == "Checked 1 file: nothing to report\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")
def test_links_in_a_circle_are_not_followed(promptls: Promptls) -> None:
    promptls.write({"sub/a.prompty": CLEAN})
    (promptls.folder / "sub" / "again").symlink_to("..")
    assert promptls("check").out == "Checked 1 file: nothing to report\n"


def test_what_cannot_be_read_is_one_line_and_the_rest_is_checked(promptls: Promptls) -> None:
    promptls.write(
        {
            "a-latin.prompty": "---\nname: Zo\xeb\n---\n".encode("latin-1"),
            "b-binary.prompty": b"\x7fELF\0\0\0",
            "c-utf16.prompty": "---\n".encode("utf-16"),
            "d-large.prompty": b"x" * 5_000_001,
            "f-folder.prompty/inside.prompty": CLEAN,
            "z-fine.prompty": UNDEFINED,
        }
    )
    if sys.platform != "win32":
        (promptls.folder / "e-link.prompty").symlink_to("nowhere")
        os.mkfifo(promptls.folder / "g-pipe.prompty")
    called = promptls("check", "--format", "json")
    unreadable = {item["path"]: (item["severity"], item["message"]) for item in called.data if item["path"] < "z"}
    assert (
        unreadable.items()
        >= {
            "a-latin.prompty": ("error", "this file is not UTF-8 (byte 0xeb in line 2)"),
            "b-binary.prompty": ("error", "this is a binary file, not text (byte 0x00 in line 1)"),
            "c-utf16.prompty": ("error", "this file is UTF-16; save it as UTF-8"),
            "d-large.prompty": ("information", "this file has 5.0 MB; files of up to 5 MB are checked"),
            "f-folder.prompty": ("error", "this is a folder, not a file"),
        }.items()
    )
    if sys.platform != "win32":
        assert unreadable["e-link.prompty"] == ("error", "this link leads to nowhere, which does not exist")
        assert unreadable["g-pipe.prompty"][1].startswith("this is not a regular file")
    assert {item["code"] for item in called.data if item["path"] == "z-fine.prompty"} >= {"undefined-variable"}
    start = {"line": 1, "column": 1}
    assert all(item["start"] == item["end"] == start for item in called.data if item["path"] < "z")
    assert "error[unreadable-file]: this is a binary file" in promptls("check").out


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_odd_names_harm_neither_the_terminal_nor_the_check(promptls: Promptls) -> None:
    promptls.write({"a\x1b[31m\nb.prompty": UNDEFINED, "c#d?e%20.prompty": UNDEFINED, "-f.prompty": UNDEFINED})
    (promptls.folder / os.fsdecode(b"\xff.prompty")).write_text(CLEAN)
    called = promptls("check")
    assert "\x1b" not in called.out
    assert "a□[31m b.prompty:13:23: warning" in called.out
    assert "c#d?e%20.prompty:13:23: warning" in called.out
    assert ".prompty:1:1: error[unreadable-file]: the name of this file is not UTF-8" in called.out
    assert promptls("check", "--", "-f.prompty").code == 1


def test_a_file_without_permission_is_one_line(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    promptls.write({"a.prompty": CLEAN})
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.prompty":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    called = promptls("check")
    assert called.code == 1
    assert "a.prompty:1:1: error[unreadable-file]: this file cannot be read: permission denied\n" in called.out


def test_verbose_says_what_each_file_was_taken_for(promptls: Promptls) -> None:
    promptls.write({"a.prompty": CLEAN, "notes.txt": "hello"})
    called = promptls("check", "a.prompty", "notes.txt", "--verbose")
    assert "a.prompty: Prompty v2" in called.err
    assert "notes.txt: no prompt file that promptls knows, not checked" in called.err


def test_a_named_file_that_is_no_prompt_is_said_and_not_counted(promptls: Promptls) -> None:
    promptls.write({"a.prompty": CLEAN, "notes.txt": "hello", "off/b.prompty": CLEAN})
    promptls.write({"promptls.yaml": 'formats: {"off/**": "off"}\n'})
    note = "notes.txt: no prompt file that promptls knows, not checked\n"
    assert promptls("check", "a.prompty", "notes.txt") == (0, "Checked 1 file: nothing to report\n", note)
    assert promptls("check").out == "Checked 2 files: nothing to report\n"


def test_the_configuration_of_the_repository_is_in_force(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    config = 'rules: {unused-input: off, "old/**": {undefined-variable: hint}}\nformats: {"**/*.tmpl": prompty}\n'
    promptls.write({"promptls.yaml": config, "old/a.prompty": UNDEFINED, "new/a.tmpl": UNDEFINED})
    monkeypatch.chdir(promptls.folder / "old")
    assert [item["severity"] for item in promptls("check", "--format", "json").data] == ["hint"]
    monkeypatch.chdir(promptls.folder)
    found = promptls("check", "--format", "json").data
    assert [(item["path"], item["severity"]) for item in found] == [
        ("new/a.tmpl", "warning"),
        ("old/a.prompty", "hint"),
    ]


def test_fix_makes_safe_changes_and_keeps_the_file_as_it_was(promptls: Promptls) -> None:
    before = "\ufeff" + UNDEFINED.replace("\n", "\r\n")
    promptls.write({"a.prompty": before, "b.prompty": CLEAN})
    mode = 0o640
    (promptls.folder / "a.prompty").chmod(mode)
    called = promptls("check", "--fix")
    assert called.code == 1
    assert called.out.splitlines()[-1] == "Checked 2 files and made 1 change: 1 warning, 1 hint"
    assert promptls.read("a.prompty") == before.removeprefix("\ufeff")
    assert promptls.read("b.prompty") == CLEAN
    assert sorted(path.name for path in promptls.folder.iterdir()) == [".git", "a.prompty", "b.prompty"]
    if sys.platform != "win32":
        assert stat.S_IMODE((promptls.folder / "a.prompty").stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_out_of_the_workspace_is_neither_read_nor_changed_until_it_is_named(promptls: Promptls) -> None:
    mine, text = promptls.folder.parent / "mine.txt", "\ufeff" + CLEAN
    mine.write_text(text)
    (promptls.folder / "taken.prompty").symlink_to(mine)
    called = promptls("check", "--fix")
    assert called.code == 0
    assert f"information[unreadable-file]: this link leads out of the workspace, to {mine}: name it" in called.out
    assert mine.read_text() == text
    assert "mine.txt" not in promptls("check", "taken.prompty").out
    assert promptls("check", "taken.prompty", "--fix").code == 0
    assert mine.read_text() != text


def test_a_folder_that_cannot_be_listed_is_told(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    (promptls.folder / "closed").mkdir()
    scandir = os.scandir

    def closed(path: str | Path) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    called = promptls("check")
    assert called.code == 0, "it may hold the data of a database"
    assert "closed:1:1: information[unreadable-file]: this folder cannot be read: permission denied" in called.out


def test_fix_changes_the_file_behind_a_link(promptls: Promptls) -> None:
    promptls.write({"real.txt": "\ufeff" + CLEAN})
    (promptls.folder / "a.prompty").symlink_to("real.txt")
    promptls("check", "--fix")
    assert (promptls.folder / "a.prompty").is_symlink()
    assert promptls.read("real.txt") == CLEAN


def test_a_file_that_cannot_be_written_stays_whole(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    promptls.write({"a.prompty": "\ufeff" + CLEAN})

    def refuse(self: Path, target: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    called = promptls("check", "--fix")
    assert (called.code, called.err) == (1, "promptls: a.prompty is not changed: permission denied\n")
    assert [path.name for path in promptls.folder.iterdir() if path.is_file()] == ["a.prompty"]
    assert promptls.read("a.prompty") == "\ufeff" + CLEAN


def test_colour_is_for_terminals(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    promptls.write({"a.prompty": UNDEFINED})
    plain = promptls("check").out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = promptls("check").out
    assert "\x1b[1;33mwarning" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert promptls("check").out == plain


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-X",
            "importtime",
            "-c",
            f"import sys; from promptls.cli import main; sys.exit(main({arguments!r}))",
        ],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=60,
        check=False,
    )


def test_checking_loads_no_protocol_no_colours_and_no_judge_of_what_is_right(promptls: Promptls) -> None:
    model = "model: {id: gpt-4o, apiType: chat, options: {temperature: 0.7}}"
    promptls.write({"a.prompty": UNDEFINED.replace("model: gpt-4o", model)})
    done = run("check", cwd=promptls.folder)
    assert done.returncode == 1, done.stderr
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "promptls" in loaded
    assert loaded.isdisjoint({"pygls", "lsprotocol", "asyncio", "rich", "jinja2", "httpx", "jsonschema"})


def test_the_version_loads_next_to_nothing(promptls: Promptls) -> None:
    done = run("--version", cwd=promptls.folder)
    assert done.stdout.startswith("promptls ")
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines() if "|" in line}
    assert loaded.isdisjoint({"click", "rich", "yaml", "jinja2", "pygls", "promptls.formats"})


@pytest.mark.skipif(sys.platform == "win32", reason="closes a pipe as POSIX shells do")
@pytest.mark.parametrize("files", [1, 40])
def test_a_reader_that_goes_away_is_no_error(promptls: Promptls, files: int) -> None:
    promptls.write({f"{number}.prompty": UNDEFINED for number in range(files)})
    command = [sys.executable, "-c", "import sys; from promptls.cli import main; sys.exit(main(['check']))"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=promptls.folder) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


def test_an_interruption_ends_without_a_word(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    from promptls.actions import check

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    promptls.write({"a.prompty": CLEAN})
    monkeypatch.setattr(check, "check_paths", interrupt)
    called = promptls("check")
    assert (called.code, called.out) == (130, "")
    assert "Traceback" not in called.err


def test_a_mistake_of_our_own_is_a_sentence(promptls: Promptls, monkeypatch: pytest.MonkeyPatch) -> None:
    from promptls.actions import check

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret text of a file")

    promptls.write({"a.prompty": CLEAN})
    monkeypatch.setattr(check, "check_paths", fail)
    monkeypatch.delenv("PROMPTLS_DEBUG")
    called = promptls("check")
    assert called.code == 70
    assert called.err.startswith("promptls: this is a mistake in promptls itself (RuntimeError at ")
    assert "secret" not in called.err
