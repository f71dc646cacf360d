"""Runs the command line inside of the test's own process, in a folder of the test's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from promptls.cli import main

GREETING = """\
---
name: greeting
model: gpt-4o
inputs:
  - {name: name, kind: string, default: Ada}
  - {name: city, kind: string, required: true}
template: {format: {kind: jinja2}, parser: {kind: prompty}}
---
system:
Be kind.

user:
I am {{ name }} in {{ city }}.
"""
CLEAN = GREETING.replace(", required: true", ", default: Rome")
UNDEFINED = CLEAN.replace("{{ city }}", "{{ citty }}")


class Called(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


class Promptls:
    """``promptls("check", "a.prompty")`` in ``folder``."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Called:
        self._capsys.readouterr()
        code = main(arguments)
        out, err = self._capsys.readouterr()
        return Called(code, out, err)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def read(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()
