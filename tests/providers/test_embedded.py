"""Where the small model is looked for, and what installing it starts, in whatever folder somebody stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.providers import embedded


def test_in_a_home_that_one_may_not_read_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a service that runs as a user of its own, with the home of the one who started it."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.stat", refused)
    assert embedded.installed({"PROMPTLS_DATA": "/home/of/another"}) is None


def test_no_module_of_the_folder_that_one_stands_in_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("venv.py", "pip.py"):
        (tmp_path / name).write_text("open('run', 'w')\nraise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROMPTLS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(embedded.EmbeddedError, match="The server could not be installed"):
        embedded.install(lambda _: None)
    assert not (tmp_path / "run").exists()
