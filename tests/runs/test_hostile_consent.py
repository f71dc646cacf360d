"""A project cannot make use of a yes that was meant for something else: of a policy's, a flag's, or an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from promptls.actions.run_files import Files
from promptls.providers.auth import AuthError, put_on
from promptls.providers.join import AddressError, base_of
from promptls.providers.request import Endpoint, HttpRequest
from promptls.providers.secret import Secret
from promptls.runs.consent import consent_questions, grant
from promptls.runs.database import Database
from promptls.runs.plan import Hop
from promptls.workspace.running import Policy, ProviderSettings

OPENAI = Endpoint("openai", "openai", "openai-chat", "https://api.openai.com/v1")
SOURCE = "environment OPENAI_API_KEY"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "h") as opened:
        yield opened


def hop(endpoint: Endpoint = OPENAI, **settings: object) -> Hop:
    return Hop(endpoint, "gpt-5", SOURCE, ProviderSettings("openai", **settings))  # type: ignore[arg-type]


def test_a_host_that_a_policy_names_is_not_meant_without_encryption_or_with_a_projects_certificates(
    tmp_path: Path,
) -> None:
    listed = Policy(hosts=("api.openai.com", "llm.corp.example:8080", "http://old.example", "127.0.0.1"))

    def asked(endpoint: Endpoint) -> bool:
        return bool(consent_questions((hop(endpoint),), None, policy=listed))

    authority = tmp_path / "ca.pem"
    authority.write_text("of the project")
    assert not asked(OPENAI)
    assert asked(replace(OPENAI, base_url="http://api.openai.com/v1", origin="workspace"))
    assert asked(replace(OPENAI, ca_file=str(authority), origin="workspace"))
    for meant in ("http://llm.corp.example:8080", "http://old.example", "http://127.0.0.1:11434"):
        assert not asked(replace(OPENAI, base_url=meant)), meant


def test_neither_is_one_that_is_allowed_on_the_command_line(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.write_text("of the project")
    plain = replace(OPENAI, base_url="http://api.openai.com/v1", origin="workspace")
    trusting = replace(OPENAI, ca_file=str(authority), origin="workspace")

    def allowed(endpoint: Endpoint, host: str) -> bool:
        (question,) = consent_questions((hop(endpoint),), None).values()
        return Files.allows(None, question, (host,))  # type: ignore[arg-type]

    assert allowed(OPENAI, "api.openai.com")
    assert not allowed(plain, "api.openai.com")
    assert allowed(plain, "http://api.openai.com")
    assert not allowed(trusting, "api.openai.com")


def test_a_projects_header_that_says_who_asks_is_asked_about(database: Database) -> None:
    """With the account of the project's author the prompts could be read there, at the host that was agreed to."""
    grant(database, *consent_questions((hop(),), database).values())

    def asked(headers: dict[str, str], origin: str = "workspace") -> str:
        one = hop(replace(OPENAI, headers=headers), headers=headers, origin=origin)
        return "".join(question.text for question in consent_questions((one,), database).values())

    assert asked({"X-Trace": "1"}) == ""
    assert asked({"Authorization": "Bearer sk-mallory"}, origin="user") == ""
    question = asked({"Authorization": "Bearer sk-mallory"})
    assert "the project's own header Authorization" in question
    assert "sk-mallory" not in question
    (agreed,) = consent_questions(
        (hop(replace(OPENAI, headers={"api-key": "a"}), headers={"api-key": "a"}),), database
    ).values()
    grant(database, agreed)
    assert asked({"api-key": "a"}) == ""
    assert asked({"api-key": "another"}), "another account, another consent"


def test_no_header_chooses_another_host_behind_the_same_address() -> None:
    for name in ("Host", "content-length", "Transfer-Encoding", "Connection"):
        headers = {name: "mallory.example"}
        with pytest.raises(AuthError, match="not for settings to say"):
            put_on(
                HttpRequest("POST", "https://api.openai.com/v1/x", tuple(headers.items())),
                replace(OPENAI, headers=headers),
                Secret("sk-canary-0123456789", "K"),
                {},
                datetime(2026, 11, 21, tzinfo=UTC),
            )


def test_a_host_that_only_looks_like_another_is_none() -> None:
    for lookalike in ("https://api.\u043epenai.com/v1", "https://api.openai.com\uff0fv1.mallory.example"):
        with pytest.raises(AddressError):
            base_of(lookalike, "v1")
    assert base_of("https://xn--api-openai.example", "v1")


def test_a_name_cannot_break_or_turn_around_the_question(database: Database) -> None:
    name = "openai\n\n\n\u202ecod\x1b[2J"
    (question,) = consent_questions((hop(replace(OPENAI, provider=name)),), database).values()
    assert question.text.isprintable()
    grant(database, question)
    assert not consent_questions((hop(replace(OPENAI, provider=name)),), database)


def test_certificates_that_never_end_are_not_read() -> None:
    for never in ("/dev/zero", "/dev/stdin"):
        (question,) = consent_questions((hop(replace(OPENAI, ca_file=never, origin="workspace")),), None).values()
        assert "not there" in question.text
