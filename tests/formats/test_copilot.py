"""GitHub Copilot's files as Documents: what they say, ask for, name and send."""

from __future__ import annotations

import pytest

from promptls import formats
from promptls.formats.base import FormatError, MissingInput
from promptls.render import Renderer
from promptls.render.prompt import render_prompt
from promptls.text import Text
from tests.formats.reading import prompt_of, read, read_text

GREET = """\
---
name: greet
description: Greets somebody
agent: ask
tools: [search, 'github/*']
model: [GPT-5 mini, GPT-4.1]
---
# Greet

Say ${input:word} to ${input:who:Whom to greet} about ${selection}, ${input:word:What to say}.

## Then

Stop.
"""


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("review.prompt.md", "Copilot prompt"),
        ("C:\\work\\.github\\prompts\\Review.Prompt.MD", "Copilot prompt"),
        ("file:///w/a%20b.prompt.md", "Copilot prompt"),
        ("tests.instructions.md", "Copilot instructions"),
        (".github/copilot-instructions.md", "Copilot instructions"),
        ("plan.agent.md", "Copilot agent"),
        ("plan.chatmode.md", "Copilot agent"),
        (".github/agents/planner.md", "Copilot agent"),
        ("C:\\work\\.GitHub\\agents\\Planner.MD", "Copilot agent"),
        ("file:///w/.github/agents/a%20b.md", "Copilot agent"),
        (".github/agents/plan.prompt.md", "Copilot prompt"),
        (".github/agents/README.md", None),
        (".github/agents/of/planner.md", None),
        (".github/agents/planner.txt", None),
        ("agents/planner.md", None),
        (".claude/agents/planner.md", None),
        (".claude/rules/tests.md", None),
        (".github/instructions/tests.md", None),
        (".github/skills/plan/SKILL.md", None),
        ("CLAUDE.md", None),
        ("README.md", None),
        ("AGENTS.md", None),
        ("prompt.md", None),
        ("review.prompt.md.txt", None),
        ("review.run.md", None),
    ],
)
def test_the_name_tells(name: str, title: str | None) -> None:
    found = formats.recognise(name, "Hello")
    assert (found and found.title) == title
    assert formats.is_prompt_file(name) == (title is not None or name == "review.run.md")


def test_the_configuration_may_tell() -> None:
    document = read_text("Say ${input:word}", "word.md", as_format="copilot")
    assert [item.name for item in prompt_of(document).inputs] == ["word"]


@pytest.mark.parametrize(
    ("name", "told", "title"),
    [
        ("rules.md", "copilot-instructions", "Copilot instructions"),
        ("rules.md", "copilot", "Copilot prompt"),
        ("plan.agent.md", "copilot", "Copilot agent"),
        ("plan.agent.md", "copilot-prompt", "Copilot prompt"),
    ],
)
def test_the_configuration_may_tell_the_kind(name: str, told: str, title: str) -> None:
    assert read_text("Hello", name, as_format=told).recognised.title == title


@pytest.mark.parametrize("name", ["a.instructions.md", "a.agent.md"])
def test_what_is_added_to_conversations_is_none(name: str) -> None:
    document = read_text("---\nname: a\n---\n# One\n[b](b.md)\n", name, {"b.md": ""})
    assert document.prompts == ()
    assert [(one.target, one.exists) for one in document.references] == [("b.md", True)]
    assert [part.title for part in document.passages] == ["One"]


def test_what_a_prompt_says() -> None:
    document = read_text(GREET, "greet.prompt.md")
    prompt = prompt_of(document)
    assert (prompt.name, prompt.description, prompt.tools) == ("greet", "Greets somebody", ("search", "github/*"))
    assert prompt.model is not None
    assert (prompt.model.id, prompt.model.service, prompt.model.named_by) == ("GPT-5 mini", "", "Copilot")
    assert [(item.name, item.description, item.required) for item in prompt.inputs] == [
        ("word", "What to say", True),
        ("who", "Whom to greet", True),
    ]
    assert [(part.title, document.text.value[part.span.start : part.span.end]) for part in document.passages] == [
        ("Greet", GREET[GREET.index("# Greet") : GREET.index("\n\n## Then")]),
        ("Then", "## Then\n\nStop."),
    ]


