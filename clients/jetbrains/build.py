"""Builds the plugin for JetBrains' IDEs (`make jetbrains`): dist/promptls-jetbrains-VERSION.zip.

It is compiled against signatures written by hand (`stubs`), since no IDE's jars are on any package index; none of them
is shipped, nor is LSP4J: LSP4IJ brings it. The grammars are those of the VS Code client.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
if not __package__:  # as a script: only its own folder is on the path
    sys.path.insert(0, str(ROOT))

from clients.jetbrains.jars import fetch  # noqa: E402

NAME = "promptls"
GRAMMARS = ROOT / "clients" / "vscode"
SINCE_1980 = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that the same sources make the same zip."""


def version() -> str:
    (found,) = re.findall(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)


def compiled(jars: list[Path], into: Path) -> Path:
    """The folder of the plugin's classes. Raises CalledProcessError; javac has said why."""
    stubs, classes = into / "stubs", into / "classes"
    _javac(jars, HERE / "stubs", stubs)
    _javac([*jars, stubs], HERE / "src", classes, "-Xlint:all", "-Werror")
    return classes


def _javac(path: list[Path], sources: Path, into: Path, *options: str) -> None:
    files = sorted(map(str, sources.rglob("*.java")))
    how = ["--release", "17", "-encoding", "UTF-8", "-proc:none", "-cp", os.pathsep.join(map(str, path))]
    subprocess.run([shutil.which("javac") or "javac", *how, *options, "-d", str(into), *files], check=True)


def colors() -> Iterator[tuple[str, bytes]]:
    """The TextMate bundle, as `(name, content)`: what the VS Code client says and has of colours."""
    manifest = json.loads((GRAMMARS / "package.json").read_text(encoding="utf-8"))
    languages = [
        {key: each[key] for key in ("id", "aliases", "extensions", "filenames", "configuration") if key in each}
        for each in manifest["contributes"]["languages"]
    ]
    grammars = manifest["contributes"]["grammars"]
    bundle = {
        "name": manifest["name"],
        "version": manifest["version"],
        "contributes": {"languages": languages, "grammars": grammars},
    }
    yield "package.json", (json.dumps(bundle, indent=2, ensure_ascii=False) + "\n").encode()
    files = {each["path"] for each in grammars} | {
        each["configuration"] for each in languages if "configuration" in each
    }
    for name in sorted(name.removeprefix("./") for name in files):
        yield name, (GRAMMARS / name).read_bytes()


def jar(classes: Path, into: Path) -> Path:
    """The plugin's own jar: its classes and descriptors, and nothing else."""
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for path in sorted((HERE / "resources").rglob("*.xml")):
            text = path.read_text(encoding="utf-8").replace("<version>VERSION<", f"<version>{version()}<")
            _add(archive, path.relative_to(HERE / "resources").as_posix(), text.encode())
        icon = (GRAMMARS / "icons" / "prompt.svg").read_text(encoding="utf-8")
        _add(archive, "META-INF/pluginIcon.svg", icon.replace("<svg ", '<svg width="40" height="40" ', 1).encode())
        for path in sorted(classes.rglob("*.class")):
            _add(archive, path.relative_to(classes).as_posix(), path.read_bytes())
    return into


def build(into: Path) -> Path:
    """The zip, in the layout that `Install Plugin from Disk...` takes."""
    target = into / f"{NAME}-jetbrains-{version()}.zip"
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        own = jar(compiled(fetch(), Path(temporary)), Path(temporary) / f"{NAME}.jar")
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            _add(archive, f"{NAME}/lib/{NAME}.jar", own.read_bytes())
            for name, content in colors():
                _add(archive, f"{NAME}/textmate/{name}", content)
            _add(archive, f"{NAME}/LICENSE", (ROOT / "LICENSE").read_bytes())
    return target


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name, SINCE_1980)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


if __name__ == "__main__":
    if shutil.which("javac") is None:
        sys.exit("javac (17 or newer) is not here; on Debian and Ubuntu: apt-get install default-jdk-headless")
    print(build(ROOT / "dist"))
