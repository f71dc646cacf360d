"""Declaring an input, removing one and giving samples: in the file's own style, and nothing else changes."""

from __future__ import annotations

import textwrap

import pytest

from promptls import formats
from promptls.prompt.model import Document
from promptls.prompt.types import ANY, ValueType
from tests.formats.reading import apply, around, prompt_of, read_file, read_text
from tests.shared_files import corpus, needs_shared

STRING = ValueType(frozenset({"string"}))
COUNT = ValueType(frozenset({"integer"}))
LIST = ValueType(frozenset({"array"}), items=ValueType(frozenset({"object"})))


def document(header: str, body: str = "user:\nHello\n", name: str = "prompt.prompty") -> Document:
    return read_text(f"---\n{textwrap.dedent(header).removeprefix(chr(10))}---\n{body}", name)


def header_of(text: str) -> str:
    return text.split("---\n")[1]


def declared(header: str, name: str = "topic", type: ValueType = STRING) -> str:
    before = document(header)
    return header_of(apply(before, formats.declare_input(before, prompt_of(before), name, type)))


def removed(header: str, name: str) -> str:
    before = document(header)
    item = prompt_of(before).input(name)
    assert item is not None
    return header_of(apply(before, formats.remove_input(before, prompt_of(before), item)))


def sampled(header: str, **values: object) -> str:
    before = document(header)
    return header_of(apply(before, formats.add_samples(before, prompt_of(before), values)))


DECLARATIONS = {
    "no inputs yet: below the model": (
        "name: a\nmodel:\n  id: gpt-4\n  provider: openai\ntools: []\n",
        "name: a\nmodel:\n  id: gpt-4\n  provider: openai\ninputs:\n  - name: topic\n    kind: string\ntools: []\n",
    ),
    "no key that stands above: on top": (
        "tools:\n  - name: t\n    kind: function\n",
        "inputs:\n  - name: topic\n    kind: string\ntools:\n  - name: t\n    kind: function\n",
    ),
    "a half-written key": (
        "name: a\nmodel: gpt-4\ninputs:\n",
        "name: a\nmodel: gpt-4\ninputs:\n  - name: topic\n    kind: string\n",
    ),
    "a key that says nothing": (
        "model: gpt-4\ninputs: null # none\n",
        "model: gpt-4\ninputs:\n  - name: topic\n    kind: string # none\n",
    ),
    "a list": (
        "inputs:\n  - name: q\n    kind: string # asked\n\n# more\ntemplate:\n  format: jinja2\n  parser: prompty\n",
        "inputs:\n  - name: q\n    kind: string # asked\n  - name: topic\n    kind: string\n\n# more\n"
        "template:\n  format: jinja2\n  parser: prompty\n",
    ),
    "a list that is not indented": (
        "model: m\ninputs:\n- name: q\n  kind: string\n",
        "model: m\ninputs:\n- name: q\n  kind: string\n- name: topic\n  kind: string\n",
    ),
    "a list with wide dashes": (
        "inputs:\n  -   name: q\n      kind: string\n",
        "inputs:\n  -   name: q\n      kind: string\n  - name: topic\n    kind: string\n",
    ),
    "a list of flow mappings": (
        "inputs:\n  - {name: q, kind: string}\n",
        "inputs:\n  - {name: q, kind: string}\n  - {name: topic, kind: string}\n",
    ),
    "a map": (
        "model: m\ninputs:\n    q:\n        kind: string\n",
        "model: m\ninputs:\n    q:\n        kind: string\n    topic:\n        kind: string\n",
    ),
    "a map of flow mappings": (
        "model: m\ninputs:\n  q: {kind: string}\n",
        "model: m\ninputs:\n  q: {kind: string}\n  topic: {kind: string}\n",
    ),
    "a flow list": (
        "inputs: [{name: q, kind: string}]\n",
        "inputs: [{name: q, kind: string}, {name: topic, kind: string}]\n",
    ),
    "a flow list on several lines": (
        "inputs: [\n  {name: q, kind: string}, # asked\n]\n",
        "inputs: [\n  {name: q, kind: string}, # asked\n  {name: topic, kind: string}\n]\n",
    ),
    "a flow map on several lines": (
        "model: m\ninputs: {\n  q: {kind: string} # asked\n}\n",
        "model: m\ninputs: {\n  q: {kind: string}, # asked\n  topic: {kind: string}\n}\n",
    ),
    "a list with anchors": (
        "inputs:\n  - &one\n    name: q\n    kind: string\n",
        "inputs:\n  - &one\n    name: q\n    kind: string\n  - name: topic\n    kind: string\n",
    ),
    "an empty flow list": ("inputs: []\n", "inputs: [{name: topic, kind: string}]\n"),
    "an empty flow map": ("model: m\ninputs: {}\n", "model: m\ninputs: {topic: {kind: string}}\n"),
    "a header in flow style": ("{model: m, name: a}\n", "{model: m, name: a, inputs: [{name: topic, kind: string}]}\n"),
    "v1 without inputs": (
        "name: a\nmodel:\n  api: chat\n",
        "name: a\nmodel:\n  api: chat\ninputs:\n  topic:\n    type: string\n",
    ),
    "v1 with a sample only": (
        "model:\n  api: chat\nsample:\n  q: Why?\n",
        'model:\n  api: chat\nsample:\n  q: Why?\n  topic: ""\n',
    ),
    "v1 with both": (
        "model:\n  api: chat\ninputs:\n  q:\n    type: string\nsample:\n  q: Why?\n",
        "model:\n  api: chat\ninputs:\n  q:\n    type: string\n  topic:\n    type: string\nsample:\n  q: Why?\n",
    ),
    "v1 with values for inputs": (
        "model:\n  api: chat\ninputs:\n  first: Jane\n",
        'model:\n  api: chat\ninputs:\n  first: Jane\n  topic: ""\n',
    ),
}


