"""What counts as a real key. The keys here are random characters that open nothing."""

from __future__ import annotations

import pytest

from promptls.rules.secrets import secrets_in

RANDOM = "Zk3Jq9XmP0vLw8RtYbNcHd2FgAaEe4UuQ7sT6rV5"
HEX = "9f8b3c2d1e0f4a5b6c7d8e9fa0b1c2d3"


@pytest.mark.parametrize(
    ("text", "title", "secret"),
    [
        (f"key: sk-proj-{RANDOM}", "an OpenAI key", f"sk-proj-{RANDOM}"),
        (f"key: sk-ant-api03-{RANDOM}", "an Anthropic key", f"sk-ant-api03-{RANDOM}"),
        (f"key: sk-or-v1-{HEX}{HEX}", "an OpenRouter key", f"sk-or-v1-{HEX}{HEX}"),
        (f"token: ghp_{RANDOM[:36]}", "a GitHub token", f"ghp_{RANDOM[:36]}"),
        (f"token: github_pat_{RANDOM}", "a GitHub token", f"github_pat_{RANDOM}"),
        ("id: AKIAQ7TVWX2LMN4PRS6U", "an AWS access key", "AKIAQ7TVWX2LMN4PRS6U"),
        (f"key: AIza{RANDOM[:35]}", "a Google key", f"AIza{RANDOM[:35]}"),
        (f"token: hf_{RANDOM[:34]}", "a Hugging Face token", f"hf_{RANDOM[:34]}"),
        (f"slack: xoxb-{RANDOM}", "a Slack token", f"xoxb-{RANDOM}"),
        (f"api_key: {HEX}", "an Azure key", HEX),
        (f"apiKey: '{HEX}'", "an Azure key", HEX),
        (f'"api-key": "{RANDOM}{RANDOM}ab3X"', "an Azure key", f"{RANDOM}{RANDOM}ab3X"),
        (f"Authorization: Bearer {RANDOM}", "a bearer token", RANDOM),
        (f"Authorization: Bearer sk-proj-{RANDOM}", "an OpenAI key", f"sk-proj-{RANDOM}"),
        (
            f"-----BEGIN RSA PRIVATE KEY-----\n{RANDOM}{RANDOM}\n",
            "a private key",
            "-----BEGIN RSA PRIVATE KEY-----",
        ),
    ],
)
def test_real_ones(text: str, title: str, secret: str) -> None:
    (found,) = secrets_in(text)
    assert (found.kind.title, found.span.slice(text)) == (title, secret)


@pytest.mark.parametrize(
    "text",
    [
        "key: sk-test123",
        "key: sk-your-key-here-0123456789abcdef",
        "key: sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "key: sk-ant-api03-...",
        "key: sk-1234567890abcdefghijklmnop",
        "key: your-key-here",
        "key: <key>",
        "key: ${env:OPENAI_API_KEY}",
        "id: AKIAIOSFODNN7EXAMPLE",
        "api_key: 00000000000000000000000000000000",
        "api_key: ${env:AZURE_OPENAI_API_KEY:default}",
        "apiKey: aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
        "commit: 9f8b3c2d1e0f4a5b6c7d8e9fa0b1c2d3",
        "monkey: bananas",
        "Authorization: Bearer {{ token }}",
        "Bearer of bad news, who walks for many miles",
        "risk-assessment-of-something-quite-long-2",
        "a-task-list-that-is-written-with-dashes-2024",
        "-----BEGIN PRIVATE KEY-----\n...\n",
    ],
)
def test_what_stands_for_a_key_is_none(text: str) -> None:
    assert secrets_in(text) == ()


def test_two_in_one_text_come_in_its_order() -> None:
    found = secrets_in(f"b: hf_{RANDOM[:34]}\na: sk-{RANDOM}\n")
    assert [one.kind.title for one in found] == ["a Hugging Face token", "an OpenAI key"]
