"""What a snapshot knows: buffers before files, one configuration per folder, nothing outside of the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.prompt.model import Document
from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace, snapshot_of
from promptls.workspace.snapshot import Snapshot

GREETING = """---
name: greet
model:
  id: m
  apiType: chat
inputs:
  - name: who
    kind: string
---
user:
Hi {{ who }}
"""


def uri_of(path: Path) -> str:
    return path_to_uri(str(path))


def known(snapshot: Snapshot, uri: str) -> Document:
    document = snapshot.document(uri)
    assert document is not None
    return document


def test_the_buffer_comes_before_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "greet.prompty"
    file.write_text(GREETING)
    workspace = Workspace()
    workspace.set_folders([uri_of(tmp_path)])
    on_disk = workspace.snapshot()
    workspace.open(uri_of(file), GREETING.replace("who", "name"), 1)
    in_editor = workspace.snapshot()

    assert [item.name for item in known(on_disk, uri_of(file)).prompts[0].inputs] == ["who"]
    assert [item.name for item in known(in_editor, uri_of(file)).prompts[0].inputs] == ["name"]
    assert in_editor.revision > on_disk.revision
    assert in_editor.version(uri_of(file)) == 1
    workspace.close(uri_of(file))
    assert [item.name for item in known(workspace.snapshot(), uri_of(file)).prompts[0].inputs] == ["who"]


def test_a_text_that_did_not_change_is_not_read_again() -> None:
    workspace = Workspace()
    workspace.open("file:///w/a.prompty", GREETING, 1)
    first = workspace.snapshot().document("file:///w/a.prompty")
    workspace.open("file:///w/b.prompty", GREETING, 1)
    assert workspace.snapshot().document("file:///w/a.prompty") is first
    workspace.change("file:///w/a.prompty", GREETING + "!", 2)
    assert workspace.snapshot().document("file:///w/a.prompty") is not first


def test_a_document_is_read_again_when_its_sample_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "greet.prompty"
    file.write_text(GREETING)
    sample = tmp_path / "greet.sample.yaml"
    workspace = Workspace()
    workspace.set_folders([uri_of(tmp_path)])
    before = known(workspace.snapshot(), uri_of(file)).prompts[0]
    sample.write_text("who: Ada\n")
    workspace.refresh()
    after = known(workspace.snapshot(), uri_of(file)).prompts[0]
    workspace.open(uri_of(sample), "who: Grace\n", 1)
    unsaved = known(workspace.snapshot(), uri_of(file)).prompts[0]

    assert [dict(one.values) for one in before.samples] == []
    assert [one.values["who"] for one in after.samples] == ["Ada"]
    assert [one.values["who"] for one in unsaved.samples] == ["Grace"]


@pytest.mark.parametrize("spelled", ["file:///c%3A/work/a.prompty", "file:///C:/work/a.prompty", "untitled:Untitled-1"])
def test_the_uri_stays_as_the_client_spelled_it(spelled: str) -> None:
    workspace = Workspace()
    workspace.open(spelled, GREETING, 1)
    assert workspace.snapshot().uris() == (spelled,)
    document = workspace.snapshot().document(spelled)
    if spelled.endswith(".prompty"):
        assert document is not None
        assert document.uri == spelled
        assert workspace.text("file:///c:/work/a.prompty") is not None


def test_nothing_outside_of_the_workspace_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text('{"who": "not for you"}')
    inside = tmp_path / "work"
    inside.mkdir()
    (inside / "link.json").symlink_to(secret)
    file = inside / "greet.prompty"
    file.write_text("---\nname: x\nmodel:\n  api: chat\nsample: ${file:../secret.json}\n---\nuser:\nHi {{ who }}\n")
    workspace = Workspace()
    workspace.set_folders([uri_of(inside)])
    document = known(workspace.snapshot(), uri_of(file))

    assert all(reference.exists is None for reference in document.references if "secret" in reference.target)
    assert "not for you" not in repr(document.prompts)
    assert workspace.snapshot().siblings(uri_of(file), "../") == ()
    assert workspace.snapshot().siblings(uri_of(file), "l") == ("link.json",)


def test_the_nearest_configuration_counts(tmp_path: Path) -> None:
    (tmp_path / "promptls.yaml").write_text(
        "rules:\n  unused-input: off\n  'legacy/**': {undefined-variable: warning, unused-input: error}\n"
        "templates:\n  filters: [to_xml]\n  globals: [{name: today}]\n"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "promptls.yaml").write_text("rules: {unused-input: hint}\n")
    workspace = Workspace()
    workspace.set_folders([uri_of(tmp_path)])
    snapshot = workspace.snapshot()
    top = snapshot.config(uri_of(tmp_path / "a.prompty"))
    legacy = uri_of(tmp_path / "legacy" / "old" / "a.prompty")

    assert top.severity("unused-input", "a.prompty") == "off"
    assert top.severity("undefined-variable", "a.prompty") is None
    assert top.host.filters == {"to_xml"}
    assert top.host.globals == {"today"}
    assert snapshot.relative(legacy) == "legacy/old/a.prompty"
    assert snapshot.config(legacy).severity("undefined-variable", snapshot.relative(legacy)) == "warning"
    assert snapshot.config(legacy).severity("unused-input", snapshot.relative(legacy)) == "error"
    assert snapshot.config(uri_of(tmp_path / "sub" / "a.prompty")).severity("unused-input", "a.prompty") == "hint"


def test_a_configuration_above_the_workspace_folder_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "promptls.yaml").write_text("rules: {unused-input: off}\n")
    folder = tmp_path / "work"
    folder.mkdir()
    workspace = Workspace()
    workspace.set_folders([uri_of(folder)])
    assert workspace.snapshot().config(uri_of(folder / "a.prompty")).uri is None


def test_without_a_folder_the_repository_is_the_bound(tmp_path: Path) -> None:
    (tmp_path / "promptls.yaml").write_text("rules: {unused-input: off}\n")
    repository = tmp_path / "repo"
    (repository / ".git").mkdir(parents=True)
    deep = repository / "a" / "b"
    deep.mkdir(parents=True)
    uri = uri_of(deep / "a.prompty")
    assert Workspace().snapshot().config(uri).uri is None
    (repository / "promptls.yaml").write_text("rules: {unused-input: hint}\n")
    assert Workspace().snapshot().config(uri).severity("unused-input", "a.prompty") == "hint"


def test_a_half_edited_configuration_keeps_the_last_good_one() -> None:
    workspace = Workspace()
    workspace.set_folders(["file:///w"])
    workspace.open("file:///w/promptls.yaml", "rules: {unused-input: off}\n", 1)
    assert workspace.snapshot().config("file:///w/a.prompty").severity("unused-input", "a.prompty") == "off"
    workspace.change("file:///w/promptls.yaml", "rules: {unused-input: off\n  x: [", 2)
    assert workspace.snapshot().config("file:///w/a.prompty").severity("unused-input", "a.prompty") == "off"
    workspace.change("file:///w/promptls.yaml", "rules: {unused-input: error}\n", 3)
    assert workspace.snapshot().config("file:///w/a.prompty").severity("unused-input", "a.prompty") == "error"


def test_formats_of_the_configuration_recognise_more_files_and_fewer() -> None:
    snapshot = snapshot_of(
        {
            "promptls.yaml": "formats: {'prompts/**/*.txt': prompty, 'old/*.prompty': 'off'}\n",
            "prompts/a.txt": GREETING,
            "notes.txt": GREETING,
            "old/a.prompty": GREETING,
        }
    )
    assert known(snapshot, "file:///work/prompts/a.txt").prompts[0].name == "greet"
    assert snapshot.document("file:///work/notes.txt") is None
    assert snapshot.document("file:///work/old/a.prompty") is None


def test_the_longest_folder_wins(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    workspace = Workspace()
    workspace.set_folders([uri_of(tmp_path), uri_of(inner)])
    assert workspace.snapshot().relative(uri_of(inner / "a.prompty")) == "a.prompty"


def test_a_file_of_more_than_five_million_characters_is_left_alone() -> None:
    snapshot = snapshot_of({"big.prompty": GREETING + "x" * 5_000_001})
    document = known(snapshot, "file:///work/big.prompty")
    assert [problem.code for problem in document.problems] == ["file-too-large"]
    assert document.yaml is None


def test_values_of_a_sample_say_what_an_undeclared_type_holds() -> None:
    snapshot = snapshot_of(
        {
            "a.prompty": "---\nname: x\nmodel:\n  api: chat\nsample:\n  user: {name: Al}\n  rows: [{id: 1}]\n---\n"
            "user:\n{{ user.name }}{% for row in rows %}{{ row.id }}{{ row.nope }}{% endfor %}\n"
        }
    )
    prompt = known(snapshot, "file:///work/a.prompty").prompts[0]
    assert prompt.template is not None
    types = {".".join(use.names): snapshot.type_of(prompt, use) for use in prompt.template.analysis.uses}
    assert str(types["user.name"]) == "string"
    assert str(types["row.id"]) == "integer"
    assert types["row.nope"] is None


@pytest.mark.parametrize("path", ["\ud800.md", "a/\udfff/b.md", "a\0.md"])
def test_nothing_is_at_a_path_that_no_file_can_have(tmp_path: Path, path: str) -> None:
    workspace = Workspace()
    workspace.set_folders([uri_of(tmp_path)])
    snapshot, uri = workspace.snapshot(), uri_of(tmp_path / "a.prompt.md")
    assert snapshot.sibling(uri, path).exists is None
    assert not snapshot.is_outside(uri, path)
    assert snapshot.siblings(uri, path) == ()
    workspace.open(uri, f"See [this]({path}).", 1)
    assert workspace.snapshot().document(uri) is not None


def test_a_configuration_is_not_read_through_a_link_that_leads_out(tmp_path: Path) -> None:
    elsewhere = tmp_path / "promptls.yaml"
    elsewhere.write_text("default: local/tiny\nproviders: {local: {base_url: 'http://127.0.0.1:1/v1'}}\n")
    inside = tmp_path / "work"
    (inside / "deep").mkdir(parents=True)
    (inside / "promptls.yaml").symlink_to(elsewhere)
    workspace = Workspace()
    workspace.set_folders([uri_of(inside)])
    config = workspace.snapshot().config(uri_of(inside / "deep" / "greet.prompty"))
    assert (config.running.default, config.own.default) == ("", "")
    assert f"{inside / 'promptls.yaml'} leads outside of the workspace, to {elsewhere}" in config.problem

    assert config.uri is not None
    workspace.open(config.uri, elsewhere.read_text(), 1)
    assert workspace.snapshot().config(config.uri).own.default == "local/tiny", "a person has opened it"
    workspace.close(config.uri)
    workspace.set_folders([uri_of(tmp_path)])
    assert workspace.snapshot().config(config.uri).own.default == "local/tiny"
