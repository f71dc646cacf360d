"""missing-sample and sample-mismatch: values that a preview is made with."""

from __future__ import annotations

import pytest

from tests.rules.check import check, check_fix, found_in


def test_a_required_input_without_a_sample_gets_one() -> None:
    check_fix(
        """
        ---
        name: greet
        inputs:
          - name: name
            kind: string
            default: Ada
          - name: tone
                  ^^^^ missing-sample: …
            kind: string
            required: true
        ---
        user:
        Hello {{ name }}, {{ tone }}
        """,
        """
        ---
        name: greet
        inputs:
          - name: name
            kind: string
            default: Ada
          - name: tone
            kind: string
            required: true
            example: tone
        ---
        user:
        Hello {{ name }}, {{ tone }}
        """,
    )


def test_without_any_sample_nothing_is_asked_for() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          - name: tone
            kind: string
            required: true
        ---
        user:
        Hello {{ tone }}
        """
    )


def test_a_sample_beside_the_file_counts() -> None:
    check(
        """
        -- greet.prompty --
        ---
        name: greet
        inputs:
          - name: tone
            kind: string
            required: true
          - name: name
            kind: string
            default: Ada
        ---
        user:
        Hello {{ tone }}{{ name }}
        -- greet.sample.yaml --
        tone: warm
        """
    )


def test_values_that_are_not_as_declared() -> None:
    check(
        """
        ---
        name: greet
        inputs:
          - {name: a, kind: integer, default: two}
                                              ^^^ sample-mismatch: The default of `a` is a string and must be a whole…
          - {name: b, kind: string, enumValues: [low, high], example: hihg}
                                                                      ^^^^ sample-mismatch: …
          - {name: c, kind: array, items: {kind: integer}, default: [1, x]}
                                                                    ^^^^^^ sample-mismatch: …
          - {name: d, kind: object, properties: [{name: e, kind: string}], default: {f: 1}}
                                                                                    ^^^^^^ sample-mismatch: …
          - {name: g, kind: float, default: 3}
          - {name: h, kind: integer, default: 3.0}
          - {name: i, kind: boolean, default: "${env:FLAG}"}
          - {name: j, kind: image, default: 5}
        ---
        user:
        {{ a }}{{ b }}{{ c }}{{ d }}{{ g }}{{ h }}{{ i }}{{ j }}
        """
    )


def test_a_sample_beside_the_file_is_held_against_the_declaration() -> None:
    check(
        """
        -- greet.prompty --
        ---
        name: greet
        inputs:
          - name: times
                  ^^^^^ sample-mismatch: `times` in greet.sample.yaml is a string and must be a whole number
            kind: integer
        ---
        user:
        {{ times }}
        -- greet.sample.yaml --
        times: often
        """
    )


def test_a_slip_in_a_name_beside_the_file_is_said_once_at_the_input() -> None:
    found = check(
        """
        -- greet.prompty --
        ---
        name: greet
        inputs:
          - {name: question, kind: string}
                   ^^^^^^^^ sample-mismatch: greet.sample.yaml 1 has no `question`, but a value for `questoin`…
          - {name: tone, kind: string}
        ---
        user:
        {{ question }}{{ tone }}
        -- greet.sample.yaml --
        - {questoin: Why?, tone: warm}
        - {questoin: How?, tone: warm}
        """
    )
    assert [where.uri.rsplit("/")[-1] for where, _ in found[0].finding.related] == ["greet.sample.yaml"]


def test_other_names_beside_the_file_are_notes() -> None:
    check(
        """
        -- greet.prompty --
        ---
        name: greet
        inputs:
          - {name: question, kind: string}
        ---
        user:
        {{ question }}
        -- greet.sample.yaml --
        question: Why?
        questions: 3
        expected: Because.
        """
    )


def _said_beside(name: str, sample: str) -> list[str]:
    prompt = "---\nname: need\ninputs:\n  - {name: q, kind: string, required: true}\n---\nuser:\n{{ q }}\n"
    found = found_in({"need.prompty": prompt, name: sample})
    return [f"{one.finding.location.uri.rpartition('/')[2]}: {one.finding.message}" for one in found]


@pytest.mark.parametrize("name", ["need.sample.yaml", "need.sample.yml", "need.sample.json"])
def test_a_broken_file_of_samples_is_told_with_its_place(name: str) -> None:
    (said,) = _said_beside(name, "q: [\n")
    assert said.startswith(f"{name}: `{name}` cannot be read, so it gives no values: ")


@pytest.mark.parametrize("sample", ["only words\n", "[1, 2]\n", "- a\n"])
def test_a_file_of_samples_without_values_by_name_is_told(sample: str) -> None:
    (said,) = _said_beside("need.sample.yaml", sample)
    assert "write a map of an input's name to its value" in said


@pytest.mark.parametrize("sample", ["", "# later\n", "q: a\n", "- q: a\n", "{}\n", "- &one {q: a}\n- *one\n"])
def test_a_file_of_samples_that_is_read_or_empty_is_left_in_peace(sample: str) -> None:
    assert not [said for said in _said_beside("need.sample.yaml", sample) if "need.sample.yaml" in said]


def test_a_sample_that_is_a_conversation_names_no_file() -> None:
    check(
        """
        -- a.prompty --
        ---
        name: a
        model: {api: chat}
        sample: |
                ^ wrong-type: `sample` must be a map of values, or `${file:sample.json}`; …
          User: Hello, I need help
          Assistant: With what?
        ---
        system:
        Help.
        """
    )
