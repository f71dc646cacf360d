"""What validation says about headers: kinds, places, words, and how bad it is."""

from __future__ import annotations

import textwrap

import pytest

from promptls.schema.validate import MOST, Violation, violations
from promptls.syntax.yaml import parse_yaml
from promptls.text import Span


def check(name: str, text: str) -> list[tuple[str, str, str, str | None]]:
    """``(kind, what is underlined, message, severity)`` of each violation of a header, in the order of the text."""
    text = textwrap.dedent(text)
    return [(one.kind, one.span.slice(text), one.message, one.severity) for one in violations(name, parse_yaml(text))]


def only(name: str, text: str) -> tuple[str, str, str, str | None]:
    (one,) = check(name, text)
    return one


def kinds(name: str, text: str) -> list[tuple[str, str]]:
    return [(kind, underlined) for kind, underlined, _, _ in check(name, text)]


WHOLE = """
    name: whole
    displayName: Whole
    description: Everything that v2 knows
    metadata: {authors: [jane], anything: [1, {a: b}]}
    model:
      id: gpt-4o
      provider: openai
      apiType: chat
      connection: {kind: key, endpoint: "${env:OPENAI_ENDPOINT}", apiKey: "${env:OPENAI_API_KEY}"}
      options: {temperature: 0.5, maxOutputTokens: 100, stopSequences: [END], additionalProperties: {stream: true}}
    inputs:
      - {name: question, kind: string, required: true}
      - {name: items, kind: array, items: {kind: object, properties: {price: {kind: float}}}}
      - {name: either, kind: union, anyOf: [{kind: string}, {kind: integer}]}
      - {name: history, kind: thread}
    outputs:
      answer: {kind: string, enumValues: [a, b]}
    tools:
      - name: weather
        kind: function
        parameters: [{name: city, kind: string}]
        bindings: {unit: unit, place: {input: place}}
        strict: true
      - {name: files, kind: mcp, serverName: files, connection: {kind: reference, name: files}, approvalMode: never}
      - {name: shop, kind: openapi, specification: ./shop.json, connection: {kind: anonymous, endpoint: http://shop}}
      - {name: mine, kind: my_tool, connection: {kind: my_kind, anything: 1}, options: {a: 1}}
    template:
      format: {kind: jinja2, strict: false}
      parser: prompty
"""


def test_a_header_that_uses_all_of_v2_is_fine() -> None:
    assert check("prompty-v2", WHOLE) == []


def test_a_header_that_uses_all_of_v1_is_fine() -> None:
    assert (
        check(
            "prompty-v1",
            """
            name: whole
            version: 1.0
            authors: [jane]
            tags: [a]
            base: base.prompty
            model:
              api: chat
              configuration: {type: azure_openai, azure_endpoint: "${env:E}", azure_deployment: gpt, api_version: "1"}
              parameters: {max_tokens: 5, temperature: 0, stop: [a], tools: "${file:tools.json}", some_new_one: 3}
              response: first
            sample: {question: hi, anything: [1]}
            inputs: {question: {type: string, default: hi, description: what}}
            outputs: {answer: {type: string}}
            template: {type: jinja2, parser: prompty}
            """,
        )
        == []
    )


@pytest.mark.parametrize("text", ["", "# nothing", "~", "{}"])
def test_an_empty_header_says_at_most_that_the_name_is_missing(text: str) -> None:
    assert {kind for kind, _, _, severity in check("prompty-v2", text) if severity == "error"} == set()


# Keys


def test_a_near_miss_is_an_unknown_key_at_the_key() -> None:
    assert only("prompty-v2", "name: a\nmodel: {id: x, options: {temprature: 1}}") == (
        "unknown-key",
        "temprature",
        "`temprature` is not a key of `options`; did you mean `temperature`?",
        "warning",
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("displayname", "displayName"),
        ("display_name", "displayName"),
        ("Description", "description"),
        ("descripton", "description"),
        ("ouptuts", "outputs"),
        ("modle", "model"),
        ("tmplate", "template"),
        ("tool", "tools"),
    ],
)
def test_misspellings_find_their_key(written: str, meant: str) -> None:
    (one,) = violations("prompty-v2", parse_yaml(f"name: a\n{written}: ${{file:a.json}}\n"))
    assert (one.kind, one.data["suggestion"]) == ("unknown-key", meant)


