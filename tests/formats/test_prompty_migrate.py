"""Prompty v1 becomes v2: the same messages, the comments where they were, and a word on all that has no place."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from promptls import formats
from promptls.formats import Upgrade, upgrade
from promptls.prompt.model import Document
from promptls.rules.engine import findings
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from tests.formats.migrating import digest, migrated
from tests.formats.migrations import BROKEN, CASES
from tests.formats.reading import ROOT, among, apply, around, read_text, sent
from tests.shared_files import needs_shared, shared

RECORD = json.loads((Path(__file__).parents[1] / "oracles" / "prompty_migrated.json").read_text(encoding="utf-8"))
OF_CORPUS = sorted(name for name in RECORD if "/" in name)


def made(text: str, files: dict[str, str] | None = None) -> tuple[Document, Upgrade, str]:
    document = read_text(text, "prompt.prompty", files)
    found = upgrade(document, among(files or {}, "prompt.prompty"))
    assert found is not None
    return document, found, apply(document, found.edits)


def after(text: str, files: dict[str, str] | None = None) -> str:
    return made(text, files)[2]


def sentences(text: str) -> list[str]:
    return [lost.message for lost in made(text)[1].lost]


@pytest.mark.parametrize("name", [name for name in CASES if name != "environment.prompty"])
def test_the_messages_stay_the_same(name: str) -> None:
    before, found, text = made(CASES[name])
    now = read_text(text)
    assert found.keeps_messages
    assert now.recognised.variant.startswith(("v2", "unclear"))
    assert [(message.role, message.text) for message in sent(now, {})] == [
        (message.role, message.text) for message in sent(before, {})
    ]


@pytest.mark.parametrize("name", [*CASES, *BROKEN])
def test_prompty_itself_has_judged_this_very_text(name: str) -> None:
    text = CASES[name] if name in CASES else BROKEN[name][0]
    _, found, now = made(text)
    known = RECORD[name]
    assert digest(now) == known["text"], "run tests/oracles/migrated.py again"
    assert known["v1"]
    assert found.keeps_messages is known["safe"] is known["equal"] is (name in CASES)
    assert known["loads"]


@needs_shared
@pytest.mark.parametrize("name", OF_CORPUS)
def test_files_of_the_corpus_stay_what_they_are(name: str) -> None:
    found = migrated(shared(name))
    known = RECORD[name]
    assert found is not None
    assert digest(found.text) == known["text"], "run tests/oracles/migrated.py again"
    if not found.upgrade.keeps_messages:
        assert found.upgrade.lost
        return
    if known["v1"]:
        assert known["loads"]
        assert known["equal"]
        again = formats.read(found.before.uri, found.text, around(shared(name)))
        assert again is not None
        ours = [(message.role, message.text) for message in sent(found.before, {})]
        assert [(message.role, message.text) for message in sent(again, {})] == ours


@needs_shared
def test_every_file_that_the_last_v1_loader_takes_has_a_migration() -> None:
    accepted = json.loads((Path(__file__).parents[1] / "oracles" / "prompty_accepted.json").read_text("utf-8"))
    taken = [name for name, told in accepted.items() if told["v1"]["prepare"]]
    assert len(taken) == 34
    assert all(name in RECORD for name in taken)
    # A base and its `extends`, and a last message that is empty with the file's own sample.
    unsafe = [name.rsplit("/", 1)[-1] for name in taken if not RECORD[name]["safe"]]
    assert unsafe == ["faithfulness.prompty", "hello.prompty", "hello.prompty"]


@pytest.mark.parametrize("name", [*CASES, *BROKEN])
def test_once_is_enough(name: str) -> None:
    now = read_text(after(CASES[name] if name in CASES else BROKEN[name][0]))
    assert upgrade(now) is None


@pytest.mark.parametrize("name", CASES)
def test_nothing_old_is_left_to_report(name: str) -> None:
    snapshot = snapshot_of({"a.prompty": after(CASES[name])})
    document = snapshot.document(path_to_uri("/work/a.prompty"))
    assert document is not None
    codes = {finding.code for finding in findings(document, snapshot)}
    assert not codes & {"deprecated-key", "mixed-versions", "ignored-key", "unknown-key", "wrong-type", "invalid-value"}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_the_same_is_said(name: str) -> None:
    text, sentence = BROKEN[name]
    assert sentence in sentences(text)


def test_the_whole_table() -> None:
    assert (
        after(CASES["everything.prompty"])
        == """---
