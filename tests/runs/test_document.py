"""The result document: its text in every state of a run, and how it grows."""

from __future__ import annotations

import os
import random
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from promptls.formats.result import layout
from promptls.runs.comparison import comparison_text
from promptls.runs.document import Growth, draft_text, growth, media_files, place_of, result_text, write_result
from promptls.runs.event import RunRecord
from promptls.runs.keeping import write_media
from promptls.runs.scan import without_secrets
from promptls.syntax.frontmatter import split_lines
from promptls.text import Span, Text
from tests.runs.records import record

PLACE = "/work/.promptls/greet-1.run.md"


def header(text: str) -> dict[str, object]:
    front = split_lines(text)
    assert front.header is not None
    read = yaml.safe_load(front.header.slice(text))
    assert isinstance(read, dict)
    return read


def answer(text: str, run: RunRecord) -> str:
    span, _ = layout.places(text, split_lines(text).body, run.id)
    return span.slice(text)


def names(text: str, run: RunRecord) -> list[str]:
    return [place.name for place in layout.places(text, split_lines(text).body, run.id)[1]]


def grown(text: str, changes: tuple[Growth, ...]) -> str:
    return Text(text).apply(changes).value


def test_a_finished_run_says_what_was_asked_and_what_it_took() -> None:
    run = record()
    text = result_text(run, place=PLACE)
    read = header(text)
    assert (read["prompt"], read["name"], read["sample"]) == ("../prompts/greet.prompty", "greet", "first")
    assert (read["target"], read["parameters"]) == ("openai/gpt-4o-mini", {"temperature": 0.2})
    assert "values" not in read, "beside a sample they would win over another one that a person chooses"
    assert read["run"] == {
        "id": "0193f7-ab12",
        "status": "finished",
        "started": "2026-09-21T14:13:20Z",
        "prompt_hash": "sha256:77",
        "version": 3,
        "values": {"name": "Al"},
        "provider": "openai",
        "model": "gpt-4o-mini-2024-07-18",
        "finish": "stop",
        "tokens": {"input": 12, "output": 3},
        "cost": {"usd": 0.0000123, "prices_of": "2026-11-01"},
        "seconds": {"first_token": 0.4, "total": 1.234},
        "trace_id": "4bf92f35",
    }
    assert answer(text, run) == "Hello Al"


def test_an_unknown_price_is_said_to_be_unknown_and_a_prompt_elsewhere_is_named_by_its_uri() -> None:
    read = header(result_text(record(cost=None), place="/state/results/greet-1.run.md"))
    assert read["prompt"] == "file:///work/prompts/greet.prompty"
    assert isinstance(read["run"], dict)
    assert read["run"]["cost"] == "unknown"


def test_values_without_a_sample_stand_where_a_person_changes_them() -> None:
    values = {"who": "yes", "text": "a\n---\nb\n", "many": [{"a": 1, "b": [1, 2]}, {}], "odd: key": " x", "n": None}
    values["spaces"] = "  two\n lines"  # a literal block would lose its first blanks
    read = header(result_text(record(sample="", values=values)))
    assert read["values"] == values


def test_an_image_among_the_values_is_not_copied() -> None:
    text = result_text(record(sample="", values={"photo": "data:image/png;base64," + "A" * 100_000}))
    assert len(text) < 2_000


@pytest.mark.parametrize(
    "said",
    [
        "---\nnot a header\n---",
        "<!-- promptls:thinking another -->\nnot a section",
        "# Heading\n\n```json\n{}\n```",
        "    code first",
        "a\r\nb\rc",
        "half \ud83d and whole \ud83d\ude00",
        "line\u2028separator \x0c \x85",
        "",
    ],
)
def test_whatever_a_model_says_is_found_again_whole(said: str) -> None:
    run = record(answer=said, thinking="well", tool_calls=({"name": "f", "arguments": "{}"},))
    text = result_text(run)
    text.encode()
    meant = said.replace("\ud83d and", "\ufffd and").replace("\ud83d\ude00", "😀")
    assert answer(text, run) == meant.replace("\r\n", "\n").replace("\r", "\n")
    assert names(text, run) == ["tools", "thinking"]


def test_a_stopped_run_keeps_its_words_and_says_that_they_are_not_all() -> None:
    run = record(status="cancelled", partial=True, message="Stopped by you. A hosted provider may still bill.")
    text = result_text(run)
    assert answer(text, run) == "Hello Al"
    assert "> **Stopped**: Stopped by you." in text
    closed = record(status="cancelled", message="Stopped: the connection is closed.")
    assert "> **Stopped**: the connection is closed." in result_text(closed)
    assert "ends before its end" in text


def test_echo_shows_the_request_once() -> None:
    wire = "POST http://127.0.0.1/v1 HTTP/1.1\nAuthorization: Bearer $OPENAI_API_KEY"
    assert names(result_text(record(wire=wire)), record()) == ["wire"]
    assert names(result_text(record(wire=wire, answer=f"no model was called\n\n{wire}\n")), record()) == []


def test_a_document_grows_by_what_is_new_alone() -> None:
    run = record(status="running", answer="Hel", cost=None, finish="", latency=None)
    text = result_text(run)
    (only,) = growth(text, replace(run, answer="Hello"))
    assert (only.text, only.span.empty) == ("lo", True)
    assert growth(text, run) == ()


