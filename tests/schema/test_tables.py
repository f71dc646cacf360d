"""The tables of built-ins: as the engines have them, with examples that give what they say."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import chevron
import pytest
from dotpromptz_handlebars import EscapeFunction, Handlebars
from jinja2 import defaults
from jinja2.ext import ExprStmtExtension, LoopControlExtension
from jinja2.filters import FILTERS
from jinja2.parser import _statement_keywords
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from promptls.render.child import dotprompt_helpers
from promptls.schema.dialects import called_alone, dialect_words, lacking
from promptls.schema.files import table

PASSED_IN = {"environment", "env", "context", "eval_ctx"}


def rows(section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, row in table("jinja")[section].items():
        yield name, row
        for member, below in row.get("members", {}).items():
            yield f"{name}.{member}", below


SECTIONS = ("filters", "tests", "globals", "special", "tags")
EVERY = [pytest.param(row, id=f"{section}-{name}") for section in SECTIONS for name, row in rows(section)]


def test_the_names_are_jinjas_own() -> None:
    jinja = table("jinja")
    assert jinja["filters"].keys() == FILTERS.keys()
    assert jinja["tests"].keys() == TESTS.keys()
    assert jinja["globals"].keys() == defaults.DEFAULT_NAMESPACE.keys()


def test_the_tags_are_jinjas_own_and_its_extensions() -> None:
    plain = {name for name, row in table("jinja")["tags"].items() if "extension" not in row and "inside" not in row}
    # The parser handles these two itself.
    assert plain == (_statement_keywords - {"print"}) | {"call", "filter", "raw"}
    extensions = {name: row["extension"] for name, row in table("jinja")["tags"].items() if "extension" in row}
    assert {name for name, home in extensions.items() if home == "jinja2.ext.do"} == ExprStmtExtension.tags
    assert {name for name, home in extensions.items() if home == "jinja2.ext.loopcontrols"} == LoopControlExtension.tags


@pytest.mark.parametrize("row", EVERY)
def test_a_row_is_complete(row: dict[str, Any]) -> None:
    assert row["description"].endswith(".")
    assert row["signature"]
    if "portable" in row:
        assert row["source"] in table("jinja")["sources"]
    assert ("example" in row) == ("result" in row)


@pytest.mark.parametrize("row", [one for one in EVERY if "example" in one.values[0]])  # type: ignore[operator]
def test_an_example_renders_to_its_result(row: dict[str, Any]) -> None:
    assert (
        ImmutableSandboxedEnvironment(keep_trailing_newline=True).from_string(row["example"]).render() == row["result"]
    )


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_a_filters_signature_names_the_arguments_in_order(name: str) -> None:
    function = FILTERS[name]
    parameters = [one for one in inspect.signature(function).parameters.values() if one.name not in PASSED_IN]
    taken = [one.name for one in parameters[1:] if one.kind is not inspect.Parameter.VAR_KEYWORD]
    if any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters):
        return  # these say by hand what their *args stand for
    signature = table("jinja")["filters"][name]["signature"]
    assert re.findall(r"(\w+)(?==|[,)])(?<!none)(?<!false)(?<!true)", _without_values(signature)) == taken


def _without_values(signature: str) -> str:
    return re.sub(r"='[^']*'|=[\w.]+", "", signature)


def test_the_portable_ones_are_promptys_subset() -> None:
    """spec/jinja-subset.md of microsoft/prompty at 75e4d0e."""
    jinja = table("jinja")
    portable = {section: {name for name, row in jinja[section].items() if row.get("portable")} for section in SECTIONS}
    assert portable["filters"] == {"default", "join", "length", "lower", "trim", "upper"}
    assert portable["tests"] == portable["globals"] == set()
    assert portable["tags"] == {"if", "elif", "else", "for"}
    loop = jinja["special"]["loop"]["members"]
    assert {name for name, row in loop.items() if row["portable"]} == {"index", "index0", "first", "last", "length"}


def test_loop_has_the_members_that_jinja_gives_it() -> None:
    members = set(table("jinja")["special"]["loop"]["members"])
    lacking = "{% for name in names if not outer[name] is defined %}{{ name }}{% endfor %}"
    source = "{% for x in 'abc' %}{% set outer = loop %}{% if x == 'b' %}" + lacking + "{% endif %}{% endfor %}"
    assert ImmutableSandboxedEnvironment().from_string(source).render(names=sorted(members)) == ""


def test_every_end_tag_ends_its_block() -> None:
    for name, row in table("jinja")["tags"].items():
        if row["end"]:
            assert row["end"] == f"end{name}"
            assert row["end"] in row["snippet"] or row.get("optionalEnd")
        for middle in row["middle"]:
            assert name in table("jinja")["tags"][middle]["inside"]


@pytest.mark.parametrize("row", [*table("mustache")["tags"].values(), *table("mustache")["special"].values()])
def test_a_mustache_example_renders_to_its_result(row: dict[str, Any]) -> None:
    assert chevron.render(row["example"], row["values"], partials_path=None) == row["result"]
    assert row["description"].endswith(".")
    assert row["source"] in table("mustache")["sources"]


HANDLEBARS = [
    pytest.param(row, id=f"{section}-{name}")
    for section in ("tags", "helpers", "special")
    for name, row in table("handlebars")[section].items()
]


@pytest.mark.parametrize("row", HANDLEBARS)
def test_a_handlebars_example_renders_to_its_result(row: dict[str, Any]) -> None:
    made = Handlebars(escape_fn=EscapeFunction.NO_ESCAPE)
    for name, helper in dotprompt_helpers().items():
        made.register_helper(name, helper)
    inputs = {name: value for name, value in row["values"].items() if not name.startswith("@")}
    data = {name[1:]: value for name, value in row["values"].items() if name.startswith("@")}
    assert made.compile(row["example"])(inputs, {"data": data}) == row.get("result", row.get("rendered"))
    assert row["description"].endswith(".")
    assert row["source"] in table("handlebars")["sources"]


def test_handlebars_helpers_are_those_of_the_engine_and_of_dotprompt() -> None:
    plain = dialect_words("handlebars", "helpers")
    assert plain.keys() == {"lookup", "log"}
    dotprompt = dialect_words("handlebars", "helpers", "dotprompt")
    assert dotprompt.keys() - plain.keys() == dotprompt_helpers().keys()
    assert called_alone("handlebars", "dotprompt") == dotprompt.keys()
    assert dialect_words("../secret", "helpers") == dialect_words("handlebars", "nothing") == {}


NUNJUCKS = [
    pytest.param(row, id=f"{section}-{name}")
    for section in SECTIONS
    for name, row in dialect_words("nunjucks", section).items()
]


@pytest.mark.parametrize("row", NUNJUCKS)
def test_a_row_of_nunjucks_is_complete_also_where_it_is_jinjas(row: dict[str, Any]) -> None:
    assert row["description"].endswith(".")
    assert row["signature"]
    assert row["source"] in table("nunjucks")["sources"]
    assert ("example" in row) == ("result" in row)
    for member in row.get("members", {}).values():
        assert member["description"].endswith(".")


def test_what_nunjucks_lacks_is_jinjas_and_not_its_own() -> None:
    """Each `result`, of these and of the rows above, is what nunjucks 3.2.4 gives (`node`, 2026-11-21)."""
    lacks = lacking("nunjucks")
    for section in ("filters", "globals"):
        assert lacks[section].keys() <= table("jinja")[section].keys() - table("nunjucks")[section].keys()
    assert lacks["tags"].keys() - {"print"} <= table("jinja")["tags"].keys() - table("nunjucks")["tags"].keys()
    assert {row["instead"] for row in lacks["filters"].values()} <= table("nunjucks")["filters"].keys()
    assert lacking("jinja") == lacking("../secret") == {}
