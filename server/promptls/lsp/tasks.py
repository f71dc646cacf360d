"""What goes on beside the requests: questions to the person, documents that grow. Each in a fence, none outlives us."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from promptls.lsp.logging import log, where


class Tasks:
    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """``name``: what the log calls it, should it fail."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("promptls failed on %s; the log file says where\n%s", task.get_name(), where(error))
