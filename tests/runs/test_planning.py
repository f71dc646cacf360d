"""What is asked before a run, what forbids it, and what it is told to leave out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from promptls.actions import ActionError
from promptls.actions.run import NotRenderedError, agreed, plan_run
from promptls.render import Renderer
from promptls.runs.consent import grant
from promptls.runs.database import Database
from promptls.runs.plan import Plan
from promptls.workspace.files import Workspace
from tests.runs.prompts import FakeKeys

PROMPT = """\
---
name: greet
description: d
model: {id: gpt-4.1-mini, provider: openai, options: {temperature: 0.5, maxOutputTokens: 50}}
inputs:
  - {name: who, kind: string, default: Al}
---
user:
Hello {{ who }}
"""


@pytest.fixture(scope="module")
def renderer() -> Any:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def database(tmp_path: Path) -> Any:
    with Database(tmp_path / "history.sqlite3") as database:
        yield database


def plan(
    renderer: Renderer,
    database: Database | None,
    *,
    text: str = PROMPT,
    config: str = "",
    keys: tuple[str, ...] = ("OPENAI_API_KEY",),
    environment: Mapping[str, str] | None = None,
    name: str = "greet.prompty",
    **more: Any,
) -> Plan:
    workspace = Workspace()
    workspace.set_folders(["file:///work"])
    workspace.open("file:///work/promptls.yaml", config, 1)
    workspace.open(f"file:///work/{name}", text, 7)
    snapshot = workspace.snapshot()
    document = snapshot.document(f"file:///work/{name}")
    assert document is not None
    return plan_run(
        document,
        document.prompts[0],
        snapshot,
        renderer,
        keys=FakeKeys(*keys),
        environment=environment or {},
        database=database,
        **more,
    )


def test_a_plan_says_all_that_will_be_sent(renderer: Renderer, database: Database) -> None:
    made = plan(renderer, database, values={"who": "Bo"}, options={"seed": 7})
    assert [message.text for message in made.messages] == ["Hello Bo"]
    assert (made.target.name, made.version, made.values) == ("openai/gpt-4.1-mini", 7, {"who": "Bo"})
    assert made.options == {"temperature": 0.5, "max_tokens": 50, "seed": 7}
    low, high = made.estimate
    assert low is not None
    assert high is not None
    assert 0 < low < high


def test_echo_asks_nothing(renderer: Renderer) -> None:
    made = plan(renderer, None, keys=())
    assert made.target.label == "echo (OPENAI_API_KEY is not set)"
    assert (made.questions, made.refusal, made.estimate) == ((), None, (0.0, 0.0))


def test_a_place_is_asked_about_until_somebody_agreed(renderer: Renderer, database: Database) -> None:
    made = plan(renderer, database)
    (question,) = made.questions
    assert question.text == (
        "Send prompts to `openai` at https://api.openai.com with the key from environment OPENAI_API_KEY?"
    )
    assert agreed(made, made.questions).questions == ()
    grant(database, question)
    assert plan(renderer, database).questions == ()


def test_every_hop_of_a_route_is_asked_about(renderer: Renderer, database: Database) -> None:
    config = "aliases: {fast: {route: [openai/a, anthropic/b]}}\n"
    made = plan(renderer, database, config=config, target="fast", keys=("OPENAI_API_KEY", "ANTHROPIC_API_KEY"))
    assert [question.text.split("`")[1] for question in made.questions] == ["openai", "anthropic"]


def test_what_looks_like_a_secret_is_asked_about_without_showing_it(renderer: Renderer) -> None:
    secret = "ghp_" + "x9" * 18
    made = plan(renderer, None, values={"who": f"my token {secret}"}, target="ollama/small")
    (question,) = made.questions
    assert question.kind == "secret"
    assert "Message 1 (user) holds what looks like a GitHub token" in question.text
    assert secret not in question.text


def test_variables_are_named_before_they_are_sent(renderer: Renderer) -> None:
    text = PROMPT.replace("default: Al", 'default: "${env:TEAM}"')
    made = plan(renderer, None, text=text, environment={"TEAM": "tigers"}, target="ollama/small")
    (question,) = made.questions
    assert "Send the value of the environment variable TEAM to ollama at http://127.0.0.1:11434" in question.text
    assert made.messages[0].text == "Hello ${env:TEAM}"
    assert made.expands == {"${env:TEAM}": "tigers"}
    assert "tigers" not in repr(made)
    unset = plan(renderer, None, text=text, target="ollama/small")
    assert unset.questions == ()
    assert "not set" in unset.warnings[0].message


def test_a_variable_that_only_a_value_names_is_text(renderer: Renderer) -> None:
    made = plan(renderer, None, values={"who": "${env:AWS_SECRET_ACCESS_KEY}"}, target="ollama/small",
                environment={"AWS_SECRET_ACCESS_KEY": "x"})  # fmt: skip
    assert made.expands == {}
    assert made.questions == ()


def test_the_budget_is_asked_about(renderer: Renderer, database: Database) -> None:
    def kinds(budget: str) -> list[str]:
        return [question.kind for question in plan(renderer, database, config=budget).questions]

    assert kinds("budget: {per_run: 1.0, per_day: 5.0}\n") == ["consent"]
    assert kinds("budget: {per_run: 0.0000001}\n") == ["consent", "budget"]
    database.execute(
        "INSERT INTO run (id, status, started, owner, cost, record) VALUES ('a', 'finished', ?, '', 4.9999999, '{}')",
        (time.time(),),
    )
    assert kinds("budget: {per_day: 5.0}\n") == ["consent", "budget"]


def test_messages_that_do_not_fit_are_told_of(renderer: Renderer, database: Database) -> None:
    made = plan(renderer, database, text=PROMPT.replace("gpt-4.1-mini", "gpt-4"), values={"who": "word " * 20_000})
    (warning,) = made.warnings
    assert warning.code == "context-length"
    assert "openai/gpt-4 takes 8,192" in warning.message


def test_offline_forbids_all_but_echo(renderer: Renderer, database: Database) -> None:
    ways: tuple[dict[str, Any], ...] = ({"config": "offline: true\n"}, {"environment": {"PROMPTLS_OFFLINE": "1"}})
    for more in ways:
        made = plan(renderer, database, **more)
        assert made.refusal is not None
        assert made.refusal.kind == "offline"
        assert plan(renderer, database, target="echo", **more).refusal is None


def test_a_model_that_was_asked_for_without_its_key_is_refused(renderer: Renderer) -> None:
    made = plan(renderer, None, keys=(), target="anthropic/claude-x")
    assert made.refusal is not None
    assert made.refusal.kind == "no-key"
    assert made.refusal.message == "anthropic/claude-x needs a key: set ANTHROPIC_API_KEY in the environment"
    made = plan(
        renderer, None, text=PROMPT.replace("id: gpt-4.1-mini, ", ""), target="anthropic", keys=("ANTHROPIC_API_KEY",)
    )
    assert made.refusal is not None
    assert "no model of anthropic is named" in made.refusal.message


def test_a_prompt_that_makes_no_messages_has_no_plan(renderer: Renderer) -> None:
    with pytest.raises(NotRenderedError) as broken:
        plan(renderer, None, text=PROMPT.replace("{{ who }}", "{{ who"))
    assert broken.value.problems
    with pytest.raises(ActionError, match="no sample 4"):
        plan(renderer, None, sample=4)
    with pytest.raises(ActionError, match="there is no provider or alias `opnai`"):
        plan(renderer, None, target="opnai/x")
