"""Reading templates: what makes a prompt of one, where its inputs are declared, what it leads to."""

from __future__ import annotations

import pytest

from promptls.prompt.model import Document
from promptls.rules.engine import findings
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of

ROLES = "system:\nYou sum up.\n\nuser:\n{{ topic }}\n"
PLAIN = "Sum up {{ topic }}\n"


def read(files: dict[str, str], name: str = "") -> Document:
    document = snapshot_of(files).document(path_to_uri(f"/work/{name or next(iter(files))}"))
    assert document is not None
    return document


def codes(files: dict[str, str], name: str = "") -> list[str]:
    snapshot = snapshot_of(files)
    document = snapshot.document(path_to_uri(f"/work/{name or next(iter(files))}"))
    assert document is not None
    return [finding.code for finding in findings(document, snapshot)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.j2", ROLES),
        ("a.txt.j2", "# system:\nYou sum up.\n\n# user:\n{{ topic }}\n"),
        ("a.jinja2", "{# a chat #}\nuser:\nSum up {{ topic }}"),
        ("a.jinja", "---\ninputs: [topic]\n---\n" + PLAIN),
        ("a.md.jinja", "---\ninputs:\n  topic: string\n---\n" + PLAIN),
        ("prompts/a.j2", PLAIN),
        ("app/prompt/deep/er/a.mustache", PLAIN),
        ("system_prompts/a.hbs", PLAIN),
        ("prompts/agent.yaml.j2", PLAIN),
    ],
)
def test_it_is_a_prompt(path: str, text: str) -> None:
    assert read({path: text}).prompt_like


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.j2", PLAIN),
        ("a.yaml.j2", ROLES),
        ("a.j2", "user:\n  name: {{ name }}\n"),
        ("a.j2", "User:\n{{ name }}\n\nSystem:\n{{ system }}\n"),
        ("a.j2", "---\ntitle: x\n---\n" + PLAIN),
        ("a.j2", "---\nname: x\ninputs:\n  a: 1\n"),
        ("roles/prompt/templates/a.j2", PLAIN),
        ("promptly/a.j2", PLAIN),
    ],
)
def test_it_is_none(path: str, text: str) -> None:
    assert not read({path: text}).prompt_like


@pytest.mark.parametrize("path", ["a.j2", "x/a.j2"])
def test_a_folder_above_the_workspace_says_nothing(path: str) -> None:
    document = snapshot_of({path: PLAIN}, root="/home/prompts/ansible").document(f"file:///home/prompts/ansible/{path}")
    assert document is not None
    assert not document.prompt_like


def test_the_configuration_makes_a_prompt_of_any_file() -> None:
    files = {
        "a.conf.j2": PLAIN,
        "b.txt": "{{#x}}{{y}}{{/x}}",
        "promptls.yaml": "formats: {a.conf.j2: jinja, b.txt: mustache}",
    }
    assert read(files).prompt_like
    other = read(files, "b.txt")
    assert other.prompts[0].template is not None
    assert other.prompts[0].template.dialect == "mustache"


@pytest.mark.parametrize(
    "files",
    [
        {"prompts/a.j2": "---\ninputs:\n  topic: string\n  n: {type: integer, default: 3}\n---\n"},
        {"prompts/a.j2": "---\ninputs:\n  - {name: topic, type: string}\n  - name: n\n    type: integer\n---\n"},
        {
            "prompts/a.j2": "",
            "prompts/a.schema.json": '{"type": "object", "properties": {"topic": {"type": "string"},'
            ' "n": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "integer"}}}',
        },
        {"prompts/a.j2": "", "prompts/a.schema.yaml": "properties:\n  topic: {type: string}\n  n: {type: integer}\n"},
        {"prompts/a.j2": "", "promptls.yaml": "inputs:\n  prompts/*.j2: {topic: string, n: {type: integer}}\n"},
        {
            "prompts/a.j2": "",
            "promptls.yaml": "inputs: {a.j2: schemas/a.json}",
            "schemas/a.json": '{"properties": {"topic": {"type": "string"}, "n": {"type": "integer"}}}',
        },
    ],
)
def test_inputs_are_declared_in_three_places(files: dict[str, str]) -> None:
    files["prompts/a.j2"] += "{{ topic }} {{ n }} {{ tpoic }}\n"
    document = read(files)
    assert {item.name: str(item.type) for item in document.prompts[0].inputs} == {"topic": "string", "n": "integer"}
    for item in document.prompts[0].inputs:
        place = item.name_location
        text = files[place.uri.removeprefix("file:///work/")]
        assert place.span.slice(text) == item.name
    assert codes(files) == ["undefined-variable"]


