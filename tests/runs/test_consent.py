"""Nothing goes anywhere before a person has agreed to this provider, at this host, with this key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from promptls.providers.request import Endpoint
from promptls.runs.consent import Consent, consent_of, consent_questions, grant, granted, is_granted, revoke
from promptls.runs.database import Database
from promptls.runs.plan import Hop, Question
from promptls.workspace.running import Policy

OPENAI = Hop(
    Endpoint("openai", "openai", "openai-chat", "https://api.openai.com/v1"), "gpt-5", "environment OPENAI_API_KEY"
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "h") as opened:
        yield opened


def at(url: str, hop: Hop = OPENAI, **more: Any) -> Hop:
    return replace(hop, endpoint=replace(hop.endpoint, base_url=url, **more))


def asked(hop: Hop, database: Database | None = None, **more: Any) -> str:
    questions = consent_questions((hop,), database, **more)
    assert set(questions) <= {hop.name}
    return "".join(question.text for question in questions.values())


def test_the_question_says_who_where_and_with_which_key() -> None:
    assert asked(OPENAI) == (
        "Send prompts to `openai` at https://api.openai.com with the key from environment OPENAI_API_KEY?"
    )
    mine = at("https://evil.example:8443/v1", origin="workspace", headers={"X-Team": "a${env:TEAM}", "Y": "${env:B:c}"})
    assert asked(mine) == (
        "Send prompts to `openai` at https://evil.example:8443/v1 with the key from environment OPENAI_API_KEY and "
        "with the value of TEAM in a header, the value of B in a header? "
        "This address is written in the project's promptls.yaml."
    )
    file = replace(at("http://models.example/v1", origin="file"), key_source="")
    assert asked(file) == (
        "Send prompts to `openai` at http://models.example/v1? This address is written in the prompt file itself. "
        "It is not encrypted: everybody on the way can read it."
    )
    (question,) = consent_questions((OPENAI,), None).values()
    assert (question.kind, question.host, question.yes) == ("consent", "https://api.openai.com", "Send")


def test_a_yes_holds_for_the_three_and_for_nothing_else(database: Database, tmp_path: Path) -> None:
    (question,) = consent_questions((OPENAI,), database).values()
    grant(database, question)
    assert asked(OPENAI, database) == ""
    assert asked(replace(OPENAI, model="another"), database) == ""
    authority = tmp_path / "ca.pem"
    authority.write_text("one")
    others = [
        at("https://api.openai.com.evil.example/v1"),
        at("http://api.openai.com/v1"),
        at("https://api.openai.com:8443/v1"),
        replace(OPENAI, key_source="environment OTHER_KEY"),
        at(OPENAI.endpoint.base_url, provider="other"),
        at(OPENAI.endpoint.base_url, headers={"X": "${env:AWS_SECRET_ACCESS_KEY}"}),
        at(OPENAI.endpoint.base_url, ca_file=str(authority), origin="workspace"),
    ]
    assert [hop for hop in others if not asked(hop, database)] == []
    assert asked(at(OPENAI.endpoint.base_url, ca_file=str(authority), origin="user"), database) == ""
    trusting = others[-1]
    grant(database, *consent_questions((trusting,), database).values())
    assert asked(trusting, database) == ""
    authority.write_text("another")
    assert asked(trusting, database), "other certificates, another consent"


def test_of_an_address_that_a_project_writes_the_path_counts_too(database: Database) -> None:
    """Gateways tell accounts apart by it."""
    grant(database, Consent("openai", "https://gw.example", OPENAI.key_source))  # as older versions wrote it
    mine = at("https://gw.example/acct-a/v1", origin="user")
    assert asked(mine, database) == ""
    for origin, where in (("workspace", "the project's promptls.yaml"), ("file", "the prompt file itself")):
        first = at("https://gw.example/acct-a/v1", origin=origin)
        assert asked(first, database) == (
            "Send prompts to `openai` at https://gw.example/acct-a/v1 with the key from environment OPENAI_API_KEY? "
            f"This address is written in {where}."
        )
    grant(database, *consent_questions((first,), database).values())
    assert asked(first, database) == ""
    assert asked(replace(mine, endpoint=replace(mine.endpoint, origin="workspace")), database) == ""
    others = (
        "https://gw.example/acct-b/v1",
        "https://gw.example/acct-a/v1/../../acct-b/v1",
        "https://gw.example/acct-a/v1?account=b",
        "https://gw.example/acct-a",
        "https://gw.example/",
        "https://gw.example",
        "https://gw.example/acct-a/v1 (trusting /a)",
        "https://gw.example/acct-a/v1\ud800",
    )
    asking = [asked(at(url, origin="workspace"), database) for url in others]
    assert [
        url for url, question in zip(others, asking, strict=True) if not question.isprintable() or not question
    ] == []
    grant(database, *consent_questions((at("https://gw.example/acct-b/v1", origin="workspace"),), database).values())
    assert asked(mine, database) == ""
    assert [one.host for one in revoke(database, "gw.example")] == [
        "https://gw.example",
        "https://gw.example/acct-a/v1",
        "https://gw.example/acct-b/v1",
    ]


def test_the_project_in_a_built_in_path_counts_for_a_project_file_may_set_it(database: Database) -> None:
    google = "https://europe-west1-aiplatform.googleapis.com/v1/projects"
    mine = at(f"{google}/mine/locations/europe-west1", project="mine")
    grant(database, *consent_questions((mine,), database).values())
    assert asked(mine, database) == ""
    assert f"{google}/theirs/" in asked(at(f"{google}/theirs/locations/europe-west1", project="theirs"), database)


def test_a_path_without_end_does_not_push_the_question_out_of_sight(database: Database) -> None:
    long = at("https://gw.example/" + "a" * 5000, origin="workspace")
    assert len(asked(long)) < 400
    grant(database, *consent_questions((long,), database).values())
    assert asked(long, database) == ""
    assert asked(at(long.endpoint.base_url + "b", origin="workspace"), database)


def test_it_is_remembered_by_other_processes(database: Database) -> None:
    grant(database, *consent_questions((OPENAI,), database).values())
    with Database(database.path) as other:
        assert asked(OPENAI, other) == ""


def test_what_needs_none() -> None:
    local = Endpoint("local", "llamacpp", "openai-chat", "http://127.0.0.1:8080/v1")
    for free in (
        Endpoint("echo", "echo", "echo", "", auth="none"),
        Endpoint("embedded", "embedded", "openai-chat", "http://127.0.0.1:5/v1"),
        local,
        replace(local, origin="user"),
    ):
        assert asked(Hop(free, "m")) == ""
    assert asked(Hop(local, "m", "environment LLAMA_API_KEY"))
    for origin in ("workspace", "file"):
        assert asked(Hop(replace(local, origin=origin), "m")), "neither chooses a service of this machine"
    assert asked(Hop(replace(local, headers={"X": "${env:A}"}), "m"))
    assert asked(Hop(replace(local, base_url="http://192.168.0.9:8080"), "m"))


def test_a_policy_agrees_to_the_hosts_that_it_names() -> None:
    assert asked(OPENAI, policy=Policy(hosts=("api.openai.com",))) == ""
    assert asked(at("https://a.corp.example"), policy=Policy(hosts=("*.corp.example",))) == ""
    for loose in (("*",), ("*:443",), ("*.com",), ("*openai*",), ("other.example",), None):
        assert asked(OPENAI, policy=Policy(hosts=loose))
    assert asked(OPENAI, policy=Policy(hosts=("api.openai.com",), problem="cannot be read"))


def test_it_is_listed_and_taken_back(database: Database) -> None:
    for consent in (
        Consent("a", "https://h.example", "k"),
        Consent("b", "https://h.example:8", ""),
        Consent("c", "x", ""),
    ):
        grant(database, consent)
    assert [one.consent.provider for one in granted(database)] == ["a", "b", "c"]
    assert revoke(database, "nobody") == ()
    assert [one.provider for one in revoke(database, "h.example")] == ["a", "b"]
    assert [one.provider for one in revoke(database, "c")] == ["c"]
    assert granted(database) == ()


def test_other_questions_are_not_remembered_and_a_database_that_fails_knows_nothing(database: Database) -> None:
    consent = consent_of(OPENAI)
    assert consent is not None
    grant(database, Question("secret", "Send it?", key=consent.key))
    assert granted(database) == ()
    grant(database, consent)
    assert is_granted(database, consent)
    database.close()
    assert not is_granted(database, consent)