# Who wrote it
name: Everything   # the name
description: "All keys of v1"
metadata:
  authors:
    - jane   # first
    - joe
  tags: [a, b]
  version: "1.0"

# The model
model:
  apiType: chat
  # from the portal
  id: gpt-4o
  provider: foundry
  connection:
    kind: key
    endpoint: ${env:AZURE_OPENAI_ENDPOINT}
    apiKey: ${env:AZURE_OPENAI_API_KEY}
    # v1 only: api_version: 2024-06-01-preview  # the last one
  options:
    maxOutputTokens: 1000
    temperature: 0.2
    topP: 1.0
    stopSequences: [END]
    frequencyPenalty: 0.5
    presencePenalty: 0
    seed: 42
    additionalProperties:
      response_format:
        type: json_object
      user: me
  # v1 only: response: first
inputs:
  question:
    kind: string
    description: >
      What they
      ask
    default: |-
      Why?

      Because.
  items:
    kind: array   # of things
    items: {kind: integer}
    description: Things
    default: [1, 2]
  limit: {kind: integer, default: 3}
  # only here
  tone:
    kind: string
    default: 'kind'
outputs:
  answer: {kind: string, description: The answer}
---
system:
Be {{ tone }}.

user:
{{ question }} {% for item in items %}{{ item }}, {% endfor %}{{ limit }}
"""
    )


def test_what_has_no_place_is_listed_with_its_line() -> None:
    document, found, _ = made(CASES["everything.prompty"])
    told = [(document.text.place(lost.span.start)[0] + 1, lost.message) for lost in found.lost]
    assert told == [
        (20, "Prompty 2.1.0 chooses the version of Azure's API itself"),
        (32, "v2 has no `model.response`: a run gives back what the model answered"),
        (43, "v2 asks the model for JSON of the shape in `outputs`; v1 only described the answer"),
    ]


def test_comments_stay_with_what_they_are_about() -> None:
    old, new = CASES["comments.prompty"], after(CASES["comments.prompty"])
    written = [line.split("#", 1)[1] for line in old.splitlines() if "#" in line]
    kept = [line.split("#", 1)[1] for line in new.splitlines() if "#" in line]
    assert sorted(set(written) - set(kept)) == []
    assert "  # which\n  id: gpt-4o  # the big one\n" in new
    assert "  # who\n  name:\n    kind: string\n    default: Jane  # a customer\n" in new


def test_line_ends_and_untouched_lines_stay() -> None:
    document, found, text = made(CASES["crlf.prompty"])
    assert text.count("\n") == text.count("\r\n")
    touched = [document.text.line_at(edit.span.start) for edit in found.edits]
    assert min(touched) >= 2
    assert "\r\nsystem:\r\nBe {{ a }}\r\n" in text


def test_braces_stay_braces_where_all_fits_on_a_line() -> None:
    text = after(CASES["openai.prompty"])
    assert '  connection: {kind: key, apiKey: "${env:OPENAI_API_KEY}"}\n' not in text
    assert "  options: {maxOutputTokens: 5, additionalProperties: {tool_choice: auto}}\n" in text
    assert "  id: gpt-4o\n" in text


def test_tools_become_declarations_or_are_handed_on() -> None:
    text = after(CASES["tools.prompty"])
    assert (
        """
# What it may call
tools:
  - name: weather
    kind: function
    description: The weather
    parameters:
      place:
        kind: string
        required: true
        description: 'Where, for example "here"'
      unit:
        kind: string
        enumValues: ["c", "f"]
      days:
        kind: array
        items:
          kind: integer
