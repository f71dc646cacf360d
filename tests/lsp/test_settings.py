"""What the editor's settings say, and what a person is told of those that are not used."""

from __future__ import annotations

from typing import Any

import pytest

from promptls.lsp.settings import Settings, read_settings, section_of


def test_what_is_set_counts_and_what_clients_keep_for_themselves_is_left_alone() -> None:
    written = {"diagnosticsDelay": 300, "inlayHints": True, "hostChecks": "all", "trusted": False, "offline": True}
    settings, complaints = read_settings({**written, "trace": {"server": "off"}, "path": "/x"})
    assert settings == Settings(0.3, trusted=False, inlay_hints=True, running={"offline": True}, host_checks=True)
    assert complaints == ()
    assert read_settings(None) == (Settings(), ())
    assert section_of({"promptls": written, "other": {}}) == section_of(written) == written


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("diagnosticsDelay", "fast", "`promptls.diagnosticsDelay` must be a number of milliseconds from 0 to 5000."),
        ("inlayHints", 1, "`promptls.inlayHints` must be true or false."),
        ("hostChecks", True, "`promptls.hostChecks` must be `skip` or `all`."),
        ("rules", {}, "`promptls.rules` is not read from the editor: write it into promptls.yaml."),
        ("inputs", {}, "`promptls.inputs` is not read from the editor: write it into promptls.yaml."),
        ("colour", "red", "`promptls.colour` is not a setting of promptls."),
    ],
)
def test_what_is_not_used_is_said(key: str, value: Any, said: str) -> None:
    assert read_settings({key: value}) == (Settings(), (said,))
