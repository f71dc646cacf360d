"""What a Prompty file says: inputs, samples, model, answer, tools, and what it names outside of itself."""

from __future__ import annotations

import pytest

from promptls.prompt.model import MISSING, Document, Input
from tests.formats.reading import ROOT, prompt_of, read, read_text


def input_of(document: Document, name: str) -> Input:
    item = prompt_of(document).input(name)
    assert item is not None
    return item


def text_at(document: Document, item: Input) -> tuple[str, str]:
    return (
        item.location.span.slice(document.text.value),
        item.name_location.span.slice(document.text.value),
    )


def test_a_list_of_inputs() -> None:
    document = read("""
        ---
        model: gpt-4
        inputs:
          - name: question
            kind: string
            required: true
            description: What is asked
            example: Why?
          # how long
          - kind: integer
            name: "words"
            default: 100
            enumValues: [100, 200]
          - name: items
            kind: array
            items:
              kind: object
              properties:
                - {name: title, kind: string}
                - {name: price, kind: float, nullable: true}
        ---
        user:
        {{ question }}
        """)

    question, words, items = prompt_of(document).inputs
    assert prompt_of(document).declares
    assert prompt_of(document).complete
    assert (question.required, question.description, question.example) == (True, "What is asked", "Why?")
    assert question.default is MISSING
    assert (words.default, words.enum, str(words.type)) == (100, (100, 200), "integer")
    assert str(items.type) == "array of {title, price}"
    assert items.type.items is not None
    assert items.type.items.closed
    assert items.type.items.properties["price"].kinds == {"number", "null"}
    whole, name = text_at(document, words)
    assert whole.startswith("  - kind: integer\n")
    assert whole.endswith("enumValues: [100, 200]\n")
    assert name == "words"
    assert items.path == ("inputs", 2)


def test_a_map_of_inputs() -> None:
    document = read("""
        ---
        model: gpt-4
        inputs:
          "first name": {kind: string, default: null}
          mood:
            kind: boolean
          city: Paris
          half:
        ---
        Hi
        """)

    assert [item.name for item in prompt_of(document).inputs] == ["first name", "mood", "city", "half"]
    assert text_at(document, input_of(document, "first name"))[1] == "first name"
    assert input_of(document, "first name").default is MISSING
    assert input_of(document, "city").default == "Paris"
    assert str(input_of(document, "city").type) == "string"
    assert text_at(document, input_of(document, "half"))[0] == "  half:\n"


def test_words_that_the_loaders_yaml_takes_for_booleans_are_some() -> None:
    document = read_text(
        "---\ninputs:\n  - {name: a, kind: boolean, required: yes, default: off, example: 'no'}\n---\nHi"
    )

    item = input_of(document, "a")
    assert (item.required, item.default, item.example) == (True, False, "no")


@pytest.mark.parametrize(
    ("header", "declares", "complete"),
    [
        ("model: m\n", False, True),
        ("model: m\ninputs:\n", False, True),
        ("model: m\ninputs: []\n", True, True),
        ("model: m\ninputs: ${file:gone.json}\n", True, False),
        ("model: {api: chat}\nsample: gone.json\n", True, False),
        ("model: {api: chat}\nbase: gone.prompty\n", False, False),
        ("model: {api: chat}\nsample: {a: 1}\n", True, True),
    ],
)
def test_whether_a_file_names_its_inputs(header: str, declares: bool, complete: bool) -> None:
    prompt = prompt_of(read_text(f"---\n{header}---\nHi"))

    assert (prompt.declares, prompt.complete) == (declares, complete)


def test_in_v1_a_sample_names_inputs_and_fills_them() -> None:
    document = read("""
        ---
        model: {api: chat}
        inputs:
          question: {type: string, default: unused by the loader}
          tone: kind
        sample:
          question: Why?
          context: [a, b]
        ---
        {{ question }}
        """)

    prompt = prompt_of(document)
    assert [(item.name, item.origin) for item in prompt.inputs] == [
        ("question", "declared"),
        ("tone", "declared"),
        ("context", "sample"),
    ]
    (sample,) = prompt.samples
    assert sample.title == "in the file"
    assert dict(sample.values) == {"question": "Why?", "tone": "kind", "context": ["a", "b"]}


def test_values_that_are_maps_are_not_taken_for_descriptions() -> None:
    document = read_text("---\nmodel: {api: chat}\ninputs:\n  customer: {type: gold, name: Al}\n---\nHi")

    assert input_of(document, "customer").default == {"type": "gold", "name": "Al"}


