"""A new sample is a file that the reader takes at once, or one item more in the file that is there."""

from __future__ import annotations

import pytest
import yaml

from promptls.actions.error import ActionError
from promptls.actions.new_sample import new_sample
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from tests.fixtures import fixture

PROMPT = """\
-- a.prompty --
---
name: a
inputs:
  - {name: question, kind: string, required: true, description: "What is asked: all of it"}
  - {name: tone, kind: string, enumValues: [warm, cold]}
  - {name: count, kind: integer, default: 3}
  - {name: rows, kind: array, items: {kind: object}}
---
user:
{{ question }} {% for row in rows %}{{ row.title }} {{ row.price * 2 }}{% endfor %}
"""


def made(source: str) -> tuple[str, str]:
    files = fixture(source).files
    snapshot = snapshot_of(files)
    document = snapshot.document(path_to_uri(f"/work/{next(iter(files))}"))
    assert document is not None
    return new_sample(document, document.prompts[0], snapshot)


def test_every_input_has_a_value_of_its_type() -> None:
    path, text = made(PROMPT)
    assert path == "/work/a.sample.yaml"
    assert yaml.safe_load(text) == {"question": "", "tone": "warm", "count": 3, "rows": [{"title": "", "price": 0}]}
    assert 'question: ""  # string: What is asked: all of it' in text


def test_what_it_writes_is_read_as_a_sample() -> None:
    files = dict(fixture(PROMPT).files)
    path, text = made(PROMPT)
    document = snapshot_of({**files, path.rpartition("/")[2]: text}).document(path_to_uri("/work/a.prompty"))
    assert document is not None
    assert [sample.title for sample in document.prompts[0].samples] == ["in the file", "a.sample.yaml"]


def test_a_template_that_declares_nothing_has_the_names_that_it_reads() -> None:
    path, text = made("-- a.j2 --\nsystem:\nBe kind.\n\nuser:\nHi {{ user.name }}, {{ day }}\n")
    assert path == "/work/a.sample.yaml"
    assert yaml.safe_load(text) == {"user": {"name": ""}, "day": ""}


def test_a_list_of_samples_gets_one_more() -> None:
    there = "# mine\n- question: one\n  # why\n- question: two\n"
    _, text = made(PROMPT + "-- a.sample.yaml --\n" + there)
    assert text.startswith(there)
    assert [item["question"] for item in yaml.safe_load(text)] == ["one", "two", ""]


def test_one_sample_becomes_a_list_of_two() -> None:
    _, text = made(PROMPT + "-- a.sample.yaml --\n# mine\nquestion: one\nrows:\n  - title: x\n")
    assert text.startswith("# mine\n- question: one\n")
    assert [item["question"] for item in yaml.safe_load(text)] == ["one", ""]


@pytest.mark.parametrize("name", ["a.sample.json", "a.sample.yaml"])
def test_a_file_that_is_not_in_lines_is_left_alone(name: str) -> None:
    with pytest.raises(ActionError, match="add the sample there by hand"):
        made(PROMPT + f'-- {name} --\n{{"question": "one"}}\n')


def test_without_inputs_there_is_nothing_to_sample() -> None:
    with pytest.raises(ActionError, match="has no inputs"):
        made("---\nname: a\n---\nuser:\nHi\n")
