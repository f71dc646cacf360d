"""missing-key: where one value alone makes sense of what stands beside it, the key is added with that value."""

from __future__ import annotations

import pytest

from tests.rules.check import applied, check_fix, found_in


def test_a_connection_with_a_key_is_one_by_key() -> None:
    check_fix(
        """
        -- a.prompty --
        ---
        name: a
        model:
          id: gpt-4o
          connection:
          ^^^^^^^^^^ missing-key: `connection` needs `kind`; Prompty 2.1.0 refuses a connection without it
            # from the vault
            endpoint: ${env:OPENAI_ENDPOINT}
            apiKey: ${env:OPENAI_API_KEY}
        ---
        user:
        Hello
        """,
        """
        -- a.prompty --
        ---
        name: a
        model:
          id: gpt-4o
          connection:
            # from the vault
            kind: key
            endpoint: ${env:OPENAI_ENDPOINT}
            apiKey: ${env:OPENAI_API_KEY}
        ---
        user:
        Hello
        """,
    )


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("model: {id: m, connection: {name: mine}}", "model: {id: m, connection: {kind: reference, name: mine}}"),
        (
            "tools:\n  - name: files\n    serverName: files\n    connection: {kind: key}",
            "tools:\n  - kind: mcp\n    name: files\n    serverName: files\n    connection: {kind: key}",
        ),
        ("model: {id: m, connection: {endpoint: 'https://a.example'}}", ""),
        ("model: {id: m, connection: {endpoint: 'https://a.example', name: mine}}", ""),
        ("model: {id: m, connection: {}}", ""),
        ("inputs:\n  - name: a", ""),
    ],
)
def test_what_stands_beside_it_tells_the_kind_or_does_not(written: str, mended: str) -> None:
    before, after = ({"a.prompty": f"---\nname: a\n{header}\n---\nuser:\nHello\n"} for header in (written, mended))
    (found,) = [one.finding for one in found_in(before) if "needs `kind`" in one.finding.message]
    assert [applied(before, fix) for fix in found.fixes] == ([after] if mended else [])