def test_a_document_grown_in_steps_is_the_document_written_at_the_end() -> None:
    rng = random.Random(4)
    whole = "".join(rng.choice(["a", "\n", "---\n", "😀", "\r", "\n\n", "```"]) for _ in range(300))
    run = record(status="running", answer="", thinking="", finish="", latency=None)
    text = result_text(run, place=PLACE)
    for end in sorted(rng.sample(range(300), 40)):
        run = replace(run, answer=whole[:end], thinking=whole[: end // 2])
        text = grown(text, growth(text, run, place=PLACE))
        assert text == result_text(run, place=PLACE)
    run = record(answer=whole, thinking="x", tool_calls=({"name": "f", "arguments": {"a": 1}},))
    assert grown(text, growth(text, run, place=PLACE)) == result_text(run, place=PLACE)


def test_what_a_person_changes_in_the_header_while_words_come_stays() -> None:
    run = record(status="running", answer="Hel")
    text = result_text(run).replace("sample: first", "sample: second")
    text = grown(text, growth(text, record()))
    assert "sample: second\n" in text
    assert text.replace("sample: second", "sample: first") == result_text(record())


def test_a_document_that_somebody_emptied_comes_back() -> None:
    assert growth("", record()) == (Growth(Span(0, 0), result_text(record())),)


def test_no_key_gets_into_a_document() -> None:
    key = "sk-ant-" + "canary0" * 6
    run = record(
        sample="",
        values={"a": key, "b": [f"x {key}"]},
        parameters={"user": key},
        answer=f"It is {key}.",
        thinking=key,
        wire=f"POST / HTTP/1.1\nX-Key: {key}",
        message=key,
        status="failed",
        tool_calls=({"name": "f", "arguments": {"a": key}},),
        messages=({"role": "user", "content": [{"type": "text", "text": key}]},),
    )
    text = result_text(run)
    assert "canary" not in text
    assert "canary" not in comparison_text([run])
    assert answer(text, run) == "It is ***."


KEYS = [
    "sk-ant-" + "a1" * 20,
    "sk-proj-" + "a1" * 20,
    "AIza" + "a" * 35,
    "AKIA" + "A1" * 8,
    "ASIA" + "A1" * 8,
    *(f"gh{letter}_" + "a" * 36 for letter in "pousr"),
    "github_pat_" + "a" * 50,
    "glpat-" + "a" * 20,
    "hf_" + "a" * 34,
    "xoxb-" + "1" * 30,
    "sk_live_" + "a" * 24,
    "rk_live_" + "a" * 24,
    "gsk_" + "a" * 50,
    f"eyJ{'a' * 20}.eyJ{'b' * 20}.{'c' * 20}",
    "-----BEGIN RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("key", KEYS)
def test_no_kind_of_key_is_overlooked(key: str) -> None:
    assert without_secrets(f"It is {key}.") == "It is ***."


def test_a_draft_says_what_could_be_run() -> None:
    text = draft_text("file:///work/a.prompty", "a", target="echo", place="/work/.promptls/a-1.run.md")
    expected = {"prompt": "../a.prompty", "name": "a", "target": "echo", "run": {"status": "draft"}}
    assert header(text) == expected
    assert text.endswith("---\n")


def test_media_stand_beside_the_document(tmp_path: Path) -> None:
    run = record(media=(("image/png", "data:image/png;base64,aGk="), ("image/png", "https://example.org/a.png")))
    place = place_of(str(tmp_path), "greet", run.id)
    text = result_text(run, place=place)
    write_media(write_result(place, text), media_files(run, place))
    (name,) = media_files(run, place)
    assert f"![image/png 1](<{name}>)" in text
    assert (Path(place).parent / name).read_bytes() == b"hi"
    assert "\n[image/png 2](<https://example.org/a.png>)" in text, "what lies elsewhere is for a person to open"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("greet me!", "greet-me-cd12.run.md"),
        ("../../etc/passwd", "etc-passwd-cd12.run.md"),
        ("CON", "_CON-cd12.run.md"),
        ("…", "prompt-cd12.run.md"),
        ("x" * 500, "x" * 60 + "-cd12.run.md"),
    ],
)
def test_the_name_of_a_document_is_one_that_every_system_takes(tmp_path: Path, name: str, file: str) -> None:
    assert place_of(str(tmp_path), name, "c/d-12") == str(tmp_path / ".promptls" / file)


def test_a_document_is_for_its_owner_and_out_of_git(tmp_path: Path) -> None:
    place = write_result(place_of(str(tmp_path), "greet", "1"), "text\n")
    assert Path(place).read_bytes() == b"text\n"
    assert (tmp_path / ".promptls" / ".gitignore").read_text().endswith("*\n")
    assert sorted(os.listdir(tmp_path / ".promptls")) == [".gitignore", "greet-1.run.md"]
    if sys.platform != "win32":
        assert stat.S_IMODE(os.stat(place).st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs a right there")
def test_a_workspace_that_leads_elsewhere_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    elsewhere, workspace = tmp_path / "elsewhere", tmp_path / "workspace"
    elsewhere.mkdir()
    workspace.mkdir()
    (workspace / ".promptls").symlink_to(elsewhere)
    assert Path(place_of(str(workspace), "greet", "1")).parent == tmp_path / "state" / "results"
    written = write_result(str(workspace / ".promptls" / "greet-1.run.md"), "text\n")
    assert Path(written).parent == tmp_path / "state" / "results"
    assert os.listdir(elsewhere) == []


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs a right there")
def test_a_link_in_the_place_of_a_document_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    place = place_of(str(tmp_path), "greet", "1")
    Path(place).parent.mkdir()
    Path(place).symlink_to(victim)
    write_result(place, "text\n")
    assert victim.read_text() == "mine"


def test_without_a_folder_it_goes_to_the_state_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_STATE", str(tmp_path / "state"))
    assert write_result(place_of(None, "greet", "1"), "x") == str(tmp_path / "state" / "results" / "greet-1.run.md")
