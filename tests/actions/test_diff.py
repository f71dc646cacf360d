"""What a change does to prompts, as a pull request tells it; and what a hostile repository cannot make git do."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from promptls.actions.diff import Comparison, compare_files, compare_with_head, to_markdown
from promptls.actions.error import ActionError
from promptls.render import Renderer
from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

PROMPT = """\
---
name: greet
model: {id: gpt-4o, provider: openai}
inputs:
  - {name: name, kind: string, example: Ada}
---
system:
Be kind.

user:
I am {{ name }}.
"""


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", ".")

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True, env=environment)

    def write(self, files: Mapping[str, str | None]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8", newline="")

    def commit(self, files: Mapping[str, str | None]) -> None:
        self.write(files)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def compared(self, ref: str = "HEAD", *places: str) -> Comparison:
        return compare_files([self.folder / place for place in places or ("",)], ref)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    folder = tmp_path / "work"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    return Repository(folder)


def test_messages_before_and_after_stand_beside_each_other(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT, "b.prompty": PROMPT})
    repository.write({"a.prompty": PROMPT.replace("Be kind.", "Be very kind.")})
    text = to_markdown(repository.compared())
    assert "1 changed" in text
    assert "## a.prompty" in text
    assert "b.prompty" not in text
    assert "```diff\n  [system]\n- Be kind.\n+ Be very kind.\n" in text


def test_what_is_declared_is_told_in_sentences(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT})
    changed = PROMPT.replace("gpt-4o, provider: openai", "gpt-5, provider: openai, options: {temperature: 0.5}")
    changed = changed.replace("example: Ada}", "example: Ada, required: true}\n  - {name: tone, kind: string}")
    repository.write({"a.prompty": changed})
    (change,) = repository.compared().changes
    assert change.declared == (
        "Input `name`: now required",
        "Input `tone` is new (string, optional)",
        "Model: `gpt-4o` → `gpt-5`",
        "Parameter `temperature`: none → `0.5`",
    )
    assert "The messages are the same with: in the file." in to_markdown(repository.compared())


def test_new_and_removed_prompts_are_told(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT})
    repository.write({"a.prompty": None, "b.prompty": PROMPT})
    comparison = repository.compared()
    assert [(change.path, change.status) for change in comparison.changes] == [
        ("a.prompty", "removed"),
        ("b.prompty", "new"),
    ]
    assert "+ I am Ada." in to_markdown(comparison)


def test_a_prompt_changes_with_what_it_includes(repository: Repository) -> None:
    body = 'system:\nBe kind.\n\nuser:\n{% include "part.jinja" %} {{ name }}!\n'
    repository.commit({"prompts/a.j2": body, "prompts/part.jinja": "Hello", "prompts/c.j2": body})
    repository.write({"prompts/part.jinja": "Howdy"})
    changes = {change.path: change for change in repository.compared("HEAD", "prompts/a.j2").changes}
    assert changes["prompts/a.j2"].because == ("prompts/part.jinja",)
    assert "- Hello ‹name›!\n+ Howdy ‹name›!" in to_markdown(repository.compared("HEAD", "prompts/a.j2"))


def test_every_sample_is_compared_and_the_same_ones_are_summed_up(repository: Repository) -> None:
    samples = "- {name: Bo}\n- {name: Cy}\n"
    repository.commit({"a.prompty": PROMPT, "a.sample.yaml": samples})
    repository.write({"a.prompty": PROMPT.replace("{{ name }}", "{{ 'Bob' if name == 'Bo' else name }}")})
    text = to_markdown(repository.compared())
    assert "### a.sample.yaml 1" in text
    assert "The messages are the same with: in the file, a.sample.yaml 2." in text


def test_a_prompt_that_does_not_render_any_more_says_so(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT})
    repository.write({"a.prompty": PROMPT.replace("{{ name }}", "{{ name ")})
    assert "> It does not render any more: " in to_markdown(repository.compared())


def test_line_ends_alone_are_no_change(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT})
    repository.write({"a.prompty": PROMPT.replace("\n", "\r\n")})
    assert repository.compared().changes == ()
    assert "No prompt changed (1 prompt file looked at)." in to_markdown(repository.compared())


def test_the_buffer_is_compared_with_the_commit(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT})
    uri = path_to_uri(repository.folder / "a.prompty")
    workspace = Workspace()
    workspace.set_folders([path_to_uri(repository.folder)])
    workspace.open(uri, PROMPT.replace("I am", "My name is"), 2)
    snapshot = workspace.snapshot()
    document = snapshot.document(uri)
    assert document is not None
    with Renderer(deadline=20.0) as renderer:
        text = to_markdown(compare_with_head(document, snapshot, renderer))
    assert "- I am Ada.\n+ My name is Ada." in text


def test_a_buffer_without_a_file_has_no_earlier_version() -> None:
    workspace = Workspace()
    workspace.open("untitled:a.prompty", PROMPT)
    snapshot = workspace.snapshot()
    document = snapshot.document("untitled:a.prompty")
    assert document is not None
    with Renderer() as renderer, pytest.raises(ActionError, match="Save the prompt first"):
        compare_with_head(document, snapshot, renderer)


def test_samples_beyond_the_tenth_are_counted(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT, "a.sample.yaml": "".join(f"- {{name: n{at}}}\n" for at in range(12))})
    repository.write({"a.prompty": PROMPT.replace("kind", "warm")})
    assert "3 more samples were not compared." in to_markdown(repository.compared())


@pytest.mark.parametrize("ref", ["nothing", "--output=x", "-x", "HEAD:a.prompty", "a..b", "@{nope}", "x\0y"])
def test_what_names_no_commit_is_refused(repository: Repository, ref: str) -> None:
    repository.commit({"a.prompty": PROMPT})
    with pytest.raises(ActionError, match=r"no commit|no name of a commit"):
        repository.compared(ref)


def test_outside_of_a_repository_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    (tmp_path / "a.prompty").write_text(PROMPT)
    with pytest.raises(ActionError, match=r"no git repository|knows no commit"):
        compare_files([tmp_path / "a.prompty"])


@pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")
def test_nothing_that_a_repository_configures_is_started(repository: Repository) -> None:
    repository.commit({"a.prompty": PROMPT, ".gitattributes": "* filter=evil diff=evil\n"})
    trap, caught = repository.folder / "trap.sh", repository.folder / "caught"
    trap.write_text(f"#!/bin/sh\ntouch {caught}\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
        "diff.external",
        "alias.cat-file",
    ):
        repository.git("config", key, str(trap))
    hooks = repository.folder / ".git" / "hooks"
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
        shutil.copy(trap, hooks / hook)
    caught.unlink(missing_ok=True)
    repository.write({"a.prompty": PROMPT.replace("kind", "warm")})
    assert len(repository.compared().changes) == 1
    assert not caught.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")
def test_a_file_that_a_repository_says_is_elsewhere_is_not_fetched(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a git that does not know GIT_NO_LAZY_FETCH would do it, by a program that the repository itself names."""
    from promptls.actions import git

    repository.commit({"a.prompty": PROMPT})
    caught = repository.folder / "caught"
    blob = git.commit_of(str(repository.folder), "HEAD").blobs["a.prompty"]
    (repository.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("remote.origin.url", f"ext::sh -c touch% {caught}"),
        ("remote.origin.promisor", "true"),
        ("extensions.partialClone", "origin"),
        ("protocol.ext.allow", "always"),
    ):
        repository.git("config", key, value)
    monkeypatch.delitem(git._QUIET, "GIT_NO_LAZY_FETCH")
    repository.write({"a.prompty": PROMPT.replace("kind", "warm")})
    with pytest.raises(ActionError, match="cat-file"):
        repository.compared()
    assert not caught.exists()
