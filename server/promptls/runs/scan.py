"""Finds what looks like a key in messages that are about to be sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from promptls.prompt.message import Message

_LONGEST: Final = 200_000
"""Characters of a message that are looked through."""


class Hit(NamedTuple):
    """``kind``: what it looks like; ``message``: which one, from 1, with its ``role``. Never the text itself."""

    kind: str
    message: int
    role: str


# By the providers' own documented prefixes; long enough that words of a text do not fit.
_PATTERNS: Final = (
    ("an Anthropic key", r"\bsk-ant-[A-Za-z0-9_-]{20,200}"),
    ("an OpenAI key", r"\bsk-(?:proj-|svcacct-|admin-)?(?!ant-)[A-Za-z0-9_-]{32,200}"),
    ("a Google key", r"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,90})"),
    ("a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,40}"),
    ("a Hugging Face token", r"\bhf_[A-Za-z0-9]{30,50}\b"),
    ("a Slack token", r"\bxox[abpr]-[0-9A-Za-z-]{20,200}"),
    ("a Stripe key", r"\b[rs]k_live_[0-9A-Za-z]{20,100}"),
    ("a Groq key", r"\bgsk_[A-Za-z0-9]{40,60}\b"),
    ("a JSON Web Token", r"\beyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}"),
    ("a private key", r"-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----"),
)
_COMPILED: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)


def secrets_in(messages: Iterable[Message]) -> tuple[Hit, ...]:
    """What looks like a secret, each kind once a message, in the order of the messages."""
    hits = []
    for number, message in enumerate(messages, 1):
        text = message.text[:_LONGEST]
        hits += [Hit(kind, number, message.role) for kind, pattern in _COMPILED if pattern.search(text)]
    return tuple(hits)


_SIGNS: Final = (
    *("sk-", "AIza", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "hf_", "xox"),
    *("k_live_", "gsk_", "eyJ", "PRIVATE KEY"),
)
"""Every pattern needs one of these. To look for them first is ten times as fast, and a growing answer is looked through
often."""


def without_secrets(text: str) -> str:
    """The text with ``***`` for what looks like a secret."""
    if not any(sign in text for sign in _SIGNS):
        return text
    for _, pattern in _COMPILED:
        text = pattern.sub("***", text)
    return text
