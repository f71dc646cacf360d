"""Dotprompt: whose a `.prompt` file is, and what is read of it."""

from __future__ import annotations

import random

import pytest

from promptls import formats
from promptls.prompt.model import MISSING
from promptls.syntax.frontmatter import split_below_comments
from tests.formats.reading import prompt_of, read, read_file, read_text
from tests.shared_files import corpus, needs_shared

OURS = {
    "---\nmodel: googleai/gemini-2.5-flash\n---\nHi": "`model`",
    "---\ninput:\n  schema:\n    a: string\n---\nHi": "`input`",
    "# Copyright\n\n---\nconfig: {}\n---\nHi {{a}}": "`config`",
    '{{role "system"}}Hi': '`{{role "` in its text',
    "Hi {{name}}": "a Handlebars expression in its text",
    "{{#each items}}{{this}}{{/each}}": "`{{#each` in its text",
    "{{#each xs}}{{this.a}} {{./b}} {{../c}}{{/each}} {{end_date}} {{.}}": "`{{#each` in its text",
    "---\nmod": "its name and its header",
    "---\ntools: [a]\ntemperature: 1\n---\nHi": "`tools`",
}
OTHERS = {
    "Continue": "name: Test\ndescription: Writes tests\n---\n<system>\nYou write tests\n</system>\n{{{ input }}}\n",
    "Continue, version 1": "temperature: 0.5\nmaxTokens: 4096\n---\n{{{ input }}}\n\nWrite tests.\n",
    "PromptL": "---\nprovider: OpenAI\nmodel: gpt-4o\n---\n<user>\n  Hello {{ name }}\n</user>\n",
    "PromptL, conditions": "---\nmodel: gpt-4o\n---\n{{ if name }}\nHello {{ name }}\n{{ endif }}\n",
    "PromptL, steps": "---\nmodel: gpt-4o\n---\n<step>\nThink about {{ x }}\n</step>\n",
    "DotPrompt of .NET": "model: gpt-4\nconfig:\n  outputFormat: text\nprompts:\n  user: Tell me of {{ topic }}\n",
    "Jinja": "---\nname: a\n---\n{% for x in y %}{{ x }}{% endfor %}\n",
    "a map of the model": "---\nname: a\nmodel:\n  id: gpt-4o\nvariables:\n  - name: text\n---\nSum up {{text}}\n",
    "files that are pulled in": 'Sum up {{url}}\n\n{{file:../criteria/depth.md}}\n\n{{fetch:"{{url}}"}}\n',
    "values with a default": "Play {{role:assistant}}, today is {{date}}\n",
    "Go's template": "Packages:\n{{range .Packages}}\n- {{.}}\n{{end}}\nGoal: {{.Goal}}\n",
    "Go's template, with a header": "---\nmodel: gemini-2.5-flash\n---\n{{- if .Name }}Hi {{ .Name }}{{ end }}\n",
    "plain words": "You are a helpful assistant.\n",
    "nothing": "",
    "another header": "---\nkind: something\nstages: [a]\n---\nplain words\n",
}


@pytest.mark.parametrize("text", list(OURS))
def test_it_is_ours(text: str) -> None:
    found = formats.recognise("a/greet.prompt", text)
    assert found is not None
    assert found.title == "Dotprompt"
    assert found.why == OURS[text]


@pytest.mark.parametrize("whose", list(OTHERS))
def test_others_are_left_in_peace(whose: str) -> None:
    assert formats.recognise("a/greet.prompt", OTHERS[whose]) is None
    assert formats.read("file:///w/greet.prompt", OTHERS[whose]) is None


def test_the_configuration_overrules_name_and_clues() -> None:
    found = formats.recognise("a.txt", OTHERS["PromptL"], "dotprompt")
    assert found is not None
    assert found.why == "the configuration or the editor says so"


@pytest.mark.parametrize(
    ("file", "name", "title", "runnable"),
    [
        ("greet.prompt", "greet", "Dotprompt", True),
        ("greet.formal.prompt", "greet", "Dotprompt, variant formal", True),
        ("_header.prompt", "header", "Dotprompt partial", False),
        ("a/_header.short.prompt", "header", "Dotprompt partial, variant short", False),
    ],
)
def test_names(file: str, name: str, title: str, runnable: bool) -> None:
    document = read_text("Hi {{name}}", file)
    prompt = prompt_of(document)
    assert (prompt.name, document.recognised.title, prompt.runnable) == (name, title, runnable)


@pytest.mark.parametrize(
    ("text", "header", "body"),
    [
        ("---\na: 1\n---\n\n Hi \n\n", "a: 1\n", "Hi"),
        ("# c\n   \n#d\n---\na: 1\n---\nHi", "a: 1\n", "Hi"),
        ("---  \r\na: 1\r\n---\t\r\nHi\r\n", "a: 1\r\n", "Hi"),
        ("---\na: 1\n---", "a: 1\n", ""),
        ("---\n---\nHi", "", "Hi"),
        ("# c\nHi\n---\na: 1\n---\n", None, "# c\nHi\n---\na: 1\n---\n"),
        (" ---\na: 1\n---\nHi", None, " ---\na: 1\n---\nHi"),
        ("\n Hi \n", None, "\n Hi \n"),
        ("---\na: ---\n----\n---\nHi", "a: ---\n----\n", "Hi"),
        ("", None, ""),
    ],
)
def test_where_header_and_body_are(text: str, header: str | None, body: str) -> None:
    front = split_below_comments(text)
    assert (front.header.slice(text) if front.header else None, front.body.slice(text)) == (header, body)
    assert front.problems == ()


