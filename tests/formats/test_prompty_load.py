"""The loader of v2: what it makes of a header, what it refuses, and that it refuses what prompty 2.1.0 refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from promptls import formats
from promptls.formats.prompty.load import LoadError, fill_inputs, load
from tests.formats.reading import among, around
from tests.shared_files import needs_shared, shared

ACCEPTED = json.loads((Path(__file__).parents[1] / "oracles" / "prompty_accepted.json").read_text(encoding="utf-8"))


def loaded(header: str, files: Mapping[str, str] | None = None, **environ: str) -> dict[str, object]:
    return load(f"---\n{header}\n---\nuser:\nHi\n", among(files or {}, "a.prompty"), environ)


class AnyName(dict[str, str]):
    """An environment where every name is set, so that only the file itself decides."""

    def get(self, name: str, default: object = None) -> str:
        return "https://example.openai.azure.com"


@needs_shared
@pytest.mark.parametrize("file", ACCEPTED)
def test_a_real_file_is_refused_where_the_reference_refuses_it(file: str) -> None:
    text = shared(file).read_bytes().decode("utf-8")

    if ACCEPTED[file]["v2"]["load"]:
        assert load(text, around(shared(file)), AnyName())["kind"] == "prompt"
    else:
        with pytest.raises(LoadError):
            load(text, around(shared(file)), AnyName())


def test_shorthands_are_spelled_out() -> None:
    found = loaded(
        "model: gpt-4\ninputs: {q: {kind: string}}\ntools: {t: {kind: function}}\n"
        "template: {format: jinja2, parser: prompty}\nunknown: 1"
    )

    assert found == {
        "kind": "prompt",
        "model": {"id": "gpt-4"},
        "inputs": [{"name": "q", "kind": "string"}],
        "tools": [{"name": "t", "kind": "function"}],
        "template": {"format": {"kind": "jinja2"}, "parser": {"kind": "prompty"}},
        "instructions": "user:\nHi",
    }


def test_references_are_resolved_where_the_loader_looks_and_in_what_it_includes() -> None:
    files = {"connection.json": '{"kind": "key", "apiKey": "${env:KEY}"}', "text.md": "Long text"}
    found = loaded(
        'name: "${ENV:NAME:none}"\ndescription: ${file:text.md}\nmetadata: {x: "${env:UNREAD}"}\n'
        "model: {id: m, connection: '${file:connection.json}'}",
        files,
        KEY="secret",
    )

    assert (found["name"], found["description"]) == ("none", "Long text")
    assert found["metadata"] == {"x": "${env:UNREAD}"}
    assert found["model"] == {"id": "m", "connection": {"kind": "key", "apiKey": "secret"}}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("name: ${env:NONE}", "Environment variable 'NONE' not set for key 'name'"),
        ("name: ${file:../a.json}", "outside allowed roots"),
        ("name: ${file:/etc/passwd}", "outside allowed roots"),
        ("name: '${file:C:\\a.json}'", "outside allowed roots"),
        ("name: ${file:gone.json}", "not found"),
        ("name: ${file:bad.json}", "invalid frontmatter"),
        ("template: jinja2", "Invalid template format"),
        ("template: {format: jinja2}", "`template.parser`: missing required field"),
        ("name: [a", "invalid frontmatter"),
        ("- a", "invalid frontmatter"),
        ("inputs:", "`inputs` must be a list or a mapping"),
        ("inputs: {q: Jane}", "`inputs.q.kind`: missing required field"),
        ("inputs: {q: [1]}", "`inputs.q` must be a mapping, not a list"),
        ("inputs: [{name: q, kind: array}]", "`inputs[0].items`: missing required field"),
        ("model: {connection: {endpoint: x}}", "`model.connection.kind`: missing required field"),
        ("model: [a]", "`model` must be a mapping"),
        ("tools: [{name: t, kind: mcp}]", "`tools[0].connection`: missing required field"),
        ("inputs: {a: " + "{kind: array, items: " * 60 + "x" + "}" * 61, "nested too deeply"),
    ],
)
def test_what_is_refused_is_said_in_a_sentence(header: str, words: str) -> None:
    with pytest.raises(LoadError) as refused:
        loaded(header, {"bad.json": "{"})

    assert words in str(refused.value)


def test_a_header_that_is_not_closed_is_refused() -> None:
    with pytest.raises(LoadError, match="never closed"):
        load("---\nname: a\n", formats.no_siblings, {})


def test_defaults_fill_and_examples_do_not() -> None:
    found = loaded("inputs: [{name: a, kind: string, default: 1}, {name: b, kind: string, example: 2}]")

    assert fill_inputs(found, {}) == {"a": 1}
    with pytest.raises(formats.MissingInput) as missing:
        fill_inputs(loaded("inputs: [{name: c, kind: string, required: yes}]"), {})
    assert missing.value.field == "c"
