"""yaml-portability: values that two versions of YAML take for two things."""

from __future__ import annotations

from tests.rules.check import check, check_fix, found_in


def test_values_of_inputs() -> None:
    check(
        """
        ---
        name: a
        inputs:
          - {name: b, kind: string, default: 0o14}
                                             ^^^^ sample-mismatch
          - {name: c, kind: string, enumValues: [low, high], example: low}
          - {name: d, kind: string, default: "1:30"}
          - {name: e, kind: string, default: at 1:30 or 014}
          - {name: f, kind: string, default: 2024-01-01}
          - {name: g, kind: float, default: 1e3}
                                            ^^^ yaml-portability: `1e3` is the text `1e3` in YAML 1.1 and the number…
          - {name: h, kind: integer, default: 014}
                                              ^^^ yaml-portability: `014` is the number 12 in YAML 1.1 and the…
          - {name: i, kind: array, items: {kind: string}, default: [a, off]}
                                                                   ^^^^^^^^ sample-mismatch
          - {name: j, kind: array, items: {kind: string}, default: [a, 1:30]}
                                                                       ^^^^ yaml-portability
          - {name: k, kind: string, enumValues: [b, 1_000]}
                                                    ^^^^^ yaml-portability
        metadata:
          build: 014
          at: 1:30
        ---
        user:
        {{ b }}{{ c }}{{ d }}{{ e }}{{ f }}{{ g }}{{ h }}{{ i }}{{ j }}{{ k }}
        """
    )


def test_values_that_have_a_type() -> None:
    check_fix(
        """
        ---
        name: a
        model:
          id: gpt-4o
          options:
            temperature: 1e-1
                         ^^^^ yaml-portability: `1e-1` is the text `1e-1` in YAML 1.1 and the number 0.1 in YAML 1.2
            seed: 42
            topP: 0.5
        ---
        user:
        Hi
        """,
        """
        ---
        name: a
        model:
          id: gpt-4o
          options:
            temperature: 0.1
            seed: 42
            topP: 0.5
        ---
        user:
        Hi
        """,
    )


def test_samples_and_names_in_v1() -> None:
    check_fix(
        """
        ---
        name: a
        model: {api: chat, configuration: {type: openai}}
        sample:
          country: NO
                   ^^ yaml-portability: `NO` is `false` in YAML 1.1 and the text `NO` in YAML 1.2
          on: x
          ^^ yaml-portability
        ---
        user:
        {{ country }}{{ on }}
        """,
        """
        ---
        name: a
        model: {api: chat, configuration: {type: openai}}
        sample:
          country: "NO"
          on: x
          ^^ yaml-portability
        ---
        user:
        {{ country }}{{ on }}
        """,
    )


def test_what_another_rule_speaks_of_is_left_to_it() -> None:
    check(
        """
        ---
        name: a
        inputs:
          - {name: b, kind: string, required: yes}
                                              ^^^ wrong-type
        ---
        user:
        {{ b }}
        """
    )


def test_our_own_configuration_is_read_by_us_alone() -> None:
    check("-- promptls.yaml --\nrules: {unused-input: off}\n")


def test_a_header_of_one_habit_is_looked_into_for_a_while_only() -> None:
    many = "".join(f"  - {{name: k{number}, kind: string, default: 1:30}}\n" for number in range(300))
    found = found_in({"a.prompty": f"---\nname: a\ninputs:\n{many}---\nuser:\nHi\n"})
    assert sum(one.finding.code == "yaml-portability" for one in found) == 200
