"""``$/progress`` that the server begins, where the client shows it; its cancel button stops what it is about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final
from uuid import uuid4

from promptls.lsp.session import Session
from promptls.lsp.wire import JsonRpcException, types

_PAUSE: Final = 1.0
"""Seconds between two reports."""
_PATIENCE: Final = 5.0


class Progress:
    def __init__(self, session: Session, title: str, cancel: Callable[[], object]) -> None:
        self._session = session
        self._title = title
        self._cancel = cancel
        self._token: str | None = None
        self._reported = 0.0
        self._creation: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Progress:
        """Nothing waits for the client to answer."""
        if self._session.client.progress:
            self._creation = self._session.tasks.start(self._create(), "progress")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._creation is not None:
            self._creation.cancel()
        if self._token is not None:
            self._session.progress.pop(self._token, None)
            self._send(types.WorkDoneProgressEnd())

    def report(self, message: str) -> None:
        if self._token is not None and monotonic() - self._reported > _PAUSE:
            self._reported = monotonic()
            self._send(types.WorkDoneProgressReport(message=message, cancellable=True))

    async def _create(self) -> None:
        token = f"promptls-{uuid4().hex[:12]}"
        params = types.WorkDoneProgressCreateParams(token)
        try:
            asking = self._session.connection.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params)
            await asyncio.wait_for(asking, _PATIENCE)
        except (TimeoutError, JsonRpcException):
            return
        self._token = token
        self._session.progress[token] = self._cancel
        self._send(types.WorkDoneProgressBegin(self._title, cancellable=True))

    def _send(self, value: object) -> None:
        self._session.connection.notify(types.PROGRESS, types.ProgressParams(self._token or "", value))
