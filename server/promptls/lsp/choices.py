"""What a person chose for a document, for as long as the server runs: which sample, which target."""

from __future__ import annotations

from promptls.text.uris import uri_key


class Choices:
    """By document and prompt; ``prompt`` is a prompt's name. Samples count from 1."""

    def __init__(self) -> None:
        self._samples: dict[tuple[str, str], int] = {}
        self._targets: dict[tuple[str, str], str] = {}

    def sample(self, uri: str, prompt: str) -> int | None:
        return self._samples.get((uri_key(uri), prompt))

    def choose_sample(self, uri: str, prompt: str, number: int) -> None:
        self._samples[uri_key(uri), prompt] = number

    def target(self, uri: str, prompt: str) -> str:
        """Empty where nothing was chosen."""
        return self._targets.get((uri_key(uri), prompt), "")

    def choose_target(self, uri: str, prompt: str, target: str) -> None:
        self._targets[uri_key(uri), prompt] = target
