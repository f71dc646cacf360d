"""Finds the prompt files below the places that a person names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from promptls import formats
from promptls.actions.error import ActionError
from promptls.text.uris import path_to_uri
from promptls.workspace.files import Workspace
from promptls.workspace.snapshot import Snapshot

# Other people's files: dependencies, caches, build results. Hidden folders are left out as well, but those of a format.
SKIPPED = frozenset({"node_modules", "__pycache__", "__pypackages__", "site-packages", "bower_components"})


def prompt_files(places: Iterable[str | Path], snapshot: Snapshot) -> list[Path]:
    """The files to look at, in a stable order, each once; a file that is named is always among them.

    Raises ActionError for a place that does not exist.
    """
    found: dict[str, Path] = {}
    wanted = _wanted(snapshot)
    for place in map(Path, places):
        if not os.path.lexists(place):
            raise ActionError(f"there is no file or folder {place}", usage=True)
        for path in _below(place, wanted) if place.is_dir() else (place,):
            found.setdefault(os.path.normcase(os.path.abspath(path)), path)
    return list(found.values())


def workspace_for(places: Iterable[str | Path], *, environment: Iterable[str] | None = None) -> Workspace:
    """A workspace whose folders are those that an editor would have open: the repository, else the working folder."""
    roots = {_root(Path(place)) for place in places}
    workspace = Workspace(environment=environment)
    workspace.set_folders(path_to_uri(root) for root in sorted(roots))
    return workspace


def leads_out(path: Path, places: Iterable[str | Path]) -> bool:
    """Whether a file that was found below the places, and not named itself, is a link to a place outside of them and
    of their repositories: it came with somebody's files, and is not theirs."""
    named = [Path(place) for place in places]
    if path in named or not path.is_symlink() or not path.exists():
        return False
    real = Path(os.path.realpath(path))
    return not any(real.is_relative_to(os.path.realpath(one)) for place in named for one in (place, _root(place)))


def _root(place: Path) -> str:
    """The repository of a place; the working folder, where the place is inside of it; else the place's folder."""
    path = os.path.abspath(place)
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    for parent in (Path(folder), *Path(folder).parents):
        if (parent / ".git").exists():
            return str(parent)
    here = os.getcwd()
    return here if Path(folder).is_relative_to(here) else folder


def taken_as(place: str | Path, snapshot: Snapshot) -> str | None:
    """What a file is read as: what `formats:` in promptls.yaml says, else the language of its name; None: not at all.

    The file need not exist, and is not looked into.
    """
    uri = path_to_uri(os.path.abspath(place))
    asked = snapshot.config(uri).format_of(snapshot.relative(uri))
    if asked is not None:
        return None if asked == "off" else asked
    return formats.language_of(uri)


def _wanted(snapshot: Snapshot) -> Callable[[Path], bool]:
    def wanted(path: Path) -> bool:
        uri = path_to_uri(os.path.abspath(path))
        by_name = formats.is_prompt_file(uri)
        config = snapshot.config(uri)
        if not config.formats:
            return by_name
        asked = config.format_of(snapshot.relative(uri))
        return asked != "off" and (by_name or asked is not None)

    return wanted


def _below(folder: Path, wanted: Callable[[Path], bool]) -> Iterator[Path]:
    """The wanted files below a folder, by name, and the folders that cannot be listed.

    Links to folders are not followed: they may lead in a circle.
    """
    todo = [folder]
    while todo:
        here = todo.pop()
        try:
            with os.scandir(here) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            yield here  # what cannot be listed is told, by whoever reads it
            continue
        folders = []
        for entry in listed:
            path = here / entry.name
            if not entry.is_dir(follow_symlinks=False):
                if wanted(path):
                    yield path
                continue
            if formats.is_prompt_file(entry.name):
                yield path
            if not _skip(path):
                folders.append(path)
        todo.extend(reversed(folders))


def _skip(folder: Path) -> bool:
    hidden = folder.name.startswith(".") and folder.name not in formats.folders()
    return hidden or folder.name in SKIPPED or (folder / "pyvenv.cfg").is_file()