def test_a_header_that_is_never_closed() -> None:
    front = split_below_comments("---\nmodel: x\n\nHello there\n")
    assert [problem.code for problem in front.problems] == ["front-matter-unclosed"]


def test_a_byte_order_mark_hides_the_header() -> None:
    front = split_below_comments("\ufeff---\nmodel: x\n---\nHi")
    assert [problem.code for problem in front.problems] == ["byte-order-mark"]
    assert front.header is not None


def test_inputs_with_types_defaults_and_places() -> None:
    document = read(
        """
        -- a.prompt --
        ---
        input:
          schema:
            name: string, the guest's name
            'tags?(array, what to say)': string
            mood(enum): [GOOD, BAD]
          default:
            mood: GOOD
            other: 3
        ---
        {{name}}
        """
    )
    prompt = prompt_of(document)
    text = document.text.value
    shown = [(item.name, str(item.type), item.required, item.default, item.origin) for item in prompt.inputs]
    assert shown == [
        ("name", "string", True, MISSING, "declared"),
        ("tags", "array of string or null", False, MISSING, "declared"),
        ("mood", "string", False, "GOOD", "declared"),
        ("other", "integer", False, 3, "sample"),
    ]
    assert [item.name_location.span.slice(text) for item in prompt.inputs] == ["name", "tags", "mood", "other"]
    assert prompt.inputs[0].description == "the guest's name"
    assert prompt.inputs[2].enum == ("GOOD", "BAD")
    assert prompt.declares
    assert prompt.complete
    assert dict(prompt.samples[0].values) == {"mood": "GOOD", "other": 3}


def test_inputs_of_a_json_schema() -> None:
    document = read(
        """
        -- a.prompt --
        ---
        input:
          schema:
            type: object
            required: [name]
            properties:
              name: {type: string, examples: [Al]}
              age: {type: integer}
        ---
        {{name}}
        """
    )
    prompt = prompt_of(document)
    assert [(item.name, str(item.type), item.required) for item in prompt.inputs] == [
        ("name", "string", True),
        ("age", "integer", False),
    ]
    assert dict(prompt.samples[0].values) == {"name": "Al"}


def test_a_named_schema_from_a_file_beside() -> None:
    document = read(
        """
        -- a.prompt --
        ---
        input:
          schema: Guest
        output:
          schema:
            where: Place
        ---
        {{name}}
        -- Guest.schema.json --
        {"type": "object", "properties": {"name": {"type": "string"}}}
        -- schemas/Place.yaml --
        type: string
        """
    )
    prompt = prompt_of(document)
    assert prompt.output is not None
    assert prompt.output["properties"]["where"] == {"type": "string"}
    assert document.problems == ()


def test_model_tools_and_description() -> None:
    document = read(
        """
        -- a.prompt --
        ---
        model: googleai/gemini-2.5-flash
        description: Greets
        config: {temperature: 0.5}
        tools: [a]
        toolDefs: [{name: b, inputSchema: {x: string}}]
        ---
        Hi
        """
    )
    prompt = prompt_of(document)
    assert prompt.model is not None
    assert (prompt.model.id, prompt.model.provider) == ("gemini-2.5-flash", "googleai")
    assert prompt.model.parameters == {"temperature": 0.5}
    assert (prompt.tools, prompt.description) == (("a", "b"), "Greets")


def test_roles_are_the_outline() -> None:
    document = read_text('a {{role "system"}}Be kind\n{{~role "user"~}} Hi {{role \'model\'}}', "a.prompt")
    template = prompt_of(document).template
    assert template is not None
    text = document.text.value
    assert [(role.role, role.span.slice(text), role.body.slice(text)) for role in template.roles] == [
        ("system", '{{role "system"}}', "Be kind\n"),
        ("user", '{{~role "user"~}}', " Hi "),
        ("model", "{{role 'model'}}", ""),
    ]


def test_partials_and_what_they_read() -> None:
    document = read(
        """
        -- a.prompt --
        {{> card title="x"}} {{> sub/foot}} {{> nowhere}} {{#> maybe}}{{/maybe}}
        -- _card.prompt --
        {{title}} {{name}} {{> inner}}
        -- partials/_inner.prompt --
        {{deep}} {{title}}
        -- partials/sub/foot.hbs --
        {{bye}}
        """
    )
    prompt = prompt_of(document)
    assert prompt.also_reads == {"name", "deep", "bye"}
    found = [(one.target, one.exists, one.needed) for one in document.references]
    assert found == [("card", True, True), ("sub/foot", True, True), ("nowhere", False, True), ("maybe", False, False)]


def test_partials_that_include_each_other_are_read_once() -> None:
    document = read("-- a.prompt --\n{{> b}}{{x}}\n-- b.prompt --\n{{> a}}{{> b}}{{y}}\n")
    assert prompt_of(document).also_reads == {"x", "y"}


@needs_shared
def test_every_prompt_of_the_corpus_is_read() -> None:
    files = corpus("google+dotprompt/**/*.prompt")
    assert len(files) == 39
    for path in files:
        assert read_file(path).recognised.format == "dotprompt"


@needs_shared
@pytest.mark.parametrize("each", [12, pytest.param(None, marks=pytest.mark.torture)])
def test_any_prefix_is_read(each: int | None) -> None:
    chance = random.Random(8)
    for path in corpus("google+dotprompt/packages/codemirror/**/*.prompt"):
        text = path.read_text("utf-8")
        cuts = range(len(text)) if each is None else chance.sample(range(len(text)), each)
        for cut in cuts:
            document = formats.read("file:///w/a.prompt", text[:cut], as_format="dotprompt")
            assert document is not None
            for problem in document.problems:
                assert 0 <= problem.span.start <= problem.span.end <= cut
