"""missing-file, unset-environment, secret-in-file: what a prompt file names or should not hold."""

from __future__ import annotations

from tests.rules.check import check, check_fix

KEY = "Zk3Jq9XmP0vLw8RtYbNcHd2FgAaEe4UuQ7sT6rV5"


def test_a_slip_in_a_path() -> None:
    check_fix(
        """
        -- a/ask.prompty --
        ---
        name: ask
        model:
          id: gpt-4o
          options: ${file:shared/optoins.json}
                          ^^^^^^^^^^^^^^^^^^^ missing-file: …
        ---
        user:
        Hello
        -- a/shared/options.json --
        {"temperature": 0.2}
        """,
        """
        -- a/ask.prompty --
        ---
        name: ask
        model:
          id: gpt-4o
          options: ${file:shared/options.json}
        ---
        user:
        Hello
        -- a/shared/options.json --
        {"temperature": 0.2}
        """,
    )


def test_what_is_outside_of_the_workspace_is_not_read_and_that_is_said() -> None:
    check(
        """
        ---
        name: ask
        model:
          id: gpt-4o
          options: ${file:../../else.json}
                          ^^^^^^^^^^^^^^^ missing-file: `../../else.json` is outside of the workspace, not read
        ---
        user:
        Hello
        """
    )


ENVIRONMENT = """
        ---
        name: ask
        model:
          id: gpt-4o
          provider: openai
          connection:
            kind: key
            endpoint: ${env:ASK_ENDPOINT:https://example.com}
            apiKey: ${env:ASK_KEY}
"""


def test_a_variable_that_is_not_set() -> None:
    check(
        ENVIRONMENT
        + """
                          ^^^^^^^ unset-environment: `ASK_KEY` is not set in this environment
        ---
        user:
        Hello
        """.lstrip("\n"),
        environment=["HOME"],
    )


def test_it_is_said_only_where_somebody_looked() -> None:
    rest = "        ---\n        user:\n        Hello\n        "
    check(ENVIRONMENT.rstrip() + "\n" + rest)
    check(ENVIRONMENT.rstrip() + "\n" + rest, environment=["ASK_KEY"])


def test_a_key_is_replaced_by_a_reference_and_never_shown() -> None:
    before = f"""---
name: ask
model:
  id: gpt-4o
  provider: openai
  connection:
    kind: key
    apiKey: "sk-proj-{KEY}"
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ secret-in-file: `sk-p…` looks like an OpenAI key…
---
user:
Hello
"""
    after = """---
name: ask
model:
  id: gpt-4o
  provider: openai
  connection:
    kind: key
    apiKey: "${env:OPENAI_API_KEY}"
---
user:
Hello
"""
    check_fix(before, after)
    for one in check(before):
        assert KEY[:8] not in repr(one.finding)


def test_a_plain_key_in_braces_is_replaced_by_a_quoted_reference() -> None:
    check_fix(
        f"""
        ---
        name: ask
        metadata: {{token: hf_{KEY[:34]}}}
                          {"^" * 37} secret-in-file: …
        ---
        user:
        Hello
        """,
        """
        ---
        name: ask
        metadata: {token: "${env:HF_TOKEN}"}
        ---
        user:
        Hello
        """,
    )


def test_in_the_template_it_is_said_and_left_to_the_person() -> None:
    found = check(
        f"""
        ---
        name: ask
        ---
        user:
        Use ghp_{KEY[:36]}.
            {"^" * 40} secret-in-file: …
        """
    )
    assert found[0].finding.fixes == ()
