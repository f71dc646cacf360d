"""Asks PyPI dotpromptz 0.2.0 what it makes of schemas, rendered texts and whole files; its answers are dotprompt.json.

python -m venv DIR && DIR/bin/pip install dotpromptz==0.2.0 && DIR/bin/python tests/oracles/dotprompt.py
"""

from __future__ import annotations

import asyncio
import copy
import json
import random
from pathlib import Path
from typing import Any

SCHEMAS, TEXTS = 250, 250
FOO = {"type": "number", "description": "a foo"}
HISTORY: list[dict[str, Any]] = [
    {"role": "user", "content": [{"text": "q"}]},
    {"role": "model", "content": [{"text": "a"}], "metadata": {"k": 1}},
]
TYPES = [
    *("string", "number", "integer", "boolean", "any", "Foo", "string, d", "any,x", "Foo, y , z"),
    *("number,  k", "null", "strng", "string[]", ""),
]
KINDS = ["", "", "", "(array)", "(array, some d)", "(object)", "(object, q)", "(enum)", "(enum, e)", "(foo)"]
PIECES = [
    *("<<<dotprompt:role:user>>>", "<<<dotprompt:role:model>>>", "<<<dotprompt:role:system>>>"),
    *("<<<dotprompt:history>>>", "hello", " \n", "\n\n", "  x ", "<<<dotprompt:media:url http://a/b.png>>>"),
    *("<<<dotprompt:media:url data:image/png;base64,xx image/png>>>", "<<<dotprompt:section intro>>>"),
]
ODD = [
    *("<<<dotprompt:section>>>", "<<<dotprompt:media:url a b c>>>", "<<<dotprompt:role:bogus>>>"),
    *("<<<dotprompt:role:System>>>", "<<<dotprompt:role:tool>>>", ">>>", "<<<"),
]
HEADERS = """\
name: 1
version: 1.0
variant: 2
description: 3
model: [a]
model: ''
tools: getWeather
tools: [1]
tools: {a: b}
tools: [a]
tools:
config: 3
config: [1]
config:
config: {temperature: hot}
input: string
input:
input: {schema: 3}
input: {schema: [a]}
input: {schema: string}
input: {foo: 1}
input: {default: x}
input: {schema: }
output: json
output:
input: {default: {a: 1}, schema: ''}
output: {format: 3}
output: {format: xml, foo: 1}
toolDefs: [{name: a}]
toolDefs: [{name: a, inputSchema: {x: string}}]
toolDefs: {}
metadata: 1
ext: 1
unknown: 1
maxTurns: x
use: 1
a: &x 1
a: !!str 1
yes: 1
1: 2
on: x
'yes': 1
input: {schema: {a: 'string[]'}}
input: {schema: {a: null}}
input: {schema: {a(enum): x}}
input: {schema: {a: 1}}
input: {schema: {type: strng}}
my.key: 1
raw: {a: 1}
{}
[a]
a b"""
BODIES = [
    *('{{#role "system"}}x{{/role}}', "a\n---\nb", "# c\nHi {{a}}", "# c\n\n---\nHi {{a}}", "---\n---\nHi {{a}}"),
    *("---\nmodel: x\n---", '{{role "bogus"}}x', '{{role "System"}}x', "{{history}}", "---\nmodel: x\n"),
    *("---\nmodel: x\nmodel: y\n---\nHi", " ---\nmodel: x\n---\n{{a}}", "---  \nmodel: x\n---\t\n {{a}} "),
    "---\r\nmodel: x\r\n---\r\nHi {{a}}\r\n",
]


def main() -> None:
    from dotpromptz import Dotprompt, picoschema_to_json_schema
    from dotpromptz._parse import to_messages
    from dotpromptz._typing import DataArgument, Message

    async def find(name: str) -> Any:
        return copy.deepcopy(FOO) if name == "Foo" else None

    def asked(question: Any) -> list[Any]:
        try:
            return ["ok", question()]
        except Exception:
            return ["error"]

    def sent(text: str, turns: int) -> Any:
        found = to_messages(text, DataArgument(messages=[Message(**turn) for turn in HISTORY[:turns]]))
        return [message.model_dump(by_alias=True, exclude_none=True, mode="json") for message in found]

    def rendered(text: str) -> Any:
        found = asyncio.run(Dotprompt().render(text, DataArgument(input={"a": "A"})))
        return [message.model_dump(by_alias=True, exclude_none=True, mode="json") for message in found.messages]

    chance = random.Random(5)
    schemas = [_schema(chance) for _ in range(SCHEMAS)]
    texts = [(_text(chance), chance.randint(0, 2)) for _ in range(TEXTS)]
    files = [f"---\n{header}\n---\nHi {{{{a}}}}\n" for header in HEADERS.split("\n")] + BODIES
    answers = {
        "schemas": [
            [one, *asked(lambda one=one: asyncio.run(picoschema_to_json_schema(copy.deepcopy(one), find)))]
            for one in schemas
        ],
        "texts": [[text, turns, *asked(lambda text=text, turns=turns: sent(text, turns))] for text, turns in texts],
        "files": [[text, *asked(lambda text=text: rendered(text))] for text in files],
    }
    lines = {name: ",\n".join(json.dumps(row) for row in rows) for name, rows in answers.items()}
    whole = "{\n" + ",\n".join(f'"{name}": [\n{rows}\n]' for name, rows in lines.items()) + "\n}\n"
    Path(__file__).with_name("dotprompt.json").write_text(whole, encoding="utf-8")


def _schema(chance: random.Random) -> Any:
    return _fields(chance, 0) if chance.random() < 0.8 else _value(chance, 0)


def _value(chance: random.Random, depth: int) -> Any:
    if chance.random() < 0.75 or depth > 3:
        return chance.choice(TYPES)
    return _fields(chance, depth + 1) if chance.random() < 0.7 else chance.choice([3, None, ["a", "b"], True, [], {}])


def _fields(chance: random.Random, depth: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(KINDS)
        value = _value(chance, depth)
        if "enum" in kind and chance.random() < 0.8:
            value = chance.choice([["A", "B"], ["A", None], [1, 2]])
        fields["(*)" if chance.random() < 0.05 else chance.choice("abcde") + chance.choice(["", "?"]) + kind] = value
    if chance.random() < 0.06:
        fields["type"] = chance.choice(["object", "array", "foo", "string"])
    if chance.random() < 0.06:
        fields["properties"] = chance.choice([{"a": "string"}, "string", {"b": {"type": "string"}}])
    return fields


def _text(chance: random.Random) -> str:
    pieces = [chance.choice(PIECES if chance.random() < 0.95 else ODD) for _ in range(chance.randint(0, 8))]
    return "".join(pieces)


if __name__ == "__main__":
    main()
