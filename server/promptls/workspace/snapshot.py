"""One state of the workspace: what a question is answered from. It never changes; the next edit makes a new one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from promptls import formats
from promptls.formats.base import Sibling
from promptls.prompt.model import MISSING, Document, Input, Prompt
from promptls.prompt.types import ANY, ValueType, member, merge, sharpen, type_of
from promptls.syntax.problem import Problem
from promptls.syntax.template.names import Use
from promptls.text import Span, Text
from promptls.text.uris import path_to_uri, uri_key, uri_to_path
from promptls.workspace.config import CONFIG_NAME, Config, read_config
from promptls.workspace.disk import SYNTAX_LIMIT, Disk
from promptls.workspace.layer import Layer, combine
from promptls.workspace.outside import Outside
from promptls.workspace.protection import UNTIL_MENDED

if TYPE_CHECKING:
    from promptls.schema.validate import Violation

_SCHEMA_ENDINGS = (".json", ".schema.json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file as the editor holds it. `version` is the client's, `language` what it calls the kind of file."""

    uri: str
    text: Text
    version: int | None = None
    language: str = ""


@dataclass(slots=True)
class Read:
    """A document that was read, and the siblings it saw: it holds while text and siblings are the same."""

    document: Document | None
    text: Text
    as_format: str | None
    siblings: tuple[tuple[str, Sibling], ...]
    violations: tuple[Violation, ...] | None = None


