"""A run before it starts: everything that was decided, everything that a person has to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from promptls.prompt.message import Message
from promptls.prompt.model import Tool
from promptls.providers.event import Failure
from promptls.providers.request import Endpoint
from promptls.text import Span
from promptls.workspace.running import Limits, ProviderSettings


@dataclass(frozen=True, slots=True)
class Hop:
    """One ``provider/model`` that a run may call. ``key_source``: where the key comes from, in a person's words
    (``environment OPENAI_API_KEY``); empty where none is needed or there is none. ``settings``: what the
    configuration says of the provider, where its key is looked up again when the run starts. ``weight``: of an alias
    that balances."""

    endpoint: Endpoint
    model: str
    key_source: str = ""
    settings: ProviderSettings | None = None
    weight: float = 1.0

    @property
    def name(self) -> str:
        return f"{self.endpoint.provider}/{self.model}" if self.model else self.endpoint.provider


@dataclass(frozen=True, slots=True)
class Target:
    """What a run would call, and why. ``route``: in the order to try; ``strategy``: how an alias chooses.

    ``why``: a few words (``named in the file``, ``OPENAI_API_KEY is not set``). ``label``: as lenses show it,
    ``openai/gpt-5`` or ``echo (OPENAI_API_KEY is not set)``. ``shows``: for echo, the hop whose request is shown.
    """

    route: tuple[Hop, ...]
    why: str = ""
    alias: str = ""
    strategy: str = "fallback"
    shows: Hop | None = None

    @property
    def name(self) -> str:
        return self.route[0].name if self.route else "echo"

    @property
    def label(self) -> str:
        return f"{self.name} ({self.why})" if self.name.split("/")[0] == "echo" and self.why else self.name


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask before the run. ``kind``: ``consent``, ``budget``, ``secret`` or ``environment``. ``key``: what
    is remembered when the answer is yes for good; empty where it is asked each time. ``text``: the whole question."""

    kind: str
    text: str
    key: str = ""
    yes: str = "Send"
    host: str = ""
    """Of a consent: scheme, host and port."""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that the run will not do as the file says, with its place where it has one."""

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Ready to run once all ``questions`` are answered yes; not at all where there is a ``refusal``."""

    uri: str
    prompt: str
    prompt_hash: str
    version: int | None
    messages: tuple[Message, ...]
    values: Mapping[str, Any]
    target: Target
    operation: str = "chat"
    options: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    tools: tuple[Tool, ...] = ()
    output: Mapping[str, Any] | None = None
    sample: str = ""
    stream: bool = True
    questions: tuple[Question, ...] = ()
    warnings: tuple[Warned, ...] = ()
    refusal: Failure | None = None
    estimate: tuple[float | None, float | None] = (0.0, 0.0)
    """US dollars, from and to; None where the price is unknown."""
    limits: Mapping[str, Limits] = field(default_factory=dict)
    """Of this machine, by provider or ``provider/model``."""
    log_prompts: str = "redacted"
    keep_days: int | None = None
    keep_days_in: tuple[int, str] | None = None
    expands: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    """Variables of the environment that the file reads into its messages, by the text that stands for them
    (``${env:TEAM}``), with the values that are sent for it; never shown, never kept."""
    files: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Pictures and other files that messages name by their path: the content as a ``data:`` URL. Sent, never kept."""
