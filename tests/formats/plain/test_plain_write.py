"""What is written into templates, beside them and into promptls.yaml; what is sent; where names of other files are."""

from __future__ import annotations

import pytest

from promptls import formats
from promptls.formats.base import FormatError, MissingInput
from promptls.ide import definition_at, hover_at, links_of, rename_at
from promptls.ide.actions import actions_at
from promptls.prompt.model import Document
from promptls.prompt.types import ValueType
from promptls.rules.engine import findings
from promptls.text import Edit, Span, Text
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from tests.formats.plain.test_plain_read import codes, read
from tests.formats.reading import sent

ROOT = path_to_uri("/work/x")[:-1]
LISTS = ValueType(frozenset({"array"}), items=ValueType(frozenset({"string"})))
TEXT = ValueType(frozenset({"string"}))


def applied(files: dict[str, str], edits: tuple[Edit, ...]) -> dict[str, str]:
    assert edits
    after = dict(files)
    for uri in {edit.uri for edit in edits}:
        path = uri.removeprefix(ROOT)
        changes = [(edit.span, edit.text) for edit in edits if edit.uri == uri]
        after[path] = Text(files.get(path, "")).apply(changes).value
    return after


def named(files: dict[str, str]) -> dict[str, str]:
    return {item.name: str(item.type) for item in read(files).prompts[0].inputs}


BODY = "{{ a }}{% for x in more %}{{ x | upper }}{% endfor %}"


@pytest.mark.parametrize(
    "files",
    [
        {"a.j2": f"system:\n{BODY}\n\nuser:\nHi\n"},
        {"prompts/a.j2": f"---\n---\n{BODY}"},
        {"prompts/a.j2": f"---\ndescription: x\n---\n{BODY}"},
        {"prompts/a.j2": f"---\r\n{{name: x}}\r\n---\r\n{BODY}"},
        {"prompts/a.j2": BODY},
        {"prompts/a.mustache": "{{a}}{{#more}}{{.}}{{/more}}"},
    ],
)
def test_all_that_is_read_is_declared_in_one_step(files: dict[str, str]) -> None:
    snapshot = snapshot_of(files)
    document = read(files)
    action = actions_at(document, Span(0, 0), snapshot, findings(document, snapshot))[-1]
    assert action.title.startswith("Declare the inputs `a`, `more`")
    after = applied(files, action.edits)
    assert named(after).keys() == {"a", "more"}
    assert codes(after) == []
    assert actions_at(read(after), Span(0, 0), snapshot_of(after), ()) == ()


def test_nothing_is_declared_in_what_may_be_no_prompt() -> None:
    files = {"nginx.conf.j2": BODY}
    assert actions_at(read(files), Span(3, 3), snapshot_of(files), ()) == ()


@pytest.mark.parametrize(
    "files",
    [
        {"prompts/a.j2": "---\ninputs:\n  a: string\n---\nx"},
        {"prompts/a.j2": "---\ninputs:\n    a:\n      type: string\nname: x\n---\nx"},
        {"prompts/a.j2": "---\ninputs: {a: string}\n---\nx"},
        {"prompts/a.j2": "---\ninputs: [a]\n---\nx"},
        {"prompts/a.j2": "---\ninputs:\n  - a\n---\nx"},
        {"prompts/a.j2": "---\ninputs:\n- name: a\n  type: string\n---\nx"},
        {"prompts/a.j2": "x", "prompts/a.schema.json": '{\n  "properties": {\n    "a": {"type": "string"}\n  }\n}\n'},
        {"prompts/a.j2": "x", "prompts/a.schema.json": '{"properties": {"a": {}}}'},
        {"prompts/a.j2": "x", "prompts/a.schema.yaml": "properties:\n  a:\n    type: string\nrequired: [a]\n"},
        {"prompts/a.j2": "x", "promptls.yaml": "inputs:\n  prompts/*.j2:\n    a: string\nrules: {}\n"},
        {"prompts/a.j2": "x", "promptls.yaml": "inputs: {a.j2: {a: string}, b.j2: {c: string}}\nrules: {}\n"},
    ],
)
def test_a_further_input_is_declared_as_the_others_are(files: dict[str, str]) -> None:
    document = read(files)
    edits = formats.declare_input(document, document.prompts[0], "b", LISTS)
    after = applied(files, edits)
    assert list(named(after)) == ["a", "b"], after
    snapshot = snapshot_of(after)
    for path in after:
        there = snapshot.document(path_to_uri(f"/work/{path}"))
        if there is not None:
            assert {one.code for one in findings(there, snapshot)} <= {"unused-input"}, after


@pytest.mark.parametrize("header", ["  a: string\n  b: string\n", "- a\n- b\n", "  - {name: b}\n  - {name: a}\n"])
def test_an_input_is_removed_and_with_the_last_one_their_key(header: str) -> None:
    files = {"prompts/a.j2": f"---\nname: x\ninputs:\n{header}---\nx"}
    for left in (["b"], []):
        document = read(files)
        item = next(item for item in document.prompts[0].inputs if item.name not in left)
        files = applied(files, formats.remove_input(document, document.prompts[0], item))
        assert len(named(files)) == len(left)
    assert files["prompts/a.j2"] == "---\nname: x\n---\nx"


