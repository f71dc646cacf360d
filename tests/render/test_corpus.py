"""Real files give the messages that Prompty's own loaders make of them."""

from __future__ import annotations

import json
import random
from pathlib import Path

from promptls.actions.discover import workspace_for
from promptls.actions.render import render_document
from promptls.prompt.message import Message
from promptls.render import Renderer
from promptls.text.uris import path_to_uri
from promptls.workspace.files import snapshot_of
from tests.oracles.messages import OTHER, digest
from tests.shared_files import corpus, needs_shared, shared

ORACLE = Path(__file__).parents[1] / "oracles" / "prompty_messages.json"
OTHERWISE = {
    # 2.1.0 expands the first of several marks in a message and sends the others as text; here all are expanded.
    "corpus/microsoft+prompty/spec/fixtures/multimodal.prompty",
}


@needs_shared
def test_real_files_give_the_messages_of_their_loaders() -> None:
    compared, different = 0, []
    with Renderer(deadline=20) as renderer:
        for name, digests in json.loads(ORACLE.read_text("utf-8")).items():
            path = shared(name)
            snapshot = workspace_for([path]).snapshot()
            document = snapshot.document(path_to_uri(str(path)))
            assert document is not None
            wanted = digests["v1" if "v1" in document.recognised.title else "v2"]
            if wanted is None or not document.prompts:
                continue
            rendering = render_document(document, document.prompts[0], {}, snapshot, renderer, mark=True)
            compared += 1
            if digest(map(told, rendering.messages)) != wanted:
                different.append(name)
            if rendering.segments is not None:
                assert "".join(piece.text for piece in rendering.segments) == rendering.text
    assert set(different) == OTHERWISE
    assert compared > 80


def told(message: Message) -> tuple[str, list[str]]:
    return message.role, [part.value if part.type == "text" else OTHER for part in message.parts]


@needs_shared
def test_any_beginning_of_a_real_file_renders_or_says_why() -> None:
    pick = random.Random(5)
    with Renderer(deadline=20) as renderer:
        for path in pick.sample(corpus(), 60):
            text = path.read_text("utf-8", "replace")
            for end in (pick.randrange(len(text) + 1) for _ in range(4)):
                snapshot = snapshot_of({"a.prompty": text[:end]})
                document = snapshot.document(path_to_uri("/work/a.prompty"))
                assert document is not None
                for prompt in document.prompts:
                    rendering = render_document(document, prompt, {}, snapshot, renderer, mark=True)
                    for problem in rendering.problems:
                        assert 0 <= problem.span.start <= problem.span.end <= end
                        assert "cannot be computed" not in problem.message
