"""unknown-helper: calls of what neither the engine nor the application has."""

from __future__ import annotations

from tests.rules.check import check, check_fix

HEADER = """---
input:
  schema:
    user: any
    tone: string
    items(array): string
---
"""


def test_a_slip_in_a_helper() -> None:
    check_fix(
        "-- a.prompt --\n"
        + HEADER
        + """{{jsn user}}
  ^^^ unknown-helper: `jsn` is not a known helper; did you mean `json`?
{{tone}} {{items}}
""",
        "-- a.prompt --\n" + HEADER + "{{json user}}\n{{tone}} {{items}}\n",
    )


def test_a_slip_in_a_block_is_mended_in_its_end_as_well() -> None:
    check_fix(
        "-- a.prompt --\n"
        + HEADER
        + """{{#eahc items}}x{{/eahc}}{{user}}{{tone}}
   ^^^^ unknown-helper: `eahc` is not a known helper; did you mean `each`?
""",
        "-- a.prompt --\n" + HEADER + "{{#each items}}x{{/each}}{{user}}{{tone}}\n",
    )


def test_a_helper_of_the_application_is_declared() -> None:
    check_fix(
        "-- a.prompt --\n"
        + HEADER
        + """{{money user}}{{tone}}{{items}}
  ^^^^^ unknown-helper: `money` is not a known helper
""",
        "-- a.prompt --\n"
        + HEADER
        + "{{money user}}{{tone}}{{items}}\n-- promptls.yaml --\ntemplates:\n  helpers: [money]\n",
        "Declare",
    )


def test_known_ones_and_variables_are_silent() -> None:
    check(
        "-- a.prompt --\n"
        + HEADER
        + """{{role "system"}}{{history}}{{media url=tone}}{{section "output"}}{{json user indent=2}}{{lookup user "x"}}
{{#ifEquals tone "a"}}{{else}}{{/ifEquals}}{{#each items}}{{this}}{{else}}{{/each}}{{money user}}{{now}}
-- promptls.yaml --
templates: {helpers: [money, now]}
"""
    )
