"""wrong-use: only what no value of the declared type can do."""

from __future__ import annotations

import pytest

from tests.rules.check import check

HEADER = """---
name: use
inputs:
  - name: word
    kind: string
  - name: count
    kind: integer
  - name: list
    kind: array
    items: {kind: string}
  - name: map
    kind: object
---
user:
{{ word }}{{ count }}{{ list }}{{ map }}
"""


def test_what_cannot_be() -> None:
    check(
        HEADER
        + """{% for one in word %}{{ one }}{% endfor %}
              ^^^^ wrong-use: `word` is declared as a string, and this needs a list or a map
{% for one in count %}{{ one }}{% endfor %}
              ^^^^^ wrong-use: `count` is declared as a whole number, and this needs a list or a map
{{ word.first }}
        ^^^^^ wrong-use: `word` is declared as a string, which has no `first`
{{ list.name }}
        ^^^^ wrong-use: `list` is declared as a list, which has no `name`
{{ word(1) }}
   ^^^^ wrong-use: `word` is declared as a string, which cannot be called
"""
    )


@pytest.mark.parametrize(
    "fine",
    [
        "{% for one in list %}{{ one }}{% endfor %}",
        "{% for key in map %}{{ key }}{% endfor %}",
        "{% for key, value in map.items() %}{{ key }}{% endfor %}",
        "{{ word | length }}{{ word | list | join }}{{ word[0] }}{{ word[:3] }}",
        "{{ word ~ count }}{{ word + word }}{{ word * 2 }}{{ word | int + 1 }}",
        "{{ count + 1 }}{{ count > 3 }}{{ -count }}",
        "{{ count | string | upper }}{{ count | upper }}",
        "{{ word.upper() }}{{ word.split(',') }}{{ list | first }}{{ list[0] }}",
        "{{ map.anything }}{{ map['x'] }}",
        "{% if word == 'a' or count == 'b' %}x{% endif %}",
        "{% if word in list %}x{% endif %}{% if 'a' in word %}x{% endif %}",
    ],
)
def test_what_can_be(fine: str) -> None:
    check(f"{HEADER}{fine}\n")


def test_threads_and_pictures_are_the_runtimes_business() -> None:
    check(
        """
        ---
        name: chat
        inputs:
          - name: history
            kind: thread
          - name: picture
            kind: image
        ---
        user:
        {{ history }}{{ picture.url }}{% for turn in history %}{{ turn.anything }}{% endfor %}
        """
    )


def test_a_list_has_a_length_in_handlebars() -> None:
    check("-- a.hbs --\n---\ninputs:\n  items: {type: array}\n---\nuser:\n{{items.length}}\n")
    check(
        """
        -- a.hbs --
        ---
        inputs:
          items: {type: array}
        ---
        user:
        {{items.size}}
                ^^^^ wrong-use: `items` is declared as a list, which has no `size`
        """
    )
