"""A file that names its model, or a setting, by a variable of the environment."""

from __future__ import annotations

from typing import Any

from promptls.prompt.message import Message, Part
from promptls.prompt.model import Connection, Document, Prompt, Recognised
from promptls.runs.plan import Plan, Target
from promptls.runs.planning import make_plan
from promptls.runs.target import target_of
from promptls.text import Text
from tests.runs.prompts import FakeKeys, config_of, prompt_of

KEYS = FakeKeys("AZURE_OPENAI_API_KEY", "OPENAI_API_KEY")
DEPLOYED = prompt_of(
    "azure-openai",
    "${env:MY_DEPLOYMENT}",
    connection=Connection("https://x.openai.azure.com", deployment="${env:MY_DEPLOYMENT}"),
)


def target(prompt: Prompt, environment: dict[str, str]) -> Target:
    return target_of(prompt, config_of(), keys=KEYS.source, environment=environment)


def plan(prompt: Prompt, environment: dict[str, str], **more: Any) -> Plan:
    document = Document("file:///a.prompty", Text(""), Recognised("", ""))
    said = (Message("user", (Part("text", "Hi"),)),)
    running = config_of().running
    return make_plan(
        document,
        prompt,
        said,
        target(prompt, environment),
        running,
        environment=environment,
        keys=KEYS,
        consent={},
        **more,
    )


def test_the_deployment_of_the_environment_is_called() -> None:
    assert target(DEPLOYED, {"MY_DEPLOYMENT": "mini"}).name == "azure-openai/mini"


def test_without_it_the_lens_says_what_to_set() -> None:
    assert "MY_DEPLOYMENT is not set" in target(DEPLOYED, {}).label


def test_no_other_variable_becomes_a_models_name() -> None:
    found = target(prompt_of("openai", "${env:DATABASE_URL}"), {"DATABASE_URL": "canary"})
    assert "canary" not in str(found)
    assert "`DATABASE_URL`" in found.label


def test_a_setting_is_sent_after_its_variable_was_named() -> None:
    prompt = prompt_of("openai", "gpt-5", options={"user": "${env:WHO}", "seed": "${env:SEED:3}"})
    found = plan(prompt, {"WHO": "ada"})
    assert found.options == {"user": "ada", "seed": 3}
    (question,) = [each for each in found.questions if each.kind == "environment"]
    assert "WHO" in question.text
    assert "SEED" not in question.text


def test_a_setting_without_a_value_is_refused() -> None:
    found = plan(prompt_of("openai", "gpt-5", options={"user": "${env:WHO}"}), {})
    assert found.refusal is not None
    assert "WHO is not set" in found.refusal.message
