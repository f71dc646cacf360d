"""Definition, references, highlights, rename: one name, everywhere it stands."""

from __future__ import annotations

import pytest

from promptls.ide.definition import definition_at, highlights_at, references_at
from promptls.ide.rename import RenameRefusedError, renamable_at, rename_at
from promptls.ide.selection import selection_at
from tests.ide.place import place

SHOP = """---
name: shop
model: {api: chat}
inputs:
  items: {type: array}
  tone: {type: string}
sample:
  items: [{title: Lamp}]
  tone: kind
---
system:
Be {{ tone }}.
{% for item in items %}
- {{ item.title }} {{ item.price }}
{% endfor %}
{{ tone | upper }}
"""


def with_cursor(before: str, after: str) -> str:
    assert before in SHOP
    return SHOP.replace(before, after, 1)


def defined(source: str) -> list[str]:
    where = place(source)
    text = where.document.text
    return [
        f"{text.line_at(at.span.start) + 1}: {at.span.slice(text.value)}"
        for at in definition_at(where.document, where.offset, where.snapshot)
    ]


def test_a_variable_leads_to_its_declaration() -> None:
    assert defined(with_cursor("{{ tone }}", "{{ to█ne }}")) == ["6: tone"]
    assert defined(with_cursor("item.title", "it█em.title")) == ["13: item"]


def test_an_end_leads_to_its_begin() -> None:
    assert defined(with_cursor("endfor", "end█for")) == ["13: {% for item in items %}"]


def test_a_file_is_opened() -> None:
    where = place("-- a.prompty --\n---\ninputs: ${file:in█.json}\n---\n-- in.json --\n{}\n")
    (found,) = definition_at(where.document, where.offset, where.snapshot)
    assert found.uri.endswith("/work/in.json")


def test_references() -> None:
    where = place(with_cursor("{{ tone }}", "{{ █tone }}"))
    text = where.document.text
    every = [text.line_at(at.span.start) + 1 for at in references_at(*where)]
    reads = [text.line_at(at.span.start) + 1 for at in references_at(*where, declaration=False)]
    assert every == [6, 9, 12, 16]
    assert reads == [12, 16]


def test_highlights() -> None:
    where = place(with_cursor("item.title", "item█.title"))
    text = where.document.text
    found = [(text.line_at(one.span.start) + 1, one.kind) for one in highlights_at(*where)]
    assert found == [(13, "write"), (14, "read"), (14, "read")]
    tags = highlights_at(*place(with_cursor("endfor", "end█for")))
    assert [one.span.slice(text.value) for one in tags] == ["{% for item in items %}", "{% endfor %}"]


def renamed(source: str, name: str) -> str:
    where = place(source)
    edits = rename_at(where.document, where.offset, name, where.snapshot)
    return where.document.text.apply((edit.span, edit.text) for edit in edits).value


def test_an_input_is_renamed_everywhere() -> None:
    assert renamed(with_cursor("{{ tone }}", "{{ to█ne }}"), "mood") == SHOP.replace("tone", "mood")
    assert renamed(with_cursor("  tone:", "  to█ne:"), "mood") == SHOP.replace("tone", "mood")


def test_a_local_name_is_renamed_in_its_block() -> None:
    after = SHOP.replace("for item", "for thing").replace("item.", "thing.")
    assert renamed(with_cursor("for item", "for it█em"), "thing") == after


@pytest.mark.parametrize("name", ["two words", "1st", "", "loop", "and", "range", "items", "item"])
def test_a_rename_that_would_break_the_file_is_refused(name: str) -> None:
    where = place(with_cursor("{{ tone }}", "{{ to█ne }}"))
    if name == "item":
        where = place(SHOP.replace("- {{ item.title }}", "- {{ item.title }} {{ to█ne }}"))
    with pytest.raises(RenameRefusedError):
        rename_at(where.document, where.offset, name, where.snapshot)


def test_a_local_name_must_not_catch_an_input() -> None:
    where = place(with_cursor("item.title }}", "it█em.title }} {{ tone }}"))
    with pytest.raises(RenameRefusedError):
        rename_at(where.document, where.offset, "tone", where.snapshot)


def test_what_can_be_renamed() -> None:
    def name_at(source: str) -> str | None:
        found = renamable_at(*place(source))
        return found.name if found else None

    assert name_at(with_cursor("{{ tone }}", "{{ to█ne }}")) == "tone"
    assert name_at(with_cursor("upper", "upp█er")) is None
    assert name_at(with_cursor("item.title", "item.ti█tle")) is None
    assert name_at(with_cursor("Be ", "B█e ")) is None


def test_selection_grows() -> None:
    where = place(with_cursor("item.title", "it█em.title"))
    text = where.document.text.value
    found = [span.slice(text) for span in selection_at(where.document, where.offset)]
    assert found[:3] == ["item", "item.title", "{{ item.title }}"]
    assert "{% for item in items %}\n- {{ item.title }} {{ item.price }}\n{% endfor %}" in found
    assert found[-1] == text


MUSTACHE = """---
name: shop
inputs:
  items: {kind: array, items: {kind: object, properties: [{name: title, kind: string}]}}
  user-name: {kind: string}
template: {format: {kind: mustache}, parser: {kind: prompty}}
---
user:
{{#items}}{{title}} {{user-name}}{{/items}} {{^items}}none{{/items}}
"""


def test_a_section_is_renamed_with_its_end() -> None:
    after = MUSTACHE.replace("items}}", "goods}}").replace("  items:", "  goods:")
    assert renamed(MUSTACHE.replace("{{#items", "{{#it█ems"), "goods") == after
    assert renamed(MUSTACHE.replace("{{user-", "{{us█er-"), "user") == MUSTACHE.replace("user-name", "user")


def test_a_name_that_is_sometimes_set() -> None:
    source = SHOP.replace("{{ tone | upper }}", '{% if items %}{% set tone = "x" %}{% endif %}{{ to█ne }}')
    assert defined(source) == ["16: tone", "6: tone"]
    assert renamable_at(*place(source)) is None


def test_a_name_of_the_dialect_has_no_place() -> None:
    source = with_cursor("item.title }}", "lo█op.index }}")
    assert defined(source) == []
    assert renamable_at(*place(source)) is None
