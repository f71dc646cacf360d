"""unknown-filter, unknown-test, unknown-tag: names that neither the engine nor the application has."""

from __future__ import annotations

from promptls.rules import rules
from tests.rules.check import check, check_fix

HEADER = """---
name: shout
inputs:
  text: {kind: string}
---
user:
"""


def test_a_slip_in_a_filter() -> None:
    check_fix(
        HEADER
        + """{{ text | trm | upper }}
          ^^^ unknown-filter: `trm` is not a known filter; did you mean `trim`?
""",
        HEADER + "{{ text | trim | upper }}\n",
    )


def test_a_filter_of_the_application_is_declared_in_a_new_configuration() -> None:
    check_fix(
        f"-- a/shout.prompty --\n{HEADER}"
        + """{{ text | to_xml }}
          ^^^^^^ unknown-filter: `to_xml` is not a known filter
""",
        f"-- a/shout.prompty --\n{HEADER}"
        + """{{ text | to_xml }}
-- promptls.yaml --
templates:
  filters: [to_xml]
""",
        "Declare",
    )


def test_and_in_one_that_is_there() -> None:
    for before, after in [
        ("rules: {}\n", "rules: {}\ntemplates:\n  filters: [to_xml]\n"),
        ("templates:\n  tests: [a]\n", "templates:\n  filters: [to_xml]\n  tests: [a]\n"),
        ("templates:\n  filters: [a]\n", "templates:\n  filters: [a, to_xml]\n"),
        ("templates:\n  filters: []\n", "templates:\n  filters: [to_xml]\n"),
        ("templates:\n  filters:\n    - a\n    - b\n", "templates:\n  filters:\n    - to_xml\n    - a\n    - b\n"),
        ("templates: {globals: [x]}\n", "templates: {filters: [to_xml], globals: [x]}\n"),
        ("templates: {filters: [a]}\n", "templates: {filters: [a, to_xml]}\n"),
    ]:
        prompt = f"-- shout.prompty --\n{HEADER}{{{{ text | to_xml }}}}\n"
        mark = "          ^^^^^^ unknown-filter\n"
        check_fix(f"{prompt}{mark}-- promptls.yaml --\n{before}", f"{prompt}-- promptls.yaml --\n{after}", "Declare")


def test_a_declared_filter_is_known_and_may_be_meant() -> None:
    check(
        f"-- shout.prompty --\n{HEADER}"
        + """{{ text | to_xml }}{{ text | to_xm }}
                             ^^^^^ unknown-filter: `to_xm` is not a known filter; did you mean `to_xml`?
-- promptls.yaml --
templates: {filters: [to_xml]}
"""
    )


def test_an_undefined_variable_in_an_unknown_filter_is_two_mistakes_on_two_words() -> None:
    check(
        HEADER
        + """{{ text }}{{ txt | upr }}
             ^^^ undefined-variable: `txt` is not declared; did you mean `text`?
                   ^^^ unknown-filter: …
"""
    )


def test_tests() -> None:
    check(
        HEADER
        + """{% if text is lower %}{{ text }}{% endif %}{% if text is lowr %}x{% endif %}{{ text }}
                                                         ^^^^ unknown-test: …
"""
    )


def test_a_block_of_an_extension() -> None:
    check_fix(
        HEADER
        + """{% cache 60 %}{{ text }}{% endcache %}
   ^^^^^ unknown-tag: `cache` is not a known tag
""",
        f"-- prompt.prompty --\n{HEADER}"
        + """{% cache 60 %}{{ text }}{% endcache %}
-- promptls.yaml --
templates:
  tags: [cache]
""",
        "Declare",
    )


def test_a_slip_in_a_tag() -> None:
    check_fix(
        HEADER
        + """{% sett x = 1 %}{{ text }}
   ^^^^ unknown-tag: `sett` is not a known tag; did you mean `set`?
""",
        HEADER + "{% set x = 1 %}{{ text }}\n",
    )


def test_mustache_has_no_filters() -> None:
    check(
        """
        ---
        name: shout
        template: {format: mustache, parser: prompty}
        inputs:
          text: {kind: string}
        ---
        user:
        {{text}}
        """
    )


def test_a_filter_may_come_from_the_application_a_tag_may_not() -> None:
    assert rules()["unknown-filter"].severity.label == "warning"
    assert rules()["unknown-tag"].severity.label == "error"
