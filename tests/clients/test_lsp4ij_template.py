"""The template for LSP4IJ against what its loader reads (0.20, `launching/templates/*.java` and
`installation/definition/*.java`): a key that it does not know is lost without a word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from promptls.formats import languages
from promptls.lsp.settings import Settings, read_settings

TEMPLATE = Path(__file__).parents[2] / "clients" / "jetbrains" / "template"
FILES = {
    "template.json",
    "settings.json",
    "settings.schema.json",
    "initializationOptions.json",
    "experimental.json",
    "clientSettings.json",
    "workspaceFolderSettings.json",
    "installer.json",
    "README.md",
}
KEYS = {"id", "name", "url", "dev", "programArgs", "workingDir", "env", "expandConfiguration", "disablePromotionFor"}
MAPPINGS = {"languageMappings", "fileTypeMappings"}
CLIENT_SETTINGS = {
    "caseSensitive",
    "lineCommentPrefix",
    "blockCommentPrefix",
    "blockCommentSuffix",
    "statementTerminatorCharacters",
    "uriSupport",
    "completion",
    "breadcrumbs",
    "editor",
    "format",
    "references",
    "workspaceSymbol",
    "jsonRpc",
}
SYSTEMS = {"default", "windows", "mac", "unix", "linux"}
TASKS = {
    "exec": {"command", "timeout", "workingDir", "ignoreStderr"},
    "configureServer": {"command", "update"},
}


def loaded(name: str) -> Any:
    return json.loads((TEMPLATE / name).read_text(encoding="utf-8"))


def test_each_file_is_one_that_is_read() -> None:
    names = {path.name for path in TEMPLATE.iterdir()}
    assert names <= FILES
    for name in names - {"README.md"}:
        assert isinstance(loaded(name), dict)


def test_the_descriptor() -> None:
    template = loaded("template.json")
    assert template.keys() <= KEYS | MAPPINGS
    assert template["name"]
    commands = template["programArgs"]
    assert "default" in commands
    assert commands.keys() <= SYSTEMS
    # Only double quotes group, and a variable of ours is nobody's.
    assert not any(mark in command for command in commands.values() for mark in ("'", "${"))


def test_names_of_files_and_never_of_file_types() -> None:
    mappings = loaded("template.json")["fileTypeMappings"]
    assert [(each["languageId"], tuple(each["fileType"]["patterns"])) for each in mappings] == [
        (language.id, language.patterns) for language in languages()
    ]
    # A mapping without `languageId` is left out; a named file type takes TextMate's colours away.
    assert all(
        each.keys() == {"fileType", "languageId"} and each["fileType"].keys() == {"patterns"} for each in mappings
    )


def test_settings_are_those_that_the_server_reads() -> None:
    given = loaded("settings.json")
    schema = loaded("settings.schema.json")
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(given, schema)
    assert given.keys() == {"promptls"}
    assert read_settings(given["promptls"]) == (Settings(running={"offline": False}), ())
    offered = schema["properties"]["promptls"]["properties"]
    values = {"target": "echo", "keys": {"openai": "KEY"}, "offline": True, "inlayHints": True, "diagnosticsDelay": 10}
    assert values.keys() == offered.keys()
    jsonschema.validate({"promptls": values}, schema)
    assert read_settings(values)[1] == ()
    assert read_settings({"hints": True})[1], "an unknown one is complained of"


@pytest.mark.parametrize("delay", [-1, 5001, "10"])
def test_what_the_server_refuses_the_schema_refuses(delay: Any) -> None:
    assert read_settings({"diagnosticsDelay": delay})[1]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"promptls": {"diagnosticsDelay": delay}}, loaded("settings.schema.json"))


def test_client_settings() -> None:
    settings = loaded("clientSettings.json")
    assert settings.keys() <= CLIENT_SETTINGS
    # A line that begins with `#` is a comment in a header, and is sent to the model below it.
    assert "lineCommentPrefix" not in settings


def tasks(step: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, task in step.items():
        yield kind, task
        for then in ("onSuccess", "onFail"):
            yield from tasks(task.get(then, {}))


def test_the_installer() -> None:
    installer = loaded("installer.json")
    assert installer.keys() <= {"id", "name", "executeOnStartServer", "properties", "check", "run"}
    assert installer["executeOnStartServer"] is False, "nothing is installed that nobody asked for"
    steps = [*tasks(installer["check"]), *tasks(installer["run"])]
    assert [kind for kind, _ in steps] == ["exec", "exec", "exec", "configureServer", "exec", "exec"]
    for kind, task in steps:
        assert task.keys() <= {"id", "name", "onSuccess", "onFail", *TASKS[kind]}
        commands = task["command"] if isinstance(task["command"], dict) else {"default": task["command"]}
        assert commands.keys() <= SYSTEMS
        for command in commands.values():
            if kind == "exec" and command != "${server.command}":
                # A string would be split at each space, quotes or not; and no variable is filled in.
                assert isinstance(command, list)
                assert not any("${" in argument for argument in command)
            else:
                assert command.count('"') % 2 == 0


def installed(step: dict[str, Any], succeeding: set[str]) -> list[str]:
    """The names of the steps as they are shown, where those succeed that are named; the last says how it ended."""
    ((kind, task),) = step.items()
    well = kind == "configureServer" or task["name"] in succeeding
    then = task.get("onSuccess" if well else "onFail")
    return [task["name"], *(installed(then, succeeding) if then else [str(well)])]


def test_an_installation_that_fails_says_why_and_does_not_count_as_one() -> None:
    """LSP4IJ shows the names of the steps; where a step has failed and `onFail` has not, it says that all is well."""
    run = loaded("installer.json")["run"]
    venv, pip = run["exec"]["name"], run["exec"]["onSuccess"]["exec"]["name"]
    assert installed(run, {venv, pip}) == [venv, pip, "Use it", "True"]
    *_, said, ended = installed(run, set())
    assert "Python 3.11" in said
    assert ended == "False"
    *_, said, ended = installed(run, {venv})
    assert "path of your clone" in said
    assert ended == "False"
    for kind, task in tasks(run):
        if kind == "exec" and task["name"] not in (venv, pip):
            assert task["command"] == {"windows": ["cmd", "/C", "exit", "1"], "default": ["false"]}


def test_nothing_is_installed_by_a_name_that_anybody_may_take() -> None:
    """promptls is on no index: its name there would be somebody else's."""
    installs = [
        command
        for kind, task in tasks(loaded("installer.json")["run"])
        if kind == "exec"
        for command in task["command"].values()
        if "pip" in command
    ]
    pip = ["-m", "pip", "install", "--disable-pip-version-check", "/path/to/your/clone/of/promptls"]
    assert [command[1:] for command in installs] == [pip] * 2
