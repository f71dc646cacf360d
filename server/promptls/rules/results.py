"""What the rules about results of runs have in common."""

from __future__ import annotations

from promptls.prompt.model import Answer, Document
from promptls.text import Location, Span


def answered(document: Document) -> Answer | None:
    """The answer of a model, once there was a run and it is over; None for an echo, since no model was called."""
    answer = document.answer
    return answer if answer and answer.provider != "echo" and answer.status not in ("", "draft", "running") else None


def place(document: Document, answer: Answer, *names: str) -> Location:
    """Where the header says one of these, the first that it does; else the top of the file."""
    spans = (answer.places[name] for name in names if name in answer.places)
    return document.location(next(spans, Span(0, min(3, len(document.text)))))


def first_line(document: Document, answer: Answer) -> Location:
    """The first line of the answer; where there is none, why it ended."""
    if answer.span.empty:
        return place(document, answer, "finish", "failure", "status")
    text = document.text
    end = text.line_span(text.line_at(answer.span.start)).end
    return document.location(Span(answer.span.start, min(end, answer.span.end)))
