"""The loop: takes messages in order, keeps the protocol's rules about them, and fences every handler.

One thread reads, one writes, this one handles. It sleeps until the reader has something or a timer is due.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from promptls.lsp import lifecycle, stdio
from promptls.lsp import logging as lsp_logging
from promptls.lsp.framing import Unreadable
from promptls.lsp.inbox import Inbox, Incoming, identifier
from promptls.lsp.logging import log, where
from promptls.lsp.publisher import Publisher
from promptls.lsp.requests import NOTIFICATIONS, REQUESTS
from promptls.lsp.requests.registry import RefusedError
from promptls.lsp.session import Session
from promptls.lsp.wire import Connection, InvalidParamsError, types
from promptls.lsp.worker import Later

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
NOT_INITIALIZED: Final = -32002
CANCELLED: Final = -32800

_SLOW: Final = 0.050
_GRACE: Final = 5.0
"""Seconds until a server that nobody needs any more ends, whatever it is doing."""


def run(log_file: str | Path | None = None) -> int:
    """Serve standard input and output until the client leaves; see ``promptls.lsp.serve``."""
    lsp_logging.start(log_file)
    source, target = stdio.claim()
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_serve(source, target))
    return 1


async def _serve(source: int, target: int) -> int:
    server = Server(asyncio.get_running_loop(), target)
    stdio.read(source, server.deliver, server.no_more)
    return await server.ended()


class Server:
    """One client. ``deliver``, ``no_more`` and ``leave`` may be called from any thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, target: int) -> None:
        self._loop = loop
        loop.set_exception_handler(_log_failure)
        self._end: asyncio.Future[int] = loop.create_future()
        self._writer = stdio.Writer(target, self.leave)
        self._connection = Connection(self._writer.send)
        self._inbox = Inbox(lambda request: self._connection.fail(request, CANCELLED, "The request was cancelled."))
        self._session: Session | None = None
        self._publisher: Publisher | None = None
        self._shut_down = False
        self._no_more = False
        self._awake = False
        self._to_client: lsp_logging.ToClient | None = None
        self._pending: dict[asyncio.Future[Any], str | int] = {}

    async def ended(self) -> int:
        """The exit code, when all that was to be sent is sent or the client does not take it."""
        code = await self._end
        self._stop()
        self._writer.close(2.0)
        return code

    def deliver(self, bodies: list[bytes | Unreadable]) -> None:
        self._inbox.put(bodies)
        self._from_thread(self._wake)

    def no_more(self) -> None:
        """The input has ended: what came before is answered, then the server ends."""
        self._last_resort()
        self._no_more = True
        self._from_thread(self._wake)

    def leave(self) -> None:
        """The client is gone: there is nobody to answer."""
        self._last_resort()
        self._from_thread(lambda: self._finish(self._exit_code()))

    def _from_thread(self, call: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(call)

    def _last_resort(self) -> None:
        """Ends the process if a handler is still at work long after the client has gone."""
        timer = threading.Timer(_GRACE, lambda: os._exit(self._exit_code()))
        timer.daemon = True
        timer.start()

    def _exit_code(self) -> int:
        return 0 if self._shut_down else 1

    def _finish(self, code: int) -> None:
        if not self._end.done():
            self._end.set_result(code)

    def _wake(self) -> None:
        if not self._awake and not self._end.done():
            self._awake = True
            self._loop.call_soon(self._step)

    def _step(self) -> None:
        """Handles one message; timers and findings get their turn between two."""
        self._awake = False
        message = self._inbox.take()
        if message is not None:
            try:
                self._handle(message)
            finally:
                if message.stop is None:
                    self._inbox.done(message)
                self._wake()
        elif self._no_more and not self._pending:
            self._finish(self._exit_code())

    def _handle(self, message: Incoming) -> None:
        data = message.data
        if isinstance(data, Unreadable):
            self._connection.fail(None, PARSE_ERROR, str(data))
        elif isinstance(data, list):
            self._connection.fail(None, INVALID_REQUEST, "LSP has no batches: send one message at a time.")
        elif not isinstance(data, dict) or data.get("jsonrpc") != "2.0":
            answer = identifier(data) if isinstance(data, dict) else None
            self._connection.fail(answer, INVALID_REQUEST, "This is no message of JSON-RPC 2.0.")
        elif isinstance(data.get("method"), str):
            self._incoming(message, data["method"])
        elif "method" not in data and identifier(data) is not None and ("result" in data or "error" in data):
            self._connection.answered(data)
        else:
            self._connection.fail(identifier(data), INVALID_REQUEST, "This is neither a request nor an answer.")

    def _incoming(self, message: Incoming, method: str) -> None:
        data = message.data
        if "id" not in data:
            self._notified(message, method, data.get("params"))
            return
        request = identifier(data)
        if request is None:
            self._connection.fail(None, INVALID_REQUEST, "The `id` of a request must be a number or a string.")
        elif self._shut_down:
            self._connection.fail(request, INVALID_REQUEST, "The server was shut down; only `exit` can follow.")
        elif method == types.INITIALIZE:
            self._fenced(message, request, method, lambda: self._initialize(data.get("params")))
        elif self._session is None:
            self._connection.fail(request, NOT_INITIALIZED, f"`initialize` must come before {method}.")
        elif method == types.SHUTDOWN:
            self._stop()
            self._shut_down = True
            self._connection.reply(request, None)
        elif method not in REQUESTS:
            self._connection.fail(request, METHOD_NOT_FOUND, f"promptls does not know the request {method[:80]}.")
        else:
            self._request(message, request, method, self._session)

    def _request(self, message: Incoming, request: str | int, method: str, session: Session) -> None:
        def call() -> Any:
            params = self._connection.params(method, message.data.get("params"))
            return REQUESTS[method].run(session.context(), params)

        self._fenced(message, request, method, call)

    def _fenced(self, message: Incoming, request: str | int, method: str, call: Callable[[], Any]) -> None:
        """Answers with the result, or with one sentence: never with a traceback or with what was sent."""
        started = perf_counter()
        try:
            result = call()
            if isinstance(result, Later) and self._session is not None:
                self._defer(message, request, method, result, self._session)
            elif message.cancelled:
                self._connection.fail(request, CANCELLED, "The request was cancelled.")
            else:
                self._connection.reply(request, result)
        except InvalidParamsError as error:
            self._connection.fail(request, INVALID_PARAMS, str(error))
        except RefusedError as error:
            self._connection.fail(request, error.code, str(error))
        except Exception as error:
            log.error("promptls failed on %s; the log file says where\n%s", method, where(error))
            self._connection.fail(request, INTERNAL_ERROR, f"promptls failed on {method}; see the log")
        self._timed(method, perf_counter() - started, message)

    def _defer(self, message: Incoming, request: str | int, method: str, later: Later, session: Session) -> None:
        answer = (session.worker if later.renders else session.aside).submit(later.work)
        self._pending[answer] = request

        def finish(_: object) -> None:
            if self._pending.pop(answer, None) is None:  # answered, as the client is leaving
                return
            self._inbox.done(message)
            if answer.cancelled():
                self._connection.fail(request, CANCELLED, "The request was cancelled.")
            else:
                self._fenced(message, request, method, lambda: later.then(answer.result()))
            self._wake()

        answer.add_done_callback(finish)
        if not self._inbox.defer(message, lambda: self._from_thread(lambda: _end(answer))):
            answer.cancel()

    def _initialize(self, params: Any) -> types.InitializeResult:
        if self._session is not None:
            raise RefusedError(INVALID_REQUEST, "`initialize` can come only once.")
        if not isinstance(params, dict):
            raise InvalidParamsError("The parameters of initialize must be an object.")
        session, result = lifecycle.initialize(self._connection, params)
        self._publisher = Publisher(session, self._loop, lambda: len(self._inbox) > 0)
        session.publisher = self._publisher
        self._session = session
        parent = params.get("processId")
        if isinstance(parent, int) and not isinstance(parent, bool) and parent > 0:
            stdio.watch_parent(parent, self.leave)
        self._loop.call_soon(_import_core)
        self._loop.call_later(lifecycle.SETTLED, _import_features)
        return result

    def _notified(self, message: Incoming, method: str, params: Any) -> None:
        if method == types.EXIT:
            self._finish(self._exit_code())
            return
        session = self._session
        if session is None or self._shut_down:
            return
        if method == types.INITIALIZED:
            self._show_log(session)
            lifecycle.initialized(session)
            return
        handler = NOTIFICATIONS.get(method)
        if handler is None:
            if not method.startswith("$/"):
                log.info("the notification %s was ignored: promptls does not know it", method[:80])
            return
        started = perf_counter()
        try:
            handler(session, self._connection.params(method, params))
        except InvalidParamsError as error:
            log.warning("%s", error)
        except Exception as error:
            log.error("promptls failed on %s; the log file says where\n%s", method, where(error))
        self._timed(method, perf_counter() - started, message)

    def _timed(self, method: str, seconds: float, message: Incoming) -> None:
        if seconds > _SLOW:
            log.info("%s took %d ms (%s)", method, seconds * 1000, self._size(message))
        if self._session is not None and self._session.trace != "off" and not self._shut_down:
            verbose = self._size(message) if self._session.trace == "verbose" else None
            params = types.LogTraceParams(f"{method} took {seconds * 1000:.1f} ms", verbose=verbose)
            self._connection.notify(types.LOG_TRACE, params)

    def _size(self, message: Incoming) -> str:
        """How much there was to do: the message, and the document that it is about."""
        params = message.data.get("params")
        about = params.get("textDocument") if isinstance(params, dict) else None
        uri = about.get("uri") if isinstance(about, dict) else None
        text = self._session.workspace.text(uri) if self._session is not None and isinstance(uri, str) else None
        document = f", a document of {len(text)} characters" if text is not None else ""
        return f"a message of {message.size} bytes{document}"

    def _show_log(self, session: Session) -> None:
        def show(level: int, text: str) -> None:
            kind = next(kind for least, kind in _LEVELS if level >= least)
            with contextlib.suppress(RuntimeError):
                params = types.LogMessageParams(kind, text)
                self._loop.call_soon_threadsafe(session.connection.notify, types.WINDOW_LOG_MESSAGE, params)

        if self._to_client is None:
            self._to_client = lsp_logging.ToClient(show)
            log.addHandler(self._to_client)

    def _stop(self) -> None:
        """Nothing is sent to the client from here on but answers."""
        if self._to_client is not None:
            log.removeHandler(self._to_client)
        if self._publisher is not None:
            self._publisher.stop()
        while self._pending:
            self._connection.fail(self._pending.popitem()[1], CANCELLED, "The server is shutting down.")
        if self._session is not None:
            self._session.stop()
        self._connection.forget()


def _end(answer: asyncio.Future[Any]) -> None:
    answer.cancel()


def _log_failure(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What no fence has caught: asyncio itself would log the error's own words."""
    error = context.get("exception")
    log.error("promptls failed; the log file says where\n%s", where(error) if error else context.get("message"))


def _import_core() -> None:
    """While the client works on the answer to ``initialize``."""
    from promptls.rules.registry import rules
    from promptls.workspace import files

    assert files
    rules()


def _import_features() -> None:
    """After the first findings, which need none of them. A request that comes before imports what it needs."""
    from promptls import ide

    assert ide


_LEVELS: Final = (
    (40, types.MessageType.Error),
    (30, types.MessageType.Warning),
    (0, types.MessageType.Info),
)
