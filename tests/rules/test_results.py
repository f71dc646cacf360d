"""Findings on the results of runs: each says what to do, and none is made up."""

from __future__ import annotations

from typing import Any

import pytest

from promptls import formats
from promptls.runs.document import draft_text, result_text
from tests.rules.check import Found, check, found_in
from tests.runs.records import record

PROMPT = """---
name: greet
model: gpt-4o
outputs:
  - {name: city, kind: string}
  - {name: days, kind: integer}
---
user:
Where does it rain?
"""
NAME = ".promptls/greet-1.run.md"


def found(prompt: str = PROMPT, **said: Any) -> list[tuple[str, str]]:
    """``(code, what is underlined)`` of all findings on the result of a run."""
    text = result_text(record(**{"answer": '{"city": "Ulm", "days": 2}', **said}), place=f"/work/{NAME}")
    all_found = found_in({NAME: text, "prompts/greet.prompty": prompt})
    return [(one.finding.code, one.finding.location.span.slice(text)) for one in all_found if one.path == NAME]


def message_of(**said: Any) -> str:
    text = result_text(record(**said), place=f"/work/{NAME}")
    one: Found = next(iter(found_in({NAME: text})))
    return one.finding.message


def test_a_good_answer_has_none() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"answer": '{"city": "Ulm", "days": "2"}'}, [("answer-mismatch", '"2"')]),
        ({"answer": '{"city": 3, "days": true}'}, [("answer-mismatch", "3"), ("answer-mismatch", "true")]),
        ({"answer": "It rains."}, [("answer-mismatch", "It rains.")]),
        ({"answer": '{"city": "<b>", "days": 2}'}, []),
        ({"answer": '{"city": "<b>", "days": "2"}'}, [("answer-mismatch", '"2"')]),
        ({"answer": "<b>It rains.</b>"}, [("answer-mismatch", "<b>It rains.</b>")]),
        ({"answer": '```json\n{"city": "Ulm", "days": 2}\n```'}, [("answer-mismatch", "```json")]),
        ({"answer": ""}, [("empty-answer", "stop")]),
        ({"answer": "", "finish": "length"}, [("empty-answer", "length")]),
        ({"answer": '{"ci', "finish": "length"}, [("answer-cut", "i")]),
        ({"answer": '{"ci', "finish": "context"}, [("answer-cut", "i")]),
        ({"answer": "No.\nReally.", "finish": "refusal"}, [("answer-refused", "No.")]),
        ({"answer": "", "finish": "content_filter"}, [("answer-filtered", "content_filter")]),
        ({"answer": "", "status": "failed", "failure": "content-filter"}, [("answer-filtered", "stop")]),
        ({"answer": "", "status": "failed", "failure": "dns", "message": "x"}, [("run-incomplete", "failed")]),
        ({"answer": '{"ci', "status": "cancelled", "partial": True}, [("run-incomplete", "cancelled")]),
        ({"answer": '{"ci', "status": "interrupted", "partial": True}, [("run-incomplete", "interrupted")]),
        ({"answer": '{"ci', "partial": True}, [("run-incomplete", "true")]),
        (
            {"answer": "", "finish": "tool_calls", "tool_calls": ({"name": "f"}, {"name": "g"})},
            [("unanswered-tool-call", "f"), ("unanswered-tool-call", "g")],
        ),
        ({"answer": "", "media": (("image/png", "https://example.org/a.png"),)}, []),
        ({"answer": "{", "status": "running"}, []),
        ({"answer": "no model was called", "provider": "echo", "target": "echo"}, []),
    ],
)
def test_what_is_wrong_is_said_once(said: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(**said) == expected


def test_a_draft_has_no_answer_to_complain_of() -> None:
    text = draft_text("file:///work/prompts/greet.prompty", "greet", target="echo", place=f"/work/{NAME}")
    assert found_in({NAME: text, "prompts/greet.prompty": PROMPT}) == []
    found = formats.recognise("/state/results/greet-1.run.md", text)
    assert found is not None


def test_a_prompt_without_a_declared_shape_takes_any_answer() -> None:
    assert found("---\nname: greet\nmodel: gpt-4o\n---\nuser:\nhi\n", answer="It rains.") == []


def test_a_prompt_that_is_gone_is_told_of_and_nothing_follows_from_it() -> None:
    text = result_text(record(answer="It rains."), place=f"/work/{NAME}")
    assert [one.finding.code for one in found_in({NAME: text})] == ["missing-file"]


def test_the_limit_is_named_where_it_is_set() -> None:
    said = {"uri": "", "answer": "a", "finish": "length"}
    assert "`max_tokens` (9)" in message_of(**said, parameters={"max_tokens": 9})
    assert "set `max_tokens` under `parameters`" in message_of(**said)


def test_it_can_be_silenced_in_the_header() -> None:
    text = result_text(record(answer="It rains."), place=f"/work/{NAME}")
    text = text.replace("---\n", "---\n# promptls: ignore-file[answer-mismatch]\n", 1)
    assert found_in({NAME: text, "prompts/greet.prompty": PROMPT}) == []


def test_the_header_is_checked_like_any_other() -> None:
    check("""
        -- .promptls/greet-1.run.md --
        ---
        prompt: ../greet.prompty
        sampel: first
        ^^^^^^ unknown-key: `sampel` is not a key of run; did you mean `sample`?
        parameters:
          max_tokens: many
                      ^^^^ wrong-type: …
        run:
          id: "1"
          status: finished
        ---

        Hello
        -- greet.prompty --
        ---
        name: greet
        model: gpt-4o
        ---
        user:
        Hello
    """)
