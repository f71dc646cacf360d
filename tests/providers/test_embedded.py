"""What installing the small model starts, in whatever folder somebody stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.providers import embedded


def test_no_module_of_the_folder_that_one_stands_in_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("venv.py", "pip.py"):
        (tmp_path / name).write_text("open('run', 'w')\nraise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROMPTLS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(embedded.EmbeddedError, match="The server could not be installed"):
        embedded.install(lambda _: None)
    assert not (tmp_path / "run").exists()
