"""One thread for what takes its time: rendering, planning, the history. The loop goes on meanwhile.

A handler of a request returns ``Later``; everything else awaits ``Worker.submit``. What is given to the thread is
plain data of a snapshot: nothing of the session is touched there.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from promptls.render import Renderer

_T = TypeVar("_T")


def _as_it_is(result: Any) -> Any:
    return result


@dataclass(frozen=True, slots=True)
class Later:
    """The answer to a request, when there is time. ``work`` runs in the worker's thread and may raise
    ``RefusedError``; ``then`` makes the answer of what it returns, in the main thread. ``renders``: where False it
    need not wait for a render that takes long."""

    work: Callable[[Renderer], Any]
    then: Callable[[Any], Any] = _as_it_is
    renders: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class _Job(Generic[_T]):
    work: Callable[[Renderer], _T]
    outcome: Future[_T] = field(default_factory=Future)


class Worker:
    """Works off what it is given, in order, with one renderer. The thread starts with the first piece of work.

    To cancel what ``submit`` returns takes the work out of the queue, or ends the render that it is at.
    """

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._current: _Job[Any] | None = None
        self._renderer: Renderer | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._answers: set[asyncio.Future[Any]] = set()

    def submit(self, work: Callable[[Renderer], _T]) -> asyncio.Future[_T]:
        """From the main thread. The future belongs to its loop; after ``close`` it is cancelled."""
        job: _Job[_T] = _Job(work)
        answer: asyncio.Future[_T] = asyncio.wrap_future(job.outcome)
        if self._closed:
            answer.cancel()
            return answer

        def finished(done: asyncio.Future[_T]) -> None:
            self._answers.discard(done)
            if done.cancelled():
                self._cancel(job)

        self._answers.add(answer)
        answer.add_done_callback(finished)
        self._queue.put(job)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="promptls-worker", daemon=True)
            self._thread.start()
        return answer

    def close(self) -> None:
        """Nothing is done any more. Does not wait for the thread."""
        self._closed = True
        for answer in tuple(self._answers):
            answer.cancel()
        with self._lock:
            if self._renderer is not None:
                self._renderer.cancel()
        self._queue.put(None)

    def _cancel(self, job: _Job[Any]) -> None:
        with self._lock:
            if self._current is job and self._renderer is not None:
                self._renderer.cancel()

    def _run(self) -> None:
        from promptls.render import Renderer

        with Renderer() as renderer:
            self._renderer = renderer
            while (job := self._queue.get()) is not None and not self._closed:
                if not job.outcome.set_running_or_notify_cancel():
                    continue
                with self._lock:
                    self._current = job
                try:
                    result = job.work(renderer)
                except BaseException as error:  # the thread outlives whatever a piece of work does
                    self._done(job, lambda job=job, error=error: job.outcome.set_exception(error))  # type: ignore[misc]
                else:
                    self._done(job, lambda job=job, result=result: job.outcome.set_result(result))  # type: ignore[misc]

    def _done(self, job: _Job[Any], tell: Callable[[], None]) -> None:
        with self._lock:
            self._current = None
        with contextlib.suppress(RuntimeError):  # the loop has ended
            tell()
