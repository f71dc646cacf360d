"""Completion in the header: what the schema knows, what the file and the workspace know."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.ide.completion import complete_at, documentation_of
from tests.ide.place import chosen, completions, labels, place


def test_required_keys_first_and_no_key_twice() -> None:
    found = labels(
        """
        ---
        description: x
        █
        ---
        """
    )
    assert found[0] == "name"
    assert "description" not in found
    assert {"model", "inputs", "outputs", "tools", "template"} <= set(found)


def test_old_keys_are_not_offered() -> None:
    found = labels(
        """
        ---
        name: x
        model: {id: gpt-4o}
        █
        ---
        """
    )
    assert not {"sample", "authors", "base", "name", "model"} & set(found)


def test_half_typed_key() -> None:
    assert labels("---\nname: x\nou█\n---\n") == ["outputs"]
    assert labels("---\nname: x\nmodel:\n  id: gpt-4o\n  co█\n---\n")[0] == "connection"


def test_the_menu_of_values_follows_a_key() -> None:
    items = completions("---\nname: x\nmodel:\n  apiT█\n---\n")
    assert [(item.label, item.text, item.again) for item in items] == [("apiType", "apiType: ", True)]
    assert items[0].preselect


def test_a_key_before_its_colon_is_only_renamed() -> None:
    assert chosen("---\nnam█: x\n---\n", "name") == "---\nname: x\n---\n"


def test_a_map_goes_on_in_the_next_line() -> None:
    assert chosen("---\nname: x\nmod█\n---\n", snippet=True) == "---\nname: x\nmodel:\n  █\n---\n"
    assert chosen("---\nname: x\nmod█\n---\n") == "---\nname: x\nmodel:\n---\n"


def test_a_key_behind_a_dash_is_deeper_than_its_line() -> None:
    source = "---\ntools:\n  - name: f\n    kind: function\n  - para█\n---\n"
    item = next(item for item in completions(source) if item.label == "parameters")
    assert item.snippet is not None
    assert item.snippet.startswith("parameters:\n    ")


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("---\nmodel:\n  apiType: █\n---\n", "chat"),
        ("---\nmodel:\n  provider: op█\n---\n", "openai"),
        ("---\nmodel:\n  connection:\n    kind: ref█\n---\n", "reference"),
        ("---\nmodel: {connection: {kind: █}}\n---\n", "key"),
        ("---\ninputs:\n  tone:\n    kind: str█\n---\n", "string"),
        ("---\ninputs:\n  - name: tone\n    kind: ar█\n---\n", "array"),
        ("---\ninputs:\n  tone: {kind: string, required: █}\n---\n", "true"),
    ],
)
def test_values(source: str, first: str) -> None:
    assert labels(source)[0] == first


def test_a_value_in_open_quotes_stays_in_them() -> None:
    assert chosen('---\nmodel:\n  apiType: "ch█"\n---\n') == '---\nmodel:\n  apiType: "chat"\n---\n'
    assert chosen('---\nmodel:\n  apiType: "ch█\n---\n') == '---\nmodel:\n  apiType: "chat"\n---\n'


def test_a_value_right_behind_the_colon_gets_its_space() -> None:
    assert chosen("---\nmodel:\n  apiType:█\n---\n", "chat") == "---\nmodel:\n  apiType: chat\n---\n"


def test_nothing_in_comments_and_texts() -> None:
    assert labels("---\nname: x # mo█\n---\n") == []
    assert labels("---\n# mo█\nname: x\n---\n") == []
    assert labels("---\ndescription: |\n  mo█\n---\n") == []


def test_broken_yaml_around_the_cursor_does_no_harm() -> None:
    assert labels("---\nname: [x\n---\n") == []
    assert labels("---\nname: x\nmodel:\n\tid: y\n  apiType: ch█\n---\n")[0] == "chat"
    assert labels("---\nname: {{ x }}\nmodel:\n  apiType: ch█\n---\n")[0] == "chat"


def test_environment_names_never_values() -> None:
    source = "---\nmodel:\n  connection: {kind: key, apiKey: '${env:█}'}\n---\n"
    items = completions(source, ["PATH", "OPENAI_API_KEY", "HOME"])
    assert [item.label for item in items] == ["OPENAI_API_KEY", "HOME", "PATH"]
    assert items[0].text == "OPENAI_API_KEY"


def test_a_reference_is_closed_where_it_is_open() -> None:
    source = "---\nmodel:\n  connection:\n    apiKey: ${env:OP█\n---\n"
    done = chosen(source, environment=["OPENAI_API_KEY"])
    assert done == source.replace("OP█", "OPENAI_API_KEY}")


def test_paths_that_exist() -> None:
    source = """
        -- a.prompty --
        ---
        inputs: ${file:da█}
        ---
        -- data/inputs.json --
        {}
        -- data/more.json --
        {}
        -- dates.json --
        {}
        """
    assert labels(source) == ["data/", "dates.json"]
    assert completions(source)[0].again
    assert labels(source.replace("da█", "data/█")) == ["inputs.json", "more.json"]
    assert "inputs: ${file:data/inputs.json}\n" in chosen(source.replace("da█", "data/in█"))


def test_sample_keys_are_inputs_without_a_value() -> None:
    source = """
        ---
        name: x
        model: {api: chat}
        inputs: {question: {type: string}, items: {type: array}, tone: {type: string}}
        sample:
          tone: kind
          █
        ---
        user:
        {{ question }} {{ more }}
        """
    assert labels(source) == ["question", "items", "more"]
    assert "  items:\n    - █\n" in chosen(source, "items", snippet=True)


def test_a_binding_names_an_input() -> None:
    source = """
        ---
        name: x
        inputs: {city: {kind: string}, unit: {kind: string}}
        tools:
          - name: weather
            kind: function
            bindings:
              place: {input: █}
        ---
        """
    assert labels(source) == ["city", "unit"]


def test_documentation_comes_when_it_is_asked_for() -> None:
    where = place("---\nname: x\nmodel:\n  apiT█\n---\n")
    (item,) = completions("---\nname: x\nmodel:\n  apiT█\n---\n")
    assert item.documentation is None
    assert "`model.apiType`" in documentation_of(item.data, where.snapshot)
    assert documentation_of({"kind": "key", "uri": "file:///nowhere", "path": ["x"]}, where.snapshot) == ""
    uri = where.document.uri
    odd: tuple[dict[str, Any], ...] = (
        {},
        {"kind": "word", "of": ["x"]},
        {"kind": "word", "of": "tag", "dialect": "../x", "name": "if"},
        {"kind": ["key"], "uri": uri, "path": [{}]},
        {"kind": "key", "uri": uri, "path": [10**12]},
        {"kind": "key", "uri": uri, "path": ["a"] * 5000},
        {"kind": "value", "uri": uri, "path": [], "value": None},
    )
    for data in odd:
        assert documentation_of(data, where.snapshot) == ""


def test_a_header_without_an_end() -> None:
    assert labels("---\nna█")[0] == "name"
    assert labels("---\nname: x\nmod█") == ["model"]
    assert labels("---\nname: x\nmodel:\n  apiT█\n\nsystem:\nhi\n") == ["apiType"]
    assert labels("---\nname: x\n█")[0] == "displayName"


def test_no_key_on_the_line_of_a_fence() -> None:
    assert labels("---█\nname: x\n---\nhi\n") == []
    assert labels("---\nname: x\n---█\nhi\n") == []


def test_an_empty_file_is_offered_a_whole_prompt() -> None:
    assert labels("█")[:2] == ["---", "system:"]
    assert labels("--█") == ["---"]
    done = chosen("-█\n", "---")
    assert done.startswith("---\nname: name\n")
    assert "{{ question }}" in done
    assert not [name for name in labels("hello█") if name == "---"]


def test_examples_of_prose_do_not_get_in_the_way() -> None:
    assert len(labels("---\ndescription: █\n---\n")) > 0
    assert labels("---\ndescription: Answ█\n---\n") == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("---\nmodel:█\n---\n", []),
        ("---\nmodel: █\n---\n", []),
        ("---\ndescription: █\n---\n", []),
        ("---\nmodel:\n  apiType: █\n---\n", ["chat", "responses", "embedding", "image"]),
        ("---\nmodel:\n  connection:\n    apiKey: $█\n---\n", ["${env:…}", "${file:…}"]),
        ("---\nname: x\n---\n█\n", []),
        ("---\nname: x\n---\nHi\n\n█\n", []),
        ("---\nname: x\n---\n{{ x █ }}\n", []),
        ("---\nname: x\n---\n{% for x █ %}\n", ["in"]),
        ("---\nname: x\ninputs: {a: {kind: string}}\n---\n{{ █ }}\n", ["a"]),
    ],
)
def test_a_blank_or_a_colon_asks_only_where_something_has_to_be_chosen(source: str, found: list[str]) -> None:
    where = place(source)
    labels = [item.label for item in complete_at(*where, asked=False)]
    assert labels[: len(found)] == found
    assert found or not labels
