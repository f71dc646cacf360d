"""The format-neutral model: what every prompt file says, whatever its format.

A format's reader makes a Document of a text; rules, editor features, rendering and runs see nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from promptls.prompt.types import ANY, ValueType
from promptls.syntax.problem import Problem
from promptls.syntax.template.names import Analysis
from promptls.syntax.template.tree import TemplateTree
from promptls.syntax.yaml_tree import Path, YamlTree
from promptls.text import Location, Span, Text


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final[Any] = _Missing()
"""Stands for "no value is written", where None is a value."""


NO_TEXT: Final = Text("")


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file was taken for. ``format`` is the registry's key (never to be branched on outside of
    ``formats/``), ``title`` is for people (``Prompty v2``), ``why`` says in a few words by what. ``variant``
    is the format's own name for what it found (``v2``); only that format reads it."""

    format: str
    title: str
    why: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A declared variable. ``location``: the whole declaration, as a fix would remove it. ``origin``:
    ``declared`` or ``sample`` (only a sample names it)."""

    name: str
    location: Location
    name_location: Location
    type: ValueType = ANY
    required: bool = False
    default: Any = MISSING
    example: Any = MISSING
    description: str = ""
    enum: tuple[Any, ...] = ()
    origin: str = "declared"
    path: Path = ()
    untrusted: bool = False
    """Marked as written by somebody else than the program, who may want to give the model instructions."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Values for the inputs. ``title``: what a person calls it; ``location``: where it is written."""

    title: str
    values: Mapping[str, Any]
    location: Location


@dataclass(frozen=True, slots=True)
class RoleLine:
    """The line that starts a message in the template: ``user[name=Al]:``.

    ``known``: the format's loader takes it for a role line; where False it looks like one and is text.
    ``body``: what follows, up to the next role line.
    """

    role: str
    span: Span
    role_span: Span
    body: Span
    known: bool = True
    attributes: tuple[tuple[str, Span, str, Span], ...] = ()
    """``(name, its span, value, its span)`` of each attribute."""


