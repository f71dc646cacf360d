"""Runs prompt files one after the other, as the command line and the Python API do."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from promptls.actions.check import shown_path
from promptls.actions.discover import workspace_for
from promptls.actions.inputs import settings
from promptls.actions.render import open_prompt
from promptls.actions.run import NotRenderedError, agreed, plan_run
from promptls.prompt.message import Message
from promptls.prompt.model import Document, Prompt
from promptls.render import Renderer
from promptls.runs.database import Database, DatabaseError
from promptls.runs.event import RunEvent, RunRecord, Sink
from promptls.runs.plan import Plan, Question
from promptls.runs.planning import is_echo
from promptls.runs.service import Runs
from promptls.syntax.problem import Problem
from promptls.text import Text
from promptls.workspace.outside import outside_of
from promptls.workspace.running import fits_host

ENDS = frozenset({"finished", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Planned:
    """One run of one file. ``problems``: why it makes no messages; then there is no ``plan``."""

    path: str
    document: Document
    prompt: Prompt
    plan: Plan | None
    problems: tuple[Problem, ...] = ()


class Files:
    """Files that are run from one process; to be closed."""

    def __init__(
        self, paths: Sequence[Path], environment: Mapping[str, str] | None = None, runs: Runs | None = None
    ) -> None:
        from promptls.providers.keys import Keys

        self._environment = os.environ if environment is None else environment
        self._workspace = workspace_for(paths, environment=self._environment)
        # A `.env` counts in the folder of a prompt and in those above it, up to the working folder.
        self._keys = Keys(self._environment, folders=_folders(paths))
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
        options: Mapping[str, Any] | None = None,
        more: Iterable[Message] = (),
    ) -> Iterator[Planned]:
        """A plan for each file (each of its prompts by ``names``, else the first) and target. Raises ActionError."""
        from promptls.runs.service import new_run_id

        group = new_run_id() if len(targets) > 1 else ""
        snapshot = self._workspace.snapshot()
        for path in self._paths:
            opened = open_prompt(path, snapshot)
            document, prompt = opened.document, opened.prompt
            values = {**(given or {}), **settings(prompt, written)}
            for target in targets:
                try:
                    plan = plan_run(
                        document,
                        prompt,
                        snapshot,
                        self._renderer,
                        sample=sample,
                        values=values,
                        target=target,
                        keys=self._keys,
                        environment=self._environment,
                        database=self._database,
                        stream=stream,
                        options=options,
                        more=more,
                        group=group,
                    )
                except NotRenderedError as error:
                    yield Planned(shown_path(path), document, prompt, None, error.problems)
                    break
                yield Planned(shown_path(path), document, prompt, plan)

    def allows(self, question: Question, hosts: Sequence[str] = ()) -> bool:
        """Whether ``--allow-host`` answers a question."""
        return question.kind == "consent" and any(fits_host(question.host, host) for host in hosts)

    def remember(self, question: Question) -> None:
        """A person said yes."""
        from promptls.runs.consent import grant

        if question.key and self._database is not None:
            grant(self._database, question)

    def run(self, plan: Plan, sink: Sink) -> RunRecord:
        """Run a plan whose questions were all answered yes, and wait for its end. The sink is called from here.

        Ctrl-C stops the run, whose record then says so; a second one ends the waiting too.
        """
        told: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        run = self._runs.start(agreed(plan, plan.questions), told.put)
        stopped = False
        while True:
            try:
                event = told.get()
                sink(event)
            except KeyboardInterrupt:
                if stopped:
                    raise
                stopped = True
                self._runs.cancel(run)
                continue
            if event.kind in ENDS:
                assert event.record is not None
                return event.record

    def close(self) -> None:
        self._runs.close()
        self._renderer.close()
        if self._database is not None:
            self._database.close()

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_files(paths: Sequence[Path]) -> Files:
    return Files(paths)


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


def _folders(paths: Sequence[Path]) -> tuple[str, ...]:
    here = Path.cwd()
    found: dict[str, None] = {}
    for path in paths:
        folder = Path(os.path.abspath(path)).parent
        inside = folder.is_relative_to(here)
        for parent in (folder, *folder.parents) if inside else (folder,):
            found[str(parent)] = None
            if parent == here:
                break
    return tuple(found)


def _database() -> Database | None:
    """None where there is none to be had: then consent is asked for, and nothing is remembered."""
    try:
        return Database()
    except DatabaseError:
        return None
