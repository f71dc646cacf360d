"""What the keys of model providers and of the services around them look like: a table, and what is no real key."""

from __future__ import annotations

import re
from typing import NamedTuple

from promptls.text import Span


class Kind(NamedTuple):
    """``needles``: one of them stands where ``pattern`` matches. ``pattern`` has one group: the secret itself.
    ``variable``: where it usually is kept instead; empty where there is none."""

    title: str
    variable: str
    needles: tuple[str, ...]
    pattern: re.Pattern[str]


class Secret(NamedTuple):
    kind: Kind
    span: Span


def _kind(title: str, variable: str, needles: str, pattern: str) -> Kind:
    return Kind(title, variable, tuple(needles.split()), re.compile(pattern))


# A more special kind stands before a more general one: the first that matches at a place has it.
KINDS = (
    _kind("an Anthropic key", "ANTHROPIC_API_KEY", "sk-ant-", r"(?<![\w-])(sk-ant-[\w-]{20,200})"),
    _kind("an OpenRouter key", "OPENROUTER_API_KEY", "sk-or-v1-", r"(?<![\w-])(sk-or-v1-[0-9a-f]{40,80})"),
    _kind("an OpenAI key", "OPENAI_API_KEY", "sk-", r"(?<![\w-])(sk-[\w-]{20,250})"),
    _kind("a GitHub token", "GITHUB_TOKEN", "ghp_ gho_ ghu_ ghs_ ghr_", r"(?<!\w)(gh[pousr]_[A-Za-z0-9]{36,255})"),
    _kind("a GitHub token", "GITHUB_TOKEN", "github_pat_", r"(?<!\w)(github_pat_\w{40,255})"),
    _kind("an AWS access key", "AWS_ACCESS_KEY_ID", "AKIA ASIA", r"(?<!\w)(A[KS]IA[A-Z0-9]{16})(?!\w)"),
    _kind("a Google key", "GEMINI_API_KEY", "AIza", r"(?<![\w-])(AIza[\w-]{35})(?![\w-])"),
    _kind("a Hugging Face token", "HF_TOKEN", "hf_", r"(?<!\w)(hf_[A-Za-z0-9]{30,60})"),
    _kind("a Groq key", "GROQ_API_KEY", "gsk_", r"(?<!\w)(gsk_[A-Za-z0-9]{40,80})"),
    _kind("an xAI key", "XAI_API_KEY", "xai-", r"(?<![\w-])(xai-[A-Za-z0-9]{60,120})"),
    _kind("a Slack token", "SLACK_TOKEN", "xox", r"(?<![\w-])(xox[abeoprs]-[A-Za-z0-9-]{16,250})"),
    _kind(
        "a private key",
        "",
        "-----BEGIN",
        r"(-----BEGIN (?:[A-Z]{2,12} ){0,3}PRIVATE KEY-----)\s{1,20}[A-Za-z0-9+/]{40}",
    ),
    _kind(
        "an Azure key",
        "AZURE_OPENAI_API_KEY",
        "key Key KEY",
        r"(?i:(?<=api)|(?<=api[_-])|(?<=scription)|(?<=scription[_-])|(?<=account)|(?<=account[_-]))(?i:key)"
        r"[\"']?[ \t]{0,20}[:=][ \t]{0,20}[\"']?([0-9a-f]{32}|[A-Za-z0-9]{84}|[A-Za-z0-9+/]{86}==)(?![\w+/=])",
    ),
    _kind("a bearer token", "API_TOKEN", "Bearer bearer", r"(?<!\w)[Bb]earer[ \t]{1,20}([\w.~+/-]{24,2000}={0,2})"),
)
_PLACEHOLDER = re.compile(
    r"(?i)test|example|sample|dummy|fake|mock|placeholder|your|insert|replace|changeme|redacted|secret"
    r"|key-?here|token-?here|my-?key|api-?key|x{4}|\*{3}|\.{3}|1234567|abcdef|0{6}"
)


def secrets_in(text: str) -> tuple[Secret, ...]:
    """Each real-looking secret, once, in the order of the text."""
    found: dict[int, Secret] = {}
    for kind in KINDS:
        for needle in kind.needles:
            at = text.find(needle)
            while at >= 0:
                match = kind.pattern.match(text, at)
                if match and not _is_placeholder(match[1], kind):
                    found.setdefault(match.start(1), Secret(kind, Span(*match.span(1))))
                at = text.find(needle, at + len(needle))
    return tuple(found[at] for at in sorted(found))


def _is_placeholder(secret: str, kind: Kind) -> bool:
    """A word for people, or too regular for a random string."""
    if not kind.variable:
        return False
    if _PLACEHOLDER.search(secret):
        return True
    random = re.sub(r"^[a-zA-Z]{2,6}[-_](?:[a-z]{2,8}[0-9]{0,2}[-_])?", "", secret)
    return len(set(random)) < 8 or not re.search(r"[0-9]", random) or not re.search(r"[A-Za-z]", random)
