"""`promptls check --fix` migrates whole files, says what it did, and leaves alone what it cannot carry."""

from __future__ import annotations

from tests.cli.calls import Promptls

OLD = """---
model:
  api: chat
  configuration:
    type: azure_openai
    azure_deployment: gpt-4o
    azure_endpoint: ${env:AZURE_OPENAI_ENDPOINT}
    api_key: ${env:AZURE_OPENAI_API_KEY}
    api_version: 2024-06-01
sample:
  name: Ada
---
user:
Hello {{ name }}
"""
NEW = """---
model:
  apiType: chat
  id: gpt-4o
  provider: foundry
  connection:
    kind: key
    endpoint: ${env:AZURE_OPENAI_ENDPOINT}
    apiKey: ${env:AZURE_OPENAI_API_KEY}
    # v1 only: api_version: 2024-06-01
inputs:
  name:
    kind: string
    default: Ada
---
user:
Hello {{ name }}
"""


def test_a_whole_file_is_migrated_and_it_is_said(promptls: Promptls) -> None:
    promptls.write({"a.prompty": OLD})
    called = promptls("check", "--fix", "--fail-on", "error")
    assert promptls.read("a.prompty") == NEW
    assert called.code == 0
    assert called.err == (
        "a.prompty: migrated to Prompty v2, but:\n  line 9: Prompty 2.1.0 chooses the version of Azure's API itself\n"
    )
    assert promptls("check", "--fix", "--fail-on", "error").err == ""
    assert promptls.read("a.prompty") == NEW


def test_what_would_send_something_else_stays_as_it_is(promptls: Promptls) -> None:
    old = OLD.replace("user:\n", "system:\nHi\nfunction:\n")
    promptls.write({"a.prompty": old})
    called = promptls("check", "--fix", "--fail-on", "error")
    assert promptls.read("a.prompty") == old
    assert called.err == (
        "a.prompty: not migrated to Prompty v2, as it would not send the same any more:\n"
        "  line 15: v2 has no role `function`: this line would be sent as text\n"
    )


def test_who_stays_with_v1_says_so(promptls: Promptls) -> None:
    promptls.write({"a.prompty": OLD})
    assert promptls("check", "--fix", "--no-migrate", "--fail-on", "error").err == ""
    promptls.write({"promptls.yaml": 'formats: {"**/*.prompty": prompty-v1}\n'})
    assert promptls("check", "--fix", "--fail-on", "error").err == ""
    assert promptls.read("a.prompty") == OLD
    assert promptls("check", "--fail-on", "error").err == ""