"""
        in text
    )
    assert "options" not in text
    odd = after(CASES["tools-odd.prompty"])
    assert "    additionalProperties:\n      tools:\n        - type: function\n" in odd


def test_a_sample_from_a_file_is_written_out() -> None:
    text = "---\nmodel: {api: chat}\nsample: ${file:values.json}\n---\nuser:\n{{ a }} {{ b }}\n"
    files = {"values.json": '{"a": " x ", "b": [1]}'}
    assert after(text, files) == (
        "---\nmodel: {apiType: chat}\ninputs:\n  a:\n    kind: string\n    default: x\n  b:\n    kind: array\n"
        "    items: {kind: integer}\n    default: [1]\n---\nuser:\n{{ a }} {{ b }}\n"
    )
    document = read_text(text)
    found = upgrade(document, formats.no_siblings)
    assert found is not None
    assert not found.keeps_messages


def test_promptflow_keeps_its_defaults_and_names_its_connection() -> None:
    text = (
        "---\nmodel:\n  api: chat\n  configuration:\n    type: azure_openai\n    azure_deployment: gpt-4o\n"
        "    connection: main\ninputs:\n  n: {type: int, default: 3}\n---\nuser:\n{{ n }}\n"
    )
    new = after(text)
    assert "  connection:\n    kind: reference\n    name: main\n" in new
    assert "  n: {kind: integer, default: 3}\n" in new
    assert made(text)[1].keeps_messages


def test_a_mixture_loses_its_old_half() -> None:
    text = (
        "---\nmodel:\n  id: gpt-4o\n  provider: foundry\n  api: chat\n  connection:\n    kind: key\n"
        "  parameters: {max_tokens: 5}\ninputs:\n  - name: a\n    type: array\n    sample: [x]\n---\nuser:\n{{ a }}\n"
    )
    assert after(text) == (
        "---\nmodel:\n  id: gpt-4o\n  provider: foundry\n  apiType: chat\n  connection:\n    kind: key\n"
        "  options: {maxOutputTokens: 5}\ninputs:\n  - name: a\n    kind: array\n    items: {kind: string}\n"
        "    default: [x]\n---\nuser:\n{{ a }}\n"
    )


def test_dynamic_role_lines_need_the_guard_off() -> None:
    assert "  format:\n    kind: jinja2\n    strict: false\n  parser: prompty\n" in after(CASES["history.prompty"])
    assert "strict" not in after(CASES["tags-first.prompty"])


@pytest.mark.parametrize(
    "text",
    [
        "---\nmodel:\n  id: a\n---\nuser:\nhi\n",
        "---\nname: a\n---\nuser:\nhi\n",
        "no header\n",
        "---\nmodel: {api: chat\n---\nuser:\nhi\n",
        "---\nmodel: {api: chat}\nmodel: {api: chat}\n---\nuser:\nhi\n",
        "---\n# promptls: format[prompty-v1]\nmodel: {api: chat}\n---\nuser:\nhi\n",
        "---\nmodel: &m {api: chat}\nsample: {a: *m}\n---\nuser:\nhi\n",
        "---\nmodel:\n  <<: {api: chat}\nsample: {}\n---\nuser:\nhi\n",
        "---\n{model: {api: chat}}\n---\nuser:\nhi\n",
    ],
    ids=["v2", "unclear", "none", "broken", "duplicate", "told", "anchors", "merged", "braces"],
)
def test_what_is_left_alone(text: str) -> None:
    assert upgrade(read_text(text)) is None


def test_what_the_configuration_calls_v1_stays_v1() -> None:
    text = "---\nmodel: {api: chat}\n---\nuser:\nhi\n"
    assert upgrade(read_text(text)) is not None
    assert upgrade(read_text(text, as_format="prompty-v1")) is None


def test_any_text_has_an_answer() -> None:
    """Cut off anywhere, with any character missing, or two files run together."""
    chance = random.Random(7)
    texts = [*CASES.values(), *(text for text, _ in BROKEN.values())]
    for _ in range(300):
        text = chance.choice(texts)
        at = chance.randrange(len(text))
        other = chance.choice(texts)
        for damaged in (text[:at], text[:at] + text[at + 1 :], text[:at] + other[chance.randrange(len(other)) :]):
            document = formats.read(ROOT + "a.prompty", damaged)
            assert document is not None
            found = upgrade(document)
            if found is not None:
                now = formats.read(ROOT + "a.prompty", apply(document, found.edits))
                assert now is not None
                assert not now.problems_of("yaml-syntax")
