"""Rules about where the header ends and what its YAML says."""

from __future__ import annotations

from promptls.rules import Severity
from promptls.rules.engine import findings
from promptls.workspace.files import snapshot_of
from tests.rules.check import applied, check, check_fix, found_in, uri_of


def test_a_byte_order_mark_is_removed() -> None:
    check_fix(
        "-- a.prompty --\n\ufeff---\n^ byte-order-mark\nname: greet\n---\nuser:\nHello\n",
        "-- a.prompty --\n---\nname: greet\n---\nuser:\nHello\n",
    )


def test_what_is_broken_hides_nothing_that_is_plain() -> None:
    check(
        """
        ---
        name: ask
        model:
          id: gpt-4o
          options:
            temperature: hot
                         ^^^ wrong-type: `temperature` must be a number, not the string `hot`
        metadata:
        - jane
          ^^^^ yaml-syntax
          tags: [a]
        inputs: 5
          - name: question
          ^^^^^^^^^^^^^^^^ yaml-syntax
        ---
        user:
        {{ question }}
        """
    )


def test_an_open_header_is_closed() -> None:
    check_fix(
        """
        ---
        ^^^ front-matter-unclosed
        name: greet
        inputs:
          name: {kind: string}

        user:
        Hello {{ name }}
        """,
        """
        ---
        name: greet
        inputs:
          name: {kind: string}
        ---

        user:
        Hello {{ name }}
        """,
    )


def test_a_dash_that_cuts_the_header_becomes_another() -> None:
    check_fix(
        """
        ---
        name: greet
        description: one --- two --- three
                         ^^^ front-matter-cut-short
        inputs:
          name: {kind: string}
        ---
        user:
        Hello {{ name }}
        """,
        """
        ---
        name: greet
        description: one — two — three
        inputs:
          name: {kind: string}
        ---
        user:
        Hello {{ name }}
        """,
    )


def test_and_in_a_comment() -> None:
    check_fix(
        """
        ---
        name: greet
        # ---- inputs ----
          ^^^ front-matter-cut-short
        inputs:
          name: {kind: string}
        ---
        user:
        Hello {{ name }}
        """,
        """
        ---
        name: greet
        # === inputs ===
        inputs:
          name: {kind: string}
        ---
        user:
        Hello {{ name }}
        """,
    )


def test_a_rule_in_the_template_cuts_nothing() -> None:
    check(
        """
        ---
        name: greet
        ---
        user:
        Hello
        ---
        and goodbye
        """
    )


def test_a_value_that_yaml_misreads_is_quoted() -> None:
    check_fix(
        """
        ---
        name: greet
        description: {{ who }} greets
                     ^^^^^^^^^^^^^^^^ yaml-syntax: …
        ---
        user:
        Hello
        """,
        """
        ---
        name: greet
        description: "{{ who }} greets"
        ---
        user:
        Hello
        """,
    )


def test_of_two_the_lost_one_is_removed() -> None:
    check_fix(
        """
        ---
        name: greet
        description: |
          A greeting
          of two lines
        # about the name
        description: Another
        ^^^^^^^^^^^ duplicate-key
        ---
        user:
        Hello
        """,
        """
        ---
        name: greet
        # about the name
        description: Another
        ---
        user:
        Hello
        """,
    )
    check_fix(
        """
        ---
        name: greet
        metadata: {a: 1, b: 2, a: 3}
                               ^ duplicate-key
        ---
        user:
        Hello
        """,
        """
        ---
        name: greet
        metadata: {b: 2, a: 3}
        ---
        user:
        Hello
        """,
    )


def test_a_duplicate_points_to_the_first() -> None:
    found = check(
        """
        ---
        name: greet
        name: welcome
        ^^^^ duplicate-key
        ---
        user:
        Hello
        """
    )
    assert [where.span.start for where, _ in found[0].finding.related] == [4]


def test_crlf_stays_crlf() -> None:
    text = "---\r\nname: greet\r\nuser:\r\nHello\r\n"
    snapshot = snapshot_of({"a.prompty": text}, root="/work")
    document = snapshot.document(uri_of("a.prompty"))
    assert document is not None
    (finding,) = findings(document, snapshot)
    after = applied({"a.prompty": text}, finding.fixes[0])
    assert after == {"a.prompty": "---\r\nname: greet\r\n---\r\nuser:\r\nHello\r\n"}


def test_a_slip_in_a_key() -> None:
    check_fix(
        """
        ---
        name: greet
        descripton: A greeting
        ^^^^^^^^^^ unknown-key: …
        ---
        user:
        Hello
        """,
        """
        ---
        name: greet
        description: A greeting
        ---
        user:
        Hello
        """,
    )


def test_notes_of_ones_own_are_left_alone() -> None:
    check(
        """
        ---
        name: greet
        reviewed: yes, in May
        x-owner: team-a
        ---
        user:
        Hello
        """
    )


