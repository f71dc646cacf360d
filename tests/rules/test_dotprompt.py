"""What the rules say of Dotprompt files."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.rules import Severity
from tests.corpus_report import findings_of
from tests.rules.check import check, check_fix
from tests.shared_files import needs_shared, shared

EXAMPLES = {
    "error-invalid-yaml": ("error", "yaml-syntax"),
    "error-multiple-issues": ("error", "template-syntax"),
    "error-unclosed-block": ("error", "template-syntax"),
    "error-unmatched-closing-block": ("error", "template-syntax"),
    # dotpromptz and npm dotprompt both print a stray `}}`, so that is no error.
    "error-unbalanced-brace": ("warning", "template-syntax"),
    "warning-undefined-variable": ("warning", "undefined-variable"),
    "warning-unused-variable": ("hint", "unused-input"),
    "partials/circular-partial-a": ("error", "partial-cycle"),
    "partials/circular-partial-b": ("error", "partial-cycle"),
}
REFUSED = {
    "valid-greeting": ("error", "template-syntax"),
    "valid-blog-generator": ("error", "invalid-output-schema"),
    "valid-comments-and-partials": ("error", "invalid-value"),
    "valid-customer-support": ("warning", "wrong-use"),
}
"""Examples of google/dotprompt that its own loaders refuse, or of which they send nothing (see the comments there)."""
CLEAN = ("01-basic", "04-tools", "07-multi-turn-history", "11-multilingual-unicode")


@needs_shared
@pytest.mark.parametrize("name", [*EXAMPLES, *REFUSED])
def test_an_example_shows_what_its_name_says(name: str) -> None:
    found = findings_of(shared("corpus", "google+dotprompt", "examples", f"{name}.prompt"))
    wanted = {**EXAMPLES, **REFUSED}[name]
    assert wanted in {(one.severity.label, one.code) for one in found if one.severity}


@needs_shared
@pytest.mark.parametrize("name", CLEAN)
def test_real_files_without_mistakes(name: str) -> None:
    path: Path = shared("corpus", "google+dotprompt", "packages", "codemirror", "samples", f"{name}.prompt")
    assert [one for one in findings_of(path) if one.severity is not Severity.HINT] == []


def test_picoschema() -> None:
    check_fix(
        """
        -- a.prompt --
        ---
        input:
          schema:
            name: strng, who
                  ^^^^^ invalid-value: Picoschema has no type `strng`: did you mean `string`?
            age?: integer
        output:
          schema:
            tags: string[]
                  ^^^^^^^^ invalid-output-schema: Picoschema has no type `string[]`: …
        ---
        {{name}} {{age}}
        """,
        """
        -- a.prompt --
        ---
        input:
          schema:
            name: string, who
            age?: integer
        output:
          schema:
            tags: string[]
                  ^^^^^^^^ invalid-output-schema: …
        ---
        {{name}} {{age}}
        """,
    )


def test_schemas_of_the_application() -> None:
    check(
        """
        -- a.prompt --
        ---
        input:
          schema: {guest: Guest, place: Place, thing: Thing, other: Other}
                                                                    ^^^^^ invalid-value: `Other` is no type …
        ---
        {{guest.name}} {{guest.nam}} {{place}} {{thing}} {{other}}
                               ^^^ undefined-attribute: …
        -- promptls.yaml --
        templates: {schemas: [shapes, more/Place.json, Thing]}
        -- shapes/Guest.yaml --
        type: object
        properties: {name: {type: string}}
        additionalProperties: false
        -- more/Place.json --
        {"type": "string"}
        """
    )


def test_roles() -> None:
    check_fix(
        """
        -- a.prompt --
        {{role "user"}}Hello
        {{role "assistant"}}
                ^^^^^^^^^ unknown-role: There is no role `assistant`; did you mean `model`?
        Hi
        """,
        """
        -- a.prompt --
        {{role "user"}}Hello
        {{role "model"}}
        Hi
        """,
    )


def test_a_role_takes_no_body() -> None:
    check_fix(
        """
        -- a.prompt --
        {{#role "user"}}Hi{{/role}}
        ^^^^^^^^^^^^^^^^ wrong-use: `role` renders no body: …
        """,
        """
        -- a.prompt --
        {{role "user"}}Hi
        """,
    )


def test_braces_in_text() -> None:
    check(
        """
        -- a.prompt --
        Answer {{name}} with {"a": {"b": {"c": {{n}} }}} or `}}`.
        No tag }} here.
               ^^ template-syntax: `}}` closes no tag …
        """
    )


def test_the_header_is_the_subset_of_yaml_that_dotprompt_reads() -> None:
    check(
        """
        -- a.prompt --
        ---
        model: &m googleai/x
                  ^^^^^^^^^^ invalid-value: Dotprompt refuses anchors: remove `&m`
        name: *m
              ^^ invalid-value: Dotprompt refuses aliases: …
        yes: 1
        ^^^ invalid-value: Dotprompt reads `yes` as true, and refuses such a key: write `"yes"`
        version: 1.0
                 ^^^ wrong-type: `version` must be a string: …
        ---
        Hi
        """
    )


def test_declared_inputs() -> None:
    check_fix(
        """
        -- a.prompt --
        ---
        input:
          schema:
            name: string
        ---
        {{name}} {{age}} {{@auth.email}} {{@root.name}} {{#if extra}}{{extra}}{{/if}}
                   ^^^ undefined-variable: `age` is not declared
        """,
        """
        -- a.prompt --
        ---
        input:
          schema:
            name: string
            age: string
        ---
        {{name}} {{age}} {{@auth.email}} {{@root.name}} {{#if extra}}{{extra}}{{/if}}
        """,
    )


def test_settings_in_the_wrong_place() -> None:
    check_fix(
        """
        -- a.prompt --
        ---
        model: googleai/x
        config:
          max_tokens: 3
          ^^^^^^^^^^ ignored-key: …
        ---
        Hi
        """,
        """
        -- a.prompt --
        ---
        model: googleai/x
        config:
          maxOutputTokens: 3
        ---
        Hi
        """,
    )


def test_properties_right_below_output() -> None:
    check_fix(
        """
        -- a.prompt --
        ---
        model: googleai/x
        output:
          animal: string
          ^^^^^^ ignored-key: Dotprompt ignores `animal`: the properties of `output` belong below `output.schema`
          # how sure
          sure?: number, from 0 to 1
        ---
        What is it?
        """,
        """
        -- a.prompt --
        ---
        model: googleai/x
        output:
          schema:
            animal: string
          # how sure
            sure?: number, from 0 to 1
        ---
        What is it?
        """,
    )


def test_keys_below_input_and_output_that_a_host_may_read() -> None:
    check(
        """
        -- a.prompt --
        ---
        input: {topic: string, schema: {topic: string}}
        output:
          contentType: text/plain
          constrained: true
        ---
        Tell me of {{topic}}
        """
    )