@pytest.mark.parametrize("key", ["custom", "x-team", "id", "nam3s_of_all", "labels", "url", "a", "inputFormat"])
def test_a_key_of_ones_own_that_v2_drops_is_silent(key: str) -> None:
    assert check("prompty-v2", f"name: a\n{key}: 1\n") == []


def test_a_name_that_is_there_already_was_not_meant() -> None:
    assert check("prompty-v2", "name: a\nnames: [b]\n") == []


def test_one_mistake_is_one_violation_as_grave_as_what_it_hides() -> None:
    assert check("prompty-v2", "name: a\ninputs: {x: {knid: string}}") == [
        ("unknown-key", "knid", "`knid` is not a key of `x`; did you mean `kind`?", "error")
    ]
    assert check("prompty-v2", "name: a\ninputs: {x: {type: string}}") == [
        ("deprecated-key", "type", "`type` is an old key that Prompty 2.1.0 ignores; write `kind`", "error")
    ]


def test_options_that_the_loader_drops_are_ignored_keys() -> None:
    (one,) = violations("prompty-v2", parse_yaml("name: a\nmodel: {id: x, options: {max_tokens: 5}}"))
    assert (one.kind, one.severity, one.data["replacedBy"]) == ("ignored-key", "warning", "maxOutputTokens")
    assert one.message == "Prompty 2.1.0 ignores `max_tokens`; write `maxOutputTokens`"
    assert one.path == ("model", "options", "max_tokens")


def test_keys_of_v1_in_a_v2_header_are_deprecated() -> None:
    text = "name: a\nauthors: [b]\nmodel: {id: x, api: chat, parameters: {a: 1}}\nsample: {a: 1}\n"
    assert kinds("prompty-v2", text) == [
        ("deprecated-key", "authors"),
        ("deprecated-key", "api"),
        ("deprecated-key", "parameters"),
        ("deprecated-key", "sample"),
    ]


def test_keys_of_v2_in_a_v1_header_are_refused() -> None:
    (one,) = violations("prompty-v1", parse_yaml("model: {api: chat, connection: {kind: key}}"))
    assert (one.kind, one.severity) == ("unknown-key", "error")
    assert one.message == "Prompty 0.1.50 refuses the file because of `connection`; write `configuration`"
    assert one.data["of"] == "prompty-v2"


def test_v1_refuses_every_key_that_it_does_not_know() -> None:
    assert check("prompty-v1", "model: {api: chat}\nfoo: 1\ntagz: [a]\n") == [
        (
            "unknown-key",
            "foo",
            "`foo` is not a key of Prompty v1; Prompty 0.1.50 refuses a file with keys that it does not know",
            "error",
        ),
        ("unknown-key", "tagz", "`tagz` is not a key of Prompty v1; did you mean `tags`?", "error"),
    ]


def test_a_v1_header_with_a_base_inherits_what_is_missing() -> None:
    assert kinds("prompty-v1", "model: {parameters: {}}") == [("missing-key", "model")]
    assert kinds("prompty-v1", "name: a") == [("missing-key", "name")]
    assert (
        check("prompty-v1", "base: a.prompty\nmodel: {parameters: {}}") == check("prompty-v1", "base: a.prompty") == []
    )


def test_a_missing_key_is_underlined_at_its_map() -> None:
    kind, underlined, message, severity = only("prompty-v2", "name: a\ninputs:\n  tags: {kind: array}\n")
    assert (kind, underlined, severity) == ("missing-key", "tags", "error")
    assert message.startswith("`tags` needs `items`")