def test_inputs_from_another_file_have_their_places_there() -> None:
    document = read("""
        -- prompts/a.prompty --
        ---
        model: {api: chat}
        inputs: ${file:shared/inputs.json}
        sample: ${file:sample.json}
        ---
        Hi
        -- prompts/shared/inputs.json --
        {"city": {"type": "string"}, "person": {"first": "Al"}}
        -- prompts/sample.json --
        {"city": "Rome"}
        """)

    city = input_of(document, "city")
    assert city.name_location.uri == ROOT + "prompts/shared/inputs.json"
    assert city.example == "Rome"
    assert input_of(document, "person").default == {"first": "Al"}
    assert prompt_of(document).complete
    assert {reference.exists for reference in document.references} == {True}


def test_samples_stand_beside_the_file() -> None:
    several = read("""
        -- greet.prompty --
        ---
        inputs: [{name: q, kind: string, default: a}]
        ---
        Hi
        -- greet.sample.yaml --
        - q: one
        - q: two
        """)
    one = read("""
        -- greet.prompty --
        Hi
        -- greet.sample.json --
        {"q": "one"}
        """)

    titles = [sample.title for sample in prompt_of(several).samples]
    assert titles == ["in the file", "greet.sample.yaml 1", "greet.sample.yaml 2"]
    assert dict(prompt_of(several).samples[2].values) == {"q": "two"}
    assert [(sample.title, dict(sample.values)) for sample in prompt_of(one).samples] == [
        ("greet.sample.json", {"q": "one"})
    ]


@pytest.mark.parametrize("content", ["", "a: [", "- 1\n- 2\n", "just text", "\0"])
def test_a_sample_file_that_makes_no_sense_is_no_sample(content: str) -> None:
    document = read_text("Hi", "greet.prompty", {"greet.sample.yaml": content})

    assert prompt_of(document).samples == ()


def test_a_base_lends_its_model_and_its_sample() -> None:
    document = read("""
        -- prompts/top.prompty --
        ---
        base: bases/middle.prompty
        model:
          parameters: {temperature: 0}
        sample:
          a: own
        ---
        Hi {{ a }} {{ b }} {{ c }}
        -- prompts/bases/middle.prompty --
        ---
        base: ../root.prompty
        model: {api: chat, parameters: {temperature: 1, seed: 3}}
        sample: {a: middle, b: middle}
        ---
        Hi
        -- prompts/root.prompty --
        ---
        model: {api: chat}
        sample: {c: root}
        ---
        Hi
        """)

    prompt = prompt_of(document)
    assert prompt.complete
    assert prompt.model is not None
    assert (prompt.model.api, dict(prompt.model.parameters)) == ("chat", {"temperature": 0, "seed": 3})
    assert [(item.name, item.location.uri.rsplit("/", 1)[-1]) for item in prompt.inputs] == [
        ("a", "top.prompty"),
        ("b", "middle.prompty"),
        ("c", "root.prompty"),
    ]
    assert dict(prompt.samples[0].values) == {"a": "own", "b": "middle", "c": "root"}


def test_the_model_in_the_words_of_each_version() -> None:
    v2 = prompt_of(read_text("---\nmodel: {id: m, provider: openai, apiType: chat, options: {topP: 1}}\n---\nHi"))
    short = prompt_of(read_text("---\nmodel: gpt-4\n---\nHi"))
    v1 = prompt_of(
        read_text("---\nmodel: {api: chat, configuration: {type: openai, name: gpt}, parameters: {seed: 1}}\n---\nHi")
    )

    assert v2.model is not None
    assert (v2.model.id, v2.model.provider, v2.model.api, dict(v2.model.parameters)) == (
        "m",
        "openai",
        "chat",
        {"topP": 1},
    )
    assert short.model is not None
    assert short.model.id == "gpt-4"
    assert v1.model is not None
    assert (v1.model.id, v1.model.provider, v1.model.api, dict(v1.model.parameters)) == (
        "gpt",
        "openai",
        "chat",
        {"seed": 1},
    )


def test_outputs_become_a_json_schema() -> None:
    prompt = prompt_of(
        read("""
        ---
        model: m
        outputs:
          - {name: city, kind: string, required: true, description: Where}
          - name: days
            kind: array
            items: {kind: object, properties: {high: {kind: float}}}
        ---
        Hi
        """)
    )

    assert prompt.output == {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "Where"},
            "days": {
                "type": "array",
                "items": {"type": "object", "properties": {"high": {"type": "number"}}, "additionalProperties": False},
            },
        },
        "additionalProperties": False,
        "required": ["city"],
    }


