"""A comparison as Markdown for a pull request."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from promptls.actions.diff.compare import Comparison, PromptChange, SampleChange, same_messages
from promptls.actions.preview.model import Preview, Tokens
from promptls.actions.preview.summary import as_text
from promptls.text.markdown import escape, fenced, sentence

_MOST_LINES = 3_000
"""Above this many lines a comparison takes too long; both sides are told by their size."""
_CONTEXT = 2


def to_markdown(comparison: Comparison) -> str:
    """Ends with a line end."""
    since = f"`{comparison.ref}`" + (
        "" if comparison.commit.startswith(comparison.ref) else f" ({comparison.commit[:9]})"
    )
    blocks = [f"# Prompts since {since}", _summary(comparison)]
    for change in comparison.changes:
        blocks += _prompt(change)
    return "\n\n".join(blocks) + "\n"


def _summary(comparison: Comparison) -> str:
    counts = {
        status: sum(change.status == status for change in comparison.changes)
        for status in ("changed", "new", "removed")
    }
    said = [f"{count} {status}" for status, count in counts.items() if count]
    if not said:
        files = f"{comparison.looked_at} prompt file{'' if comparison.looked_at == 1 else 's'}"
        return f"No prompt changed ({files} looked at)."
    before, after = _totals(comparison)
    return f"{', '.join(said)} · {_arrow(before, after)} tokens with the first samples."


def _totals(comparison: Comparison) -> tuple[Tokens, Tokens]:
    firsts = [change.samples[0] for change in comparison.changes if change.samples]
    before = sum(sample.before.tokens.count for sample in firsts if sample.before)
    after = sum(sample.after.tokens.count for sample in firsts if sample.after)
    return Tokens(before), Tokens(after)


def _prompt(change: PromptChange) -> Iterator[str]:
    status = "" if change.status == "changed" else f" · {change.status}"
    name = "" if change.name in change.path else f" · {escape(change.name)}"
    yield f"## {escape(change.path)}{name}{status}"
    if change.because:
        yield (
            "Its own file is the same; what it reads changed: "
            + ", ".join(f"`{path}`" for path in change.because)
            + "."
        )
    if change.declared:
        yield "\n".join(f"- {sentence(line)}" for line in change.declared)
    if change.status == "removed":
        return
    same = [sample for sample in change.samples if _same(sample)]
    for sample in change.samples:
        if sample not in same:
            yield from _sample(sample)
    if same:
        titles = ", ".join(escape(sample.title) for sample in same if sample.title)
        yield "The messages are the same" + (f" with: {titles}." if titles else ".")
    if change.left_out:
        yield f"{change.left_out} more samples were not compared."


def _same(sample: SampleChange) -> bool:
    return sample.before is not None and sample.after is not None and same_messages(sample.before, sample.after)


def _sample(sample: SampleChange) -> Iterator[str]:
    before, after = sample.before, sample.after
    assert after is not None
    tokens = f"{after.tokens}" if before is None else _arrow(before.tokens, after.tokens)
    yield f"### {escape(sample.title) or 'Messages'} · {tokens} tokens"
    if before is not None and not before.messages:
        yield f"> It did not render: {_why(before)}"
    if not after.messages:
        yield f"> It does not render{' any more' if before is not None and before.messages else ''}: {_why(after)}"
    if after.holes:
        yield "> Without a value: " + ", ".join(f"`{name}`" for name in after.holes)
    old, new = _script(before), _script(after)
    if len(old) + len(new) > _MOST_LINES:
        yield f"Too long to compare here: {len(old):,} lines before, {len(new):,} after."
    elif old or new:
        yield fenced("\n".join(_marked(old, new)), "diff")


def _why(preview: Preview) -> str:
    return sentence(preview.problems[0].message) if preview.problems else "it makes no message"


def _script(preview: Preview | None) -> list[str]:
    """The messages as lines: a line for each role, then what it shows."""
    lines: list[str] = []
    for message in preview.messages if preview else ():
        about = ", ".join(f"{key}={value}" for key, value in message.metadata.items())
        lines += ["", f"[{message.role}{' ' + about if about else ''}]"]
        lines += as_text(message.pieces).splitlines()
    return lines[1:]


def _marked(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Lines of a diff; a gap in what is the same is one line."""
    first = True
    for line in difflib.unified_diff(old, new, lineterm="", n=_CONTEXT):
        if line.startswith(("---", "+++")) and first:
            continue
        if line.startswith("@@"):
            if not first or not _from_the_start(line):
                yield "  …"
            first = False
            continue
        yield line[:1] + " " + line[1:]


def _from_the_start(hunk: str) -> bool:
    return hunk.startswith(("@@ -1 ", "@@ -1,", "@@ -0,"))


def _arrow(before: Tokens, after: Tokens) -> str:
    change = after.count - before.count
    return f"{before} → {after} ({change:+,})" if change else f"{after}"