def test_a_missing_key_of_a_list_item_is_underlined_at_its_first_key() -> None:
    text = "name: a\ntools:\n  - description: d\n    kind: function\n"
    assert only("prompty-v2", text)[:2] == ("missing-key", "description")


def test_a_missing_key_of_the_header_is_underlined_at_its_first_key() -> None:
    assert only("prompty-v2", "description: d\n")[:2] == ("missing-key", "description")


def test_duplicate_keys_are_judged_by_the_last_as_loaders_do() -> None:
    assert check("prompty-v2", "name: a\nmodel: 3\nmodel: gpt\n") == []


def test_a_key_of_another_kind_is_no_misspelling() -> None:
    assert check("prompty-v2", "name: a\ntools: [{name: b, kind: function, serverDescription: c}]\n") == []


# Values


def test_a_wrong_type_is_underlined_at_the_value() -> None:
    assert only("prompty-v2", "name: a\nmodel: {id: x, options: {temperature: hot}}") == (
        "wrong-type",
        "hot",
        "`temperature` must be a number, not the string `hot`",
        "warning",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model: [a]", "`model` must be a string or a map, not a list"),
        ("model: 4", "`model` must be a string or a map, not `4`"),
        ("outputs: 1", "`outputs` must be a list or a map, not `1`"),
        ("model: {id: x, options: [a]}", "`options` must be a map, not a list"),
        ("inputs: [{name: b, kind: array, items: []}]", "`items` must be a map, a string, a number or true or false"),
        ("inputs:", "`inputs` is empty: give it a list or a map, or remove the key"),
        ("model: {id: x, connection: }", "`connection` is empty: give it a map, or remove the key"),
    ],
)
def test_types_are_named_in_peoples_words(text: str, said: str) -> None:
    kind, _, message, severity = only("prompty-v2", f"name: a\n{text}\n")
    assert kind == "wrong-type"
    assert message.startswith(said.split(", a string, a number")[0])
    assert severity == "error"


def test_an_empty_value_that_the_loader_takes_is_silent() -> None:
    assert check("prompty-v2", "name: a\ndescription:\nmetadata:\nmodel: {id: x, provider: , options: {seed: }}") == []


def test_a_value_outside_of_a_closed_enum_says_what_is_allowed() -> None:
    kind, underlined, message, severity = only("prompty-v2", "name: a\ninputs: {x: {kind: strng}}")
    assert (kind, underlined, severity) == ("invalid-value", "strng", "warning")
    assert message.startswith("`kind` must be one of `string`, `integer`, ")
    assert message.endswith("did you mean `string`?")


@pytest.mark.parametrize(("written", "meant"), [("number", "float"), ("int", "integer"), ("Bool", "boolean")])
def test_words_of_other_schemas_are_understood(written: str, meant: str) -> None:
    (one,) = violations("prompty-v2", parse_yaml(f"name: a\ninputs: {{x: {{kind: {written}}}}}"))
    assert one.data["suggestion"] == meant


def test_an_open_enum_only_reports_near_misses() -> None:
    text = "name: a\nmodel: {{id: x, provider: {}}}"
    assert check("prompty-v2", text.format("mycompany")) == []
    assert only("prompty-v2", text.format("opnai")) == (
        "invalid-value",
        "opnai",
        "`provider`: `opnai` is not known; did you mean `openai`?",
        "warning",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("budget: {per_run: -1}", "`per_run` must be at least 0, not `-1`"),
        ("aliases: {fast: {route: []}}", "`route` needs at least one item"),
        ("limits: {openai: {concurrency: 0}}", "`concurrency` must be at least 1, not `0`"),
        ("providers: {a: {timeout: 0}}", "`timeout` must be more than 0, not `0`"),
        ("aliases: {fast: gpt}", "a model is named as `provider/model`, for example `openai/gpt-4o-mini`"),
        ("rules: {unused-input: info}", "`unused-input` must be one of `off`, `error`, `warning`, `information`"),
        ("rules: {Unused: off}", "`Unused` is not a key of `rules`; write a rule's code (`unused-input`) or a glob"),
        ('rules: {"a/**": {unused-input: of}}', "`unused-input` must be one of"),
    ],
)
def test_limits_and_patterns_are_said_in_words(text: str, said: str) -> None:
    assert only("promptls", text)[2].startswith(said)


