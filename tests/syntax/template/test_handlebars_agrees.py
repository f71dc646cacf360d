"""What is valid Handlebars, and where its paths are, is decided by handlebars.js; the own parser agrees."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from dotpromptz_handlebars import Handlebars

from promptls.syntax.problem import Problem
from promptls.syntax.template import parse_template
from promptls.syntax.template.handlebars_expression import CONSTANTS
from promptls.syntax.template.handlebars_python import python_problems
from promptls.syntax.template.tree import Node
from tests.oracles.handlebars import key
from tests.shared_files import needs_shared
from tests.syntax.template.handlebars_templates import TEMPLATES, shared_templates
from tests.syntax.template.marked import check_tree

ORACLE = Path(__file__).parents[2] / "oracles" / "handlebars.json"


@cache
def answers() -> dict[str, Any]:
    return dict(json.loads(ORACLE.read_text(encoding="utf-8")))


def test_the_own_templates() -> None:
    _compare(TEMPLATES)


@needs_shared
def test_the_shared_files_and_the_official_cases() -> None:
    _compare([text for text in shared_templates() if key(text) in answers()])


def test_what_both_engines_refuse_is_an_error_and_what_one_reads_is_a_warning() -> None:
    for text in TEMPLATES:
        answer = answers()[key(text)]
        hard = [problem for problem in _problems(text) if problem.data.get("severity") != "warning"]
        if answer["paths"] is not None:
            assert not hard, text
        elif not answer["python"]:
            assert hard, text


@pytest.mark.parametrize(
    "text", ["{{ #if a}}{{/if}}", '{"a": {{b}}}', "{{(a b)}}", "{{a b=c d}}", "{{a.this}}", "{{^a}}{{else if b}}{{/a}}"]
)
def test_what_only_handlebars_js_refuses_is_a_warning(text: str) -> None:
    [problem] = _problems(text)
    assert problem.data["severity"] == "warning"


def _problems(text: str) -> tuple[Problem, ...]:
    return parse_template("handlebars", text).problems


def _compare(texts: list[str]) -> None:
    wrong: list[tuple[str, Any, Any]] = []
    for text in texts:
        tree = parse_template("handlebars", text)
        check_tree(tree)
        expected = answers()[key(text)]["paths"]
        doubtful = any("A name is expected after the dot" in problem.message for problem in tree.problems)
        if (expected is None) != bool(tree.problems) and not doubtful:
            wrong.append((text, expected, tree.problems))
        elif expected is not None and not doubtful and _paths(tree.root, text) != expected:
            wrong.append((text, expected, _paths(tree.root, text)))
    assert wrong == []


def _paths(root: Node, text: str) -> list[list[int]]:
    found: list[list[int]] = []
    todo = [root]
    while todo:
        node = todo.pop()
        todo += node.body
        if node.kind in ("name", "attribute"):
            found.append([*node.span])
            continue
        partial = node.kind == "include" or (node.head and node.head[-1][:3:2] == ("word", ">"))
        if partial and _is_path(node.head[0], text):
            found.append([*node.head[0].span])
        todo += node.head
    return sorted(found)


def _is_path(named: Node, text: str) -> bool:
    """A partial's name that is written as a path."""
    written = named.span.slice(text)
    return named.kind == "string" and written[0] not in "'\"" and written not in CONSTANTS and not _is_number(written)


def _is_number(written: str) -> bool:
    return written.removeprefix("-").replace(".", "", 1).isdigit()


def test_what_only_the_python_engine_refuses() -> None:
    for text in TEMPLATES:
        answer = answers()[key(text)]
        found = python_problems(parse_template("handlebars", text), text)
        # It does not look into the head of `{{#*inline`.
        if answer["paths"] is not None and answer["python"] and "#*inline" not in text:
            assert all(problem.data.get("severity") == "warning" for problem in found), text


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("{{#if a}}{{^}}{{/if}}", "{{^}}", "{{else}}"),
        ("{{#if a}}{{~^~}}{{/if}}", "{{~^~}}", "{{~else~}}"),
        ("{{a.0.b}}", "0", "[0]"),
        ("{{*a}}", "{{*a}}", None),
        ("{{#if a}}{{else each b}}{{/if}}", "{{else each b}}", None),
    ],
)
def test_it_is_said_where_and_what_both_read(text: str, written: str, expected: str | None) -> None:
    [problem] = python_problems(parse_template("handlebars", text), text)
    assert problem.span.slice(text) == written
    assert problem.data.get("expected") == expected
    if expected:
        fixed = text[: problem.span.start] + expected + text[problem.span.end :]
        Handlebars().compile(fixed)
        with pytest.raises(ValueError, match=r"."):
            Handlebars().compile(text)