class Snapshot:
    """`environment`: the names (never values) of the variables that are set; None where nobody looked.

    `second_opinion`: whether a template's own engine may be asked as well; an edge asks for it when idle.
    `outside`: tells what is said of runs outside of the workspace; None: nobody looks there.
    """

    def __init__(
        self,
        revision: int,
        open_files: Mapping[str, OpenFile],
        folders: tuple[str, ...],
        disk: Disk,
        *,
        environment: frozenset[str] | None = None,
        second_opinion: bool = False,
        reads: dict[str, Read] | None = None,
        configs: dict[str, Config] | None = None,
        outside: Callable[[], Outside] | None = None,
    ) -> None:
        self.revision = revision
        self.folders = folders
        self.environment = environment
        self.second_opinion = second_opinion
        self._open = open_files
        self._disk = disk
        self._reads = {} if reads is None else reads
        self._good_configs = {} if configs is None else configs
        self._configs: dict[str, Config] = {}
        self._look_outside = outside
        self._outside: Outside | None = None
        self._current: dict[str, Read] = {}
        self._types: dict[int, tuple[Prompt, Mapping[str, ValueType]]] = {}
        self._allows: dict[tuple[str, str], bool] = {}

    def with_second_opinion(self) -> Snapshot:
        return Snapshot(
            self.revision,
            self._open,
            self.folders,
            self._disk,
            environment=self.environment,
            second_opinion=True,
            reads=self._reads,
            configs=self._good_configs,
            outside=self._look_outside,
        )

    def uris(self) -> tuple[str, ...]:
        """The open files, each as the client spelled it."""
        return tuple(file.uri for file in self._open.values())

    def version(self, uri: str) -> int | None:
        file = self._open.get(uri_key(uri))
        return file.version if file else None

    def language(self, uri: str) -> str:
        """What the client calls the kind of an open file; empty for any other."""
        file = self._open.get(uri_key(uri))
        return file.language if file else ""

    def text(self, uri: str) -> Text | None:
        """The text in the editor, else on disk; None where there is none that can be read."""
        file = self._open.get(uri_key(uri))
        if file is not None:
            return file.text
        path = uri_to_path(uri)
        return self._disk.text(path) if path else None

    def document(self, uri: str) -> Document | None:
        """The document, read once; None where there is no such text or it is no prompt file."""
        read = self._read(uri)
        return read.document if read else None

    def violations(self, document: Document) -> tuple[Violation, ...]:
        """What the document's YAML does against its schema, computed once."""
        read = self._read(document.uri)
        if read is None or read.document is not document:
            return _validate(document)
        if read.violations is None:
            read.violations = _validate(document)
        return read.violations

    def config(self, uri: str) -> Config:
        """The configuration that a file is under: the nearest `promptls.yaml` upward, inside its workspace folder
        or its repository; without either, the one beside it."""
        path = uri_to_path(uri)
        if path is None:
            return self._with_outside(Config())
        folder = os.path.dirname(path)
        known = self._configs.get(folder)
        if known is None:
            known = self._configs[folder] = self._with_outside(self._find_config(folder))
        return known

    def as_format(self, uri: str) -> str | None:
        """What a text is to be read as: what the configuration says, for a buffer that is no file yet the language
        that its person chose; None where the name decides."""
        file = self._open.get(uri_key(uri))
        if file is not None and uri_to_path(uri) is None and not formats.is_prompt_file(uri):
            return formats.key_of(file.language)
        return self.config(uri).format_of(self.relative(uri))

    def sources(self, uri: str) -> frozenset[str]:
        """The files, by `uri_key`, that what is said of a document rests on: its configuration, the siblings it saw."""
        read, config = self._read(uri), self.config(uri)
        keys = {uri_key(sibling.uri) for _, sibling in read.siblings if sibling.uri} if read else set()
        return frozenset(keys | {uri_key(config.uri)} if config.uri else keys)

    def relative(self, uri: str) -> str:
        """The path of a file below its configuration's root, its folder or alone, with `/`: what patterns match."""
        path = (uri_to_path(uri) or uri).replace("\\", "/")
        root = self.config(uri).root or self._folder_of(path)
        if root is not None and path.startswith(root.rstrip("/") + "/"):
            return path[len(root.rstrip("/")) + 1 :]
        return path.rsplit("/", 1)[-1]

    def siblings(self, uri: str, prefix: str) -> tuple[str, ...]:
        """Paths that exist relative to a file and start with `prefix`; folders end with `/`."""
        path = uri_to_path(uri)
        if path is None:
            return ()
        if prefix.startswith("root:"):
            config, below = self.config(uri), prefix.removeprefix("root:")
            roots = config.roots if config.uri else ()
            found = [self.siblings(config.uri or "", f"{root}/{below}") for root in roots]
            starts = [len(root) + 1 for root in roots]
            return tuple("root:" + name[start:] for start, names in zip(starts, found, strict=True) for name in names)
        head, _, tail = prefix.replace("\\", "/").rpartition("/")
        folder = os.path.normpath(os.path.join(os.path.dirname(path), head))
        if not self._allowed(path, folder):
            return ()
        lead = head + "/" if head else ""
        return tuple(lead + name for name in self._disk.names(folder) if name.startswith(tail))

    def sibling(self, uri: str, relative: str) -> Sibling:
        """What stands at a path as a file writes it, relative to that file; what an editor holds comes first."""
        return self._sibling(uri, relative)

    def is_outside(self, uri: str, path: str) -> bool:
        """Whether a path that a file names leads out of the workspace, so that it is not read; links are followed."""
        own = uri_to_path(uri)
        if own is None or not path or "://" in path:
            return False
        target = _target(own, path)
        return _is_path(target) and not self._allowed(own, target)

    def types(self, prompt: Prompt) -> Mapping[str, ValueType]:
        """The type of each input: as declared, else as its values show. Worked out once a prompt."""
        known = self._types.get(id(prompt))
        if known is None or known[0] is not prompt:
            types = {**prompt.ambient, **{item.name: _input_type(prompt, item) for item in prompt.inputs}}
            known = self._types[id(prompt)] = prompt, types
        return known[1]

    def type_of(self, prompt: Prompt, use: Use) -> ValueType | None:
        """The type of what a use reads; None where its path is known not to exist."""
        if use.path is None:
            return ANY
        known = self.types(prompt).get(use.path[0])
        return ANY if known is None else member(known, use.path[1:])

    def _read(self, uri: str) -> Read | None:
        key = uri_key(uri)
        current = self._current.get(key)
        if current is not None:
            return current
        text = self.text(uri)
        if text is None:
            self._reads.pop(key, None)
            return None
        as_format = self.as_format(uri)
        known = self._reads.get(key)
        if known is None or not self._holds(known, uri, text, as_format):
            before, known = known, self._parse(uri, text, as_format)
            if before is not None and _same_header(before.document, known.document):
                known.violations = before.violations
            self._reads[key] = known
        self._current[key] = known
        return known

    def _holds(self, read: Read, uri: str, text: Text, as_format: str | None) -> bool:
        same = read.text.value == text.value and read.as_format == as_format
        same = same and (read.document is None or read.document.uri == uri)
        return same and all(self._sibling(uri, relative) == seen for relative, seen in read.siblings)

    def _parse(self, uri: str, text: Text, as_format: str | None) -> Read:
        if as_format == "off":
            return Read(None, text, as_format, ())
        if len(text) > SYNTAX_LIMIT:
            return Read(_too_large(uri, text, as_format), text, as_format, ())
        seen: dict[str, Sibling] = {}

        def open_sibling(relative: str) -> Sibling:
            if relative not in seen:
                seen[relative] = self._sibling(uri, relative)
            return seen[relative]

        document = formats.read(uri, text, open_sibling, as_format)
        return Read(document, text, as_format, tuple(seen.items()))

    def _sibling(self, uri: str, relative: str) -> Sibling:
        """What stands at a path relative to a file; nothing is known of places outside of the workspace."""
        if relative.startswith("root:"):
            return self._below_roots(uri, relative.removeprefix("root:"))
        if relative.startswith("schema:"):
            return self._schema(uri, relative.removeprefix("schema:"))
        if relative == "inputs:":
            return self._declared(uri)
        path = uri_to_path(uri)
        if path is None or not relative:
            return Sibling(None, None, None)
        target = _target(path, relative)
        if not self._allowed(path, target):
            return Sibling(None, None, None)
        target_uri = path_to_uri(target)
        file = self._open.get(uri_key(target_uri))
        if file is not None:
            return Sibling(file.uri, file.text.value, True)
        text = self._disk.text(target)
        return Sibling(target_uri, None if text is None else text.value, text is not None or self._disk.exists(target))

    def _below_roots(self, uri: str, relative: str) -> Sibling:
        """What stands below the first of the configuration's template roots that has it."""
        config = self.config(uri)
        found = (self._sibling(config.uri, f"{root}/{relative}") for root in config.roots if config.uri)
        # Without a root nobody knows where templates stand.
        return next((one for one in found if one.exists), Sibling(None, None, False if config.roots else None))

    def _declared(self, uri: str) -> Sibling:
        """What the configuration declares as the inputs of a file: in its own text, or in a schema that it names."""
        config = self.config(uri)
        found = config.inputs_of(self.relative(uri))
        if found is None or config.uri is None:
            return Sibling(None, None, None)
        return self._sibling(config.uri, found.file) if found.file else Sibling(config.uri, found.text, True)

    def _schema(self, uri: str, name: str) -> Sibling:
        """The JSON Schema that the configuration gives a name: a file of that name, in a folder or listed itself."""
        config = self.config(uri)
        for listed in config.schemas if config.uri else ():
            last = listed.rstrip("/").rpartition("/")[2]
            if last == name:
                own = self._sibling(config.uri or "", listed)
                return own if own.text is not None else Sibling(None, None, True)
            if last in (name + ending for ending in _SCHEMA_ENDINGS):
                return self._sibling(config.uri or "", listed)
            for ending in _SCHEMA_ENDINGS:
                found = self._sibling(config.uri or "", f"{listed}/{name}{ending}")
                if found.text is not None:
                    return found
        return Sibling(None, None, False)

    def _allowed(self, path: str, target: str) -> bool:
        """Inside the file's workspace folder, or below its own folder where it is in none; links are followed."""
        if not _is_path(target):
            return False
        known = self._allows.get((path, target))
        if known is None:
            bound = os.path.realpath(self._folder_of(path.replace("\\", "/")) or os.path.dirname(path))
            real = os.path.realpath(target)
            known = self._allows[path, target] = real == bound or real.startswith(bound.rstrip(os.sep) + os.sep)
        return known

    def _leads_to(self, path: str) -> str:
        """Where a link leads that leaves the workspace folder, or the repository; empty for all else."""
        if not os.path.islink(path):
            return ""
        bound, real = os.path.realpath(self._bound_of(os.path.dirname(path))), os.path.realpath(path)
        return "" if real.startswith(bound.rstrip(os.sep) + os.sep) else real

    def _folder_of(self, path: str) -> str | None:
        """The workspace folder that holds a path: the longest, where they nest."""
        inside = (folder for folder in self.folders if path == folder or path.startswith(folder.rstrip("/") + "/"))
        return max(inside, key=len, default=None)

    def _find_config(self, folder: str) -> Config:
        bound = self._bound_of(folder)
        while True:
            found = self._config_in(folder)
            if found is not None or folder.replace("\\", "/") == bound or folder == os.path.dirname(folder):
                return found or Config()
            folder = os.path.dirname(folder)

    def _with_outside(self, config: Config) -> Config:
        if self._look_outside is None:
            return config
        if self._outside is None:
            self._outside = self._look_outside()
        outside = self._outside
        # The user's own file is no project's, also where a file beside it is looked at.
        own = config.own if config.uri is None or uri_to_path(config.uri) != outside.user_path else Layer()
        layers = (outside.user, own, outside.editor, outside.policy_layer)
        policy = outside.policy if outside.policy.problem else replace(outside.policy, problem=config.problem)
        return replace(config, running=combine(layers, policy))

    def _bound_of(self, folder: str) -> str:
        """The highest folder where a file's configuration may be: its workspace folder, else its repository's root."""
        known = self._folder_of(folder.replace("\\", "/"))
        if known is not None:
            return known
        at = folder
        while at != os.path.dirname(at):
            if self._disk.exists(os.path.join(at, ".git")):
                return at.replace("\\", "/")
            at = os.path.dirname(at)
        return folder.replace("\\", "/")

    def _config_in(self, folder: str) -> Config | None:
        path = os.path.join(folder, CONFIG_NAME)
        uri = path_to_uri(path)
        text = self.text(uri)
        if text is None:
            if not self._disk.exists(path):
                return None
            problem = f"{path} is no UTF-8 file that can be read; {UNTIL_MENDED}"
            return Config(root=folder.replace("\\", "/"), uri=uri, problem=problem)
        file = self._open.get(uri_key(uri))
        if file is None and (elsewhere := self._leads_to(path)):
            problem = f"{path} leads outside of the workspace, to {elsewhere}, and is not read; {UNTIL_MENDED}"
            return Config(root=folder.replace("\\", "/"), uri=uri, problem=problem)
        good = self._good_configs.get(folder)
        if good is not None and good.text == text:
            return good
        read = read_config(text, folder.replace("\\", "/"), file.uri if file else uri)
        if read is None:
            problem = f"{path} cannot be read as YAML; {UNTIL_MENDED}"
            return good or Config(root=folder.replace("\\", "/"), uri=uri, text=text, problem=problem)
        self._good_configs[folder] = read
        return read


