"""The renderer: one warm child process, replaced when it had to be ended."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from promptls.render.marks import unmark
from promptls.render.process import MEMORY, Child, EndedError
from promptls.render.result import Rendered, RenderError
from promptls.render.values import TooLargeError, plain
from promptls.render.words import explain
from promptls.text import Span
from promptls.workspace.config import HostNames

DIALECTS = ("jinja", "mustache", "handlebars", "placeholder")
EXTENSIONS = frozenset({"do", "loopcontrols"})
"""Jinja's own extensions that a template may ask for (``templates.extensions`` in promptls.yaml)."""

MOST_SOURCE = 8 << 20


NO_NAMES = HostNames()


class Renderer:
    """Renders one template at a time; safe to use and to cancel from any thread.

    ``deadline`` in seconds (may be changed between renders) and ``output_limit`` in characters hold for each
    render. The child is started by the first one and ends with ``close``, with this object, or with this process.
    """

    def __init__(
        self,
        deadline: float = 2.0,
        output_limit: int = 1 << 20,
        *,
        memory: int = MEMORY,
        command: Sequence[str] | None = None,
    ) -> None:
        self.deadline = deadline
        self._output_limit = output_limit
        self._memory = memory
        self._command = command
        self._child: Child | None = None
        self._busy = False
        self._cancelled = False
        self._turn = threading.Lock()
        self._state = threading.Lock()

    def __enter__(self) -> Renderer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_child", None) is not None:
            self.close()

    def render(
        self,
        dialect: str,
        text: str,
        values: Mapping[str, Any],
        *,
        templates: Mapping[str, str] | None = None,
        host: HostNames = NO_NAMES,
        helpers: Iterable[str] = (),
        mark: Sequence[Span] = (),
    ) -> Rendered:
        """The text that ``text`` makes of ``values``; never raises for what a template or a value does.

        ``templates``: what may be included, by name. ``host``: what only the application has; ``helpers``: what the
        runtime of the template brings along (``schema.dialects.registered``). ``mark``: the spans of the output tags in
        ``text``, in order; the answer's marks then say which text came from which of them.
        """
        if dialect not in DIALECTS:
            return _failed("unsupported", f"not rendered: there is no renderer for `{dialect}` templates")
        sources = dict(templates or {})
        request: dict[str, Any] = {
            "dialect": dialect,
            "text": text,
            "templates": sources,
            "globals": sorted(host.globals),
            "helpers": sorted(host.helpers),
            "own": list(helpers),
            "extensions": sorted(EXTENSIONS.intersection(host.extensions)),
            "tags": [list(span) for span in mark],
            "output": self._output_limit,
            "deadline": self.deadline,
        }
        if len(text) + sum(len(source) for source in sources.values()) > MOST_SOURCE:
            return _failed("too-large", f"not rendered: the template is larger than {MOST_SOURCE >> 20} MiB")
        try:
            request["values"] = plain(values)
        except TooLargeError as reason:
            return _failed("too-large", f"not rendered: {reason}")
        with self._turn:
            return self._ask(request, host, len(mark))

    def cancel(self) -> None:
        """End the render that is running, if one is; its caller gets an error of kind ``cancelled``."""
        with self._state:
            if not self._busy:
                return
            self._cancelled = True
            if self._child:
                self._child.end("cancelled")

    def close(self) -> None:
        """End the child; a later render starts a new one."""
        self.cancel()
        with self._turn:
            self._drop()

    def _ask(self, request: dict[str, Any], host: HostNames, tags: int) -> Rendered:
        with self._state:
            self._busy, self._cancelled = True, False
        try:
            answer = self._exchange(request)
        except EndedError as end:
            self._drop()
            return self._ended("cancelled" if self._cancelled else end.why)
        except OSError as error:
            return _failed("crash", f"not rendered: no process could be started for it ({error.strerror})")
        finally:
            with self._state:
                self._busy = False
        if "text" in answer and "kinds" not in answer:
            marked = answer.get("marked")
            marks = None if marked is None else unmark(marked, answer["text"], tags)
            return Rendered(answer["text"], None, marks)
        if "MemoryError" in answer["kinds"]:
            # What is left of its memory is nothing to build on.
            self._drop()
        return Rendered(answer.get("text", ""), explain(answer, host))

    def _exchange(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask the child; a warm one that turns out to be dead (a system short of memory) is replaced once."""
        warm = self._child is not None
        limit = 16 * self._output_limit + (1 << 20)
        try:
            return self._started().exchange(request, self.deadline, limit)
        except EndedError as end:
            if not warm or end.why != "crash" or self._cancelled:
                raise
        self._drop()
        return self._started().exchange(request, self.deadline, limit)

    def _started(self) -> Child:
        if self._child is not None and not self._child.alive:
            self._drop()
        if self._child is None:
            child = Child(self._command, memory=self._memory)
            with self._state:
                self._child = child
                if self._cancelled:
                    child.end("cancelled")
        assert self._child is not None
        return self._child

    def _drop(self) -> None:
        with self._state:
            child, self._child = self._child, None
        if child is not None:
            child.end()

    def _ended(self, why: str) -> Rendered:
        match why:
            case "timeout":
                return _failed(
                    why,
                    f"not rendered: it takes longer than {self.deadline:g} seconds"
                    " (a loop or a calculation in the template does not come to its end)",
                )
            case "memory":
                limit = self._memory >> 20
                return _failed(why, f"not rendered: the template needs more memory than the limit of {limit} MB")
            case "cancelled":
                return _failed(why, "not rendered: it was stopped")
        return _failed("crash", "not rendered: the renderer broke on this template and was started anew")


def _failed(kind: str, message: str) -> Rendered:
    return Rendered("", RenderError(kind, message))
