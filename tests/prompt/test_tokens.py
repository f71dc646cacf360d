"""Token counts are estimates, near what a real tokenizer counts (o200k_base, by tiktoken 0.14, written down here)."""

from __future__ import annotations

import pytest

from promptls.prompt.message import Message, Part
from promptls.prompt.tokens import PER_IMAGE, PER_MESSAGE, estimate, estimate_message

COUNTED = {
    "prose": (
        "You are a helpful assistant who answers questions about orders. Be brief, be kind, and never invent a number: "
        "say that you do not know it, and ask the customer for the order's id instead.",
        42,
    ),
    "json": (
        '{"customer": {"name": "Ada Lovelace", "plan": "pro", "orders": [{"id": 1842, "total": 19.99}, '
        '{"id": 1843, "total": 5.00}]}}',
        52,
    ),
    "code": (
        'def summarise(texts: list[str], *, limit: int = 200) -> str:\n    """One line for each text."""\n'
        '    return "\\n".join(text[:limit] for text in texts if text.strip())\n',
        46,
    ),
    "table": (
        "| name | price | date |\n|------|------:|------|\n"
        "| Apple | 1.20 | 2026-01-02 |\n| Pear | 0.80 | 2026-01-03 |\n",
        47,
    ),
    "chinese": ("你是一个有用的助手。请用中文简短而礼貌地回答客户关于订单的以下问题。人工智能正在改变世界。\n", 31),
    "japanese": (
        "あなたは役に立つアシスタントです。お客様の注文に関する次の質問に、日本語で簡潔かつ丁寧に答えてください。\n",
        38,
    ),
    "french": (
        "Vous êtes un assistant utile. Répondez en français, brièvement et poliment, à la question suivante du client "
        "concernant sa commande, s'il vous plaît.\n",
        33,
    ),
}


@pytest.mark.parametrize(("text", "counted"), COUNTED.values(), ids=COUNTED.keys())
def test_the_estimate_is_within_a_tenth(text: str, counted: int) -> None:
    assert estimate(text) == pytest.approx(counted, rel=0.1)


def test_nothing_is_no_token() -> None:
    assert estimate("") == 0


@pytest.mark.parametrize(
    "text", [" " * 400_000, "-" * 400_000, "a" * 400_000, "\n \n" * 100_000, "é_9" * 100_000, "\0"]
)
def test_it_ends_on_any_text(text: str) -> None:
    assert estimate(text) >= 1


def test_a_message_costs_more_than_its_text() -> None:
    assert estimate_message(Message("user", (Part("text", "Hello"),))) == PER_MESSAGE + 1
    picture = Message("user", (Part("text", "Hello"), Part("image", "https://example.com/a.png")))
    assert estimate_message(picture) == PER_MESSAGE + 1 + PER_IMAGE