def _target(path: str, relative: str) -> str:
    return os.path.normpath(os.path.join(os.path.dirname(path), relative.replace("\\", "/")))


def _is_path(text: str) -> bool:
    """Whether a file can be called so: half a surrogate pair, which an editor may send, has no bytes."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def _input_type(prompt: Prompt, item: Input) -> ValueType:
    values = [sample.values[item.name] for sample in prompt.samples if item.name in sample.values]
    values += [value for value in (item.default, item.example) if value is not MISSING]
    shown = merge(type_of(value) for value in values if value is not None)
    return sharpen(item.type, shown) if shown else item.type


def _same_header(one: Document | None, other: Document | None) -> bool:
    """Whether two readings of a file have the very same YAML tree, which a change of the template leaves alone."""
    return one is not None and other is not None and one.yaml is other.yaml and one.schema == other.schema


def _validate(document: Document) -> tuple[Violation, ...]:
    if document.schema is None or document.yaml is None:
        return ()
    from promptls.schema.validate import violations

    return violations(document.schema, document.yaml)


def _too_large(uri: str, text: Text, as_format: str | None) -> Document | None:
    recognised = formats.recognise(uri_to_path(uri) or uri, text.value[:10_000], as_format)
    if recognised is None:
        return None
    message = f"this file has {len(text):,} characters; promptls looks into files of up to {SYNTAX_LIMIT:,}"
    first = Span(0, min(1, len(text)))
    return Document(uri, text, recognised, problems=(Problem(first, "file-too-large", message),))
