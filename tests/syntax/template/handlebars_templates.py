"""Handlebars templates, real and own. What handlebars.js makes of them is in ``tests/oracles/handlebars.json``."""

from __future__ import annotations

import re
from typing import Any

import yaml

from tests.shared_files import corpus, shared

_HEADER = re.compile(r"\A(?:(?:#[^\n]*|[ \t]*)\n)*---\s*\n[\s\S]*?\n---\s*\n")

VALUES = [
    *["a", "a.b", "a/b.c", "this", "this.a", "./a", ".", "..", "../a", "../../a.b", "../.", "@index", "@root.a.b"],
    *[
        "@../index",
        "a.[0].b",
        "a.[b c]",
        "[a b].c",
        "[a\\]b]",
        "a.0.b",
        "foo-bar",
        "$a",
        "é.ü",
        "a:b",
        "a?",
        "1",
        "-2.5",
    ],
    *[
        "true",
        "false",
        "null",
        "undefined",
        "true.a",
        "'a'",
        '"a b"',
        '"a\\"b"',
        "a 1 'b' c.d",
        "a b=c",
        "a b c=1 d='e'",
    ],
    *["a (b c)", "a (b (c d) e=(f g))", "a b=(c)", "a [b c]=1", "a .", "a ..", "a . b", "a @b", "a true=1", "else.a"],
    *[
        "",
        "a.",
        "a.0",
        "a..b",
        ".a",
        "/a",
        "a/..",
        "a.this",
        "a=b",
        "=b",
        "a b=",
        "a b=c d",
        "a (b",
        "a b)",
        "a ()",
        "(a b)",
    ],
    *[
        "a b=(c",
        "a 'b",
        "a [b",
        "a}b",
        "a{b",
        "a,b",
        "a|b",
        "a as |b|",
        "@",
        "@1",
        "a @",
        "a!",
        "a;b",
        "a 'b'c",
        "a(b)",
    ],
    *["a\nb", " a ", "a 1x", "a -b", "a \\ b", "a%b", "a&b", "#a", ">a", "!a", "a #b", "a{{b", "a `b`", "((a))"],
]
TAGS = [
    *["{{%s}}", "{{{%s}}}", "{{&%s}}", "{{~%s~}}", "{{~{%s}~}}", "{{> %s}}", "{{~> %s ~}}", "{{#if %s}}x{{/if}}"],
    *[
        "{{#x}}{{%s}}{{/x}}",
        "{{#x %s as |i k|}}{{/x}}",
        "{{^x %s}}{{/x}}",
        "{{#> x %s}}y{{/x}}",
        "{{#*inline %s}}{{/inline}}",
    ],
    *["{{#if a}}b{{else if %s}}c{{else}}d{{/if}}", "{{{{raw %s}}}}{{b}}{{{{/raw}}}}"],
]
WHOLE = [
    *[
        "",
        "text",
        "}}",
        "{",
        "{a}",
        "{{",
        "{{{",
        "{{{{",
        "a {{",
        "{{a",
        "{{a}",
        "{{a}}}",
        "{{{a}}",
        "{{{a}}}}",
        '{"a": {{b}}}',
    ],
    *["\\{{a}}", "\\{{a}} {{b}}", "\\\\{{a}}", "\\\\\\{{a}}", "\\{{{a}}}", "\\{{a}}\\{{b}}{{c}}", "\\\\\\\\{{a}} \\"],
    *[
        "{{! a }}",
        "{{!a}} }}",
        "{{!-- a }} b --}}c",
        "{{!--}}",
        "{{!-- a --~}}",
        "{{~! a ~}}",
        "{{! a",
        "{{!-- a",
        "{{!-- a }}",
    ],
    *["{{! a\nb }}c", "{{!-- a\n--}}{{b}}", "{{ ! a }}", "{{!}}", "{{!---}}", "{{!-- a -- b --}}"],
    *[
        "{{#a}}{{/a}}",
        "{{#a}}{{/b}}",
        "{{#a}}",
        "{{/a}}",
        "{{#a.b}}{{/a.b}}",
        "{{#a.b}}{{/a/b}}",
        "{{#a}}{{#b}}{{/a}}{{/b}}",
    ],
    *[
        "{{#a}}{{else}}{{/a}}",
        "{{#a}}{{^}}{{/a}}",
        "{{#a}}{{else}}{{else}}{{/a}}",
        "{{#a}}{{else}}{{^}}{{/a}}",
        "{{else}}",
    ],
    *[
        "{{^}}",
        "{{^a}}{{/a}}",
        "{{^a}}{{else}}{{/a}}",
        "{{^a}}{{^}}{{/a}}",
        "{{^a}}{{else if b}}{{/a}}",
        "{{#a}}{{~^~}}{{/a}}",
    ],
    *["{{#if a}}{{else if b}}{{else if c}}{{else}}{{/if}}", "{{#if a}}{{else if b}}{{else}}{{else if c}}{{/if}}"],
    *[
        "{{#a}}{{ else }}{{/a}}",
        "{{#a}}{{~else~}}{{/a}}",
        "{{#a}}{{elsewhere}}{{/a}}",
        "{{#each a as |b c|}}{{else}}{{/each}}",
    ],
    *[
        "{{#each a as |b|}}{{else each c as |d|}}{{/each}}",
        "{{#a as ||}}{{/a}}",
        "{{#a as |b}}{{/a}}",
        "{{#a as |b| c}}{{/a}}",
    ],
    *[
        "{{ #a}}{{/a}}",
        "{{#a}}{{ /a}}",
        "{{# a }}{{/ a }}",
        "{{#}}{{/}}",
        "{{#a}}{{/}}",
        "{{# }}x",
        '{{#"a"}}{{/"a"}}',
        '{{#"a"}}{{/a}}',
    ],
    *[
        "{{> a}}",
        "{{>a/b}}",
        "{{> a-b.c}}",
        '{{> "a b"}}',
        "{{> 1}}",
        "{{> (a b)}}",
        "{{> (a b) c d=e}}",
        "{{> @partial-block}}",
    ],
    *[
        "{{> a b c=d}}",
        "{{ > a}}",
        "{{> }}",
        "{{#> a}}b{{/a}}",
        "{{#> a}}b{{else}}c{{/a}}",
        "{{#> a b=c}}{{/a}}",
        "{{> a as |b|}}",
    ],
    *[
        '{{#*inline "a"}}b{{/inline}}',
        '{{#*inline "a"}}b{{else}}{{/inline}}',
        "{{*a}}",
        "{{* a b}}",
        "{{{{a}}}}{{{{/a}}}}",
    ],
    *[
        "{{{{a}}}} {{b}} {{{{/a}}}}",
        "{{{{a b}}}} {{{{c}}}} {{{{/c}}}} {{{{/a}}}}",
        "{{{{a}}}}",
        "{{{{a}}}}{{{{/b}}}}",
        "{{{{/a}}}}",
    ],
    *["{{{{a}}}} {{{{/a}}}} {{{{b}}}} x {{{{/b}}}}", "{{{{a.b}}}}{{{{/a.b}}}}", "{{{{a}}}} {{{{", "{{{{a"],
    *["{{a}}{{b}} {{c}}", "a\r\n{{b}}\r\n{{c}}", "😀{{a}}😀{{b.c}}", "{{a}}\n\n  {{b c}}\n{{#d}}\n{{e}}\n{{/d}}"],
]
TEMPLATES = [*WHOLE, *(tag % value for tag in TAGS for value in VALUES)]


def shared_templates() -> list[str]:
    """The bodies of the corpus' .prompt files and all templates of Dotprompt's conformance suite, each once."""
    found = [_HEADER.sub("", path.read_text(encoding="utf-8"), count=1) for path in corpus("**/*.prompt")]
    for path in sorted(shared("conformance", "dotprompt").rglob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
            found += [
                str(group.get("template") or ""),
                *_texts(group.get("partials")),
                *_texts(group.get("resolverPartials")),
            ]
    return list(dict.fromkeys(found))


def _texts(partials: Any) -> list[str]:
    return [str(text) for text in (partials or {}).values()]
