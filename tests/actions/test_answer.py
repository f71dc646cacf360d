"""What a person does with a result: run it again, with its errors, or accept what came."""

from __future__ import annotations

import json
from typing import Any

import pytest

from promptls.actions.answer import accept_shape, answer_errors, run_again
from promptls.actions.error import ActionError
from promptls.prompt.model import Document
from promptls.runs.document import result_text
from promptls.text import Text
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from promptls.workspace.snapshot import Snapshot
from tests.runs.records import record

NAME = ".promptls/greet-1.run.md"
V2 = """---
name: greet
model: gpt-4o
inputs:
  - {name: who, kind: string, default: Al}
outputs:
  # the place
  - {name: city, kind: string, description: "Where, exactly"}
  - name: days
    kind: integer
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
system:
Greet {{ who }}.
"""
V1 = """---
name: greet
model:
  api: chat
  configuration: {type: openai, model: gpt-4o}
sample: {who: Al}
outputs:
  city: {type: string}
  days: {type: number}
---
system:
Greet {{ who }}.
"""
PICO = """---
model: googleai/gemini-2.5-flash
output:
  format: json
  schema:
    city: string, the place
    mood(enum, how it is): [GOOD, BAD]
    parts(array): {a: string}
---
Greet.
"""
JSON_SCHEMA = """---
model: googleai/gemini-2.5-flash
output:
  schema:
    type: object
    properties:
      city: {type: string}
---
Greet.
"""


def workspace(answer: str, prompt: str = V2, name: str = "greet.prompty", **said: Any) -> tuple[Document, Snapshot]:
    uri = path_to_uri(f"/work/{name}")
    run = record(**{"sample": "in the file", "uri": uri, "answer": answer, **said})
    snapshot = snapshot_of({NAME: result_text(run, place=f"/work/{NAME}"), name: prompt})
    document = snapshot.document(path_to_uri(f"/work/{NAME}"))
    assert document is not None
    return document, snapshot


def accepted(answer: Any, prompt: str, name: str = "greet.prompty") -> str:
    """The prompt's file after the edits, by which nothing is wrong with the answer any more."""
    result, snapshot = workspace(json.dumps(answer), prompt, name)
    edits = accept_shape(result, snapshot)
    after = Text(prompt).apply((edit.span, edit.text) for edit in edits).value
    assert {edit.uri for edit in edits} == {path_to_uri(f"/work/{name}")}
    result, snapshot = workspace(json.dumps(answer), after, name)
    assert answer_errors(result, snapshot) == ()
    document = snapshot.document(path_to_uri(f"/work/{name}"))
    assert document is not None
    assert document.prompts[0].output
    assert [one.message for one in document.problems] == []
    return after


def test_it_runs_again_what_the_header_says_now() -> None:
    text = result_text(record(uri=path_to_uri("/work/greet.prompty"), sample=""), place=f"/work/{NAME}")
    text = text.replace("target: openai/gpt-4o-mini", "target: fast").replace("name: Al", "who: Bo")
    snapshot = snapshot_of({NAME: text, "greet.prompty": V2})
    result = snapshot.document(path_to_uri(f"/work/{NAME}"))
    assert result is not None
    again = run_again(result, snapshot)
    assert again.prompt.name == "greet"
    assert (again.sample, again.values, again.target) == (1, {"who": "Bo"}, "fast")
    assert (again.options, again.more) == ({"temperature": 0.2}, ())


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"sample": "other"}, "`greet` has no sample `other`: there are `in the file`"),
        ({"uri": path_to_uri("/work/gone.prompty")}, "There is no prompt at file:///work/gone.prompty"),
        ({"sample": "", "values": {"who": "x" * 30_000}}, "`who` is too long"),
        ({"sample": "", "values": {"who": ["x" * 30_000]}}, "`who` is too long"),
    ],
)
def test_what_cannot_be_run_again_is_said(said: dict[str, Any], sentence: str) -> None:
    result, snapshot = workspace("{}", **said)
    with pytest.raises(ActionError, match=sentence):
        run_again(result, snapshot)


