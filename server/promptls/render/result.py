"""What comes back from the renderer: plain data."""

from __future__ import annotations

from dataclasses import dataclass

from promptls.text import Span


@dataclass(frozen=True, slots=True)
class RenderError:
    """Why there is no text. ``line`` counts from 1 in the template that was given; None where none is known.

    ``kind``: ``syntax``, ``undefined``, ``filter`` (also tests and globals that only the host application
    has), ``value`` (an expression that these values do not fit), ``include``, ``timeout``, ``memory``,
    ``output``, ``recursion``, ``too-large`` (the request itself), ``unsupported`` (no renderer for the
    dialect), ``cancelled``, ``crash``. ``template``: the included template it happened in, or empty.
    ``name``: the variable, filter, test or global that it is about, or empty.
    """

    kind: str
    message: str
    line: int | None = None
    template: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Which output tag a piece of the rendered text came from.

    ``span`` lies in the rendered text; ``tag`` is the index of the tag among those that were asked about.
    A tag in a loop has one mark for each turn; marks of captured blocks may nest.
    """

    span: Span
    tag: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """``text`` is what was rendered before an error. ``marks``: None where nobody asked, or where marking
    would have changed the text."""

    text: str
    error: RenderError | None = None
    marks: tuple[Mark, ...] | None = None
