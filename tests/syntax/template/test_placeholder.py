"""Placeholders: `${input:name}`, `${input:name:hint}` and the editor's own variables; all else is text."""

from __future__ import annotations

import pytest

from promptls.schema.files import table
from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.cursor import cursor_in_template
from promptls.syntax.template.placeholder import VARIABLES


def shown(text: str) -> list[str]:
    """The placeholders, each as what it reads."""
    tree = parse_template("placeholder", text)
    assert tree.problems == ()
    assert "".join(node.span.slice(text) for node in tree.root.body) == text
    return [f"{use.span.slice(text)}{'' if use.path is None else ' (input)'}" for use in analyse(tree, text).uses]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Say ${input:word} and ${selection}.", ["word (input)", "selection"]),
        ("${input:word:What to say, in $ or `x`}", ["word (input)"]),
        ("${input:a-b}${input:ä}", ["a-b (input)", "ä (input)"]),
        ("echo ${HOME} $PATH ${{ matrix.os }} ${FEATURE:-x} ${step.name} ${selections}", []),
        ("${ } ${} ${input} ${input:} ${input::x} ${inp", []),
        ("${input:a\n}", ["a (input)"]),
        ("${input:${input:a}}", ["a (input)"]),
    ],
)
def test_what_is_read(text: str, found: list[str]) -> None:
    assert shown(text) == found


def test_every_prefix_is_read() -> None:
    text = "A ${input:word:what to say} of ${file} in\r\n${HOME} ${input:"
    for end in range(len(text)):
        shown(text[:end])


def test_the_table_describes_the_variables_that_are_read() -> None:
    assert table("placeholder")["globals"].keys() == VARIABLES
    for name, row in table("placeholder")["globals"].items():
        assert row["signature"] == f"${{{name}}}"
        assert row["description"].endswith(".")
        assert row["source"] in table("placeholder")["sources"]


@pytest.mark.parametrize(
    ("text", "where", "prefix", "replaced"),
    [
        ("Say ${█", "placeholder", "", ""),
        ("Say ${█}", "placeholder", "", ""),
        ("Say ${in█}", "placeholder", "in", "in"),
        ("Say ${input:wo█rd:hint}", "placeholder", "input:wo", "input:word"),
        ("Say ${input:█", "placeholder", "input:", "input:"),
        ("Say ${input:word:hi█nt}", "none", "", ""),
        ("Say ${input:word}█", "text", "", ""),
        ("Say $█{x}", "text", "", ""),
        ("Say ${HO█ME}", "text", "", ""),
    ],
)
def test_what_may_be_written(text: str, where: str, prefix: str, replaced: str) -> None:
    offset, text = text.index("█"), text.replace("█", "")
    found = cursor_in_template(parse_template("placeholder", text), text, offset)
    assert (found.where, found.prefix, found.replace.slice(text)) == (where, prefix, replaced)
