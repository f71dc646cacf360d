"""Usage as one HTML page that loads nothing: no script, plots as inline SVG, every text escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Final

from promptls.runs.budget import money
from promptls.runs.usage import Row, total

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --one: #2f6fde; --two: #b4451f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --one: #7aa7f7; --two: #f0875f; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 500; }
figure { margin: 1rem 0 2rem; }
figcaption { color: var(--soft); }
svg { width: 100%; height: auto; }
.one { fill: var(--one); } .two { fill: var(--two); } .label { fill: var(--soft); font-size: 11px; }
.sum td { font-weight: 600; }
"""
_WIDTH: Final = 800
_HEIGHT: Final = 160
_MOST_BARS: Final = 120
_TITLES: Final = {"day": "By day", "provider": "By provider", "model": "By model", "prompt": "By prompt"}


def usage_page(rows: Mapping[str, Sequence[Row]], days: int) -> str:
    """``rows``: by what they are added up by (`runs.usage.BY`)."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    by_day = list(reversed(rows.get("day", ())))[-_MOST_BARS:]
    parts = [f"<h1>Usage of the last {days} days</h1>"]
    if not by_day:
        parts.append("<p>No model was called in this time.</p>")
    else:
        every = total(by_day)
        parts.append(
            f"<p>{every.runs:,} runs, {every.input_tokens:,} tokens in and {every.output_tokens:,} out, "
            + money(every.cost)
            + (f" and {every.unpriced:,} runs whose price is unknown" if every.unpriced else "")
            + ".</p>"
        )
        parts += _plot("Cost, US dollars", by_day, [row.cost for row in by_day], (), money)
        tokens_in, tokens_out = [row.input_tokens for row in by_day], [row.output_tokens for row in by_day]
        parts += _plot("Tokens in, and out (the darker part above)", by_day, tokens_in, tokens_out, _count)
        times = [row.latency or 0.0 for row in by_day]
        parts += _plot("Time of a run, the median, seconds", by_day, times, (), lambda value: f"{value:.1f} s")
        parts += _plot("Runs that failed", by_day, [row.failed for row in by_day], (), _count)
        for name, title in _TITLES.items():
            parts += _table(title, name, rows.get(name, ()))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>promptls usage</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _plot(
    title: str, rows: Sequence[Row], below: Sequence[float], above: Sequence[float], told: Callable[[float], str]
) -> Iterator[str]:
    """Bars, one for each row; ``above`` stands on ``below``."""
    tops = [low + (above[at] if above else 0) for at, low in enumerate(below)]
    most = max(tops, default=0)
    if not most:
        return
    step = _WIDTH / len(rows)
    bars = []
    for at, row in enumerate(rows):
        low = below[at] / most * _HEIGHT
        high = tops[at] / most * _HEIGHT - low
        name = f"<title>{escape(row.name)}: {escape(told(tops[at]))}</title>"
        x, width = at * step + step * 0.1, min(step * 0.8, 60)
        for kind, height, top in (("one", low, low), ("two", high, low + high)):
            if height:
                place = f'x="{x:.1f}" y="{_HEIGHT - top + 14:.1f}" width="{width:.1f}" height="{height:.1f}"'
                bars.append(f'<rect class="{kind}" {place}>{name}</rect>')
    yield f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT + 34}" role="img">'
    yield f'<text class="label" x="0" y="10">{escape(told(most))}</text>'
    yield "".join(bars)
    yield f'<text class="label" x="0" y="{_HEIGHT + 30}">{escape(rows[0].name)}</text>'
    yield f'<text class="label" x="{_WIDTH}" y="{_HEIGHT + 30}" text-anchor="end">{escape(rows[-1].name)}</text>'
    yield "</svg></figure>"


def _table(title: str, name: str, rows: Iterable[Row]) -> Iterator[str]:
    heads = (name, "runs", "failed", "stopped", "in", "out", "cost", "unpriced", "median", "95 %", "first token")
    head = "".join(f"<th>{escape(word)}</th>" for word in heads)
    yield f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>"
    for row in rows:
        cells = (
            row.name, _count(row.runs), _count(row.failed), _count(row.stopped), _count(row.input_tokens),
            _count(row.output_tokens), money(row.cost), str(row.unpriced or ""), _seconds(row.latency),
            _seconds(row.latency_95), _seconds(row.first_token),
        )  # fmt: skip
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    yield "</tbody></table>"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} s"