def test_a_configuration_as_the_design_shows_it_is_fine() -> None:
    text = """
        default: echo
        providers:
          openai: {}
          azure-eu: {type: azure-openai, endpoint: https://a, api_key: "${env:AZURE_EU_KEY}"}
          local: {type: openai-compatible, base_url: http://127.0.0.1:11434/v1, headers: {}, ca_file: a.pem}
          bare:
        aliases: {fast: {route: [openai/A, azure-eu/A, local/B], strategy: fallback}, one: openai/A}
        limits: {openai: {requests_per_minute: 60, tokens_per_minute: 90000, concurrency: 4}}
        budget: {per_run: 0.05, per_day: 2.00}
        templates: {roots: [templates], filters: [to_xml], tests: [{name: weekend}], globals: {now: a clock}}
        rules: {unused-input: off, wrong-use: error, "prompts/legacy/**": {undefined-variable: warning}}
        formats: {"prompts/**/*.txt": jinja}
    """
    assert check("promptls", text) == []


# Discriminators


def test_the_kind_decides_which_keys_belong() -> None:
    text = "name: a\nmodel: {id: x, connection: {kind: reference, nmae: b}}"
    assert check("prompty-v2", text) == [
        ("unknown-key", "nmae", "`nmae` is not a key of `connection`; did you mean `name`?", "warning")
    ]


def test_a_misspelled_kind_is_one_violation() -> None:
    text = "name: a\nmodel: {id: x, connection: {kind: kye, endpoint: b}}"
    assert kinds("prompty-v2", text) == [("invalid-value", "kye")]


def test_a_short_form_of_v1_is_explained() -> None:
    kind, underlined, message, severity = only("prompty-v2", "name: a\ntemplate: jinja2")
    assert (kind, underlined, severity) == ("wrong-type", "jinja2", "error")
    assert "{format: jinja2, parser: prompty}" in message


def test_json_schema_in_parameters_is_not_promptys() -> None:
    text = "name: a\ntools: [{name: t, kind: function, parameters: {type: object, properties: {a: {kind: string}}}}]"
    assert ("wrong-type", "object") in kinds("prompty-v2", text)


# References


@pytest.mark.parametrize("value", ["${env:A}", "${env:A:default}", "${file:a/b.json}", " ${env:A} ", "${FILE:a.yaml}"])
def test_a_reference_may_become_anything(value: str) -> None:
    text = f'name: a\nmodel: "{value}"\ninputs: "{value}"\ntools: ["{value}"]\ntemplate: "{value}"\n'
    assert check("prompty-v2", text) == []
    nested = f'name: a\nmodel: {{id: x, options: {{temperature: "{value}"}}, connection: {{kind: "{value}"}}}}\n'
    assert check("prompty-v2", nested) == []


@pytest.mark.parametrize("value", ["a ${env:A}", "${env:A", "{env:A}", "${env:A} ${env:B}", "env:A"])
def test_what_only_looks_like_a_reference_is_a_string(value: str) -> None:
    assert kinds("prompty-v2", f'name: a\ninputs: {{x: "{value}"}}\n') == [("wrong-type", f'"{value}"')]


# YAML 1.1


def test_old_booleans_get_a_helpful_word() -> None:
    assert only("prompty-v2", "name: a\ninputs: {x: {kind: string, required: yes}}") == (
        "wrong-type",
        "yes",
        "`required`: YAML 1.2 reads `yes` as a string; write `true`",
        "information",
    )


