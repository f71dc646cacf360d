"""The preview of a file on disk, as the command line shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from promptls.actions.error import ActionError
from promptls.actions.inputs import sample_values, settings
from promptls.actions.preview.make import make_preview
from promptls.actions.preview.model import Preview
from promptls.actions.render import open_prompt
from promptls.render import Renderer

if TYPE_CHECKING:
    from promptls.runs.plan import Target

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
    model: str = "",
    request: bool = False,
) -> Previewed:
    """Values: those of the sample, then ``given``, then the ``name=value`` settings. Raises ActionError.

    ``request``: with what would be sent to the provider of ``model`` (as `promptls run --model` takes it), or of the
    model that the file names.
    """
    opened = open_prompt(path)
    document, prompt, snapshot = opened.document, opened.prompt, opened.snapshot
    sample_values(prompt, sample)  # a number that is none is a mistake here, where nothing can be stale
    inputs = {**(given or {}), **settings(prompt, written)}
    target, wire = _asked(path, inputs, sample, model) if request or model else (None, "")
    with Renderer() as renderer:
        numbers = range(1, min(len(prompt.samples), _MOST_SAMPLES) + 1) if all_samples else ()
        preview, *others = (
            make_preview(document, prompt, snapshot, renderer, sample=number, inputs=inputs, target=target)
            for number in (sample, *numbers)
        )
    return Previewed(opened.path, replace(preview, wire=wire) if request else preview, tuple(others))


def _asked(path: Path, inputs: Mapping[str, Any], sample: int | None, model: str) -> tuple[Target | None, str]:
    """What a run would call, and its request; instead of one the reason why there is none."""
    from promptls.actions.copy_as import copied
    from promptls.actions.run_files import Files

    with Files([path]) as files:
        planned = next(files.plan((model,), given=inputs, sample=sample))
        if planned.plan is None:
            return None, f"There is no request yet: {planned.problems[0].message}" if planned.problems else ""
        try:
            return planned.plan.target, copied(planned.plan, "http")
        except ActionError as error:
            return planned.plan.target, str(error)
