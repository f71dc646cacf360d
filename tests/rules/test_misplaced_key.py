"""A program that a project names is never started, and whoever wrote it there is told where it belongs."""

from __future__ import annotations

import pytest

from tests.rules.check import check

PROJECT = """
    -- promptls.yaml --
    providers:
      openai: {}
      corp:
        base_url: https://corp.example/v1
        key_command: [vault, get]
        ^^^^^^^^^^^ misplaced-key: `key_command` is not read from here; move it to your own configuration, /home/ada/mine.yaml
"""  # noqa: E501


@pytest.fixture(autouse=True)
def _own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMPTLS_USER_CONFIG", "/home/ada/mine.yaml")


@pytest.mark.skipif("sys.platform == 'win32'", reason="the message has a path of this system")
def test_a_project_s_command_is_reported_with_the_file_that_it_belongs_to() -> None:
    check(PROJECT)


def test_the_user_s_own_file_may_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = "-- promptls.yaml --\nproviders: {corp: {base_url: 'https://corp.example/v1', key_command: [vault, get]}}\n"
    for variable in ("PROMPTLS_USER_CONFIG", "PROMPTLS_POLICY"):
        with monkeypatch.context() as patch:
            patch.setenv(variable, "/work/promptls.yaml")
            check(mine)


def test_a_key_of_that_name_elsewhere_is_none() -> None:
    check("-- promptls.yaml --\ninputs: {a.j2: {key_command: string}}\n-- a.j2 --\n{{ key_command }}\n")


def test_a_key_in_a_project_is_not_read_either() -> None:
    check("""
        -- promptls.yaml --
        providers:
          openai: {api_key: my-key}
                            ^^^^^^ invalid-value: `api_key` names the variable that has the key, as in `${env:OPENAI_API_KEY}`; a key itself is not read from a file
    """)  # noqa: E501
