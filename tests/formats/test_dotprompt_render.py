"""Dotprompt: from values to messages, through the renderer's own process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from promptls.actions.render import render_document
from promptls.formats.dotprompt.messages import HISTORY
from promptls.render import Renderer
from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace, snapshot_of
from tests.fixtures import fixture


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(deadline=20) as renderer:
        yield renderer


def sent(renderer: Renderer, source: str, **values: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    rendering = rendered(renderer, source, values)
    assert rendering.problems == ()
    return [(one.role, [(part.type, part.value) for part in one.parts]) for one in rendering.messages]


def rendered(renderer: Renderer, source: str, values: dict[str, Any]) -> Any:
    known = fixture(source, "a.prompt")
    snapshot = snapshot_of(known.files)
    document = snapshot.document(path_to_uri(f"/work/{known.main}"))
    assert document is not None
    return render_document(document, document.prompts[0], values, snapshot, renderer)


def refused(renderer: Renderer, source: str) -> str:
    (problem,) = rendered(renderer, source, {}).problems
    message: str = problem.message
    return message


def test_roles_defaults_and_media(renderer: Renderer) -> None:
    source = """
    ---
    input:
      schema: {name: string, photo: string}
      default: {name: you, deep: {a: 1, b: 2}}
    ---
    {{role "system"}}
    Be kind.
    {{role "user"}}
    I am {{name}} & {{deep.b}}. {{media url=photo contentType="image/png"}}
    """
    assert sent(renderer, source, photo="http://x/y", deep={"b": 3}) == [
        ("system", [("text", "\nBe kind.\n")]),
        ("user", [("text", "\nI am you & 3. "), ("image", "http://x/y")]),
    ]


def test_partials_also_unsaved_ones(renderer: Renderer) -> None:
    files = {"a.prompt": '{{> card title="Dr"}}!', "_card.prompt": "{{title}} {{> name}}", "partials/_name.prompt": "A"}
    workspace = Workspace()
    for name, text in files.items():
        workspace.open(f"file:///w/{name}", text)
    workspace.set_folders(["file:///w"])
    workspace.change("file:///w/partials/_name.prompt", "{{who}}")
    snapshot = workspace.snapshot()
    document = snapshot.document("file:///w/a.prompt")
    assert document is not None
    rendering = render_document(document, document.prompts[0], {"who": "Ada"}, snapshot, renderer)
    assert rendering.text == "Dr Ada!"


def test_what_stands_beside_the_inputs(renderer: Renderer) -> None:
    turns = [{"role": "user", "content": [{"text": "before"}]}]
    values = {"@auth": {"email": "a@b"}, HISTORY: turns}
    assert sent(renderer, "Hi {{@auth.email}}\n", **values) == [
        ("user", [("text", "before")]),
        ("user", [("text", "Hi a@b\n")]),
    ]


def test_helpers(renderer: Renderer) -> None:
    source = (
        "{{json list indent=2}}{{json list}}{{#ifEquals a 1}}y{{else}}n{{/ifEquals}}"
        '{{section "s"}}{{#unlessEquals a 1}}u{{/unlessEquals}}\n'
    )
    assert sent(renderer, source, list=[1], a=1) == [("user", [("text", "[\n  1\n][1]y"), ("section", "s")])]


def test_a_helper_of_the_application_is_not_rendered(renderer: Renderer) -> None:
    known = "-- a.prompt --\n{{name}} {{shout name}}\n-- promptls.yaml --\ntemplates: {helpers: [shout]}\n"
    assert "helper `shout` is registered by your application" in refused(renderer, known)
    assert refused(renderer, "{{name}} {{shout name}}\n").startswith("not rendered: there is no helper `shout`")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{> nowhere}}\n", "not rendered: there is no partial `nowhere`"),
        ("{{#if a}}\n", "not rendered: `{{#if a}}` is not closed"),
        ("-- a.prompt --\n{{> b}}\n-- _b.prompt --\n{{> b}}\n", "not rendered: the template calls or includes itself"),
        ("---\nversion: 1.0\nmodel: x\n---\nHi\n", "`version` must be a string: Dotprompt refuses the file"),
        ("---\nmodel: &m x\n---\nHi\n", "Dotprompt refuses anchors: remove `&m`"),
        ('{{role "assistant"}}Hi\n', "There is no role `assistant`"),
        ('{{media url="a b c"}}\n', "A URL holds no blanks"),
    ],
)
def test_what_cannot_be_rendered_says_why(renderer: Renderer, source: str, message: str) -> None:
    assert refused(renderer, source).startswith(message)


def test_a_byte_order_mark_makes_all_of_it_text(renderer: Renderer) -> None:
    rendering = rendered(renderer, "\ufeff---\nmodel: x\n---\nHi\n", {})
    assert rendering.messages[0].text == "\ufeff---\nmodel: x\n---\nHi\n"
