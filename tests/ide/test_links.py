"""Links to the files that a prompt names."""

from __future__ import annotations

from promptls.ide.definition import definition_at
from promptls.ide.links import links_of
from tests.ide.place import place


def test_only_files_that_are_there() -> None:
    document = place(
        """
        -- a.prompty --
        ---
        inputs: ${file:inputs.json}
        outputs: ${file:missing.json}
        ---
        See https://example.com
        -- inputs.json --
        {}
        """
    ).document
    (link,) = links_of(document)
    assert "inputs.json" in link.span.slice(document.text.value)
    assert link.uri.endswith("/work/inputs.json")
    assert link.tooltip == "Open inputs.json"


def test_included_templates_beside_and_below_a_root() -> None:
    where = place(
        """
        -- promptls.yaml --
        templates: {roots: [parts]}
        -- prompts/a.prompty --
        ---
        name: x
        ---
        {% include "b.jinja" %}{% include "c█.jinja" %}{% include "d.jinja" %}
        -- prompts/b.jinja --
        b
        -- parts/c.jinja --
        c
        """
    )
    links = links_of(where.document, where.snapshot)
    assert [link.uri.partition("/work/")[2] for link in links] == ["prompts/b.jinja", "parts/c.jinja"]
    (found,) = definition_at(*where)
    assert found.uri.endswith("/parts/c.jinja")
