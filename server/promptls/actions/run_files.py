"""Runs prompt files one after the other, as the command line and the Python API do."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from promptls.actions.check import shown_path
from promptls.actions.discover import workspace_for
from promptls.actions.error import ActionError
from promptls.actions.inputs import settings
from promptls.actions.render import Opened, open_prompt
from promptls.actions.run import NotRenderedError, agreed, plan_run
from promptls.prompt.model import Document, Prompt
from promptls.providers.dotenv import folders_for
from promptls.providers.keys import Keys
from promptls.render import Renderer
from promptls.runs.database import Database, DatabaseError
from promptls.runs.event import RunEvent, RunRecord, Sink
from promptls.runs.plan import Plan, Question
from promptls.runs.planning import is_echo
from promptls.runs.service import Runs
from promptls.syntax.problem import Problem
from promptls.text import Text
from promptls.text.uris import path_to_uri
from promptls.workspace.outside import outside_of
from promptls.workspace.running import agrees_to
from promptls.workspace.snapshot import Snapshot

if TYPE_CHECKING:
    from promptls.actions.answer import Again

ENDS: Final = frozenset({"finished", "failed", "cancelled"})
_REMARKS: Final = frozenset(
    {"answer-cut", "empty-answer", "answer-filtered", "answer-refused", "unanswered-tool-call", "prompt-cut"}
)
_NO_ANSWER: Final = frozenset({"empty-answer", "answer-filtered", "answer-refused"})
_GAPS: Final = frozenset(
    {"undefined-variable", "undefined-attribute", "unknown-role", "wrong-use", "front-matter-cut-short", "missing-file"}
)
"""Rules whose findings mean that something else is sent than what was written; what cannot be rendered is refused."""
_MOST_GAPS: Final = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """One run of one file. ``problems``: why it makes no messages; then there is no ``plan``."""

    path: str
    document: Document
    prompt: Prompt
    plan: Plan | None
    problems: tuple[Problem, ...] = ()
    snapshot: Snapshot | None = None


class Remark(NamedTuple):
    """Something about a finished run. ``unanswered``: what came is no answer."""

    message: str
    unanswered: bool


class Files:
    """Files that are run from one process; to be closed."""

    def __init__(
        self, paths: Sequence[Path], environment: Mapping[str, str] | None = None, runs: Runs | None = None
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._workspace = workspace_for(paths, environment=self._environment)
        # A `.env` counts in the folder of a prompt and in those above it, up to the working folder.
        nearest = (folder for path in paths for folder in folders_for(os.path.dirname(path), os.getcwd()))
        self._keys = Keys(self._environment, folders=tuple(dict.fromkeys(nearest)))
        self._workspace.use_outside(outside_of(self._environment))
        self._paths = paths
        self._renderer = Renderer()
        self._runs = runs or Runs(self._keys)
        self._database = _database()

    def plan(
        self,
        targets: Sequence[str] = ("",),
        *,
        given: Mapping[str, Any] | None = None,
        written: Sequence[str] = (),
        sample: int | None = None,
        stream: bool = True,
    ) -> Iterator[Planned]:
        """A plan for each file and target; a result is run again as its header says. Raises ActionError."""
        values = given or {}
        for path in self._paths:
            again = self._again(path)
            if again is None:
                opened = self.open(path)
                given = {**values, **settings(opened.prompt, written)}
                yield from self.plan_opened(opened, targets, given=given, sample=sample, stream=stream)
                continue
            opened = Opened(shown_path(path), again.document, again.prompt, self._workspace.snapshot())
            yield from self.plan_opened(
                opened,
                [each for target in targets for each in ((target,) if target else again.targets or (again.target,))],
                given={**again.values, **values, **settings(again.prompt, written)},
                sample=sample if sample is not None else again.sample,
                stream=stream,
                options=again.options,
                only_options=True,
            )

    def _again(self, path: Path) -> Again | None:
        """What the header of a result asks for; None where the file is none."""
        from promptls.actions.answer import run_again

        snapshot = self._workspace.snapshot()
        document = snapshot.document(path_to_uri(os.path.abspath(path)))
        if document is None or document.rerun is None:
            return None
        return run_again(document, snapshot, named=[path_to_uri(os.path.abspath(each)) for each in self._paths])

    def open(self, path: Path) -> Opened:
        """The first prompt of a file. Raises ActionError."""
        return open_prompt(path, self._workspace.snapshot())

    def open_held(self, prompt: Prompt) -> Opened:
        """A prompt of a text that need not be on disk. Raises ActionError."""
        self._workspace.open(prompt.uri, prompt.text)
        snapshot = self._workspace.snapshot()
        document = snapshot.document(prompt.uri)
        if document is None:
            raise ActionError(f"{prompt.uri} holds no prompt that promptls knows", usage=True)
        return Opened(prompt.uri, document, prompt, snapshot)

    def plan_opened(
        self,
        opened: Opened,
        targets: Sequence[str] = ("",),
        *,
        given: Mapping[str, Any] | None = None,
        sample: int | None = None,
        stream: bool = True,
        options: Mapping[str, Any] | None = None,
        only_options: bool = False,
    ) -> Iterator[Planned]:
        """A plan for each target. Raises ActionError."""
        for target in targets:
            try:
                plan = plan_run(
                    opened.document,
                    opened.prompt,
                    opened.snapshot,
                    self._renderer,
                    sample=sample,
                    values=given,
                    target=target,
                    keys=self._keys,
                    environment=self._environment,
                    database=self._database,
                    stream=stream,
                    options=options,
                    only_options=only_options,
                )
            except NotRenderedError as error:
                yield Planned(opened.path, opened.document, opened.prompt, None, error.problems)
                return
            yield Planned(opened.path, opened.document, opened.prompt, plan, snapshot=opened.snapshot)

    def allows(self, question: Question, hosts: Sequence[str] = ()) -> bool:
        """Whether ``--allow-host`` answers a question."""
        return question.kind == "consent" and any(agrees_to(question.host, host) for host in hosts)

    def remember(self, question: Question) -> None:
        """A person said yes."""
        from promptls.runs.consent import grant

        if question.key and self._database is not None:
            grant(self._database, question)

    def run(self, plan: Plan, sink: Sink) -> RunRecord:
        """Run a plan whose questions were all answered yes, and wait for its end. The sink is called from here.

        Ctrl-C stops the run, whose record then says so; a second one ends the waiting too.
        """
        return self.run_all((plan,), sink)[0]

    def run_all(self, plans: Sequence[Plan], sink: Sink) -> list[RunRecord]:
        """Run plans side by side; the records in their order. As `run` for the rest."""
        told: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        ended: dict[str, RunRecord] = {}
        started = [self._runs.start(agreed(plan, plan.questions), told.put) for plan in plans]
        with _interrupted_by(lambda: [self._runs.cancel(run) for run in started]):
            while len(ended) < len(started):
                try:
                    # Without a time, Windows does not look at Ctrl-C while it waits.
                    event = told.get(timeout=0.5)
                except queue.Empty:
                    continue
                sink(event)
                if event.kind in ENDS and event.record is not None:
                    ended[event.run] = event.record
        return [ended[run] for run in started]

    def close(self) -> None:
        self._runs.close()
        self._renderer.close()
        if self._database is not None:
            self._database.close()

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _interrupted_by(stop: Callable[[], object]) -> Iterator[None]:
    """The first Ctrl-C stops, between two events and never within one; the next one is as always."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def first(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        stop()

    before = signal.getsignal(signal.SIGINT) or signal.SIG_DFL
    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def answer_errors(plan: Plan, record: RunRecord) -> tuple[str, ...]:
    """How the answer is not of the shape that the prompt declares; nothing where it declares none."""
    from promptls.schema.answer import answer_problems

    if plan.output is None or is_echo(plan.target):
        return ()
    if not record.answer.strip():
        return ("The answer is empty, where the prompt declares a shape",)
    text = Text(record.answer)
    told = []
    for problem in answer_problems(record.answer, plan.output):
        line, column = text.place(problem.span.start)
        told.append(f"{line + 1}:{column + 1}: {problem.message}")
    return tuple(told)


