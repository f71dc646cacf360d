"""The preview of a file on disk, as the command line shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from promptls.actions.inputs import sample_values, settings
from promptls.actions.preview.make import make_preview
from promptls.actions.preview.model import Preview
from promptls.actions.render import open_prompt
from promptls.render import Renderer

_MOST_SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Previewed:
    """``others``: one preview for each sample, where they were asked for."""

    path: str
    preview: Preview
    others: tuple[Preview, ...] = ()


def preview_file(
    path: Path,
    *,
    given: Mapping[str, Any] | None = None,
    written: Sequence[str] = (),
    sample: int | None = None,
    all_samples: bool = False,
) -> Previewed:
    """Values: those of the sample, then ``given``, then the ``name=value`` settings. Raises ActionError."""
    opened = open_prompt(path)
    document, prompt, snapshot = opened.document, opened.prompt, opened.snapshot
    sample_values(prompt, sample)  # a number that is none is a mistake here, where nothing can be stale
    inputs = {**(given or {}), **settings(prompt, written)}
    with Renderer() as renderer:
        preview = make_preview(document, prompt, snapshot, renderer, sample=sample, inputs=inputs)
        numbers = range(1, min(len(prompt.samples), _MOST_SAMPLES) + 1) if all_samples else ()
        others = tuple(
            make_preview(document, prompt, snapshot, renderer, sample=number, inputs=inputs) for number in numbers
        )
    return Previewed(opened.path, preview, others)