@pytest.mark.parametrize("case", DECLARATIONS)
def test_an_input_is_declared_in_the_style_of_the_file(case: str) -> None:
    before, after = DECLARATIONS[case]

    assert declared(before) == after


def test_a_file_without_front_matter_gets_one() -> None:
    before = read_text("user:\nHello {{ topic }}\n")

    after = apply(before, formats.declare_input(before, prompt_of(before), "topic", STRING))

    assert after == "---\ninputs:\n  - name: topic\n    kind: string\n---\nuser:\nHello {{ topic }}\n"


def test_types_are_spelled_in_the_words_of_the_version() -> None:
    assert "kind: integer" in declared("model: m\n", type=COUNT)
    assert "kind: array\n    items: {kind: object}" in declared("model: m\n", type=LIST)
    assert "type: number" in declared("model:\n  api: chat\n", type=COUNT)
    assert "type: array\n" in declared("model:\n  api: chat\n", type=LIST)
    assert "kind: string" in declared("model: m\n", type=ANY)


def test_a_name_that_yaml_takes_for_something_else_is_quoted() -> None:
    assert declared("model: m\n", name="yes") == 'model: m\ninputs:\n  - name: "yes"\n    kind: string\n'


@pytest.mark.parametrize(
    "header",
    ["model: m\ninputs: ${file:inputs.json}\n", "model: m\ninputs: *gone\n", 'model: "m\n', "- a\n- b\n"],
    ids=["in another file", "broken alias", "open quote", "no mapping"],
)
def test_nothing_is_written_where_it_could_only_be_wrong(header: str) -> None:
    before = document(header)

    assert formats.declare_input(before, prompt_of(before), "topic", STRING) == ()


REMOVALS = {
    "first of a list": (
        "inputs:\n  - name: a\n    kind: string\n  # about b\n  - name: b\n    kind: string\n",
        "a",
        "inputs:\n  # about b\n  - name: b\n    kind: string\n",
    ),
    "last of a list, the comment of the next key stays": (
        "inputs:\n  - name: b\n    kind: string\n  - name: a\n    kind: string # why\n\n# model\nmodel: m\n",
        "a",
        "inputs:\n  - name: b\n    kind: string\n\n# model\nmodel: m\n",
    ),
    "the only one": ("model: m\ninputs:\n  - name: a\n    kind: string\ntools: []\n", "a", "model: m\ntools: []\n"),
    "of a map": (
        "model: m\ninputs:\n  a:\n    kind: string\n    description: |\n      x\n      y\n  b: {kind: string}\n",
        "a",
        "model: m\ninputs:\n  b: {kind: string}\n",
    ),
    "first of a flow list": ("inputs: [{name: a}, {name: b}]\n", "a", "inputs: [{name: b}]\n"),
    "last of a flow list": ("inputs: [{name: b}, {name: a}]\n", "a", "inputs: [{name: b}]\n"),
    "middle of a flow map": ("model: m\ninputs: {b: 1, a: 2, c: 3}\n", "a", "model: m\ninputs: {b: 1, c: 3}\n"),
    "only one of a flow map": ("model: m\ninputs: {a: 1}\n", "a", "model: m\n"),
    "v1, from the sample too": (
        "model:\n  api: chat\ninputs:\n  a:\n    type: string\n  b:\n    type: string\nsample:\n  a: 1\n",
        "a",
        "model:\n  api: chat\ninputs:\n  b:\n    type: string\n",
    ),
    "declared twice": ("model: m\ninputs:\n  a: 1\n  b: 2\n  a: 3\n", "a", "model: m\ninputs:\n  b: 2\n"),
    "with an anchor that nothing uses": (
        "inputs:\n  - &one\n    name: a\n    kind: string\n  - &two {name: b, kind: string}\n",
        "a",
        "inputs:\n  - &two {name: b, kind: string}\n",
    ),
    "first of a map with an anchor of its own": (
        "model: m\ninputs: &all\n  a: {kind: string}\n  ? b\n  : {kind: string}\n",
        "a",
        "model: m\ninputs: &all\n  ? b\n  : {kind: string}\n",
    ),
    "with a key spelled out": (
        "model: m\ninputs:\n  c: {kind: string}\n  ? a\n  : {kind: string}\n",
        "a",
        "model: m\ninputs:\n  c: {kind: string}\n",
    ),
    "without a value": ("model: m\ninputs:\n  a:\n  b: 2\n", "a", "model: m\ninputs:\n  b: 2\n"),
}


