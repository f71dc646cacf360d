"""unused-input: what nothing reads, and what may be read unseen."""

from __future__ import annotations

import pytest

from tests.rules.check import check, check_fix


def test_it_is_removed_whole() -> None:
    check_fix(
        """
        ---
        name: greet
        inputs:
          - name: name
            kind: string
          - name: tone
                  ^^^^ unused-input: `tone` is never used
            kind: string
            description: How it sounds
        ---
        user:
        Hello {{ name }}
        """,
        """
        ---
        name: greet
        inputs:
          - name: name
            kind: string
        ---
        user:
        Hello {{ name }}
        """,
    )


@pytest.mark.parametrize(
    "use",
    [
        "{{ tone }}",
        "{{ tone.high }}",
        "{{ 'x' if tone else 'y' }}",
        "{{ name | default(tone) }}",
        "{% if tone is defined %}x{% endif %}",
        "{% for one in tone %}{{ one }}{% endfor %}",
        "{% set x = tone %}{{ x }}",
        "{{ {'a': tone} }}",
        "{% include 'other.jinja' %}",
    ],
)
def test_every_way_of_reading_counts(use: str) -> None:
    header = "---\nname: greet\ninputs:\n  name: {kind: string}\n  tone: {kind: union}\n---\n"
    check(f"{header}user:\n{{{{ name }}}} {use}\n")


def test_a_name_in_a_comment_or_in_raw_text_is_not_read() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          tone: {kind: string}
          ^^^^ unused-input: `tone` is never used
        ---
        user:
        {# {{ tone }} #}{% raw %}{{ tone }}{% endraw %}
        """
    )


def test_a_local_variable_of_that_name_is_another_one() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          names: {kind: array, items: {kind: string}}
          name: {kind: string}
          ^^^^ unused-input: `name` is never used
        ---
        user:
        {% for name in names %}{{ name }}{% endfor %}
        """
    )


def test_a_broken_template_may_read_it() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          tone: {kind: string}
        ---
        user:
        {{ tone
        ^^^^^^^ template-syntax
        """
    )


def test_an_input_that_a_tool_is_bound_to_is_read() -> None:
    check(
        """
        ---
        name: weather
        inputs:
          unit: {kind: string}
        tools:
          - name: get_weather
            kind: function
            parameters:
              - name: unit
                kind: string
            bindings:
              unit: unit
        ---
        user:
        How is the weather?
        """
    )


def test_a_thread_is_sent_where_the_template_does_not_place_it() -> None:
    check(
        """
        ---
        name: chat
        inputs:
          - name: history
            kind: thread
        ---
        system:
        You are brief.
        """
    )


def test_mustache() -> None:
    check(
        """
        ---
        name: greet
        template: {format: mustache, parser: prompty}
        inputs:
          name: {kind: string}
          tone: {kind: string}
          ^^^^ unused-input: `tone` is never used
        ---
        user:
        {{#name}}Hello {{.}}{{/name}}{{! tone }}
        """
    )


def test_version_1_sample() -> None:
    check(
        """
        ---
        name: greet
        model:
          api: chat
          configuration: {type: openai}
        sample:
          firstName: Ada
          lastName: Lovelace
          ^^^^^^^^ unused-input: `lastName` is never used
        ---
        user:
        Hello {{ firstName }}
        """
    )
