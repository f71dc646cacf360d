"""Where the configuration sends runs, there has to be somebody."""

from __future__ import annotations

from pathlib import Path

from promptls.rules.engine import findings
from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace
from promptls.workspace.outside import outside_of
from tests.rules.check import check, check_fix


def test_what_is_configured_or_well_known_is_fine() -> None:
    check("""
        -- promptls.yaml --
        default: fast
        providers: {corp: {base_url: "https://corp.example/v1"}}
        aliases:
          fast: {route: [openai/gpt-5, claude/opus, corp/m, "corp/a/b"], strategy: fallback}
          one: corp/m
          none: echo
    """)
    for default in ("echo", "echo:openai/gpt-5", "openai", "openai/gpt-5", "ollama/llama3", "''"):
        check(f"-- promptls.yaml --\ndefault: {default}\n")


def test_a_slip_is_named_and_mended() -> None:
    check_fix(
        """
        -- promptls.yaml --
        default: opnai/gpt-5
                 ^^^^^^^^^^^ unknown-target: there is no provider `opnai`; did you mean `openai`?
        """,
        """
        -- promptls.yaml --
        default: openai/gpt-5
        """,
    )
    check("""
        -- promptls.yaml --
        providers: {corp: {base_url: "https://corp.example/v1"}}
        aliases:
          fast: [corpp/m, openai/gpt-5]
                 ^^^^^^^ unknown-target: there is no provider `corpp`; did you mean `corp`?
          slow: {route: ["nobody/m"]}
                         ^^^^^^^^^^ unknown-target: there is no provider `nobody`; configure it under `providers:`
    """)


def test_an_alias_in_a_route_is_no_provider() -> None:
    check("""
        -- promptls.yaml --
        aliases:
          fast: openai/gpt-5
          slow: [fast/gpt-5]
                 ^^^^^^^^^^ unknown-target: there is no provider `fast`; configure it under `providers:`
    """)


def test_words_elsewhere_are_no_targets() -> None:
    check("""
        -- promptls.yaml --
        limits: {nobody/m: {concurrency: 1}}
        inputs: {"a.j2": {topic: {description: nobody/m}}}
    """)


def test_a_provider_of_the_user_s_own_is_information(tmp_path: Path) -> None:
    (tmp_path / "user.yaml").write_text("providers: {mine: {base_url: 'https://mine.example/v1'}}\n")
    workspace = Workspace()
    workspace.set_folders([path_to_uri(tmp_path)])
    workspace.use_outside(outside_of({"PROMPTLS_USER_CONFIG": str(tmp_path / "user.yaml")}))
    uri = path_to_uri(tmp_path / "promptls.yaml")
    workspace.open(uri, "default: mine/m\n")
    snapshot = workspace.snapshot()
    document = snapshot.document(uri)
    assert document is not None
    (found,) = findings(document, snapshot)
    assert found.severity is not None
    assert found.severity.label == "information"
    assert found.message == "`mine` is a provider of your own configuration: whoever else runs this has none"
