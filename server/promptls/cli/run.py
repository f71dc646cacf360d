"""`promptls run`: sends prompts to a model and prints the answers."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from promptls.cli.terminal import Piece, Printer, one_line, say, use_utf8, visible

if TYPE_CHECKING:
    from promptls.actions.run_files import Files, Planned
    from promptls.runs.event import RunEvent, RunRecord
    from promptls.runs.plan import Plan, Question

OK, UNFIT, REFUSED, PROVIDER, INTERRUPTED = 0, 1, 3, 4, 130
REFUSALS = frozenset({"consent", "budget", "offline", "policy", "secret", "no-key", "unsupported"})
"""Kinds of failures that were decided here, before anything was sent."""
FILTERED = "content-filter"


@click.command("run")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--model",
    "targets",
    multiple=True,
    metavar="TARGET",
    help="provider/model, an alias, echo, or echo:provider/model; repeat it to compare.",
)
@click.option("--set", "written", multiple=True, metavar="NAME=VALUE", help="Give one input a value; may be repeated.")
@click.option("--input", "input_file", metavar="FILE|-", help="Values of inputs, as YAML or JSON (-: standard input).")
@click.option("--sample", type=int, metavar="N", help="Which sample's values to start from (default: the first).")
@click.option("--no-stream", is_flag=True, help="Ask for the answer in one piece.")
@click.option("--yes", is_flag=True, help="Run although it costs more than the budget, or what is found may be secret.")
@click.option("--allow-host", "hosts", multiple=True, metavar="HOST", help="Send to this host without asking.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="text: the answer, as it comes. json: all that is known of the run. markdown: a result document.",
)
def command(
    files: tuple[Path, ...],
    targets: tuple[str, ...],
    written: tuple[str, ...],
    input_file: str | None,
    sample: int | None,
    no_stream: bool,
    yes: bool,
    hosts: tuple[str, ...],
    form: str,
) -> int:
    """Send the messages of prompt files to a model, and print what it answers.

    The model: --model, else the one that the file names, where there is a key for it, else `default` of
    promptls.yaml, else echo, which sends nothing and shows the request. Before something is sent to a place for the
    first time you are asked; without a terminal it is refused, unless --allow-host names the place.

    \b
    promptls run chat.prompty
    promptls run chat.prompty --model openai/gpt-5.1 --set question="Why is the sky blue?"
    promptls run chat.prompty --model fast --model local/llama --format json
    promptls run chat.prompty --model echo:anthropic/claude-sonnet-4-5

    \b
    Exit code (of several runs the highest):
               0   there is an answer, of the shape that the prompt declares
               1   the file makes no messages, or there is no answer: it is empty, refused, held back by a
                   filter, or not of the declared shape
               2   a wrong call
               3   not sent: not allowed, over the budget, offline, by policy, or without a key
               4   the provider failed
               130 stopped by Ctrl-C or SIGTERM
    """
    from promptls.actions.own_configuration import own_problems
    from promptls.actions.run_files import Files
    from promptls.cli.render import read_values

    use_utf8()
    given = read_values(input_file) if input_file else {}
    worst = OK
    records: list[dict[str, Any]] = []
    for problem in own_problems(os.environ):
        Printer(sys.stderr).line(Piece("note: ", "yellow"), one_line(problem))
    with _terminated_as_interrupted(), Files(files) as opened:
        plans = opened.plan(targets or ("",), given=given, written=written, sample=sample, stream=not no_stream)
        for _, of_file in groupby(plans, lambda planned: planned.path):
            code, done = _run(opened, list(of_file), form, yes=yes, hosts=hosts)
            worst = max(worst, code)
            if form == "json":
                from promptls.runs.history import as_data

                records += map(as_data, done)
            if code == INTERRUPTED:
                break
    if form == "json":
        say(json.dumps(records[0] if len(records) == 1 else records, indent=2, ensure_ascii=False))
    return worst


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Whoever ends the program from outside stops the run as Ctrl-C does, so that what came is kept."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, frame: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _run(
    opened: Files, of_file: Sequence[Planned], form: str, *, yes: bool, hosts: Sequence[str]
) -> tuple[int, list[RunRecord]]:
    """Exit code and records of the runs of one file: one, or several that are compared."""
    errors = Printer(sys.stderr)
    worst, plans, refused = OK, [], []
    for planned in of_file:
        if planned.plan is None:
            from promptls.cli.frames import complain

            complain(planned.path, planned.document, planned.problems)
            return UNFIT, []
        _announce(errors, planned, planned.plan, first=planned is of_file[0])
        why_not = _why_not(opened, planned.plan, yes=yes, hosts=hosts)
        refused.append(why_not)
        if why_not:
            worst = REFUSED
            errors.line(Piece("not sent: ", "bold red"), f"{one_line(why_not).rstrip('.')}.")
        else:
            plans.append(planned.plan)
    alone = len(of_file) == 1
    records = opened.run_all(plans, _Stream(sys.stdout) if alone and form == "text" else _quiet) if plans else []
    if form == "markdown":
        _document(of_file, records, refused)
    for plan, record in zip(plans, records, strict=True):
        if form == "text" and not alone:
            say(f"## {one_line(record.target)}\n\n{record.answer}\n")
        worst = max(worst, _told(errors, plan, record))
    return worst, records


def _document(of_file: Sequence[Planned], records: Sequence[RunRecord], refused: Sequence[str]) -> None:
    from promptls.runs.comparison import comparison_text
    from promptls.runs.document import result_text

    if len(of_file) == 1:
        for record in records:
            say(result_text(record), nl=False)
        return
    left = iter(records)
    targets = [planned.plan.target.name if planned.plan else "" for planned in of_file]
    shown = [None if why_not else next(left) for why_not in refused]
    say(comparison_text(shown, prompt=of_file[0].prompt.name, targets=targets, refused=refused), nl=False)


def _told(errors: Printer, plan: Plan, record: RunRecord) -> int:
    """Say how a run ended; its exit code."""
    from promptls.actions.run_files import answer_errors, remarks
    from promptls.runs.summary import summary

    match record.status:
        case "cancelled":
            errors.line(Piece("stopped: ", "bold yellow"), one_line(record.message.removeprefix("Stopped: ")))
            return INTERRUPTED
        case "failed":
            errors.line(Piece("failed: ", "bold red"), one_line(record.message))
            if record.failure == FILTERED:
                return UNFIT
            return REFUSED if record.failure in REFUSALS else PROVIDER
    errors.line(Piece(one_line(summary(record)), "dim"))
    told = remarks(record)
    for remark in told:
        if not remark.unanswered:
            errors.line(Piece("note: ", "yellow"), one_line(remark.message))
    # What is no answer has no shape to speak of.
    problems = [remark.message for remark in told if remark.unanswered] or answer_errors(plan, record)
    for problem in problems:
        errors.line(Piece("answer: ", "bold red"), one_line(problem))
    return UNFIT if problems else OK


def _announce(errors: Printer, planned: Planned, plan: Plan, *, first: bool) -> None:
    """``first``: of the runs of a file, which all send the same text."""
    from promptls.actions.run_files import gaps
    from promptls.runs.budget import told
    from promptls.runs.planning import is_echo

    cost = "" if is_echo(plan.target) or plan.estimate == (0.0, 0.0) else f", for {told(plan.estimate)}"
    why = f" ({plan.target.why})" if plan.target.why else ""
    target = plan.target.name
    if plan.target.alias:
        target = f"{plan.target.alias}: {', '.join(hop.name for hop in plan.target.route)}"
    errors.line(Piece(one_line(planned.path), "bold"), " -> ", Piece(one_line(target), "cyan"), one_line(why + cost))
    for said in (*(gaps(planned) if first else ()), *(warning.message for warning in plan.warnings)):
        errors.line(Piece("note: ", "yellow"), one_line(said))


def _why_not(opened: Files, plan: Plan, *, yes: bool, hosts: Sequence[str]) -> str:
    """Why a plan is not run; empty where all its questions are answered yes."""
    if plan.refusal is not None:
        return plan.refusal.message
    terminal = sys.stdin.isatty() and sys.stderr.isatty()
    for question in plan.questions:
        if opened.allows(question, hosts) or (yes and question.kind != "consent"):
            continue
        if not terminal:
            return f"{question.text} {_way(question)}"
        if not click.confirm(one_line(question.text), err=True):
            return "you said no"
        opened.remember(question)
    return ""


def _way(question: Question) -> str:
    if question.kind == "consent" and not question.host:
        return "There is no terminal to ask on: run it once in a terminal, or use `promptls trust`."
    if question.kind == "consent":
        return f"There is no terminal to ask on: use --allow-host {question.host}, or run it once in a terminal."
    return "There is no terminal to ask on: use --yes."


class _Stream:
    """Prints an answer while it comes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._ended = True

    def __call__(self, event: RunEvent) -> None:
        match event.kind:
            case "delta":
                text = visible(event.text) if self._stream.isatty() else event.text
                self._stream.write(text)
                self._stream.flush()
                self._ended = text.endswith("\n") if text else self._ended
            case "waiting":
                sys.stderr.write(f"{one_line(event.text)}\n")
            case "finished" | "failed" | "cancelled":
                if not self._ended:
                    self._stream.write("\n")
                    self._stream.flush()


def _quiet(event: RunEvent) -> None:
    if event.kind == "waiting":
        sys.stderr.write(f"{one_line(event.text)}\n")
