"""Writes the names of prompt files into every client (`make clients`), from the one place that knows them.

A client's file holds them between two lines that say `promptls: patterns` and `promptls: end`, or is a file of its
own that is all written. `--check` changes nothing and says what is old.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from promptls.formats import Language, languages

CLIENTS = Path(__file__).parent
START, END = "promptls: patterns", "promptls: end"

Writer = Callable[[str, tuple[Language, ...]], str]


def marked(lines: Callable[[Language], Iterable[str]]) -> Writer:
    """Replaces what stands between the two marks, keeping the marks' own lines and indentation."""

    def write(text: str, known: tuple[Language, ...]) -> str:
        before, start, rest = text.partition(START)
        inner, end, after = rest.partition(END)
        if not start or not end:
            raise SystemExit(f"there are no lines `{START}` and `{END}` to write between")
        first_line = inner.split("\n", 1)[0]
        last_line = inner.rsplit("\n", 1)[1]
        indent = last_line[: len(last_line) - len(last_line.lstrip())]
        written = "".join(f"{indent}{line}\n" for language in known for line in lines(language))
        return f"{before}{start}{first_line}\n{written}{last_line}{end}{after}"

    return write


def whole(_: str, known: tuple[Language, ...]) -> str:
    """A JSON file that holds nothing else."""
    return json.dumps([language._asdict() for language in known], indent=2) + "\n"


def vscode_manifest(text: str, known: tuple[Language, ...]) -> str:
    """VS Code's `package.json`: the languages that are ours to define; those of others are served by name."""
    manifest = json.loads(text)
    manifest["contributes"]["languages"] = [
        {
            "id": language.id,
            "aliases": [language.title],
            "extensions": [pattern.removeprefix("*") for pattern in language.patterns],
            "configuration": "./language-configuration.json",
            "icon": {"light": "./icons/prompt-light.svg", "dark": "./icons/prompt-dark.svg"},
        }
        for language in known
        if not language.builtin
    ]
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def lua(language: Language) -> Iterable[str]:
    patterns = ", ".join(f"'{pattern}'" for pattern in language.patterns)
    yield f"{{ id = '{language.id}', builtin = {str(language.builtin).lower()}, patterns = {{ {patterns} }} }},"


def lsp4ij(text: str, known: tuple[Language, ...]) -> str:
    """LSP4IJ's `template.json`. Patterns and no names of file types: a named one would take TextMate's colours away."""
    template = json.loads(text)
    template["fileTypeMappings"] = [
        {"fileType": {"patterns": list(language.patterns)}, "languageId": language.id} for language in known
    ]
    return json.dumps(template, indent=2) + "\n"


def plugin_xml(language: Language) -> Iterable[str]:
    patterns = ";".join(language.patterns)
    yield f'<fileNamePatternMapping patterns="{patterns}" serverId="promptls" languageId="{language.id}"/>'


TARGETS: dict[str, Writer] = {
    "jetbrains/template/template.json": lsp4ij,
    "vscode/package.json": vscode_manifest,
    "vscode/src/patterns.json": whole,
    "neovim/lua/promptls/patterns.lua": marked(lua),
}
"""A file below `clients/` -> how the names get into it."""


def stale() -> dict[Path, str]:
    """The files that do not hold the names as they are now, with the text that they should have."""
    known = languages()
    found = {}
    for name, write in TARGETS.items():
        path = CLIENTS / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = write(old, known)
        if new != old:
            found[path] = new
    return found


def main(arguments: list[str]) -> int:
    old = stale()
    for path, text in old.items():
        print(path.relative_to(CLIENTS.parent), "is old" if arguments else "is written")
        if not arguments:
            path.write_text(text, encoding="utf-8")
    return 1 if arguments and old else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
