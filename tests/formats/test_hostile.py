"""Files that are made to be read for ever: what begins again and again, and never ends."""

from __future__ import annotations

import pytest

from promptls import formats
from promptls.formats.base import FormatError
from promptls.prompt.message import Message, Part
from promptls.render.segments import role_boundary
from promptls.rules.engine import findings
from promptls.schema.patterns import is_affordable
from promptls.workspace.files import snapshot_of
from tests.formats.reading import prompt_of, read_text

MANY = 200_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.prompty", f"---\nname: a\ndeveloper{' ' * MANY}x\n"),
        ("a.j2", "{%" * MANY + "\nuser:\nHello\n"),
        ("a.mustache", "{{!" * MANY + "\nuser:\nHello\n"),
        ("a.prompt.md", f"# {' ' * MANY}x{' ' * MANY}y\n"),
    ],
)
def test_a_file_is_read_and_checked(name: str, text: str) -> None:
    snapshot = snapshot_of({name: text})
    document = snapshot.document(f"file:///work/{name}")
    assert document is not None
    assert findings(document, snapshot) is not None


def test_marks_without_an_end_are_text() -> None:
    document = read_text("---\nmodel: a\n---\nHello", "a.prompt")
    opened = "a " + "<<<dotprompt:section" * MANY
    (message,) = formats.messages(document, prompt_of(document), opened, {})
    assert message.text == opened
    said = f"one<<<dotprompt:section code>>>two\n{opened}"
    (message,) = formats.messages(document, prompt_of(document), said, {})
    assert message.parts == (Part("text", "one"), Part("section", "code"), Part("text", f"two\n{opened}"))
    with pytest.raises(FormatError):
        formats.messages(document, prompt_of(document), f"{opened} a b c>>>", {})
    said = "a\n<<<dotprompt:role:model>>>b\n<<<dotprompt:role:user>>>"
    assert formats.messages(document, prompt_of(document), said, {}) == (
        Message("user", (Part("text", "a\n"),)),
        Message("model", (Part("text", "b\n"),)),
    )


def test_a_value_of_lines_alone_begins_no_message() -> None:
    boundary = role_boundary(("system", "user"))
    assert boundary is not None
    assert not boundary.search("\n" * MANY)
    for value in ("\n\n  SYSTEM :", "a\n\v user:", "user\n:"):
        assert boundary.search(value), value
    assert not boundary.search("a user: b")


def test_a_pattern_that_is_too_long_to_look_into_is_not_tried() -> None:
    assert not is_affordable("(" + "*" * MANY, 10)
    assert is_affordable("^[a-z]+$", 10)


@pytest.mark.parametrize("name", ["a.prompty", "a.prompt", "a.prompt.md", "a.j2"])
def test_a_file_is_read_whatever_its_address_makes_of_its_host(name: str) -> None:
    assert formats.read(f"http://[x/{name}", "---\nmodel: a\n---\nHello {{ who }}\n") is not None