def remarks(record: RunRecord) -> tuple[Remark, ...]:
    """What is to be said of a finished answer besides its shape, as in its result document: that it is cut off, empty,
    refused, held back by a filter, or calls a tool that nobody answers; each with what to do."""
    from promptls.rules.engine import findings
    from promptls.runs.document import result_text
    from promptls.workspace.files import snapshot_of

    snapshot = snapshot_of({"answer.run.md": result_text(record)}, root="/answer")
    document = snapshot.document("file:///answer/answer.run.md")
    if document is None:
        return ()
    return tuple(
        Remark(one.message, one.code in _NO_ANSWER) for one in findings(document, snapshot) if one.code in _REMARKS
    )


def gaps(planned: Planned) -> tuple[str, ...]:
    """What is wrong with the configuration and, by the file's own findings, with the text that is sent; at most
    ``_MOST_GAPS`` lines, of which the last counts the others."""
    from promptls.rules.engine import findings
    from promptls.rules.finding import Severity

    document, snapshot = planned.document, planned.snapshot
    if snapshot is None:
        return ()
    given = planned.plan.values if planned.plan else {}
    unread = snapshot.config(document.uri).problem
    # What is not an echo is refused with that sentence.
    told = [unread] if unread and planned.plan and is_echo(planned.plan.target) else []
    for one in findings(document, snapshot):
        if (
            one.code not in _GAPS
            or (one.severity or Severity.HINT) > Severity.WARNING
            or one.location.uri != document.uri
        ):
            continue
        if len(document.prompts) > 1 and document.prompt_at(one.location.span.start) is not planned.prompt:
            continue
        if one.code == "undefined-variable" and one.location.span.slice(document.text.value) in given:
            continue  # not declared, and it has a value all the same
        line, column = document.text.place(one.location.span.start)
        told.append(f"{line + 1}:{column + 1}: {one.message} ({one.code})")
    if len(told) > _MOST_GAPS:
        left = len(told) - _MOST_GAPS + 1
        told[_MOST_GAPS - 1 :] = [f"{left} more like these: `promptls check` lists all"]
    return tuple(told)


def _database() -> Database | None:
    """None where there is none to be had: then consent is asked for, and nothing is remembered."""
    try:
        return Database()
    except DatabaseError:
        return None
