"""Result documents as files: which are, what they ask for, where the answer stands."""

from __future__ import annotations

import random

import pytest

from promptls import formats
from promptls.formats.base import Sibling
from promptls.formats.result import layout
from promptls.prompt.model import Document, Rerun
from promptls.runs.document import result_text
from promptls.schema import files
from promptls.text import Span, Text
from promptls.text.uris import path_to_uri
from promptls.workspace.asked import asked
from promptls.workspace.files import snapshot_of
from tests.runs.records import record

URI = "file:///work/.promptls/greet-1.run.md"
TEXT = result_text(record(), place="/work/.promptls/greet-1.run.md")


def read(text: str, uri: str = URI) -> Document:
    document = formats.read(uri, text, lambda path: Sibling(f"file:///there/{path}", None, True))
    assert document is not None
    return document


@pytest.mark.parametrize(
    ("path", "text", "is_one"),
    [
        ("/work/deploy.run.md", "# How to deploy\n\nrun:\n", False),
        ("/work/deploy.run.md", "---\ntitle: x\n---\nrun:\n", True),
        ("/work/greet.run.md", TEXT, True),
        ("/work/.promptls/greet.run.md", "", True),
        ("/work/.promptls/README.md", TEXT, False),
        ("C:\\work\\.promptls\\greet.RUN.md", "", True),
    ],
)
def test_a_result_is_known_by_its_name_and_its_header_or_folder(path: str, text: str, is_one: bool) -> None:
    found = formats.recognise(path, text)
    assert (found is not None and found.format == "result") == is_one


def test_the_configuration_may_say_so() -> None:
    found = formats.recognise("/work/notes.md", "", "result")
    assert found is not None
    assert found.title == "Result of a run"


def test_it_says_what_to_run_again() -> None:
    text = TEXT.replace("sample: first", "sample: second\nvalues: {name: Bo, n: 3}")
    assert read(text).rerun == Rerun(
        "file:///there/../prompts/greet.prompty",
        "greet",
        "second",
        "openai/gpt-4o-mini",
        {"name": "Bo", "n": 3},
        {"temperature": 0.2},
    )


def test_it_holds_no_prompt_and_the_answer_in_its_place() -> None:
    document = read(result_text(record(finish="tool_calls", tool_calls=({"name": "weather"},), partial=True)))
    assert document.prompts == ()
    assert document.answer is not None
    assert document.answer.span.slice(document.text.value) == "Hello Al"
    assert (document.answer.status, document.answer.finish, document.answer.partial) == ("finished", "tool_calls", True)
    ((name, span),) = document.answer.calls
    assert (name, span.slice(document.text.value)) == ("weather", "weather")


def test_line_ends_of_windows_change_nothing() -> None:
    document = read(result_text(record(answer="a\nb", thinking="c")).replace("\n", "\r\n"))
    assert document.answer is not None
    assert document.answer.span.slice(document.text.value) == "a\r\nb"
    assert [one.title for one in document.passages] == ["Answer", "Thinking"]


def test_a_prompt_outside_of_the_workspace_is_not_looked_at() -> None:
    text = result_text(record(uri="file:///elsewhere/secret.prompty"))
    snapshot = snapshot_of({".promptls/a.run.md": text})
    document = snapshot.document(path_to_uri("/work/.promptls/a.run.md"))
    assert document is not None
    assert document.rerun is not None
    assert document.rerun.uri == "file:///elsewhere/secret.prompty"
    assert asked(document, snapshot) is None


def test_the_prompt_of_a_result_is_found_by_its_name() -> None:
    prompt = "---\nname: greet\n---\nsystem:\nhi\n"
    snapshot = snapshot_of({".promptls/greet-1.run.md": TEXT, "prompts/greet.prompty": prompt})
    document = snapshot.document(path_to_uri("/work/.promptls/greet-1.run.md"))
    assert document is not None
    found = asked(document, snapshot)
    assert found is not None
    assert found[1].name == "greet"


def test_any_text_is_read_and_every_place_is_in_it() -> None:
    rng = random.Random(2)
    whole = result_text(record(thinking="x", answer='{"a": [1]}', tool_calls=({"name": "f"},)))
    pieces = ["---\n", "\r", "run:", "<!-- promptls:thinking 0193f7-ab12 -->\n", "\0", "\u2028", "- ", "😀", "&a *a"]
    for end in range(len(whole) + 1):
        text = whole[:end]
        if end % 3 == 0:
            at = rng.randint(0, end)
            text = text[:at] + rng.choice(pieces) + text[at:]
        document = read(text)
        inside = Span(0, len(Text(text)))
        assert document.answer is not None
        assert inside.covers(document.answer.span)
        done = 0
        for passage in document.passages:
            assert done <= passage.span.start <= passage.span.end <= inside.end
            assert passage.span.covers(passage.title_span)
            done = passage.span.end


def test_its_parameters_are_those_of_a_template() -> None:
    of_template = files.load("template")["properties"]["options"]["properties"]
    assert files.load("run")["properties"]["parameters"]["properties"] == of_template


def test_a_hostile_page_is_read_in_time() -> None:
    head = "---\nrun: {id: '1'}\n---\n"
    for written in ("\n*" + " " * 50_000 + "x\n", "\n" * 50_000 + "*a", "*\n" * 50_000):
        document = read(f"{head}{layout.mark('answer', '1')}{written}")
        assert document.answer is not None
