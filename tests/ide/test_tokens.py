"""Semantic tokens, written as `word type.modifier`."""

from __future__ import annotations

from promptls.ide.tokens import tokens_of
from promptls.text import Span
from tests.ide.place import place


def tokens(source: str, start_line: int = 0) -> list[str]:
    document = place(source).document
    text = document.text
    part = Span(text.line_span(start_line).start, len(text))
    return [
        f"{token.span.slice(text.value)} {'.'.join([token.type, *token.modifiers])}"
        for token in tokens_of(document, part)
    ]


def test_header() -> None:
    assert tokens(
        """
        ---
        name: greet # a comment
        model:
          id: gpt-4o
          options: {temperature: 0.2, allowMultipleToolCalls: true}
          connection: {kind: key, apiKey: "${env:KEY}"}
        inputs:
          tone: {kind: string}
        ---
        """
    ) == [
        "name property",
        "greet string",
        "# a comment comment",
        "model property",
        "id property",
        "gpt-4o string",
        "options property",
        "temperature property",
        "0.2 number",
        "allowMultipleToolCalls property",
        "true keyword",
        "connection property",
        "kind property",
        "key string",
        "apiKey property",
        '"${env: string',
        "KEY macro",
        '}" string',
        "inputs property",
        "tone parameter.declaration",
        "kind property",
        "string string",
    ]


def test_template() -> None:
    source = """
        ---
        name: greet
        inputs: {items: {kind: array}}
        ---
        user[name="Al"]:
        {%- for item in items %}{{ item.name | default("x") ~ 1 }}{{ unknown }}{% endfor -%}
        {# done #}
        """
    assert tokens(source, 4) == [
        "user class",
        "name property",
        "Al string",
        "{%- operator",
        "for keyword",
        "item variable.declaration",
        "in keyword",
        "items parameter.readonly",
        "%} operator",
        "{{ operator",
        "item variable.readonly",
        "name property",
        "| operator",
        "default function.defaultLibrary",
        '"x" string',
        "~ operator",
        "1 number",
        "}} operator",
        "{{ operator",
        "unknown variable",
        "}} operator",
        "{% operator",
        "endfor keyword",
        "-%} operator",
        "{# done #} comment",
    ]


def test_several_lines_are_several_tokens() -> None:
    source = """
        ---
        description: |
          one
          two
        ---
        {# a
          b #}
        """
    assert [token for token in tokens(source) if token.endswith(("string", "comment"))] == [
        "| string",
        "one string",
        "two string",
        "{# a comment",
        "b #} comment",
    ]


def test_only_the_part_that_is_asked_for() -> None:
    document = place(
        """
        ---
        name: x
        ---
        {{ a }}
        {{ b }}
        """
    ).document
    line = document.text.line_span(4)
    words = [token.span.slice(document.text.value) for token in tokens_of(document, line)]
    assert words == ["{{", "b", "}}"]