def test_tools_and_threads_read_inputs_outside_of_the_template() -> None:
    prompt = prompt_of(
        read("""
        ---
        model: m
        inputs:
          - {name: unit, kind: string}
          - {name: town, kind: string}
          - {name: history, kind: thread}
        tools:
          - name: weather
            kind: function
            bindings: {unit: {input: unit}, place: town}
        ---
        Hi
        """)
    )

    assert prompt.tools == ("weather",)
    assert prompt.also_reads == {"unit", "town", "history"}


@pytest.mark.parametrize(
    ("header", "dialect"),
    [
        ("model: m\n", "jinja"),
        ("template: {format: {kind: mustache}, parser: prompty}\n", "mustache"),
        ("template: {format: mustache, parser: prompty}\n", "mustache"),
        ("template: {type: mustache, parser: prompty}\n", "mustache"),
        ("template: mustache\n", "mustache"),
        ("template: {format: nunjucks, parser: prompty}\n", "nunjucks"),
    ],
)
def test_the_template_language(header: str, dialect: str) -> None:
    template = prompt_of(read_text(f"---\n{header}---\nuser:\n{{{{ a }}}}\n")).template

    assert template is not None
    assert template.dialect == dialect
    assert [role.role for role in template.roles] == ["user"]
    # Of a language that nobody reads, nothing is known to be unused.
    assert bool(template.analysis.uses) != bool(template.analysis.open_scopes)


def referenced(document: Document) -> list[tuple[str, str, str | None, bool]]:
    for reference in document.references:
        assert reference.span.slice(document.text.value) == reference.target
    return [(each.kind, each.target, each.default, each.needed) for each in document.references]


def test_v2_resolves_references_in_the_mappings_that_its_loader_visits() -> None:
    document = read(
        """
        ---
        name: ${env:NAME:a:b}
        metadata: {x: "${env:UNREAD}"}
        model:
          id: "${ENV:MODEL}"
          connection: ${file:connection.json}
          options:
            stopSequences: ["${env:UNREAD}"]
            additionalProperties: {x: "${env:UNREAD}"}
        inputs:
          - {name: q, kind: string, default: "${env:Q}", description: see ${env:UNREAD}}
        tools:
          - {name: t, kind: openapi, connection: {kind: key, apiKey: "${env:KEY:}"}, specification: ./spec.json}
        ---
        Hi
        """
    )

    assert referenced(document) == [
        ("environment", "NAME", "a:b", False),
        ("environment", "MODEL", None, True),
        ("file", "connection.json", None, True),
        ("environment", "Q", None, True),
        ("environment", "KEY", None, True),
        ("file", "./spec.json", None, False),
    ]


def test_v1_resolves_references_everywhere_and_cuts_a_default_at_a_colon() -> None:
    document = read("""
        ---
        model:
          api: chat
          configuration: {azure_endpoint: "${env:ENDPOINT:https://a.b}", list: [" ${env:INNER} "]}
          parameters: ${file:parameters.json}
        base: base.prompty
        ---
        user:
        ![a picture](images/cat.png "Cat") ![far](https://a.b/c.png) ![made]({{ path }}.png)
        """)

    assert referenced(document) == [
        ("environment", "ENDPOINT", "https", False),
        ("environment", "INNER", None, True),
        ("file", "parameters.json", None, True),
        ("file", "base.prompty", None, True),
        ("file", "images/cat.png", None, True),
    ]


def test_v1_refuses_references_that_it_cannot_read() -> None:
    header = "sample: {a: '${params:X}', b: '${env}', c: 'costs ${money}', d: '${env:A}'}\n"
    v1 = read_text("---\nmodel: {api: chat}\n" + header + "---\nHi")
    v2 = read_text("---\nmodel: m\nmetadata: {a: '${params:X}'}\n---\nHi")

    assert [problem.span.slice(v1.text.value) for problem in v1.problems_of("invalid-value")] == [
        "'${params:X}'",
        "'${env}'",
    ]
    assert v2.problems == ()


def test_problems_of_the_parsers_are_passed_on() -> None:
    document = read_text("---\nname: a --- b\n  c: [\n---\nuser:\n{{ a")

    assert {problem.code for problem in document.problems} >= {"front-matter-cut-short", "template-syntax"}