def test_a_result_without_a_header_is_not_run() -> None:
    snapshot = snapshot_of({NAME: "Hello"})
    result = snapshot.document(path_to_uri(f"/work/{NAME}"))
    assert result is not None
    with pytest.raises(ActionError, match="no header"):
        run_again(result, snapshot)
    with pytest.raises(ActionError, match="not in the workspace"):
        accept_shape(result, snapshot)


def test_the_errors_go_behind_the_answer() -> None:
    result, snapshot = workspace('{"city": 3, "days": [1]}')
    said, told = run_again(result, snapshot, errors=True).more
    assert (said.role, said.text) == ("assistant", '{"city": 3, "days": [1]}')
    assert told.role == "user"
    assert told.text.splitlines()[:3] == [
        "Your answer is not of the required shape:",
        "- `city` must be a string, not `3`",
        "- `days` must be a whole number, not a list",
    ]


@pytest.mark.parametrize(
    "said",
    [{}, {"answer": "x", "provider": "echo"}, {"answer": "{", "status": "failed"}],
    ids=["good", "echo", "failed"],
)
def test_without_errors_there_are_none_to_send(said: dict[str, Any]) -> None:
    result, snapshot = workspace(**{"answer": '{"city": "Ulm", "days": 3}', **said})
    assert answer_errors(result, snapshot) == ()
    with pytest.raises(ActionError, match="no errors to send"):
        run_again(result, snapshot, errors=True)


def test_prompty_v2_takes_the_shape_of_the_answer() -> None:
    after = accepted({"city": "Ulm", "days": "two", "rain": {"from": 1.5, "to": None}, "words": ["a"]}, V2)
    assert "  - name: city\n    kind: string\n    description: Where, exactly\n" in after
    assert "  - name: days\n    kind: string\n" in after
    assert "parser: {kind: prompty}}\n---\nsystem:" in after


def test_prompty_v1_keeps_its_map() -> None:
    after = accepted({"city": "Ulm", "days": "two"}, V1)
    assert "outputs:\n  city:\n    type: string\n  days:\n    type: string\n---\n" in after


def test_a_prompt_that_declares_nothing_gets_a_shape() -> None:
    bare = "---\nname: greet\nmodel: gpt-4o\n---\nsystem:\nGreet.\n"
    after = accepted({"city": "Ulm"}, bare)
    assert "outputs:\n  - name: city\n    kind: string\n    required: true\n" in after
    after = accepted({"city": "Ulm", "tags": ["a"]}, "---\nmodel: x/y\n---\nGreet.\n", "greet.prompt")
    assert "output:\n  format: json\n  schema:\n    city: string\n" in after
    assert "(array)" in after


def test_picoschema_stays_picoschema() -> None:
    after = accepted({"city": 3, "mood": "SO", "parts": [{"a": "x", "b": True}]}, PICO, "greet.prompt")
    assert "    city: integer, the place\n" in after
    assert "mood(enum, how it is)" in after
    assert "[GOOD, BAD, SO]" in after
    assert "properties" not in after


def test_json_schema_stays_json_schema() -> None:
    after = accepted({"city": 3, "more": [1, 2.5]}, JSON_SCHEMA, "greet.prompt")
    assert "  schema:\n    type: object\n    properties:\n      city:\n        type: integer\n" in after


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("It rains.", "There is no shape to accept. The answer is text"),
        ('{"city": "Ulm", "days": 3}', "already"),
        ("[1]", "no place in this header"),
        ('{"city": "Ulm", "days": [1, "a"]}', "no words for this shape \\(item 1 of `days` must be a string"),
    ],
)
def test_what_is_no_shape_is_not_accepted(answer: str, sentence: str) -> None:
    result, snapshot = workspace(answer)
    with pytest.raises(ActionError, match=sentence):
        accept_shape(result, snapshot)
