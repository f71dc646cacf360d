"""What may be written at a place of a Handlebars tag, also where it is broken."""

from __future__ import annotations

import pytest

from promptls.syntax.template import parse_template
from promptls.syntax.template.cursor import TemplateCursor, cursor_in_template
from tests.syntax.template.handlebars_templates import TEMPLATES


def cursor(marked: str) -> TemplateCursor:
    offset, text = marked.index("█"), marked.replace("█", "")
    return cursor_in_template(parse_template("handlebars", text), text, offset)


@pytest.mark.parametrize(
    ("marked", "where", "prefix", "path", "statement"),
    [
        ("a {{█", "variable", "", (), ""),
        ("{{na█me}}", "variable", "na", (), ""),
        ("{{#█", "tag", "", (), "#"),
        ("{{~#ea█~}}", "tag", "ea", (), "#"),
        ("{{#if x}}{{/█}}", "tag", "", (), "/"),
        ("{{#if x}}{{else █}}{{/if}}", "tag", "", (), "else"),
        ("{{> ca█rd x}}", "include", "ca", (), ">"),
        ("{{> 'ca█rd' x}}", "include", "ca", (), ">"),
        ("{{> card █}}", "variable", "", (), ">"),
        ("{{#each █", "variable", "", (), "each"),
        ("{{@in█}}", "variable", "@in", (), ""),
        ("{{@█", "variable", "@", (), ""),
        ("{{../█}}", "attribute", "", ("..",), ".."),
        ("{{../user.na█", "attribute", "na", ("..", "user"), ".."),
        ("{{user.█}}", "attribute", "", ("user",), "user"),
        ("{{#if user.█\ntext {{x}}", "attribute", "", ("user",), "if"),
        ("{{@root.█}}", "attribute", "", ("@root",), "@"),
        ("{{media u█", "variable", "u", (), "media"),
        ("{{media url=█}}", "variable", "", (), "media"),
        ("{{#each (█", "helper", "", (), ""),
        ("{{#each (lookup █", "variable", "", (), "lookup"),
        ('{{role "sy█', "string", "sy", (), "role"),
        ("{{! a█", "comment", "", (), ""),
        ("{{#each a as |█|}}{{/each}}", "none", "", (), "each"),
        ("te█xt", "text", "", (), ""),
        ("{{x}}█", "text", "", (), ""),
        ("\\{{x█}}", "text", "", (), ""),
    ],
)
def test_the_place(marked: str, where: str, prefix: str, path: tuple[str, ...], statement: str) -> None:
    found = cursor(marked)
    assert (found.where, found.prefix, found.object_path, found.statement) == (where, prefix, path, statement)


def test_the_block_around() -> None:
    found = cursor("{{#if a}}{{#each b}}{{/█")
    assert found.open_block is not None
    assert found.open_block.name == "each"


def test_it_never_raises() -> None:
    text = " ".join(TEMPLATES[::5])
    tree = parse_template("handlebars", text)
    for offset in range(0, len(text) + 1, 3):
        found = cursor_in_template(tree, text, offset)
        assert found.replace.start <= offset <= found.replace.end