def test_where_nothing_is_declared_nothing_is_undefined() -> None:
    assert codes({"prompts/a.j2": "{{ topic }} {{ whatever.you.like }}"}) == []


def test_what_is_wrong_in_the_declarations_is_said() -> None:
    found = codes({"a.j2": "---\ninputs:\n  topic: strng\n---\n{{ topic }}\n"})
    assert found == ["invalid-value"]
    assert codes({"a.j2": "{{ x }}", "promptls.yaml": "inputs: {a.j2: {x: strng}}"}, "promptls.yaml") == [
        "invalid-value"
    ]


def test_includes_are_followed() -> None:
    files = {
        "prompts/a.j2": "---\ninputs: [topic, tone, spare]\n---\n"
        '{% from "macros.j2" import card %}{% include "parts/head.j2" %}{{ card(topic) }}',
        "prompts/macros.j2": "{% macro card(x) %}{{ x }}{% endmacro %}",
        "prompts/parts/head.j2": '{{ tone }}{% include "parts/head.j2" %}',
    }
    assert codes(files) == ["unused-input"]
    assert [one.exists for one in read(files).references] == [True, True]


def test_a_missing_template_is_said_where_it_is_known_where_to_look() -> None:
    files = {"prompts/a.j2": '{% include "nothing.j2" %}{% include "more.j2" ignore missing %}'}
    assert codes(files) == []
    assert codes({**files, "promptls.yaml": "templates: {roots: [templates]}", "templates/x.j2": ""}) == [
        "missing-partial"
    ]
    beside = {"prompts/a.j2": '{% include "here.j2" %}{% include "heer.j2" %}', "prompts/here.j2": "x"}
    assert codes(beside) == ["missing-partial"]


def test_an_input_that_an_unknown_template_may_read_is_not_unused() -> None:
    assert codes({"prompts/a.j2": '---\ninputs: [x]\n---\n{% include "nothing.j2" %}'}) == []
    assert codes({"prompts/a.j2": "---\ninputs: [x]\n---\n{% include x ~ '.j2' %}{% include name %}"}) == [
        "undefined-variable"
    ]


def test_a_template_that_extends_a_known_one_is_checked_in_full() -> None:
    files = {
        "prompts/a.j2": '---\ninputs: [x, y]\n---\n{% extends "base.j2" %}{% block body %}{{ x }}{{ z }}{% endblock %}',
        "prompts/base.j2": "{{ y }}{% block body %}{% endblock %}",
    }
    assert codes(files) == ["undefined-variable"]
    files["prompts/base.j2"] = "{% set z = 1 %}{{ y }}{% block body %}{% endblock %}"
    assert codes(files) == []


def test_a_circle_is_reported_only_where_it_has_no_way_out() -> None:
    tree = {"prompts/tree.j2": '{{ n.name }}{% for n in n.children %}{% include "tree.j2" %}{% endfor %}'}
    assert codes(tree) == []
    assert codes({"prompts/a.j2": '{% include "b.j2" %}', "prompts/b.j2": '{% include "a.j2" %}'}) == ["partial-cycle"]


def test_what_the_includer_binds_is_given_to_the_included() -> None:
    files = {
        "prompts/a.j2": '---\ninputs: [docs]\n---\n{% for doc in docs %}{% include "doc.j2" %}{% endfor %}',
        "prompts/doc.j2": "{{ doc.title }}{{ more }}",
    }
    assert codes(files) == ["partial-argument"]


def test_partials_of_mustache_and_handlebars_are_found_by_name() -> None:
    for ending in ("mustache", "hbs"):
        files = {f"prompts/a.{ending}": "{{> card}}{{> crad}}", f"prompts/partials/card.{ending}": "{{x}}"}
        assert [one.exists for one in read(files).references] == [True, False], ending


def test_samples_stand_beside_the_template() -> None:
    files = {"prompts/a.j2": PLAIN, "prompts/a.sample.yaml": "topic: whales"}
    assert read(files).prompts[0].samples[0].values == {"topic": "whales"}


def test_syntax_is_reported_where_it_is_certain() -> None:
    assert codes({"nginx.conf.j2": "{% if x %}\nlisten {{ port }};\n"}) == ["template-syntax"]
    assert codes({"nginx.conf.j2": "{% if x %}\n{% assign y = 1 %}\n"}) == []
    assert codes({"prompts/a.j2": "{% if x %}\n{% assign y = 1 %}\n"}) == ["template-syntax", "unknown-tag"]
