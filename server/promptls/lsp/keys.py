"""Where this session's keys come from: all places of the house, and the store of a client that has one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.logging import log
from promptls.text.uris import uri_to_path

if TYPE_CHECKING:
    from promptls.lsp.session import Session
    from promptls.providers.keys import Keys

SECRET: Final = "promptls/secret"  # noqa: S105 - the name of a request
_PATIENCE: Final = 10.0
"""Seconds: the client looks into its store, and asks nobody."""


def keys_of(session: Session, loop: asyncio.AbstractEventLoop | None, uris: Sequence[str]) -> Keys:
    """From any thread. ``loop``: of the main thread, where a client with a store is asked. ``uris``: the folders."""
    from promptls.providers.keys import Keys

    folders = [path for uri in uris if (path := uri_to_path(uri))]
    if loop is None:
        return Keys(os.environ, folders=folders)

    def from_client(provider: str, host: str) -> str | None:
        """Called in another thread. Neither the answer nor an error's words are logged."""

        async def ask() -> Any:
            return await asyncio.wait_for(
                session.connection.ask(SECRET, {"provider": provider, "host": host}), _PATIENCE
            )

        try:
            answer = asyncio.run_coroutine_threadsafe(ask(), loop).result(_PATIENCE + 5)
        except Exception as error:
            log.warning("the client gave no key for %s (%s)", provider, type(error).__name__)
            return None
        return answer if isinstance(answer, str) and answer else None

    return Keys(os.environ, folders=folders, client_secret=from_client, waits=True)