@pytest.mark.parametrize("header", ["a: string", "a:", "a: {type: string}", "a:\n    type: string", "- a", "- name: a"])
def test_samples_go_into_the_declarations(header: str) -> None:
    files = {"prompts/a.j2": f"---\ninputs:\n  {header}\n---\n{{{{ a }}}}"}
    document = read(files)
    after = applied(files, formats.add_samples(document, document.prompts[0], {"a": "whales, mostly"}))
    assert read(after).prompts[0].samples[0].values == {"a": "whales, mostly"}
    assert codes(after) == []


def test_samples_go_beside_where_a_schema_declares() -> None:
    files = {"prompts/a.j2": "{{ a }}", "prompts/a.schema.json": '{"properties": {"a": {"type": "string"}}}'}
    document = read(files)
    after = applied(files, formats.add_samples(document, document.prompts[0], {"a": "x: y"}))
    assert after["prompts/a.sample.yaml"] == 'a: "x: y"\n'
    assert read(after).prompts[0].samples[0].values == {"a": "x: y"}


def turns(document: Document, **given: object) -> list[tuple[str, str]]:
    return [(one.role, one.text) for one in sent(document, given)]


def test_messages_are_cut_at_role_lines() -> None:
    text = "{# x #}\n# system:\n Be {{ tone }}.  \n\nUser :\n{{ q }}\nassistant:\n"
    assert turns(read({"prompts/a.j2": text}), tone="kind", q="Why?") == [("system", "Be kind."), ("user", "Why?")]
    assert turns(read({"prompts/a.j2": "Just {{ x }}\n"}), x="this") == [("user", "Just this")]
    assert turns(read({"prompts/a.j2": "Above\nuser:\nx\n"})) == [("system", "Above"), ("user", "x")]
    with pytest.raises(FormatError):
        turns(read({"prompts/a.j2": "{{ x }}"}), x="")
    with pytest.raises(FormatError):
        turns(read({"prompts/a.j2": "system:\nuser:\nx\n"}))


def test_defaults_are_filled_and_what_is_required_is_missed() -> None:
    text = "---\ninputs:\n  a: {default: 1}\n  b: {type: string, required: true, example: x}\n---\n{{ a }}{{ b }}"
    document = read({"prompts/a.j2": text})
    assert turns(document, b="2") == [("user", "12")]
    with pytest.raises(MissingInput):
        turns(document)


def test_what_is_included_is_given_to_the_renderer() -> None:
    files = {"prompts/a.j2": '{% include "b.j2" %}', "prompts/b.j2": '---\ninputs: [x]\n---\n{% include "c/d.j2" %}'}
    files["prompts/c/d.j2"] = "deep"
    snapshot = snapshot_of(files)
    document = read(files)
    found = formats.templates(document, document.prompts[0], lambda path: snapshot.sibling(document.uri, path))
    assert found == {"b.j2": '{% include "c/d.j2" %}', "c/d.j2": "deep"}


WORKSPACE = {
    "prompts/a.j2": '{% extends "base.j2" %}{% from "m.j2" import card as c %}{% import "m.j2" as m %}'
    "{% block body %}{{ c(x) }}{{ m.card(x) }}{% endblock %}",
    "prompts/m.j2": "{# macros #}{% macro card(y) %}{{ y }}{% endmacro %}",
    "prompts/base.j2": "system:\n{% block body %}{% endblock %}\n",
}


@pytest.mark.parametrize(
    ("at", "target", "word"),
    [
        ("base.j2", "base.j2", ""),
        ("card as", "m.j2", "card"),
        ("c(x)", "m.j2", "card"),
        ("card(x)", "m.j2", "card"),
        ("m.card", "m.j2", ""),
        ("body %", "base.j2", "body"),
    ],
)
def test_definitions_lead_into_other_files(at: str, target: str, word: str) -> None:
    snapshot, document = snapshot_of(WORKSPACE), read(WORKSPACE)
    (place,) = definition_at(document, document.text.value.index(at), snapshot)
    assert place.uri.endswith(f"/{target}")
    assert place.span.slice(WORKSPACE[f"prompts/{target}"]) == word


def test_editor_features_need_nothing_special() -> None:
    files = {
        "prompts/a.j2": '---\ninputs:\n  tone: string\n---\nuser:\n{{ tone }}{% include "b.j2" %}\n',
        "prompts/b.j2": "",
    }
    snapshot, document = snapshot_of(files), read(files)
    at = document.text.value.index("{{ tone") + 4
    card = hover_at(document, at, snapshot)
    assert card is not None
    assert "string" in card.markdown
    assert len(rename_at(document, at, "mood", snapshot)) == 2
    assert [link.uri[-4:] for link in links_of(document, snapshot)] == ["b.j2"]
