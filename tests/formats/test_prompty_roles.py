"""Role lines: what each loader takes for one, what only looks like one, what stands above the first."""

from __future__ import annotations

import pytest

from promptls.prompt.model import Document, RoleLine
from tests.formats.reading import prompt_of, read_text

V1 = "---\nmodel: {api: chat}\n---\n"
V2 = "---\nmodel: gpt-4\n---\n"
LAX = "---\nmodel: gpt-4\ntemplate: {format: {kind: jinja2, strict: false}, parser: prompty}\n---\n"


def roles(document: Document) -> tuple[RoleLine, ...]:
    template = prompt_of(document).template
    assert template is not None
    return template.roles


def known(text: str) -> list[str]:
    return [role.role for role in roles(read_text(text)) if role.known]


def told(text: str, code: str = "unknown-role") -> list[tuple[str, str]]:
    document = read_text(text)
    return [(problem.kind, problem.span.slice(text)) for problem in document.problems_of(code)]


def test_v2_takes_stripped_lines_with_attributes() -> None:
    text = V2 + 'system:\nA\n  # User[name="Al, B", id=7] :  \nB\n\tDEVELOPER:\nassistant: no\nuser:x\n'
    document = read_text(text)

    system, user, developer = roles(document)
    assert [each.role for each in roles(document)] == ["system", "user", "developer"]
    assert system.body.slice(text) == "A\n"
    assert user.span.slice(text).startswith("# User[")
    assert user.role_span.slice(text) == "User"
    assert user.body.slice(text) == "B\n"
    assert [(name, value) for name, _, value, _ in user.attributes][-1] == ("id", "7")
    for name, name_span, value, value_span in user.attributes:
        assert (name_span.slice(text), value_span.slice(text)) == (name, value)
    assert developer.body.end == len(text)


def test_v1_takes_roles_across_line_ends_and_no_attributes() -> None:
    assert known(V1 + "system:\nA\n\n#\n\n user \n:\nB\nFunction :\nC") == ["system", "user", "function"]
    assert told(V1 + 'system:\nA\n\nuser[name="x"]:\nB\n') == [("attributes", 'user[name="x"]')]


def test_in_v1_a_role_in_the_very_last_line_is_text() -> None:
    assert told(V1 + "system:\nA\nassistant:\n") == [("at-end", "assistant")]
    assert told(V1 + "system:\nA\nassistant:") == [("at-end", "assistant")]
    assert told(V1 + "system:\nA\nassistant:\n\n") == []
    assert told(V2 + "system:\nA\nassistant:\n") == []


def test_role_lines_in_comments_are_none_and_in_blocks_are_some() -> None:
    body = "{# \nuser:\n#}\nsystem:\nA\n{% if b %}\nuser:\nB\n{% endif %}\n{% raw %}\nassistant:\n{% endraw %}\nC\n"

    assert known(V2 + body) == ["system", "user", "assistant"]
    assert known(V1 + body) == ["system", "user", "assistant"]


def test_in_v1_a_tag_around_a_role_leaves_it_one() -> None:
    assert known(V1 + "{% if a %}user:{% endif %}\nA\n") == ["user"]


def test_in_v2_a_role_that_only_rendering_makes_is_refused_unless_the_file_says_otherwise() -> None:
    body = "{% for m in history %}\n{{ m.role }}:\n{{ m.content }}\n{% endfor %}\n{% if a %}user:{% endif %}\n"

    assert told(V2 + body) == [("made", "{{ m.role }}:"), ("made", "{% if a %}user:{% endif %}")]
    assert told(LAX + body) == []
    assert told(V1 + body) == []
    assert told(V2 + "{{ name }}:\nA\n") == []


@pytest.mark.parametrize(
    ("line", "meant"),
    [("sytem:", "system"), ("asistant:", "assistant"), ("usr:", "user"), ("uesr:", "user"), ("Assitant:", "assistant")],
)
def test_slips_of_the_pen_are_told_with_what_was_meant(line: str, meant: str) -> None:
    document = read_text(f"{V2}system:\nA\n\n{line}\nB\n")

    (problem,) = document.problems_of("unknown-role")
    assert problem.data["suggestion"] == meant
    assert [role.known for role in roles(document)] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "Note:",
        "Context:",
        "Users:",
        "Use:",
        "name: sytem:",
        "    sytem:",
        "# Tool:",
        "sytem: hello",
        "Human:",
        "Answer:",
        "Question:",
        "Assistance:",
        "systems:",
    ],
)
def test_other_lines_are_text(text: str) -> None:
    assert told(f"{V2}system:\nA\n\n{text}\nB\n") == []


def test_code_and_lists_are_text() -> None:
    assert told(V2 + "system:\nA\n\n```yaml\n\ntool:\n```\n") == []
    assert told(V2 + "system:\nA\n\ntool:\n  name: x\n") == []
    assert told(V2 + "system:\nA\n\ntool:\n- x\n") == []
    assert told(V2 + "system:\nThe roles are\nfunction:\nB\n") == []


def test_roles_of_the_other_version_are_told() -> None:
    assert told(V2 + "system:\nA\n\nfunction:\nB\n") == [("other-version", "function")]
    assert told(V1 + "system:\nA\n\ndeveloper:\nB\n") == [("other-version", "developer")]
    assert told(V2 + "system:\nA\n\ntool:\nB\n") == [("other-version", "tool")]


@pytest.mark.parametrize("version", [V1, V2])
def test_text_above_the_first_role_is_told(version: str) -> None:
    text = version + "{# why #}\nYou are kind.\n\nuser:\nHi\n"
    document = read_text(text)

    (problem,) = document.problems_of("text-before-role")
    assert problem.span.slice(text) == "You are kind."
    assert problem.data["severity"] == "information"
    assert text[problem.data["insert"] :].startswith("You are kind.")


@pytest.mark.parametrize(
    "body",
    [
        "\n\nuser:\nHi\n",
        "{# a comment #}\n{% set a = 1 %}\nuser:\nHi\n",
        "{% if a %}\nuser:\nHi\n{% endif %}\n",
        "{% for m in history %}\n{{ m.role }}:\n{{ m.content }}\n{% endfor %}\nuser:\nHi\n",
        "No role line at all\n",
        "sytem:\nYou are kind.\n\nuser:\nHi\n",
        "{% extends 'base.prompty' %}\n{% block a %}x{% endblock %}\nuser:\nHi\n",
    ],
)
def test_what_is_no_text_or_has_its_reason_is_not_told(body: str) -> None:
    assert told(V1 + body, "text-before-role") == []


@pytest.mark.parametrize("eol", ["\r\n", "\r"])
def test_every_line_end_will_do(eol: str) -> None:
    text = (V2 + "system:\nA\nuser:\nB\n").replace("\n", eol)

    assert [role.span.slice(text) for role in roles(read_text(text))] == ["system:", "user:"]


def test_v2_ends_lines_where_python_does() -> None:
    assert known(V2 + "system:\nA\u2028user:\x0bB") == ["system", "user"]
    assert known(V1 + "system:\nA\u2028user:\x0bB") == ["system"]
