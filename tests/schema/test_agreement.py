"""The own walk against jsonschema on the whole schema: both must think the same of a value."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from promptls.schema import files
from promptls.schema.check import Walk
from promptls.schema.navigate import view
from tests.schema.test_validate import WHOLE

BY_OUR_OWN_RULES = {"deprecated-key", "ignored-key"}
SEEDS: dict[str, str] = {
    "prompty-v2": WHOLE,
    "prompty-v1": """
        name: a
        authors: [b]
        model:
          api: chat
          configuration: {type: azure_openai, azure_deployment: x}
          parameters: {temperature: 1, stop: [a], response_format: {type: json_object}}
        inputs: {x: {type: string, description: d}}
        sample: {x: 1}
        template: {type: jinja2, parser: prompty}
    """,
    "dotprompt": """
        name: a
        model: googleai/gemini-2.5-flash
        config: {temperature: 1, topK: 3, stopSequences: [a], thinkingConfig: {thinkingBudget: 3}, more: x}
        input: {schema: {b: string, 'c?': integer}, default: {b: x}}
        output: {format: json, schema: string}
        tools: [d]
        toolDefs: [{name: e, inputSchema: {f: string}}]
        metadata: {g: [h]}
        maxTurns: 3
        toolChoice: auto
        my.key: 1
    """,
    "promptls": """
        default: echo
        providers: {a: {type: openai, headers: {x: y}, timeout: 3}}
        aliases: {b: {route: [a/b], strategy: fallback}, c: a/b, d: [a/b]}
        limits: {a: {concurrency: 1}}
        budget: {per_run: 1}
        templates: {filters: [x], tests: [{name: y}], globals: {z: w}}
        rules: {unused-input: hint, "a/**": {wrong-use: error}}
        formats: {"*.txt": jinja}
        inputs: {"a/*.j2": {x: string, y: {type: [integer, string], items: {type: array, items: any}}}, b.j2: c.json}
    """,
    "run": """
        prompt: ../a.prompty
        name: a
        sample: b
        target: echo
        parameters: {temperature: 1, stop: [a], more: 1}
        values: {x: 1}
        run: {id: x, status: finished, tokens: {input: 1}, cost: {usd: 0.1}, tool_calls: [a]}
    """,
    "copilot-agent": """
        name: a
        description: b
        model: [c]
        tools: d
        handoffs: [{label: e, agent: f, prompt: g, send: true}]
        target: vscode
        agents: ["*"]
        user-invocable: false
        github: {permissions: {issues: read}}
    """,
    "copilot-instructions": """
        name: a
        description: b
        applyTo: "**/*.ts"
        excludeAgent: [c]
    """,
    "copilot-prompt": """
        name: a
        description: b
        argument-hint: c
        agent: d
        model: [e, f]
        tools: [g, h]
    """,
    "template": """
        name: a
        description: b
        inputs:
          c: string
          d: {type: array, items: string, required: true, default: [], description: e}
          f: {type: object, properties: {g: {type: [integer, boolean], enum: [1]}}, required: [g]}
          h:
    """,
}
VALUES: list[Any] = [1, -1, 0.5, True, "x", "string", "key", "array", "function", "mcp", "", [], {}, ["a"], {"a": 1}]


def mutants(value: Any, random_: random.Random, count: int) -> Iterator[Any]:
    """Copies of a value in which one to three things are replaced, removed, renamed or added."""
    for _ in range(count):
        copy_ = copy.deepcopy(value)
        for _ in range(random_.randint(1, 3)):
            box = random_.choice(list(boxes(copy_)))
            if isinstance(box, list):
                if box and random_.random() < 0.7:
                    box[random_.randrange(len(box))] = copy.deepcopy(random_.choice(VALUES))
                else:
                    box.append(copy.deepcopy(random_.choice(VALUES)))
            elif box and random_.random() < 0.8:
                key = random_.choice(list(box))
                if random_.random() < 0.3:
                    del box[key]
                else:
                    box[key] = copy.deepcopy(random_.choice(VALUES))
            else:
                box[random_.choice(["name", "kind", "type", "zz"])] = copy.deepcopy(random_.choice(VALUES))
        yield copy_


def boxes(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from boxes(item)


def plainly_wrong(name: str, value: Any) -> list[str]:
    """What the walk objects to by the words of JSON Schema: not old keys, not near misses of open names."""
    return [
        f"{issue.path}: {issue.message}"
        for issue in Walk(view(name)).issues(value)
        if issue.kind not in BY_OUR_OWN_RULES
        and "is not known; did you mean" not in issue.message
        and "suggestion" not in issue.data
        and "refusedBy" not in issue.data
    ]


@pytest.mark.parametrize("count", [60, pytest.param(1_000, marks=pytest.mark.torture)])
@pytest.mark.parametrize("name", files.names())
def test_what_jsonschema_refuses_the_walk_refuses_and_the_other_way_round(name: str, count: int) -> None:
    random_ = random.Random(f"agreement {name} {count}")
    validator = Draft202012Validator(files.load(name))
    seed = yaml.safe_load(SEEDS[name])
    assert validator.is_valid(seed)
    refused = 0
    for value in mutants(seed, random_, count):
        issues = list(Walk(view(name)).issues(value))
        if validator.is_valid(value):
            assert plainly_wrong(name, value) == [], value
        else:
            refused += 1
            assert issues, (value, [error.message for error in validator.iter_errors(value)])
    assert count / 5 < refused < count * 19 / 20
