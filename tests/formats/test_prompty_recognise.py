"""Which Prompty a file is, by what, and who may say otherwise."""

from __future__ import annotations

import pytest

from promptls import formats
from tests.formats.reading import read, read_text

KINDS = {
    "v2 by its model": ("model:\n  id: gpt-4\n  connection: {kind: key}\n", "Prompty v2", "`model.id`"),
    "v2 by a list": ("inputs:\n  - name: q\n    kind: string\n", "Prompty v2", "`inputs` as a list"),
    "v2 by its template": ("template:\n  format: {kind: jinja2}\n  parser: prompty\n", "Prompty v2", "as a mapping"),
    "v2 by a model's name": ("model: gpt-4\n", "Prompty v2", "`model` as a string"),
    "v2 by its kinds": ("inputs:\n  q: {kind: string}\n", "Prompty v2", "`kind` of `q`"),
    "v1 by its model": (
        "model:\n  api: chat\n  configuration: {type: openai}\n",
        "Prompty v1",
        "`model.configuration`",
    ),
    "v1 by its sample": ("sample:\n  q: Why?\n", "Prompty v1", "`sample`"),
    "v1 by its template": ("template: jinja2\n", "Prompty v1", "`template` as a string"),
    "v1 by its engine": ("template: {type: mustache, parser: prompty}\n", "Prompty v1", "`template.type`"),
    "v1 by its types": ("inputs:\n  q: {type: string}\n", "Prompty v1", "`type` of `q`"),
    "promptflow by its connection": (
        "model:\n  api: chat\n  configuration: {connection: open_ai}\n",
        "Prompty v1 (promptflow)",
        "`model.api`",
    ),
    "promptflow by its sample": ("model: {api: chat}\nsample: sample.json\n", "Prompty v1 (promptflow)", "`sample`"),
    "promptflow by its types": ("inputs:\n  q: {type: list}\n", "Prompty v1 (promptflow)", "`type` of `q`"),
    "unclear": ("name: a\ndescription: b\n", "Prompty, version unclear", "no key belongs to one version only"),
    "empty": ("\n", "Prompty, version unclear", "no key belongs to one version only"),
}


@pytest.mark.parametrize("case", KINDS)
def test_a_version_is_told_by_its_keys(case: str) -> None:
    header, title, why = KINDS[case]

    found = formats.recognise("a.prompty", f"---\n{header}---\nHi")

    assert found is not None
    assert found.title == title
    assert why in found.why


def test_a_mixture_goes_to_the_stronger_side_and_names_the_odd_keys() -> None:
    document = read("""
        ---
        authors: [me]
        model:
          id: gpt-4
          connection: {kind: key}
          parameters: {max_tokens: 3}
        ---
        user:
        Hi
        """)

    odd = document.problems_of("mixed-versions")
    assert document.recognised.title == "Prompty v2"
    assert "but `authors` and `model.parameters`" in document.recognised.why
    assert [problem.span.slice(document.text.value) for problem in odd] == ["authors", "parameters"]
    assert odd[1].data["path"] == ("model", "parameters")
    assert document.schema == "prompty-v2"


def test_a_tie_goes_to_v2_whose_loader_drops_what_v1_refuses() -> None:
    document = read_text("---\nmodel:\n  configuration: {}\n  connection: {kind: key}\n---\nHi")

    assert document.recognised.variant == "v2"


def test_nothing_is_odd_where_the_version_is_unclear() -> None:
    document = read_text("---\nname: a\n---\ndeveloper:\nHi\n\nfunction:\nHi\n")

    assert document.problems == ()
    assert document.recognised.title == "Prompty, version unclear"
    assert document.schema == "prompty-v2"


def test_the_configuration_and_the_file_itself_overrule_the_clues() -> None:
    v2 = "---\nmodel:\n  id: gpt-4\n---\nHi"
    told = "---\n# promptls: format[prompty-v1]\nmodel:\n  id: gpt-4\n---\nHi"

    assert formats.recognise("a.prompty", v2, "prompty-v1").title == "Prompty v1"  # type: ignore[union-attr]
    assert formats.recognise("a.txt", "Hi", "prompty").title == "Prompty, version unclear"  # type: ignore[union-attr]
    assert formats.recognise("a.prompty", told).title == "Prompty v1"  # type: ignore[union-attr]
    assert formats.recognise("a.prompty", told, "prompty-v2").title == "Prompty v1"  # type: ignore[union-attr]
    assert formats.recognise("a.prompty", "user:\n# promptls: format[prompty-v1]\n").variant == "unclear"  # type: ignore[union-attr]


def test_in_v1_text_may_stand_above_the_header() -> None:
    header = "---\nmodel:\n  api: chat\n---\nuser:\nHi\n"

    assert read_text("Licence: MIT\n\n" + header).recognised.title == "Prompty v1"
    assert read_text("A rule:\n---\nmodel: gpt-4\n---\nHi").yaml is None


def test_other_files_are_not_taken() -> None:
    assert formats.recognise("a.md", "---\nmodel: gpt-4\n---\nHi") is None
    assert formats.read("file:///w/a.md", "Hi") is None
    assert formats.is_prompt_file("file:///w/Chat.PROMPTY")
    assert not formats.is_prompt_file("/w/prompty")


def test_the_configuration_is_a_document_without_prompts() -> None:
    document = formats.read("file:///w/promptls.yaml", "rules:\n  unused-input: off\n")

    assert document is not None
    assert document.prompts == ()
    assert document.schema == "promptls"
    assert document.yaml is not None
    assert document.yaml.root is not None