def test_a_key_that_is_dropped_becomes_the_one_that_is_read() -> None:
    check_fix(
        """
        ---
        name: ask
        model:
          id: gpt-4o
          options:
            max_tokens: 500
            ^^^^^^^^^^ ignored-key
        ---
        user:
        Hello
        """,
        """
        ---
        name: ask
        model:
          id: gpt-4o
          options:
            maxOutputTokens: 500
        ---
        user:
        Hello
        """,
    )


def test_where_the_right_one_is_there_already_it_is_removed() -> None:
    check_fix(
        """
        ---
        name: ask
        model:
          id: gpt-4o
          options:
            max_tokens: 500
            ^^^^^^^^^^ ignored-key
            maxOutputTokens: 400
        ---
        user:
        Hello
        """,
        """
        ---
        name: ask
        model:
          id: gpt-4o
          options:
            maxOutputTokens: 400
        ---
        user:
        Hello
        """,
    )


def test_an_old_key_takes_the_keys_below_it_along() -> None:
    check_fix(
        """
        ---
        name: ask
        model:
          id: gpt-4o
          parameters:
          ^^^^^^^^^^ deprecated-key
            temperature: 0.2
            max_tokens: 500
            top_p: 0.5
        ---
        user:
        Hello
        """,
        """
        ---
        name: ask
        model:
          id: gpt-4o
          options:
            temperature: 0.2
            maxOutputTokens: 500
            topP: 0.5
        ---
        user:
        Hello
        """,
    )


def test_an_old_key_moves_to_its_new_place() -> None:
    one_left = """
        ---
        name: ask
        model: {id: gpt-4o, provider: openai}
        metadata:
          authors:
            - Ada
            - |
              Grace

              Hopper
        tags: [a, b]
        ^^^^ deprecated-key: …
        ---
        user:
        Hello
        """
    check_fix(
        """
        ---
        name: ask
        model: {id: gpt-4o, provider: openai}
        authors:
        ^^^^^^^ mixed-versions
        ^^^^^^^ deprecated-key: …
          - Ada
          - |
            Grace

            Hopper
        tags: [a, b]
        ^^^^ deprecated-key: …
        ---
        user:
        Hello
        """,
        one_left,
        "Move to `metadata.authors`",
    )
    check_fix(
        one_left,
        """
        ---
        name: ask
        model: {id: gpt-4o, provider: openai}
        metadata:
          authors:
            - Ada
            - |
              Grace

              Hopper
          tags: [a, b]
        ---
        user:
        Hello
        """,
    )


def test_values() -> None:
    check_fix(
        """
        ---
        name: ask
        inputs:
          - name: question
            kind: strin
                  ^^^^^ invalid-value: …
        ---
        user:
        {{ question }}
        """,
        """
        ---
        name: ask
        inputs:
          - name: question
            kind: string
        ---
        user:
        {{ question }}
        """,
    )


def test_a_type_that_no_loader_reads_is_called_unknown_beside_all_that_are() -> None:
    check(
        """
        ---
        model: {api: chat}
        inputs:
          calls: {type: List}
                        ^^^^ invalid-value: `type`: `List` is not known; did you mean `list`?
          past: {type: dict}
                       ^^^^ invalid-value: `type`: `dict` is not known; did you mean `object`?
          count: {type: int}
        ---
        user:
        {{ calls }} {{ past }} {{ count }}
        """
    )


def test_the_shape_of_the_answer_has_its_own_rule() -> None:
    found = found_in(
        {"a.prompty": "---\nname: a\noutputs:\n  - kind: string\n  - {name: b, kind: no}\n---\nuser:\nHi\n"}
    )
    assert {one.finding.code for one in found} == {"invalid-output-schema"}


def test_a_broken_header_lacks_no_key() -> None:
    check(
        """
        ---
        description: "open
                     ^ yaml-syntax: This quote is never closed
        ---
        user:
        Hello
        """,
    )


def test_a_file_without_a_header_is_yaml_to_its_loader() -> None:
    check_fix(
        """
        -- greet.prompty --
        user:
        ^^^^^ yaml-syntax: There is no header: Prompty 2.1.0 reads the whole file as YAML, and fails; write one above …
        Say hello to {{ name }}
        """,
        """
        -- greet.prompty --
        ---
        name: greet
        ---
        user:
        Say hello to {{ name }}
        """,
    )


def test_yaml_without_fences_holds_no_prompt_but_below_instructions() -> None:
    found = check(
        """
        -- model.prompty --
        model: gpt-4o
        ^^^^^^^^^^^^^ yaml-syntax: There is no header: Prompty 2.1.0 reads the whole file as YAML, and finds no prompt …
        -- whole.prompty --
        model: gpt-4o
        instructions: Be kind
        -- prose.prompty --
        Be kind, and
        answer in one line
        """
    )
    assert [one.finding.severity for one in found] == [Severity.WARNING]