@dataclass(frozen=True, slots=True)
class TemplatePlaces:
    """Where the templates stand that a template includes by a bare name: ``card`` is ``partials/_card.prompt``.

    ``folders``: to look in, in this order, each with its ``/``, relative to the file (``root:``: below the roots of
    the configuration). ``affixes``: what stands before and behind the last part of a name.
    """

    folders: tuple[str, ...]
    affixes: tuple[tuple[str, str], ...]

    def paths(self, name: str) -> Iterator[str]:
        """The paths at which a template of that name may be, the likeliest first."""
        inner, slash, last = name.rpartition("/")
        for folder in self.folders:
            for before, behind in self.affixes:
                yield f"{folder}{inner}{slash}{before}{last}{behind}"

    def name_of(self, file: str) -> str:
        """The name by which a file (without its folder) is included; empty where it is none to include."""
        for before, behind in self.affixes:
            if file.startswith(before) and file.endswith(behind) and len(file) > len(before) + len(behind):
                return file[len(before) : len(file) - len(behind)]
        return ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of a prompt. ``span`` is where its text stands in the file. ``places``: where what it includes by
    a bare name is looked for; None where names are paths."""

    dialect: str
    span: Span
    tree: TemplateTree
    analysis: Analysis
    roles: tuple[RoleLine, ...] = ()
    role_names: tuple[str, ...] = ()
    """The roles that the format's loader knows, in the order to offer them."""
    places: TemplatePlaces | None = None
    runtime: str = ""
    """Who sets the template engine up, where that adds words to the dialect (see ``schema.dialects``)."""
    leading_role: str = ""
    """The role of what stands above the first role line; empty where nothing is said of it."""
    subset: str = ""
    """The subset of the dialect that all runtimes of the format know, as the dialect's table calls it; empty where
    none is written down."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a file itself says that its model is. ``endpoint``: an address; ``key``: a reference such as ``${env:X}``,
    never a key; ``name``: of a connection that the application knows; the others as providers call them."""

    endpoint: str = ""
    key: str = ""
    name: str = ""
    deployment: str = ""
    api_version: str = ""
    region: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The model that the file names. ``provider``, ``api`` and ``parameters`` are in the format's own words.

    The rest is in promptls' words, for a run: ``service`` (a key of ``schemas/data/services.json``, empty where the
    format's word is none), ``operation`` (``chat``, ``image``, ``embedding``, ``speech``, ``transcription``),
    ``wire`` (where the file asks for one: ``openai-responses``), ``options`` (by the names of
    ``schemas/data/parameters.json``), ``extra`` (to be sent as they are), ``places`` (of options that are set in the
    file itself: the key, by the option's name). ``named_by``: the application in whose words ``id`` is a name, which no
    provider knows.
    """

    id: str = ""
    provider: str = ""
    api: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    span: Span | None = None
    service: str = ""
    operation: str = "chat"
    wire: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    connection: Connection | None = None
    places: Mapping[str, Span] = field(default_factory=dict)
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the file declares for the model. ``parameters``: JSON Schema of its arguments."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    strict: bool | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Something outside of the file that it names.

    ``kind``: ``file`` (relative to the file), ``environment``, ``template``. ``target``: the path or the
    name as written. ``default``: what is used when it does not exist. ``uri``: the file, where it is one.
    ``exists``: None where nobody looked. ``needed``: the run fails without it. ``guarded``: it stands under a
    condition or in a loop, so that a circle of templates through it may come to an end.
    """

    kind: str
    target: str
    span: Span
    default: str | None = None
    uri: str | None = None
    exists: bool | None = None
    needed: bool = True
    guarded: bool = False


class OtherFile(NamedTuple):
    """A file that declares the inputs in the place of the prompt's own. ``text``: of what is not about this prompt
    only blanks and line ends, so that offsets hold. ``schema``: it is one JSON Schema of all values."""

    uri: str
    text: str
    schema: bool = False


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt of a document: what is declared, what the template says, what can be sent.

    ``declares``: the file names its inputs, so a name outside of them is undefined. ``complete``: all
    declarations could be read (False: one comes from a file that could not, so nothing is undefined).
    """

    uri: str
    name: str
    span: Span
    text: Text = NO_TEXT
    """The whole file's."""
    recognised: Recognised = Recognised("", "")
    description: str = ""
    model: ModelChoice | None = None
    inputs: tuple[Input, ...] = ()
    declares: bool = False
    complete: bool = True
    output: Mapping[str, Any] | None = None
    """JSON Schema of the answer, where one is declared."""
    output_path: Path = ()
    """Where in the header the shape of the answer is declared; empty where the format has no such place."""
    template: Template | None = None
    samples: tuple[Sample, ...] = ()
    tools: tuple[str, ...] = ()
    functions: tuple[Tool, ...] = ()
    """Of the tools, the functions that a model can be told of."""
    runnable: bool = True
    also_reads: frozenset[str] = frozenset()
    """Inputs that are read elsewhere than in the template: bound to tools, parsed by the format, in other templates."""
    reads_known: bool = True
    """False: a template that this one leads to could not be read, so any input may be read there."""
    declared_in: OtherFile | None = None
    ambient: Mapping[str, ValueType] = field(default_factory=dict)
    """Names that the format's runtime gives every template, with their types."""
    variant: str = ""
    """The format's own name for the kind of file (``v1``); only that format reads it."""
    lenient: bool = False
    """Its runtime renders an input without a value as nothing, and does not stop."""

    def input(self, name: str) -> Input | None:
        return next((item for item in self.inputs if item.name == name), None)


@dataclass(frozen=True, slots=True)
class Rerun:
    """What a result document asks for when it is run again.

    ``uri``: the prompt's file; empty where the header does not say it. ``prompt``: its name in that file. ``target``:
    as a person would write it; ``targets``: several of them, to be compared, and then ``target`` is empty.
    ``values``: win over those of the sample. ``options``: by the names of
    ``schemas/data/parameters.json``, in the place of the prompt's own.
    """

    uri: str = ""
    prompt: str = ""
    sample: str = ""
    target: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered, as a result document holds it.

    ``span``: its text, without the blank lines around it. ``run``: the run's id. ``provider``: what was called,
    ``echo`` where nothing was. ``status``, ``finish``, ``failure``
    and ``message``: as in the record of the run. ``calls``: the tools that the model wants to have called, each with
    its place. ``places``: where the header says a thing, by its key (``status``, ``finish``, ``max_tokens`` …).
    """

    span: Span
    run: str = ""
    provider: str = ""
    status: str = ""
    finish: str = ""
    failure: str = ""
    message: str = ""
    partial: bool = False
    calls: tuple[tuple[str, Span], ...] = ()
    places: Mapping[str, Span] = field(default_factory=dict)


class Passage(NamedTuple):
    """A part of a file below its header, under a title. ``kind``: a word for its icon."""

    title: str
    span: Span
    title_span: Span
    kind: str = "message"


class PathPlace(NamedTuple):
    """Where the text below the header names a file, or begins to. ``close``: what is missing behind the path."""

    span: Span
    close: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read. ``header``/``body``: where YAML and template stand; None where there is none.

    ``schema``: the name of the JSON Schema for ``yaml`` (see ``promptls.schema``). ``problems``: all that
    parsers and reader found, each with the code of the rule that reports it. ``prompt_like``: where False nothing
    but its ending says what the file is, and it may be a web page: only what no engine could read is worth a word.
    """

    uri: str
    text: Text
    recognised: Recognised
    header: Span | None = None
    body: Span | None = None
    yaml: YamlTree | None = None
    schema: str | None = None
    prompts: tuple[Prompt, ...] = ()
    references: tuple[Reference, ...] = ()
    problems: tuple[Problem, ...] = ()
    prompt_like: bool = True
    rerun: Rerun | None = None
    """What to run again, where the file is the result of a run."""
    answer: Answer | None = None
    passages: tuple[Passage, ...] = ()
    """The titled parts of a file that are no messages of a template, in the order of the text."""
    path_places: tuple[PathPlace, ...] = ()
    checked_by: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The applications whose own kind of file it is -> the rules whose findings they show by themselves, each with the
    least severity at which they do."""

    def location(self, span: Span) -> Location:
        return Location(self.uri, span)

    def problems_of(self, code: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.code == code)

    def prompt_at(self, offset: int) -> Prompt | None:
        return next((prompt for prompt in self.prompts if prompt.span.touches(offset)), None)
