"""What a Handlebars template reads: names by the context that each, with and sections give."""

from __future__ import annotations

import pytest

from promptls.prompt.infer import infer_types
from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.names import Analysis, Use


def analysis_of(text: str, alone: frozenset[str] = frozenset()) -> Analysis:
    return analyse(parse_template("handlebars", text), text, alone)


def use_of(text: str, name: str) -> Use:
    return [use for use in analysis_of(text).uses if ".".join(use.names) == name][-1]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("{{a.b}} {{[c d].e}} {{f/g}} {{h.[0].i}}", ["a.b", "c d.e", "f.g", "h.[].i"]),
        (
            "{{#each a}}{{b}} {{this.c}} {{./d}} {{this}} {{.}}{{/each}}",
            ["a", "a.[].b", "a.[].c", "a.[].d"],
        ),
        ("{{#each a}}{{../b}} {{@root.c.d}}{{else}}{{e}}{{/each}}", ["a", "b", "c.d", "e"]),
        (
            "{{#each a}}{{#each b}}{{c}}{{../d}}{{../../e}}{{/each}}{{/each}}",
            ["a", "a.[].b", "a.[].b.[].c", "a.[].d", "e"],
        ),
        ("{{#with a}}{{b}}{{#if c}}{{../d}}{{/if}}{{/with}}", ["a", "a.b", "a.c", "d"]),
        ("{{#each a as |x i|}}{{x.b}}{{i}}{{c}}{{/each}}", ["a", "a.[].b", "a.[].c"]),
        ("{{#with a as |x|}}{{x.b}}{{/with}}{{x}}", ["a", "a.b", "x"]),
        ("{{#each (split a)}}{{b}}{{../c}}{{/each}}", ["a", "c"]),
        ("{{f a b=c.d (g e)}} {{h}}", ["a", "c.d", "e", "h"]),
        ("{{lookup a 'b'}} {{lookup c d}}", ["a.b", "c", "d"]),
        ("{{> p a b=c}} {{> (q d)}}", ["a", "c", "d"]),
        ("{{{{raw a}}}}{{b}}{{{{/raw}}}}\\{{c}}", ["a"]),
        ("{{@index}} {{@root.a}} {{'b'}} {{1}} {{true}}", ["a"]),
    ],
)
def test_the_paths(text: str, paths: list[str]) -> None:
    found = [".".join(use.path) for use in analysis_of(text).uses if use.path]
    assert [path for path in dict.fromkeys(found) if path != "a.[]"] == paths


def test_the_spans_are_exact() -> None:
    text = "{{#each a}}{{../b.[c d].e}}{{/each}}"
    use = use_of(text, "b.c d.e")
    assert [text[start:end] for start, end in use.spans] == ["b", "c d", "e"]


@pytest.mark.parametrize(
    ("text", "name", "guarded"),
    [
        ("{{#if a}}{{a.b}}{{/if}}", "a.b", 1),
        ("{{#if a.b}}{{a.b}}{{/if}}", "a.b", 2),
        ("{{#if a}}{{else}}{{a}}{{/if}}", "a", 0),
        ("{{#unless a}}{{else}}{{a}}{{/unless}}", "a", 1),
        ("{{#if a}}{{else if b}}{{b}}{{/if}}", "b", 1),
        ("{{#if (and a b)}}{{/if}}", "a", 0),
        ("{{#ifEquals a 'x'}}{{a}}{{/ifEquals}}", "a", 1),
        ("{{#a}}{{/a}}", "a", 1),
        ("{{#foo a}}{{b}}{{/foo}}", "b", 1),
        ("{{a}}", "a", 0),
    ],
)
def test_guards(text: str, name: str, guarded: int) -> None:
    assert use_of(text, name).guarded_to == guarded


def test_a_section_may_be_a_list_a_map_or_a_condition() -> None:
    use = use_of("{{#a}}{{b}}{{/a}}", "b")
    assert (use.path, use.others) == (("a", "[]", "b"), (("a", "b"), ("b",)))
    assert use.guarded


def test_a_section_is_named_once_more_by_its_end() -> None:
    text = "{{#a.b}}{{/a.b}}"
    assert [text[use.span.start : use.span.end] for use in analysis_of(text).uses] == ["a.b", "a.b"]


def test_a_name_with_arguments_is_a_call_and_one_without_is_a_variable() -> None:
    analysis = analysis_of("{{json a}}{{history}}{{#each b}}{{/each}}{{c (d e)}}", frozenset({"history"}))
    assert [(mention.kind, mention.name) for mention in analysis.mentions] == [
        ("helper", "json"),
        ("helper", "history"),
        ("tag", "each"),
        ("helper", "c"),
        ("helper", "d"),
    ]
    assert [use.name for use in analysis.uses] == ["a", "b", "e"]
    assert analysis_of("{{history}}").uses[0].name == "history"


def test_partials_with_what_they_are_given() -> None:
    text = "{{> a}}{{#each b}}{{> 'c d' x=1 y=z}}{{/each}}{{#> e f}}{{> @partial-block}}{{/e}}"
    text += "{{#*inline 'g'}}{{/inline}}{{> g}}"
    includes = analysis_of(text).includes
    assert [(one.target, one.context, one.optional) for one in includes] == [
        ("a", (), False),
        ("c d", ("b", "[]"), False),
        ("e", ("f",), True),
    ]
    assert [(name, text[start:end]) for name, (start, end) in includes[1].arguments] == [("x", "x"), ("y", "y")]


def test_the_contexts_and_what_names_stand_for_there() -> None:
    text = "{{#each a as |x|}}{{#with b}} {{/with}}{{/each}}"
    analysis, offset = analysis_of(text), text.index(" {{/with")
    assert [one.path for one in analysis.contexts_at(offset)] == [("a", "[]", "b"), ("a", "[]"), ()]
    for names, path in {
        ("c",): ("a", "[]", "b", "c"),
        ("this", "c"): ("a", "[]", "b", "c"),
        ("..", "c"): ("a", "[]", "c"),
        ("..", "..", "c"): ("c",),
        ("@root", "c"): ("c",),
        ("x", "c"): ("a", "[]", "c"),
        ("..", "..", "..", "c"): None,
    }.items():
        assert analysis.path_of(names, offset) == path


def test_types_and_what_is_required() -> None:
    analysis = analysis_of(
        "{{#each orders as |o|}}{{o.id}}{{#each lines}}{{sku}}{{../../customer}}{{/each}}{{/each}}"
        "{{#if vip}}{{name}}{{/if}}{{#ifEquals tone 'formal'}}{{/ifEquals}}{{#with user}}{{age}}{{/with}}"
        "{{json config}}"
    )
    assert {name: str(type) for name, type in infer_types(analysis).items()} == {
        "orders": "array of {id, lines}",
        "customer": "string",
        "vip": "boolean",
        "name": "string",
        "tone": "string",
        "user": "{age}",
        "config": "any",
    }


def test_all_inputs_may_be_read_at_once() -> None:
    for text in ("{{json this}}", "{{json @root}}", "{{#each this}}{{/each}}", "{{> (lookup a b)}}"):
        assert analysis_of(text).open_scopes, text
    assert not analysis_of("{{#each a}}{{json this}}{{/each}}").open_scopes