@pytest.mark.parametrize("case", REMOVALS)
def test_an_input_is_removed_with_its_line_and_nothing_else(case: str) -> None:
    before, name, after = REMOVALS[case]

    assert removed(before, name) == after


def test_an_input_whose_anchor_is_used_elsewhere_stays() -> None:
    before = document("model: m\ninputs:\n  - &one\n    name: a\n    kind: string\noutputs:\n  - *one\n")
    item = prompt_of(before).input("a")
    assert item is not None

    assert formats.remove_input(before, prompt_of(before), item) == ()


SAMPLES: dict[str, tuple[str, dict[str, object], str]] = {
    "v2 list: an example, which a run does not send": (
        "inputs:\n  - name: a\n    kind: string\n  - name: b\n    kind: integer\n",
        {"a": "Ada", "b": 3},
        "inputs:\n  - name: a\n    kind: string\n    example: Ada\n  - name: b\n    kind: integer\n    example: 3\n",
    ),
    "v2 flow": (
        "inputs:\n  - {name: a, kind: string}\n",
        {"a": "x, y"},
        'inputs:\n  - {name: a, kind: string, example: "x, y"}\n',
    ),
    "v2 map": (
        "model: m\ninputs:\n  a:\n    kind: array\n    items: {kind: string}\n",
        {"a": ["x"]},
        'model: m\ninputs:\n  a:\n    kind: array\n    items: {kind: string}\n    example: ["x"]\n',
    ),
    "v2, has a default": (
        "inputs:\n  - name: a\n    kind: string\n    default: b\n",
        {"a": "x"},
        "inputs:\n  - name: a\n    kind: string\n    default: b\n",
    ),
    "v1 starts a sample": (
        "model:\n  api: chat\ninputs:\n  a:\n    type: string\n",
        {"a": "true"},
        'model:\n  api: chat\ninputs:\n  a:\n    type: string\nsample:\n  a: "true"\n',
    ),
    "v1 adds to its sample": (
        "model:\n  api: chat\ninputs:\n  a:\n    type: string\nsample:\n    b: 1\n",
        {"a": "a --- b"},
        'model:\n  api: chat\ninputs:\n  a:\n    type: string\nsample:\n    b: 1\n    a: "a \\x2d-- b"\n',
    ),
}


@pytest.mark.parametrize("case", SAMPLES)
def test_samples_are_written_where_the_version_keeps_them(case: str) -> None:
    before, values, after = SAMPLES[case]

    assert sampled(before, **values) == after


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r"])
def test_edits_fit_every_line_end(eol: str) -> None:
    text = "---\nmodel: m\ninputs:\n  - name: a\n    kind: string\n---\nuser:\nHi\n".replace("\n", eol)
    before = read_text(text)
    added = read_text(apply(before, formats.declare_input(before, prompt_of(before), "b", STRING)))
    first = prompt_of(added).input("a")
    assert first is not None

    after = read_text(apply(added, formats.remove_input(added, prompt_of(added), first)))

    assert [item.name for item in prompt_of(after).inputs] == ["b"]
    assert after.problems == ()


@needs_shared
@pytest.mark.parametrize("type", [LIST, ANY], ids=str)
def test_on_real_files_what_is_declared_is_read_and_goes_again_without_a_trace(type: ValueType) -> None:
    for path in corpus():
        before = read_file(path)
        edits = formats.declare_input(before, prompt_of(before), "brand_new", type)
        if not edits:
            continue
        text = apply(before, edits)
        after = formats.read(before.uri, text, around(path))
        assert after is not None
        item = prompt_of(after).input("brand_new")
        assert item is not None, path
        assert not after.problems_of("yaml-syntax"), path
        assert len(prompt_of(after).inputs) == len(prompt_of(before).inputs) + 1, path
        if prompt_of(before).inputs:
            assert apply(after, formats.remove_input(after, prompt_of(after), item)) == before.text.value, path


@needs_shared
def test_on_real_files_what_is_removed_is_gone_and_the_others_stay() -> None:
    for path in corpus():
        before = read_file(path)
        for item in prompt_of(before).inputs:
            edits = formats.remove_input(before, prompt_of(before), item)
            assert bool(edits) == (item.location.uri == before.uri), path
            after = formats.read(before.uri, apply(before, edits), around(path))
            assert after is not None
            left = [each.name for each in prompt_of(after).inputs]
            expected = [each.name for each in prompt_of(before).inputs if not edits or each.name != item.name]
            assert left == expected, path
            assert not after.problems_of("yaml-syntax"), path
