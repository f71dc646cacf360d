"""Writes the names of prompt files into every client (`make clients`), from the one place that knows them.

Where an editor goes by names alone, the files that only their folder tells (`paths`) are left out.
A client's file holds them between two lines that say `promptls: patterns` and `promptls: end`, or is a file of its
own that is all written. `--check` changes nothing and says what is old.
"""

from __future__ import annotations

import json
import re
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
    told = ("id", "title", "patterns", "paths", "builtin")
    return json.dumps([{word: getattr(language, word) for word in told} for language in known], indent=2) + "\n"


def vscode_manifest(text: str, known: tuple[Language, ...]) -> str:
    """VS Code's `package.json`: the languages that are ours to define; those of others are served by name."""
    manifest = json.loads(text)
    manifest["contributes"]["languages"] = [
        {
            "id": language.id,
            "aliases": [language.title],
            "extensions": [pattern.removeprefix("*") for pattern in language.patterns],
            "configuration": f"./languages/{language.id}.json",
            "icon": {"light": "./icons/prompt-light.svg", "dark": "./icons/prompt-dark.svg"},
        }
        for language in known
        if not language.builtin
    ]
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def in_list(*path: str | int) -> Writer:
    """A JSON file in which one list, at ``path``, holds the names of all files (`prompty`, `promptls.yaml`)."""

    def write(text: str, known: tuple[Language, ...]) -> str:
        data = json.loads(text)
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = [ending(pattern) for language in known for pattern in language.patterns]
        return json.dumps(data, indent=2) + "\n"

    return write


def only(id: str, lines: Callable[[Language], Iterable[str]]) -> Callable[[Language], Iterable[str]]:
    return lambda language: lines(language) if language.id == id else ()


def ending(pattern: str) -> str:
    return pattern.removeprefix("*.")


def lua(language: Language) -> Iterable[str]:
    patterns = ", ".join(f"'{pattern}'" for pattern in (*language.patterns, *language.paths))
    yield f"{{ id = '{language.id}', builtin = {str(language.builtin).lower()}, patterns = {{ {patterns} }} }},"


def emacs(language: Language) -> Iterable[str]:
    """Behind all others where Emacs, or a package, may know the file; `*.prompt.md` says more than their `*.md`."""
    for pattern in language.patterns:
        last = language.builtin and not pattern.endswith(".md")
        name = re.escape(ending(pattern)).replace("\\", "\\\\")
        start = "\\\\." if pattern.startswith("*.") else "/"
        yield f"(add-to-list 'auto-mode-alist '(\"{start}{name}\\\\'\" . promptls-mode){' t' * last})"
    for path in language.paths:
        name = re.escape(path).replace("\\*", "[^/]*").replace("\\", "\\\\")
        yield f"(add-to-list 'auto-mode-alist '(\"/{name}\\\\'\" . promptls-mode))"


def vim(language: Language) -> Iterable[str]:
    names = (*language.patterns, *(f"*/{path}" for path in language.paths))
    yield f"autocmd BufNewFile,BufRead {','.join(names)} call promptls#add('{language.id}')"


def helix(language: Language) -> Iterable[str]:
    """Helix looks at whole names before it looks at endings, and knows nothing of endings with two dots."""
    endings = all(re.fullmatch(r"\*\.\w+", pattern) for pattern in language.patterns)
    types = [f'"{ending(p)}"' if endings else f'{{ glob = "{p}" }}' for p in (*language.patterns, *language.paths)]
    grammar = (language.like or language.id) if language.builtin else "markdown"
    yield "[[language]]"
    yield f'name = "{language.id if endings else f"promptls-{language.id}"}"'
    yield f'scope = "text.{language.id}"'
    yield f"file-types = [{', '.join(types)}]"
    if not (language.builtin and endings):
        yield f'grammar = "{grammar}"'
    yield 'roots = [".git", "promptls.yaml"]'
    yield 'language-servers = ["promptls"]'
    yield ""


def sublime(language: Language) -> Iterable[str]:
    for pattern in language.patterns:
        yield f"- {ending(pattern)}"


def zed(language: Language) -> Iterable[str]:
    yield f"path_suffixes = {json.dumps([ending(pattern) for pattern in language.patterns])}"


def kate(text: str, known: tuple[Language, ...]) -> str:
    """The names are in an attribute of the first element."""
    patterns = ";".join(pattern for language in known for pattern in language.patterns)
    return re.sub(r'extensions="[^"]*"', lambda _: f'extensions="{patterns}"', text, count=1)


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
    "jetbrains/resources/META-INF/plugin.xml": marked(plugin_xml),
    "jetbrains/template/template.json": lsp4ij,
    "vscode/package.json": vscode_manifest,
    "vscode/src/patterns.json": whole,
    "neovim/lua/promptls/patterns.lua": marked(lua),
    "other/emacs/promptls-mode.el": marked(emacs),
    "other/helix/languages.toml": marked(helix),
    "other/kate/prompt.xml": kate,
    "other/pulsar/grammars/prompt.json": in_list("fileTypes"),
    "other/sublime/Prompt.sublime-syntax": marked(sublime),
    "other/vim/ftdetect/promptls.vim": marked(vim),
    "other/zed/languages/dotprompt/config.toml": marked(only("dotprompt", zed)),
    "other/zed/languages/prompty/config.toml": marked(only("prompty", zed)),
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
