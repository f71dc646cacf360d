"""What `promptls explain CODE` prints: why a rule exists, an example, and how to change or silence it."""

from __future__ import annotations

from promptls.rules.near import did_you_mean, nearest
from promptls.rules.registry import rules

_MEANING = {
    "error": "the file does not load, or a run of it fails",
    "warning": "something is silently lost or wrong",
    "information": "it works here and may not elsewhere",
    "hint": "nothing is wrong, something is superfluous",
}


def explain(code: str) -> str:
    """A rule in Markdown. Raises LookupError, in words for a person, where there is no such rule."""
    rule = rules().get(code)
    if rule is None:
        raise LookupError(f"There is no rule `{code}`{did_you_mean(nearest(code, rules()))}")
    why, example = _parts(rule.doc)
    label = rule.severity.label
    lines = [
        f"# {code}",
        "",
        f"{_sentence(rule.title)}",
        "",
        f"**{label.capitalize()}**: {_MEANING[label]}.",
        "",
        why,
        "",
    ]
    if example:
        lines += ["## Example", "", "```text", example, "```", ""]
    lines += [
        "## Change or silence it",
        "",
        "For a team, in `promptls.yaml` (`error`, `warning`, `information`, `hint` or `off`):",
        "",
        "```yaml",
        "rules:",
        f"  {code}: off",
        '  "prompts/legacy/**":',
        f"    {code}: hint",
        "```",
        "",
        f"For its line and the next: `# promptls: ignore[{code}]` in YAML, `{{# promptls: ignore[{code}] #}}`",
        f"in Jinja, `{{{{! promptls: ignore[{code}] }}}}` in Mustache. For the whole file: `ignore-file[{code}]`.",
        "",
    ]
    return "\n".join(lines)


def _parts(doc: str) -> tuple[str, str]:
    """The explanation as one paragraph per blank line, and the example that begins at the first ``-- name --``."""
    lines = doc.splitlines()
    start = next((at for at, line in enumerate(lines) if line.startswith("-- ") and line.endswith(" --")), len(lines))
    paragraphs = "\n".join(lines[:start]).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs), "\n".join(lines[start:]).strip()


def _sentence(title: str) -> str:
    return title[:1].upper() + title[1:]
