"""Links to the files that a prompt names."""

from __future__ import annotations

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
