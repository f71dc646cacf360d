"""promptls.yaml is helped with like any header."""

from __future__ import annotations

from tests.ide.place import completions, hover, labels


def test_keys_from_the_first_line_on() -> None:
    assert "rules" in labels("-- promptls.yaml --\n█\n")
    assert "filters" in labels("-- promptls.yaml --\ntemplates:\n  █\n")


def test_codes_of_rules_and_their_levels() -> None:
    items = completions("-- promptls.yaml --\nrules:\n  unused█\n")
    assert items[0].label == "unused-input"
    assert items[0].again
    assert items[0].documentation
    assert labels("-- promptls.yaml --\nrules:\n  unused-input: █\n")[0] == "off"
    assert "unused-input" in labels('-- promptls.yaml --\nrules:\n  "old/**":\n    █\n')


def test_cards() -> None:
    assert hover("-- promptls.yaml --\nru█les: {}\n").startswith("`rules`")
