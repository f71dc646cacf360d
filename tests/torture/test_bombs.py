"""Files made to take the server down. Each is opened, asked everything at several places, edited and closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from promptls.lsp.framing import frame
from tests.lsp.frames import Server, profile, server
from tests.torture.desk import Desk
from tests.torture.tally import SHARE, Tally

HEAD: Final = "---\nname: bomb\nmodel: {id: m}\ninputs:\n  a: {kind: string}\n---\nuser:\n"
MUSTACHE: Final = HEAD.replace("inputs:", "template: {format: {kind: mustache}, parser: {kind: prompty}}\ninputs:")
DOTPROMPT: Final = "---\nmodel: m\ninput:\n  schema:\n    a: string\n---\n"
SMALL: Final = 1_500
"""Characters of a bomb in `make test`."""
LARGE: Final = round(400_000 * SHARE)
"""Characters of a bomb in `make torture`."""


def repeated(piece: str, head: str = HEAD, end: str = "") -> Callable[[int], str]:
    return lambda size: head + piece * (size // len(piece)) + end


def header(piece: str, end: str = "") -> Callable[[int], str]:
    return lambda size: f"---\nname: bomb\nx: {piece * (size // len(piece))}{end}\n---\nuser:\nHello\n"


def aliases(size: int) -> str:
    """A billion laughs, and more of them the larger it may be."""
    rows = min(size // 40, 400)
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{row}: &a{row} [{', '.join([f'*a{row - 1}'] * 9)}]" for row in range(1, rows)]
    return "---\nname: bomb\n" + "\n".join(lines) + "\n---\nuser:\nHello\n"


def nested_map(size: int) -> str:
    depth = int(size**0.5)
    return "---\n" + "".join(f"{' ' * level}k:\n" for level in range(depth)) + "---\nuser:\nHello\n"


def balanced(opener: str, closer: str, head: str = HEAD) -> Callable[[int], str]:
    return lambda size: head + opener * (size // len(opener + closer)) + closer * (size // len(opener + closer))


BOMBS: Final[dict[str, Callable[[int], str]]] = {
    "aliases of aliases": aliases,
    "nested maps": nested_map,
    "open lists": header("["),
    "open maps": header("{a: "),
    "lists in lists": lambda size: header("[")(size // 2)[:-19] + "]" * (size // 2) + "\n---\nuser:\nHello\n",
    "dashes": header("- "),
    "merges": header("\n<<: *a", " &a {}"),
    "anchors": header(" &a"),
    "keys": lambda size: "---\n" + "".join(f"k{at}: {at}\n" for at in range(size // 12)) + "---\nuser:\nHi\n",
    "the same key": header("\nname: b"),
    "open quotes in YAML": header('"\n'),
    "environment variables": header('"${env:A:${file:b}}" '),
    "fences": repeated("---\n", ""),
    "open blocks": repeated("{% if a %}"),
    "blocks in blocks": balanced("{% if a %}", "{% endif %}"),
    "loops in loops": balanced("{% for a in a %}", "{% endfor %}"),
    "stray ends": repeated("{% endif %}"),
    "macros": repeated("{% macro m(a, b=1) %}{{ a }}{% endmacro %}"),
    "sets": repeated("{% set a = a ~ a %}"),
    "branches": repeated("{% else %}", HEAD + "{% if a %}", "{% endif %}"),
    "open parentheses": repeated("(", HEAD + "{{ a"),
    "parentheses": balanced("(", ")", HEAD + "{{ "),
    "filters": repeated("|upper", HEAD + "{{ a", " }}"),
    "calls": repeated("a(", HEAD + "{{ "),
    "arguments": repeated("1, ", HEAD + "{{ range(", ") }}"),
    "attributes": repeated(".a", HEAD + "{{ a", " }}"),
    "sums": repeated(" + a", HEAD + "{{ a", " }}"),
    "tests": repeated(" is defined and a", HEAD + "{{ a", " }}"),
    "conditions": repeated("a if a else ", HEAD + "{{ ", "a }}"),
    "open tags": repeated("{{"),
    "open statements": repeated("{%"),
    "open comments": repeated("{#"),
    "lines of open tags": repeated("{{ a\n"),
    "open strings": repeated("{{ 'a\n"),
    "backslashes in a string": repeated("\\", HEAD + "{{ '"),
    "quotes in a tag": repeated("'", HEAD + "{{ "),
    "blanks in a tag": repeated(" ", HEAD + "{{ a"),
    "blanks": repeated(" "),
    "lines": repeated("\n"),
    "carriage returns": repeated("\r"),
    "separators of lines": repeated("\u2028\x0b\x85"),
    "wide characters": repeated("😀"),
    "wide characters in a tag": repeated("😀", HEAD + "{{ a ", "}}"),
    "role lines": repeated("user:\n"),
    "attributes of roles": repeated("user[a=b, ", HEAD),
    "colons": repeated("user:"),
    "open XML": repeated("<a "),
    "XML": balanced("<a>", "</a>"),
    "ends of XML": repeated("</a>"),
    "images": repeated("![a]("),
    "brackets": repeated("!["),
    "conflict marks": repeated("<<<<<<< a\nb\n"),
    "suppressions": repeated("{# promptls: ignore[undefined-variable] #}\n"),
    "sections": balanced("{{#a}}", "{{/a}}", MUSTACHE),
    "open sections": repeated("{{#a}}", MUSTACHE),
    "delimiters": repeated("{{=<% %>=}}<%={{ }}=%>", MUSTACHE),
    "loops of Handlebars": balanced("{{#each a}}", "{{/each}}", DOTPROMPT),
    "open loops of Handlebars": repeated("{{#each a as |b c|}}", DOTPROMPT),
    "paths upwards": repeated("../", DOTPROMPT + "{{", "a}}"),
    "calls in calls": repeated("(lookup a ", DOTPROMPT + "{{json "),
    "arguments of a helper": repeated("a=1 ", DOTPROMPT + "{{json a ", "}}"),
    "else after else": repeated("{{else if a}}", DOTPROMPT + "{{#if a}}", "{{/if}}"),
    "schemas": lambda size: f"---\nmodel: m\ninput:\n  schema:\n{'    a(array): string' * (size // 19)}\n---\nHi\n",
    "partials": repeated("{{> a b=c}}", DOTPROMPT),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_bomb_is_a_file_like_any_other(name: str, tally: Tally) -> None:
    explode(name, SMALL, tally)


@pytest.mark.torture
@pytest.mark.parametrize("name", BOMBS)
def test_a_large_bomb_is_a_file_like_any_other(name: str, tally: Tally) -> None:
    explode(name, LARGE, tally)


def explode(name: str, size: int, tally: Tally) -> None:
    text, desk = BOMBS[name](size), Desk("utf-16")
    with tally.one(name):
        desk.open("file:///torture/bomb" + (".prompt" if text.startswith(DOTPROMPT) else ".prompty"), text)
        for offset in (len(text) // 2, len(text)):
            desk.ask_all(offset)
        desk.edit(len(text) // 3, len(text) // 3 + 1, "{{ ")
        desk.ask_all(len(text) // 3 + 3)
        desk.close()
    tally.settle(desk.requests)


def opened(one: Server, uri: str, text: str) -> None:
    one.open(uri, text)
    assert "result" in one.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})


def found(one: Server, text: str) -> list[Any]:
    uri = "file:///torture/many.prompty"
    one.open(uri, text)
    return list(one.result("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"])


@pytest.mark.parametrize("count", [3_000, pytest.param(100_000, marks=pytest.mark.torture)])
def test_of_very_many_findings_a_thousand_are_told_and_that_there_are_more(count: int, tally: Tally) -> None:
    with server() as one:
        one.start(**profile("vscode"))
        items = found(one, HEAD + "{{b}}" * count)
        assert len(items) == 1_001
        assert "too-many-findings" in [item["code"] for item in items]
        assert one.stop() == 0
    tally.documents += 1
    tally.settle(1)


@pytest.mark.torture
def test_a_line_of_five_megabytes_is_edited_and_answered(tally: Tally) -> None:
    uri = "file:///torture/line.prompty"
    with server() as one:
        one.start(**profile("vscode"))
        one.open(uri, HEAD + "é😀 " * 1_700_000)
        for version in range(2, 6):
            place = {"line": 7, "character": 4_000_000}
            change = {"range": {"start": place, "end": place}, "text": "{{ b }}"}
            about = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
            one.notify("textDocument/didChange", about)
        items = one.result("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
        assert [item["code"] for item in items] == ["file-too-large"]
        at = {"textDocument": {"uri": uri}, "position": {"line": 7, "character": 4_000_003}}
        assert one.result("textDocument/hover", at) is None
        assert one.stop() == 0
    tally.documents += 1
    tally.settle(2)


@pytest.mark.torture
def test_all_large_bombs_in_one_server_one_after_the_other(tally: Tally) -> None:
    """Nothing stays behind: each is opened over the last one's grave, and the server is as before."""
    with server() as one:
        one.start(**profile("vscode"))
        for number, (name, bomb) in enumerate(BOMBS.items()):
            with tally.one(name):
                text = bomb(LARGE)
                uri = f"file:///torture/{number}" + (".prompt" if text.startswith(DOTPROMPT) else ".prompty")
                opened(one, uri, text)
                one.raw(frame(json.dumps({"jsonrpc": "2.0", "id": "x", "method": "nobody/knows"}).encode()))
                one.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
                assert one.answer("x")["error"]["code"] == -32601
        assert one.stop() == 0
    assert one.errors == b""
    tally.settle(2 * len(BOMBS))
