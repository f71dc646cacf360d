"""All runs of a process: one thread with its own event loop, so that nobody waits for them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from promptls.providers.embedded import EmbeddedServer
from promptls.providers.event import Failure
from promptls.providers.secret import Secret
from promptls.runs import keep, route
from promptls.runs.access import Keys, Network
from promptls.runs.breaker import Breakers
from promptls.runs.database import Database, DatabaseError
from promptls.runs.event import RunEvent, RunRecord, Sink
from promptls.runs.execute import Execution, Means
from promptls.runs.history import History
from promptls.runs.plan import Plan
from promptls.runs.planning import is_echo
from promptls.runs.record import ended, first_record, new_run_id, place_of_error, started_data
from promptls.runs.telemetry import Telemetry, telemetry_of
from promptls.text.uris import path_to_uri

AT_ONCE: Final = 20
"""Runs that go on side by side; more wait for their turn."""
_WORKERS: Final = 4
"""Threads for what may wait: the database, a command that prints a key."""
_PATIENCE: Final = 5.0
"""Seconds that `close` gives to what it stopped."""
_log = logging.getLogger(__name__)

__all__ = ["AT_ONCE", "Active", "Runs", "UnansweredError", "new_run_id"]


class UnansweredError(ValueError):
    """A plan that still has questions, or a refusal, cannot be started."""


@dataclass(frozen=True, slots=True)
class Active:
    """A run that goes on. ``version``: of the document it was started from."""

    run: str
    uri: str
    prompt: str
    target: str
    version: int | None


@dataclass(slots=True)
class _Run:
    active: Active
    plan: Plan
    sink: Sink
    record: RunRecord
    task: asyncio.Task[None] | None = None
    cancelled: bool = False
    stoppable: bool = False
    """Its task may be cancelled: not before its first step, which it would never take, and not once it is ending."""


class Runs:
    """Starts, stops and knows the runs of this process. All methods may be called from any thread.

    Sinks are called from the thread of the runs, one event after the other for each run: they only hand them on.
    """

    def __init__(
        self,
        keys: Keys,
        *,
        network: Callable[[], Network] | None = None,
        database: Callable[[], Database] = Database,
        at_once: int = AT_ONCE,
        environment: Mapping[str, str] | None = None,
        embedded: EmbeddedServer | None = None,
    ) -> None:
        """Nothing is opened before the first run. ``network`` and ``database``: what to open then, and close last.
        ``environment``: that says whether OpenTelemetry is told (`telemetry`). ``embedded``: the model of our own."""
        self._keys = keys
        self._make_network = network or _transport
        self._make_database = database
        self._at_once = at_once
        self._environment = os.environ if environment is None else environment
        self._telemetry: Telemetry | None = None
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._runs: dict[str, _Run] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._workers: ThreadPoolExecutor | None = None
        self._database: Database | None = None
        self._history: History | None = None
        self._network: Network | None = None
        self._embedded = embedded or EmbeddedServer()
        self._breakers = Breakers()
        self._places: asyncio.Semaphore | None = None
        self._closed = False

    def start(self, plan: Plan, sink: Sink, *, run: str = "") -> str:
        """Start a run and return its id at once; everything else is told to the sink, from ``started`` on.

        ``run``: an id of `new_run_id` that the caller has told somebody already. Raises UnansweredError for a plan
        with a question or a refusal (see `planning.agreed`), RuntimeError after `close`.
        """
        if plan.refusal is not None:
            raise UnansweredError(plan.refusal.message)
        if plan.questions:
            raise UnansweredError(plan.questions[0].text)
        record = first_record(run or new_run_id(), plan)
        target = plan.target.alias or record.target
        one = _Run(Active(record.id, plan.uri, plan.prompt, target, plan.version), plan, sink, record)
        with self._lock:
            if self._closed:
                raise RuntimeError("these runs are closed")
            loop = self._started()
            self._runs[record.id] = one
        loop.call_soon_threadsafe(self._begin, one)
        return record.id

    def cancel(self, run: str) -> bool:
        """Stop a run, wherever it is; False where it is not going on. Its last event is ``cancelled``."""
        with self._lock:
            one, loop = self._runs.get(run), self._loop
            if one is None or loop is None:
                return False
            one.cancelled = True
        with contextlib.suppress(RuntimeError):  # the loop ended meanwhile
            loop.call_soon_threadsafe(self._stop, one)
        return True

    def active(self) -> tuple[Active, ...]:
        """The runs that go on, the oldest first."""
        with self._lock:
            return tuple(one.active for one in self._runs.values())

    def close(self) -> None:
        """Stop all runs, tell their sinks, and let go of thread, connections and database. May be called twice."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            self._loop = None
        if loop is None or thread is None:
            return
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(loop.create_task, self._shut(loop))
        if thread is not threading.current_thread():
            thread.join()

    def __enter__(self) -> Runs:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        """The loop, its thread running."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._workers = ThreadPoolExecutor(_WORKERS, "promptls-runs-work")
            self._thread = threading.Thread(target=self._serve, args=(self._loop,), name="promptls-runs", daemon=True)
            self._thread.start()
        return self._loop

    def _serve(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            if self._workers is not None:
                self._workers.shutdown(wait=True)
            self._embedded.close()
            self._close_database()
            loop.close()
            if self._telemetry is not None:
                self._telemetry.close()

    async def _shut(self, loop: asyncio.AbstractEventLoop) -> None:
        tasks = []
        for one in list(self._runs.values()):
            one.cancelled = True
            self._stop(one)
            if one.task is not None:
                tasks.append(one.task)
        if tasks:
            await asyncio.wait(tasks, timeout=_PATIENCE)
        if self._network is not None:
            with contextlib.suppress(Exception):
                await self._network.aclose()
        loop.stop()

    def _begin(self, one: _Run) -> None:
        self._tell(one, RunEvent(one.record.id, "started", data=started_data(one.plan, one.record), record=one.record))
        one.task = asyncio.get_running_loop().create_task(self._carry_out(one), name=one.record.id)

    def _stop(self, one: _Run) -> None:
        if one.task is not None and one.stoppable:
            one.task.cancel()

    async def _carry_out(self, one: _Run) -> None:
        """From the history's first word of a run to its last, and its sink's."""
        execution: Execution | None = None
        failure: Failure | None = None
        status = "finished"
        try:
            one.stoppable = True
            if one.cancelled:
                raise asyncio.CancelledError
            if self._places is None:
                self._places = asyncio.Semaphore(self._at_once)
            if self._places.locked():
                sentence = f"waiting: {self._at_once} runs go on already, the most at once"
                self._tell(one, RunEvent(one.record.id, "waiting", sentence, {"seconds": 0.0}))
            async with self._places:
                await self._open_history()
                await self._route(one)
                await self._keep("begin", one)
                execution = Execution(one.plan, one.record, partial(self._tell, one), self._means())
                failure = await execution.run()
                status = "failed" if failure else "finished"
        except asyncio.CancelledError:
            status, failure = "cancelled", Failure("cancelled", "")
        except Exception as error:
            # One broken run must not take the others with it; its text could hold what nobody may read.
            _log.error("a run failed by a mistake of promptls itself: %s", place_of_error(error))
            status = "failed"
            failure = Failure("server", f"a mistake in promptls itself ({type(error).__name__}); please report it")
        one.stoppable = False
        await self._end(one, execution, status, failure)

    async def _end(self, one: _Run, execution: Execution | None, status: str, failure: Failure | None) -> None:
        try:
            one.record = ended(one.record, execution, status, failure)
        except Exception as error:
            # Whatever is wrong, its end is told.
            _log.error("the end of a run could not be worked out: %s", place_of_error(error))
            one.record = ended(one.record, None, status, failure)
        await self._keep("end", one)
        await self._tell_collectors(one)
        with self._lock:
            self._runs.pop(one.record.id, None)
        self._tell(one, RunEvent(one.record.id, status, one.record.message, record=one.record))

    async def _tell_collectors(self, one: _Run) -> None:
        if self._telemetry is None or is_echo(one.plan.target):
            return
        try:
            await self._in_background(self._telemetry.ended, one.record, one.plan)
        except Exception as error:
            _log.error("a run could not be told to OpenTelemetry: %s", place_of_error(error))

    def _tell(self, one: _Run, event: RunEvent) -> None:
        try:
            one.sink(event)
        except Exception as error:
            _log.error("whoever watches a run failed: %s", place_of_error(error))

    def _means(self) -> Means:
        return Means(self._opened_network, self._keys, self._breakers, self._history, self._served, self._in_background)

    def _served(self) -> tuple[str, Secret]:
        return self._embedded.start(), Secret(self._embedded.key)

    def _opened_network(self) -> Network:
        if self._network is None:
            self._network = self._make_network()
        return self._network

    def _in_background(self, function: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._workers, function, *arguments)

    async def _open_history(self) -> None:
        if self._history is None:
            with contextlib.suppress(DatabaseError):
                await asyncio.shield(self._in_background(self._open_once))

    def _open_once(self) -> None:
        """Two first runs may ask for it at once."""
        with self._opening:
            if self._history is not None:
                return
            if self._telemetry is None:
                self._telemetry = telemetry_of(self._environment)
            try:
                self._database = self._database or self._make_database()
                self._history = History(self._database)
            except DatabaseError as error:
                _log.warning("%s; runs are not kept", error)
                raise

    def _close_database(self) -> None:
        with contextlib.suppress(DatabaseError):
            if self._history is not None:
                self._history.close()
        if self._database is not None:
            self._database.close()

    async def _route(self, one: _Run) -> None:
        """The order in which the strategy of an alias calls its hops, this time."""
        target = one.plan.target
        if len(target.route) > 1 and target.strategy != "fallback":
            try:
                hops = await self._in_background(route.order, target, self._history)
            except DatabaseError as error:
                _log.warning("%s; the route of %s is taken as it is written", error, target.alias)
                return
            one.plan = replace(one.plan, target=replace(target, route=hops))

    async def _keep(self, what: str, one: _Run) -> None:
        history = self._history
        if history is None:
            return
        kept = keep.kept(one.record, one.plan.log_prompts)
        try:
            if what == "begin":
                await self._in_background(history.begin, kept)
            else:
                await self._in_background(history.end, kept)
                if one.plan.keep_days is not None:
                    await self._in_background(history.forget, one.plan.keep_days)
                if one.plan.keep_days_in is not None:
                    days, folder = one.plan.keep_days_in
                    await self._in_background(history.forget, days, path_to_uri(folder))
        except DatabaseError as error:
            _log.warning("%s; this run is not kept", error)
        except Exception as error:
            _log.error("a run could not be kept: %s", place_of_error(error))


def _transport() -> Network:
    from promptls.providers.transport import Transport

    return Transport()
