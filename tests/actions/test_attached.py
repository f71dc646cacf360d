"""A picture beside a prompt is sent with its content; nothing else of the disk is."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from promptls.actions.attached import attached_files
from promptls.prompt.message import Message, Part
from promptls.runs.attached import attached
from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace

PNG = b"\x89PNG\r\n\x1a\n and so on"
JPEG = b"\xff\xd8\xff\xe0 and so on"


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    place = tmp_path / "work" / "prompts" / "a.prompty"
    place.parent.mkdir(parents=True)
    for name, content in {
        "cat.png": PNG, "photos/cat.jpg": JPEG, "lies.png": b"SECRET=1", ".env": b"SECRET=1", "a.exe": b"MZ",
        "../../outside.png": PNG,
    }.items():  # fmt: skip
        path = place.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    place.write_text("user:\nHi\n", "utf-8")
    return place


def read(prompt: Path, *parts: Part) -> tuple[dict[str, str], str]:
    workspace = Workspace()
    workspace.set_folders([path_to_uri(str(prompt.parents[1]))])
    files, failure = attached_files(path_to_uri(str(prompt)), [Message("user", parts)], workspace.snapshot())
    return files, failure.message if failure else ""


def url(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def test_its_content_stands_in_for_its_path_when_it_is_sent(prompt: Path) -> None:
    parts = (Part("text", "cat.png"), Part("image", "cat.png"), Part("image", "photos/cat.jpg", "image/png"))
    files, why = read(prompt, *parts)
    assert files == {"cat.png": url("image/png", PNG), "photos/cat.jpg": url("image/jpeg", JPEG)}
    assert not why
    (sent,) = attached((Message("user", parts),), files)
    assert [part.value for part in sent.parts] == ["cat.png", *files.values()]


@pytest.mark.parametrize(
    "value", ["https://a.b/c.png", "data:image/png;base64,AAAA", "iVBORw0KGgo=", "gs://bucket/a.png", "a\nb.png"]
)
def test_what_is_no_path_is_left(prompt: Path, value: str) -> None:
    assert read(prompt, Part("image", value)) == ({}, "")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("gone.png", "is not there: its path begins at the folder of the prompt"),
        ("../../outside.png", "is not inside of the workspace: put it there"),
        ("lies.png", "is no image/png, whatever its ending says"),
        (".env", "is of no kind that can be sent"),
        ("a.exe", "is of no kind that can be sent"),
    ],
)
def test_what_is_not_sent_says_why(prompt: Path, value: str, why: str) -> None:
    files, said = read(prompt, Part("image", value))
    assert not files
    assert said.startswith(f"The image `{value}` {why}")


def test_a_link_that_leads_out_of_the_workspace_is_not_followed(prompt: Path) -> None:
    (prompt.parent / "link.png").symlink_to(prompt.parents[2] / "outside.png")
    files, said = read(prompt, Part("image", "link.png"))
    assert not files
    assert "is not inside of the workspace" in said


def test_what_is_too_large_is_not_read(prompt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptls.actions.attached.LARGEST", 5)
    assert "make it smaller" in read(prompt, Part("image", "cat.png"))[1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have a name")
def test_a_pipe_is_not_waited_for(prompt: Path) -> None:
    os.mkfifo(prompt.parent / "pipe.png")
    assert read(prompt, Part("image", "pipe.png")) == ({}, "The image `pipe.png` is no file")
