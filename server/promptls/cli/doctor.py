"""`promptls doctor`: what a bug report needs, and nothing that must stay with its owner."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import click

from promptls import __version__
from promptls.cli.terminal import Piece, Printer, use_utf8

LIBRARIES = (
    *("pygls", "lsprotocol", "PyYAML", "jinja2", "jsonschema", "click", "rich", "platformdirs", "chevron"),
    *("dotpromptz-handlebars", "httpx", "httpx-sse"),
)


@click.command("doctor")
def command() -> int:
    """Print what a bug report needs: versions, the configuration in force, whether rendering works.

    It names environment variables that matter and never shows what is in them.

    \b
    promptls doctor > report.txt
    """
    use_utf8()
    printer = Printer()
    facts = list(_facts())
    width = max(len(name) for name, _ in facts)
    for name, fact in facts:
        printer.line(Piece(f"{name:<{width}}", "bold"), f"  {fact}")
    return 0


def _facts() -> Iterator[tuple[str, str]]:
    from promptls import formats
    from promptls.schema.files import folder, names

    yield "promptls", f"{__version__} ({Path(__file__).parents[1]})"
    yield "Python", f"{platform.python_version()} {platform.python_implementation()} ({sys.executable})"
    yield "system", f"{platform.system()} {platform.release()} {platform.machine()}"
    yield "libraries", ", ".join(f"{name} {_version(name)}" for name in LIBRARIES)
    yield "YAML reader", _yaml()
    yield "formats", ", ".join(formats.titles())
    yield "schemas", f"{', '.join(names())} ({folder()})"
    yield "configuration", _configuration()
    yield "your configuration", _own()
    yield "what is remembered", _state()
    yield "keyring", _keyring()
    yield "git", _git()
    yield "rendering", _rendering()
    yield "log", "standard error; a file with `promptls lsp --log-file FILE`"
    yield "environment", _environment()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "is not installed"


def _yaml() -> str:
    import yaml

    return "libyaml" if getattr(yaml, "__with_libyaml__", False) else "PyYAML's own (slower; libyaml is not there)"


def _configuration() -> str:
    from promptls.actions.discover import workspace_for
    from promptls.text.uris import path_to_uri, uri_to_path

    here = Path.cwd()
    config = workspace_for([here]).snapshot().config(path_to_uri(str(here / "x.prompty")))
    if config.uri is None:
        return f"none from {here} upward (it is optional)"
    return uri_to_path(config.uri) or config.uri


def _own() -> str:
    from promptls.actions.own_configuration import own_problems
    from promptls.workspace.outside import read_outside
    from promptls.workspace.places import user_file

    path = user_file()
    policy = read_outside(os.environ).policy
    told = f"{path}{'' if os.path.isfile(path) else ' (not there; it is optional)'}"
    told = "; ".join([told, *(problem.removeprefix(f"{path}, ").rstrip(".") for problem in own_problems(os.environ))])
    if policy.problem:
        return f"{told}; it or the policy cannot be read, so nothing may be sent"
    return f"{told}; a policy is in force" if policy.source else told


def _state() -> str:
    from promptls.runs.database import FILE_NAME, Database, DatabaseError
    from promptls.workspace.places import state_folder

    path = state_folder() / FILE_NAME
    if not os.path.isfile(path):
        return f"{path} (not there yet)"
    try:
        with Database() as database:
            return str(database.path)
    except DatabaseError as error:
        return str(error)


def _keyring() -> str:
    from promptls.providers.keyring_store import Keyring, KeyringError

    try:
        return f"works ({Keyring().backend()})"
    except KeyringError as error:
        return str(error)


def _git() -> str:
    from promptls.actions.git import SAFE

    git = shutil.which("git")
    if git is None:
        return "is not installed (it is optional)"
    try:
        done = subprocess.run([git, *SAFE, "--version"], capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return f"does not answer ({git})"
    return done.stdout.strip().removeprefix("git version ")


def _rendering() -> str:
    from promptls.render import Renderer

    with Renderer() as renderer:
        error = renderer.render("jinja", "{{ 1 + 1 }}", {}).error
        if error:
            return error.message
        child = renderer._child
        limits = "by the system" if child and child.limits_memory else "by watching the process"
    return f"works; memory is limited {limits}"


def _environment() -> str:
    own = tuple(sorted(name for name in os.environ if name.startswith("PROMPTLS_")))
    network = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
    either_case = tuple(name for each in network for name in (each, each.lower()))
    mattering = ("NO_COLOR", "FORCE_COLOR", *own, *either_case, "PYTHONPATH", "VIRTUAL_ENV")
    listed = [name for name in mattering if os.environ.get(name)]
    return f"set: {', '.join(listed)}" if listed else "nothing that changes how promptls works is set"
