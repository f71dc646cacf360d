"""One loader finds the schemas in a checkout and in the wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from promptls.schema import files

ROOT = Path(__file__).resolve().parents[2]


def test_a_checkout_reads_the_schemas_of_its_root() -> None:
    assert files.folder() == ROOT / "schemas"
    assert files.names() == (
        "copilot-agent",
        "copilot-instructions",
        "copilot-prompt",
        "dotprompt",
        "promptls",
        "prompty-v1",
        "prompty-v2",
        "run",
        "template",
    )
    assert files.load("prompty-v2")["title"] == "Prompty v2"
    assert files.load("prompty-v2") is files.load("prompty-v2")
    assert "upper" in files.table("jinja")["filters"]


@pytest.mark.parametrize("name", ["prompty-v3", "meta/annotations/x", ""])
def test_an_unknown_name_is_a_lookup_error(name: str) -> None:
    with pytest.raises(LookupError, match="there is no schema file"):
        files.load(name)
    with pytest.raises(LookupError):
        files.table(name)


def test_the_wheel_brings_them_along(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    program = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r})\n"
        "from promptls.schema import files\n"
        "print(files.folder())\n"
        "print(*files.names())\n"
        "print(files.load('promptls')['title'], len(files.table('mustache')['tags']))\n"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.splitlines() == [
        str(unpacked / "promptls" / "_schemas"),
        "copilot-agent copilot-instructions copilot-prompt dotprompt promptls prompty-v1 prompty-v2 run template",
        "promptls.yaml 9",
    ]
