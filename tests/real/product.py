"""The whole product against one server: `promptls run` with a key that is marked, and all that a person sees of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from promptls.actions.run import agreed
from promptls.actions.run_files import Files
from promptls.runs.event import RunRecord
from promptls.runs.plan import Plan
from tests.cli.calls import Called, Promptls
from tests.runs.network import Watch

KEY = "canary9XvKey0123456789abcdef"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
_HEAD = "---\nname: ask\nmodel: {id: from-the-file, options: {maxOutputTokens: 400}}\n"
FILES: Mapping[str, str | bytes] = {
    "ask.prompty": f"{_HEAD}---\nsystem:\nBe brief.\n\nuser:\nHi there\n",
    "shape.prompty": (
        f"{_HEAD}outputs:\n  city: {{kind: string, required: true}}\n  sure: {{kind: boolean, required: true}}\n"
        "---\nuser:\nName a shape\n"
    ),
    "picture.prompty": (
        f"{_HEAD}inputs:\n  photo: {{kind: image, default: pixel.png}}\n---\nuser:\nHi, see {{{{ photo }}}}\n"
    ),
    "call.prompty": (
        f"{_HEAD}tools:\n  - name: now\n    kind: function\n    description: The time\n    parameters:\n"
        "      zone: {kind: string, required: true}\n---\nuser:\nPlease call it\n"
    ),
    "pixel.png": PIXEL,
}


@dataclass(frozen=True)
class Provider:
    """``service``: as it is named in a target; ``settings``: in the person's configuration, with URL for the server's
    address; ``variable``: where its key comes from; ``title``: how sentences name it."""

    service: str
    title: str
    variable: str
    settings: str = "base_url: URL"
    model: str = "model-x"
    public: str = ""
    """Its path on aimock, in the place of URL."""

    @property
    def target(self) -> str:
        return f"{self.service}/{self.model}"


PROVIDERS: Mapping[str, Provider] = {
    "openai": Provider("openai", "OpenAI", "OPENAI_API_KEY", public="/v1"),
    "responses": Provider(
        "openai", "OpenAI", "OPENAI_API_KEY", "base_url: URL, quirks: {wire: openai-responses}", public="/v1"
    ),
    "anthropic": Provider("anthropic", "Anthropic", "ANTHROPIC_API_KEY", public="/v1"),
    "gemini": Provider("googleai", "Google AI", "GEMINI_API_KEY", public="/v1beta"),
    "bedrock": Provider("bedrock", "AWS Bedrock", "AWS_BEARER_TOKEN_BEDROCK", "base_url: URL, region: eu-west-1"),
    "ollama": Provider("ollama", "Ollama", "OLLAMA_API_KEY"),
    "azure": Provider("azure-openai", "Azure OpenAI", "AZURE_OPENAI_API_KEY", "endpoint: URL"),
    "azure-dated": Provider(
        "azure-openai", "Azure OpenAI", "AZURE_OPENAI_API_KEY", "endpoint: URL, api_version: '2024-10-21'"
    ),
    "cohere": Provider("cohere", "Cohere", "CO_API_KEY", public="/v2"),
    "llamacpp": Provider("llamacpp", "llama.cpp", "LLAMA_API_KEY"),
}


class Ran(NamedTuple):
    """``record``: as the history has it."""

    code: int
    out: str
    err: str
    record: dict[str, Any]


@dataclass
class Product:
    promptls: Promptls
    folder: Path
    patch: pytest.MonkeyPatch
    log: pytest.LogCaptureFixture
    keys: list[str] = field(default_factory=list)

    def configure(self, provider: Provider, url: str, more: str = "", key: str = KEY) -> None:
        """The person's own configuration: this provider at that address, with its key in the environment."""
        settings = provider.settings.replace("URL", url) + (f", {more}" if more else "")
        self.folder.joinpath("user.yaml").write_text(f"providers: {{{provider.service}: {{{settings}}}}}\n", "utf-8")
        self.patch.setenv(provider.variable, key)
        self.keys.append(key)

    def run(self, provider: Provider, file: str = "ask.prompty", *more: str) -> Ran:
        """`promptls run`, and what the history says of it. No key is in anything that it said or left behind."""
        called = self.promptls("run", file, "--model", provider.target, "--allow-host", "127.0.0.1", *more)
        last = self.promptls("history", "last", "--format", "json")
        self.seen_nowhere(called, last)
        return Ran(*called, record=last.data)

    def seen_nowhere(self, *called: Called) -> None:
        said = self.log.text + "".join(each.out + each.err for each in called)
        for path in self.folder.rglob("*"):
            if path.is_file():
                said += path.read_bytes().decode("utf-8", "replace")
        assert not [key for key in self.keys if key in said], "a key was seen"

    def stopped_at_the_first_word(self, provider: Provider) -> tuple[RunRecord, Watch]:
        """A run that somebody stops as soon as a word came."""
        with Files([Path("ask.prompty")]) as files:
            watch = Watch()
            (planned,) = files.plan((provider.target,))
            assert planned.plan is not None
            run = start(files, planned.plan, watch)
            watch.wait("delta")
            assert files._runs.cancel(run)
            record = watch.end()
        self.seen_nowhere(self.promptls("history", "last"))
        return record, watch


def replace_options(plan: Plan, **options: Any) -> Plan:
    return replace(plan, options={**plan.options, **options})


def start(files: Files, plan: Plan, watch: Watch) -> str:
    """The id of a run; all that it asks is answered yes."""
    assert plan.refusal is None, plan.refusal
    return files._runs.start(agreed(plan, plan.questions), watch)
