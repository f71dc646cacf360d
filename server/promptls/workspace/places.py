"""Where promptls keeps what belongs to the user and to no workspace."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

USER_VARIABLE: Final = "PROMPTLS_USER_CONFIG"
STATE_VARIABLE: Final = "PROMPTLS_STATE"


def user_file(environment: Mapping[str, str] | None = None) -> Path:
    """The user's own configuration: PROMPTLS_USER_CONFIG, else `promptls.yaml` in the platform's folder for it."""
    named = (os.environ if environment is None else environment).get(USER_VARIABLE, "")
    if named:
        return Path(os.path.abspath(named))
    from platformdirs import user_config_path

    return user_config_path("promptls", appauthor=False) / "promptls.yaml"


def state_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Where promptls keeps what it remembers: PROMPTLS_STATE, else the platform's folder for state. Not made here."""
    named = (os.environ if environment is None else environment).get(STATE_VARIABLE, "")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("promptls", appauthor=False)
