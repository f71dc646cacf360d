"""The messages of every corpus file are those that Prompty's own loaders make of it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from promptls.prompt.message import Message
from promptls.prompt.model import MISSING
from tests.formats.reading import around, prompt_of, read_file, sent
from tests.shared_files import needs_shared, shared

GOLDEN = json.loads((Path(__file__).parents[1] / "oracles" / "prompty_conversations.json").read_text(encoding="utf-8"))
SEVERAL_MARKS = "multimodal.prompty"
"""2.1.0 expands the first of several marks in one message and sends the others as text; here all are expanded."""
CASES = [(file, version) for file in GOLDEN for version in GOLDEN[file] if not file.endswith(SEVERAL_MARKS)]
MARK = re.compile(r"__PROMPTY_THREAD_[0-9a-f]{8}_\w+?__")


def digest(message: Message) -> str:
    lines = "\n".join(f"{part.type}:{part.value if part.type == 'text' else ''}" for part in message.parts)
    return hashlib.sha256(MARK.sub("", lines).encode()).hexdigest()[:16]


@needs_shared
@pytest.mark.parametrize(("file", "version"), CASES, ids=[f"{version} {file}" for file, version in CASES])
def test_messages_are_those_of_the_reference_loader(file: str, version: str) -> None:
    document = read_file(shared(file), as_format=f"prompty-{version}")
    examples = {
        item.name: item.example
        for item in prompt_of(document).inputs
        if version == "v2" and item.default is MISSING and item.example is not MISSING
    }

    messages = sent(document, examples, around(shared(file)))

    assert [[message.role, digest(message)] for message in messages] == GOLDEN[file][version]