def test_text_that_the_loader_would_read_as_a_boolean() -> None:
    kind, underlined, message, severity = only("prompty-v2", "name: no\n")
    assert (kind, underlined, severity) == ("wrong-type", "no", "warning")
    assert message == '`name`: YAML 1.1, which the loader reads, takes `no` for false; write `"no"`'
    assert check("prompty-v2", 'name: "no"\n') == check("prompty-v2", "name: !!str no\n") == []
    assert only("prompty-v2", "name: a\ninputs: {x: {kind: string, default: off}}")[3] == "information"


def test_our_own_configuration_is_yaml_1_2() -> None:
    assert check("promptls", "rules: {unused-input: off}\ndefault: on\n") == []


# Broken and hostile headers


def test_what_a_broken_place_explains_is_not_said_again() -> None:
    text = "name: a\nmodel: {id: x, options: {temperature: @hot}}\ntemplate: {format: jinja2,\n"
    assert [one for one in check("prompty-v2", text) if one[0] in ("missing-key", "wrong-type")] == []


def test_spans_are_offsets_into_the_whole_text() -> None:
    text = "---\nname: a\nmodel: 4\n---\nuser:\n"
    (one,) = violations("prompty-v2", parse_yaml(text, Span(4, 21)))
    assert one.span.slice(text) == "4"
    assert one.span.start == text.index("4")


def test_aliases_and_merges_have_places() -> None:
    text = "x: &x {kind: strng}\nname: a\ninputs:\n  b: *x\n  c: {<<: *x, default: 1}\n"
    found = violations("prompty-v2", parse_yaml(text))
    assert {one.kind for one in found} == {"invalid-value"}
    assert all(one.span.slice(text) in ("strng", "*x") for one in found)


def test_many_mistakes_are_capped() -> None:
    text = "name: a\ninputs:\n" + "".join(f"  a{number}: {{kind: strng}}\n" for number in range(1_000))
    assert len(violations("prompty-v2", parse_yaml(text))) == MOST


@pytest.mark.parametrize(
    "text",
    [
        "name: a\ninputs: {a: " + "{kind: array, items: " * 95 + "1" + "}" * 95 + "}",
        "name: a\ninputs: {a: " + "{kind: union, anyOf: [" * 45 + "1" + "]}" * 45 + "}",
        "name: a\ninputs: " + "[" * 99 + "]" * 99,
        "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b]\n"
        "d: &d [*c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d]\ninputs: *e\noutputs: *e\n",
        "inputs: &i {x: *i}\n",
        "name: a\n" + "".join(f"nam{number}: 1\n" for number in range(5_000)),
        "name: a\ninputs:\n" + "".join(f"  - {{name: a{number}, kind: string}}\n" for number in range(3_000)),
        "? [a, b]\n: c\n? {d: e}\n: f\n1: g\ntrue: h\n'': i\n",
        "name: " + "x" * 1_000_000,
        "\x00: \x00",
    ],
    ids=["arrays", "unions", "lists", "laughs", "itself", "unknown", "large", "keys", "long", "nul"],
)
@pytest.mark.parametrize("name", ["prompty-v1", "prompty-v2", "promptls"])
def test_nothing_hostile_breaks_it(name: str, text: str) -> None:
    tree = parse_yaml(text)
    found = violations(name, tree)
    assert len(found) <= MOST
    assert all(0 <= one.span.start <= one.span.end <= len(text) for one in found)


def test_a_tree_that_was_cut_is_not_missing_what_was_not_read() -> None:
    text = "name: a\ninputs:\n" + "".join(f"  a{number}: {{kind: string, default: b}}\n" for number in range(13_000))
    tree = parse_yaml(text)
    assert [problem.kind for problem in tree.problems] == ["too-large"]
    assert violations("prompty-v2", tree) == ()


def test_an_unknown_schema_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        violations("prompty-v9", parse_yaml("a: 1"))


def test_a_violation_is_plain_data() -> None:
    (one,) = violations("prompty-v2", parse_yaml("nmae: a"))
    assert one == Violation(one.kind, ("nmae",), Span(0, 4), one.message, "warning", one.data)
    assert {"key", "known", "suggestion"} <= one.data.keys()
    assert "sample" not in one.data["known"]
