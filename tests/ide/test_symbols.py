"""The outline: keys of the header, messages by role, blocks in messages."""

from __future__ import annotations

from promptls.ide.symbols import Symbol, symbols_of
from tests.ide.place import place


def outline(source: str) -> list[str]:
    document = place(source).document
    return [line for symbol in symbols_of(document) for line in _lines(symbol, 0)]


def _lines(symbol: Symbol, depth: int) -> list[str]:
    detail = f" — {symbol.detail}" if symbol.detail else ""
    own = f"{'  ' * depth}{symbol.kind} {symbol.name}{detail}"
    return [own, *(line for child in symbol.children for line in _lines(child, depth + 1))]


def test_header_messages_and_blocks() -> None:
    assert outline(
        """
        ---
        name: greet
        model:
          id: gpt-4o
          options: {temperature: 0.2}
        inputs:
          - name: items
            kind: array
        ---
        system:
        You are kind.

        user:
        {% for item in items %}
        {% if item.new %}New: {% endif %}{{ item.name }}
        {% endfor %}
        """
    ) == [
        "key name — greet",
        "object model",
        "  key id — gpt-4o",
        "  object options",
        "    key temperature — 0.2",
        "array inputs",
        "  object items",
        "    key name — items",
        "    key kind — array",
        "message system — You are kind.",
        "message user — {% for item in items %} {% if item.new %}New: {% endif %}{{…",
        "  block for item in items",
        "    block if item.new",
    ]


def test_messages_in_a_block_lie_in_it() -> None:
    assert outline(
        """
        ---
        name: chat
        ---
        system:
        Be kind.
        {% for turn in history %}
        user:
        {{ turn.question }}
        assistant:
        {{ turn.answer }}
        {% endfor %}
        user:
        {{ question }}
        """
    )[1:] == [
        "message system — Be kind.",
        "block for turn in history",
        "  message user — {{ turn.question }}",
        "  message assistant — {{ turn.answer }}",
        "message user — {{ question }}",
    ]


def test_a_block_that_crosses_messages_stays_whole() -> None:
    assert outline(
        """
        ---
        name: chat
        ---
        system:
        Be kind. {% if long %}
        user:
        Tell me more. {% endif %} Thanks.
        """
    )[1:] == [
        "message system — Be kind.",
        "block if long",
        "  message user — Tell me more.",
    ]


def test_a_list_of_words_is_a_detail() -> None:
    assert outline(
        """
        ---
        name: x
        metadata:
          tags: [a, b]
        ---
        hi
        """
    ) == ["key name — x", "object metadata", "  array tags — a, b"]


def test_the_name_is_where_the_name_stands() -> None:
    where = place(
        """
        ---
        inputs:
          - kind: string
            name: tone
        ---
        user:
        {% if x %}y{% endif %}
        """
    )
    text = where.document.text.value
    header, message = symbols_of(where.document)
    assert header.children[0].name_span.slice(text) == "tone"
    assert message.name_span.slice(text) == "user"
    assert message.children[0].name_span.slice(text) == "{% if x %}"
    assert message.children[0].span.slice(text) == "{% if x %}y{% endif %}"
