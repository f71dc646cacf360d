"""A preview shows what would be sent, where it comes from, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from promptls.actions.discover import prompt_files, workspace_for
from promptls.actions.preview import Piece, Preview, hover_preview, make_preview, to_data, to_html, to_markdown
from promptls.render import Renderer
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from tests.shared_files import needs_shared, shared

HEADER = """\
---
name: greet
model: {id: gpt-4o, provider: openai}
inputs:
  - {name: name, kind: string, example: Ada}
  - {name: question, kind: string, required: true}
  - {name: tone, kind: string}
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
"""


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(deadline=20.0) as made:
        yield made


def preview(renderer: Renderer, body: str, *, header: str = HEADER, name: str = "a.prompty", **options: Any) -> Preview:
    files = {name: header + body, **options.pop("files", {})}
    snapshot = snapshot_of(files)
    document = snapshot.document(path_to_uri(f"/work/{name}"))
    assert document is not None
    return make_preview(document, document.prompts[0], snapshot, renderer, **options)


def shown(made: Preview) -> list[list[tuple[str, str, str]]]:
    return [[(piece.kind, piece.text, piece.name) for piece in message.pieces] for message in made.messages]


def test_values_are_told_from_the_words_of_the_template(renderer: Renderer) -> None:
    made = preview(
        renderer, "system:\nBe kind to {{ name }}.\nuser:\n{{ question | upper }}\n", inputs={"question": "why"}
    )
    assert shown(made) == [
        [("text", "Be kind to ", ""), ("value", "Ada", "name"), ("text", ".", "")],
        [("value", "WHY", "")],
    ]
    assert [(message.role, message.line) for message in made.messages] == [("system", 9), ("user", 11)]
    assert [piece.line for piece in made.messages[0].pieces] == [None, 10, None]
    assert not made.holes
    assert not made.problems


def test_what_the_loader_refuses_without_is_a_hole_with_a_placeholder(renderer: Renderer) -> None:
    made = preview(renderer, "user:\n{{ name }} asks {{ question }}!\n")
    assert made.holes == made.refused == ("question",)
    assert shown(made) == [
        [("value", "Ada", "name"), ("text", " asks ", ""), ("hole", "‹question›", "question"), ("text", "!", "")]
    ]
    assert "`question` has no value: a placeholder such as ‹question› stands in" in to_markdown(made)


def test_what_renders_as_nothing_is_a_hole_and_the_message_stays_as_it_would_be_sent(renderer: Renderer) -> None:
    made = preview(renderer, "user:\nIn a {{ tone }} voice.\n", inputs={"question": "x"})
    assert made.holes == ("tone",)
    assert made.refused == ()
    assert made.messages[0].parts[0].value == "In a  voice."
    assert made.messages[0].pieces[1] == Piece("hole", "", "tone", made.messages[0].pieces[1].span, 10)
    assert "In a ‹tone› voice." in to_markdown(made)


def test_a_hole_has_the_shape_that_the_template_works_with(renderer: Renderer) -> None:
    header = "---\nname: a\ninputs:\n  - {name: rows, kind: array, required: true, items: {kind: object}}\n---\n"
    made = preview(renderer, "user:\n{% for row in rows %}{{ row.title }};{% endfor %}\n", header=header)
    assert made.messages[0].parts[0].value == "‹rows[0].title›;"
    assert [piece.kind for piece in made.messages[0].pieces] == ["hole", "text"]


def test_a_template_that_calculates_with_a_hole_gets_a_number_to_go_on_with(renderer: Renderer) -> None:
    header = "---\nname: a\ninputs:\n  - {name: count, kind: integer, required: true}\n---\n"
    made = preview(renderer, "user:\n{{ count + 1 }} of {{ count }}\n", header=header)
    assert made.holes == ("count",)
    assert made.messages[0].parts[0].value == "2 of 1"


def test_a_broken_template_keeps_the_last_good_messages_and_says_so(renderer: Renderer) -> None:
    good = preview(renderer, "user:\nHi {{ name }}\n", inputs={"question": "x"})
    made = preview(renderer, "user:\nHi {{ name \n", inputs={"question": "x"}, last_good=good)
    assert made.stale
    assert made.messages == good.messages
    assert [problem.line for problem in made.problems] == [10]
    text = to_markdown(made)
    assert text.index("error") < text.index("The file does not render right now") < text.index("Hi Ada")


def test_a_broken_template_without_a_good_one_shows_the_problem_alone(renderer: Renderer) -> None:
    made = preview(renderer, "user:\nHi {% if %}\n")
    assert not made.messages
    assert not made.stale
    assert made.problems[0].severity == "error"


def test_samples_are_chosen_by_their_number(renderer: Renderer) -> None:
    beside = {"a.sample.yaml": "- {name: Bo, question: q1}\n- {name: Cy, question: q2}\n"}
    made = preview(renderer, "user:\n{{ name }}: {{ question }}\n", sample=3, files=beside)
    assert made.samples == ("in the file", "a.sample.yaml 1", "a.sample.yaml 2")
    assert made.sample == 3
    assert made.messages[0].parts[0].value == "Cy: q2"


def test_a_sample_that_is_gone_falls_back_to_the_first_and_says_so(renderer: Renderer) -> None:
    made = preview(renderer, "user:\n{{ name }}\n", sample=7)
    assert made.sample == 1
    assert made.problems[0].message == "There is no sample 7: shown with sample 1 (in the file)"


def test_problems_are_told_to_the_message_they_are_in(renderer: Renderer) -> None:
    made = preview(renderer, "system:\nBe kind.\nuser:\n{{ name | nosuchfilter2 }}\n")
    assert made.problems
    assert made.problems[0].line == 12


def test_text_cannot_leave_its_fence(renderer: Renderer) -> None:
    evil = "```\n# Not a heading\n![x](https://example.com/a.png)\n`````"
    text = to_markdown(preview(renderer, "user:\n{{ question }}\n", inputs={"question": evil}))
    assert f"``````text\n{evil}\n``````" in text


@pytest.mark.parametrize(
    ("name", "title"),
    [("two_words_more", "two_words_more"), ("_em_ __init__", r"\_em\_ \_\_init\_\_"), ("a_*b*", r"a\_\*b\*")],
)
def test_a_name_marks_nothing_and_reads_as_it_is(renderer: Renderer, name: str, title: str) -> None:
    text = to_markdown(preview(renderer, "user:\nHi\n", header=HEADER.replace("name: greet", f"name: '{name}'")))
    assert text.startswith(f"# {title}\n")


def test_the_hover_is_one_message_of_forty_lines(renderer: Renderer) -> None:
    body = "system:\nBe kind.\nuser:\n" + "".join(f"line {at} {{{{ name }}}}\n" for at in range(100))
    made = preview(renderer, body, inputs={"question": "x"})
    text = hover_preview(made, 1)
    assert "line 39 Ada" in text
    assert "line 40" not in text
    assert "*40 of 100 lines*" in text
    assert "Be kind" not in text
    assert f"**user** · {made.messages[1].tokens} of {made.tokens} tokens" in text


def test_images_are_parts_of_their_own(renderer: Renderer) -> None:
    header = "---\nname: a\ninputs:\n  - {name: photo, kind: image, example: 'https://example.com/a.png'}\n---\n"
    made = preview(renderer, "user:\nLook: {{ photo }}\n", header=header)
    assert [piece.kind for message in made.messages for piece in message.pieces] == ["text", "image"]
    assert "- image: `https://example.com/a.png`" in to_markdown(made)


def test_an_image_that_nobody_gave_is_a_hole(renderer: Renderer) -> None:
    header = "---\nname: a\ninputs:\n  - {name: photo, kind: image, required: true}\n---\n"
    made = preview(renderer, "user:\nLook: {{ photo }}\n", header=header)
    assert [(piece.kind, piece.name) for message in made.messages for piece in message.pieces] == [
        ("text", ""),
        ("hole", "photo"),
    ]


def test_plain_data_is_json(renderer: Renderer) -> None:
    data = json.loads(json.dumps(to_data(preview(renderer, "user:\n{{ name }} {{ tone }}\n"))))
    assert data["holes"] == ["question", "tone"]
    assert data["messages"][0]["content"] == [{"type": "text", "text": "Ada "}]
    assert data["messages"][0]["pieces"][0] == {
        "kind": "value",
        "text": "Ada",
        "name": "name",
        "span": [259, 269],
        "line": 10,
    }
    assert data["tokens"]["estimated"] is True


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.prompt",
            '---\ninput:\n  schema: {name: string}\n---\n{{role "system"}}Be kind.\n{{role "user"}}Hi {{name}}!\n',
        ),
        ("a.mustache", "system:\nBe kind.\n\nuser:\nHi {{name}}!\n"),
        ("a.j2", "system:\nBe kind.\n\nuser:\nHi {{ name }}!\n"),
    ],
)
def test_every_dialect_marks_its_values(renderer: Renderer, name: str, text: str) -> None:
    made = preview(renderer, text, header="", name=name, inputs={"name": "Ada"})
    assert [message.role for message in made.messages] == ["system", "user"]
    assert ("value", "Ada", "name") in shown(made)[1]


def test_names_that_nothing_declares_are_holes_too(renderer: Renderer) -> None:
    made = preview(
        renderer, "system:\nBe kind.\n\nuser:\nHi {{ name }}, {{ nick | default('you') }}!\n", header="", name="a.j2"
    )
    assert made.holes == ("name",)


def test_a_message_that_is_nothing_but_a_hole_is_there(renderer: Renderer) -> None:
    body = "system:\nBe kind.\n\nuser:\n{{ text }}\n"
    made = preview(renderer, body, header="", name="a.j2")
    assert shown(made) == [[("text", "Be kind.", "")], [("hole", "‹text›", "text")]]
    assert made.holes == ("text",)
    assert made.refused == ()


def test_values_that_choose_the_role_leave_the_others_marked(renderer: Renderer) -> None:
    body = "system:\nBe kind.\n\n{% for turn in turns %}\n{{ turn.role }}:\n{{ turn.text }}\n{% endfor %}\n"
    body += "user:\n{{ last }}\n"
    turns = [{"role": "user", "text": "One"}, {"role": "assistant", "text": "Two"}]
    made = preview(renderer, body, header="", name="a.j2", inputs={"turns": turns, "last": "Three"})
    assert [message.role for message in made.messages] == ["system", "user", "assistant", "user"]
    assert [piece.text for message in made.messages for piece in message.pieces if piece.kind == "value"] == [
        "One",
        "Two",
        "Three",
    ]
    assert [message.line for message in made.messages] == [0, 5, 5, 7]


def test_a_message_that_a_condition_leaves_out_moves_no_line(renderer: Renderer) -> None:
    body = "system:\nBe kind.\n\n{% if more %}user:\nFirst.\n\n{% endif %}\nuser:\nSecond.\n"
    made = preview(renderer, body, header="", name="a.j2")
    assert [(message.role, message.line) for message in made.messages] == [("system", 0), ("user", 7)]


@needs_shared
def test_the_pieces_of_every_real_message_are_its_text(renderer: Renderer) -> None:
    workspace = workspace_for([shared("corpus")])
    snapshot = workspace.snapshot()
    for path in prompt_files([shared("corpus")], snapshot)[::4]:
        document = snapshot.document(path_to_uri(path))
        if document is None:
            continue
        for prompt in document.prompts:
            made = make_preview(document, prompt, snapshot, renderer)
            for message in made.messages:
                kinds = ("text", "value", "hole")
                text = "".join(piece.text for piece in message.pieces if piece.kind in kinds)
                assert text == "".join(part.value for part in message.parts if part.type == "text"), path
            to_html(made, nonce="abc").encode("utf-8")
            to_markdown(made).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("a.prompty", "", "`a` has no text, so there is no message: write what the model is to be told"),
        ("a.prompty", "system:\n", "`a` makes no message: write what to say below the line `system:`"),
        ("a.prompt", "---\nmodel: googleai/x\n---\n{{#if q}}{{q}}{{/if}}\n", "`a` makes no message with these values"),
    ],
)
def test_a_file_without_a_message_says_what_is_missing(renderer: Renderer, name: str, text: str, missing: str) -> None:
    made = preview(renderer, text, header="", name=name)
    assert made.messages == ()
    (problem,) = made.problems
    assert problem.message.startswith(missing)
    assert missing in to_html(made).replace("<code>", "`").replace("</code>", "`")
    assert f"> **⚠ warning** line 1: {missing}" in to_markdown(made)
