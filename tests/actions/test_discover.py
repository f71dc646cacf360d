"""Which files are looked at, and which configuration they are under."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.actions import ActionError
from promptls.actions.check import Codes, check_paths, codes
from promptls.actions.discover import prompt_files, workspace_for
from promptls.text.uris import path_to_uri

PROMPT = "---\nname: a\nmodel: gpt-4o\n---\nuser:\nHi\n"


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(PROMPT)


def found(folder: Path, *places: str) -> list[str]:
    snapshot = workspace_for([folder]).snapshot()
    paths = prompt_files([folder / place for place in places], snapshot)
    return [path.relative_to(folder).as_posix() for path in paths]


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path, "b.prompty", "a/z.prompty", "a/b/c.prompty", "B.PROMPTY", "c.txt", "a.prompty")
    assert found(tmp_path, ".") == ["B.PROMPTY", "a.prompty", "b.prompty", "a/z.prompty", "a/b/c.prompty"]


def test_of_hidden_folders_only_those_of_a_format_are_looked_into(tmp_path: Path) -> None:
    names = (".github/prompts/review.prompt.md", ".github/copilot-instructions.md", ".cache/a.prompty", "README.md")
    write(tmp_path, *names, ".github/workflows/build.yml", ".github/agents/plan.md", ".github/agents/README.md")
    assert found(tmp_path, ".") == [
        ".github/copilot-instructions.md",
        ".github/agents/plan.md",
        ".github/prompts/review.prompt.md",
    ]
    assert found(tmp_path / ".github" / "agents", ".") == ["plan.md"]


def test_named_files_come_in_the_order_named(tmp_path: Path) -> None:
    write(tmp_path, "b.prompty", "a.prompty", "notes.txt")
    assert found(tmp_path, "notes.txt", "b.prompty", ".") == ["notes.txt", "b.prompty", "a.prompty"]


def test_a_place_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ActionError, match="there is no file or folder") as raised:
        found(tmp_path, "nowhere")
    assert raised.value.usage


def test_a_very_deep_tree_is_walked(tmp_path: Path) -> None:
    write(tmp_path, "/".join(["d"] * 300) + "/a.prompty")
    assert len(found(tmp_path, ".")) == 1


def test_the_workspace_is_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    write(tmp_path, "repository/deep/down/a.prompty", "loose/a.prompty")
    (tmp_path / "repository" / "promptls.yaml").write_text("rules: {unused-input: off}\n")
    (tmp_path / "promptls.yaml").write_text("rules: {unused-input: error}\n")
    monkeypatch.chdir(tmp_path / "repository" / "deep")
    inside = tmp_path / "repository" / "deep" / "down" / "a.prompty"
    assert level(inside) == "off"
    # Outside of a repository the folder itself is the end of the search.
    assert level(tmp_path / "loose" / "a.prompty") is None
    # The working folder is what an editor would have open.
    monkeypatch.chdir(tmp_path)
    assert level(tmp_path / "loose" / "a.prompty") == "error"


def level(path: Path) -> str | None:
    config = workspace_for([path]).snapshot().config(path_to_uri(str(path)))
    return config.severity("unused-input", path.name)


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    write(tmp_path, *(f"{number}.prompty" for number in range(5)))
    told: list[tuple[int, int]] = []
    checked = list(check_paths([tmp_path], progress=lambda done, total: told.append((done, total))))
    assert len(checked) == 5
    assert told == [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_codes_are_chosen() -> None:
    assert Codes().keep("anything")
    chosen = codes(["unused-input", "missing-key"], ["missing-key"])
    assert [chosen.keep(code) for code in ("unused-input", "missing-key", "wrong-type")] == [True, False, False]
    with pytest.raises(ActionError, match="did you mean `missing-key`"):
        codes(["mising-key"])