def test_without_a_header_the_name_is_the_file_s() -> None:
    assert prompt_of(read_text("Hello", "a.b.prompt.md")).name == "a.b"


def test_samples_stand_beside_it() -> None:
    document = read(
        """
        -- greet.prompt.md --
        Say ${input:word}.
        -- greet.prompt.sample.yaml --
        word: hello
        """
    )
    assert [sample.values for sample in prompt_of(document).samples] == [{"word": "hello"}]


def test_it_is_sent_as_one_message_with_the_values_in_it() -> None:
    document = read_text(GREET, "greet.prompt.md")
    with Renderer() as renderer:
        made = render_prompt(document, prompt_of(document), {"word": "${input:who} \\1", "who": 5}, renderer, mark=True)
    assert made.problems == ()
    (message,) = made.messages
    assert message.role == "user"
    assert "Say ${input:who} \\1 to 5 about ${selection}, ${input:who} \\1." in message.text
    assert message.text.startswith("# Greet")
    assert [(piece.source, piece.text) for piece in made.segments or () if piece.kind == "interp"] == [
        ("word", "${input:who} \\1"),
        ("who", "5"),
        ("selection", "${selection}"),
        ("word", "${input:who} \\1"),
    ]


def test_the_editor_s_variables_may_have_a_value() -> None:
    document = read_text("About ${selection} of ${file}", "a.prompt.md")
    with Renderer() as renderer:
        made = render_prompt(document, prompt_of(document), {"selection": "this"}, renderer)
    assert made.messages[0].text == "About this of ${file}"


def test_what_has_no_value_is_asked_for() -> None:
    document = read_text(GREET, "greet.prompt.md")
    with pytest.raises(MissingInput) as missing:
        formats.values(document, prompt_of(document), {"word": "hello"})
    assert missing.value.names == ("who",)


def test_nothing_is_no_message() -> None:
    document = read_text("---\nname: a\n---\n", "a.prompt.md")
    with pytest.raises(FormatError):
        formats.messages(document, prompt_of(document), " \n", {})


def test_links_lead_to_files() -> None:
    document = read(
        """
        -- a.prompt.md --
        [one](docs/one.md#top), #file:docs/two.ts, [gone](docs/three.md)
        -- docs/one.md --
        -- docs/two.ts --
        """
    )
    assert [(one.target, one.exists, one.needed) for one in document.references] == [
        ("docs/one.md", True, False),
        ("docs/two.ts", True, False),
        ("docs/three.md", False, False),
    ]


def test_a_path_may_be_written_as_in_an_address() -> None:
    document = read_text("[style](style%20guide.md)", "a.prompt.md", {"style guide.md": ""})
    assert [one.exists for one in document.references] == [True]


@pytest.mark.parametrize("name", ["greet.prompt.md", "greet.instructions.md", "greet.agent.md"])
def test_every_prefix_is_read(name: str) -> None:
    text = GREET + "```\n[a](b.md)\n```\n[a](b.md) #file:c.ts `x` ${input:z"
    for end in range(len(text)):
        document = formats.read(f"file:///w/{name}", Text(text[:end]))
        assert document is not None
        for reference in document.references:
            assert reference.span.slice(text) == reference.target
        for passage in document.passages:
            assert passage.span.covers(passage.title_span)


def test_hostile_markdown_is_read_in_time() -> None:
    for text in ("[" * 50_000, "[a](" * 20_000, "`" * 50_000, "#file:" * 20_000, "# " * 20_000, "${input:" * 20_000):
        assert formats.read("file:///w/a.prompt.md", text) is not None
    blanks = " " * 20_000
    document = formats.read("file:///w/a.prompt.md", f"# {blanks}a{blanks}b #{blanks}c ##{blanks}\n##{blanks}\n## ##\n")
    assert document is not None
    assert [passage.title for passage in document.passages] == [f"a{blanks}b #{blanks}c"]
