"""A Dotprompt file as a Document: one prompt, what it declares, its template, what it names outside of itself."""

from __future__ import annotations

from dataclasses import replace

from promptls.formats.base import OpenSibling
from promptls.formats.beside import IN_THE_FILE, beside
from promptls.formats.dotprompt import empty, header_problems, partials, portable, roles
from promptls.formats.dotprompt.header import opened, source_of
from promptls.formats.dotprompt.inputs import DEFAULT, OUTPUT, Declared, output_schema, read_inputs
from promptls.formats.dotprompt.model import functions, model_choice, tools
from promptls.formats.dotprompt.recognise import PARTIAL, file_name
from promptls.formats.dotprompt.schemaless import properties_without_schema
from promptls.formats.dotprompt.schemas import finder
from promptls.formats.dotprompt.stray import stray_closers
from promptls.formats.source import Source, as_mapping, string
from promptls.prompt.model import Document, Prompt, Recognised, Sample, Template
from promptls.prompt.types import ANY
from promptls.syntax.frontmatter import FrontMatter
from promptls.syntax.problem import Problem
from promptls.syntax.template import parse_template
from promptls.syntax.template.handlebars_python import python_problems
from promptls.syntax.yaml_tree import YamlTree
from promptls.text import Span, Text

AMBIENT = {"@state": ANY, "@auth": ANY}
"""What Genkit puts beside the inputs; an application may add more, and `{{@x}}` is never called undefined."""


def read(uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document:
    """Reads any text at all: what is broken is a problem of the document, the rest is there."""
    value = text.value
    front, tree = opened(value)
    source = source_of(uri, value, open_sibling)
    find_schema = finder(open_sibling)
    declared = read_inputs(source, find_schema)
    output = output_schema(source, find_schema)
    template, problems = _template(value, front, recognised.variant == PARTIAL)
    includes, found = template.analysis.includes, partials.Finder(open_sibling)
    read_elsewhere = partials.read_by(includes, found)
    read_here = frozenset(root for use in template.analysis.uses for root in use.roots)
    prompt = Prompt(
        uri,
        _name(source, uri),
        Span(0, len(value)),
        description=_string(source, "description"),
        model=model_choice(source),
        inputs=declared.inputs,
        declares=declared.names,
        complete=declared.complete,
        output=output.schema,
        output_path=OUTPUT,
        template=template,
        samples=_samples(uri, source, declared),
        tools=tools(source),
        functions=functions(source, find_schema),
        runnable=recognised.variant != PARTIAL,
        also_reads=read_elsewhere,
        ambient=AMBIENT,
        variant=recognised.variant,
        lenient=True,
    )
    return Document(
        uri,
        text,
        recognised,
        header=front.header,
        body=front.body,
        yaml=tree,
        schema="dotprompt",
        prompts=(prompt,),
        references=tuple(partials.references(includes, found)),
        problems=(
            *front.problems,
            *(header_problems.yaml_problems(tree) if tree is not None else ()),
            *(header_problems.refused(tree) if tree is not None else ()),
            *properties_without_schema(source),
            *_sound(declared.problems, tree),
            *_sound(output.problems, tree),
            *template.tree.problems,
            *python_problems(template.tree, text.value),
            *problems,
            *portable.fence_at_the_end(front, value),
            *portable.defaults(source, declared.defaults, read_here | read_elsewhere),
            *portable.lengths(declared.inputs, template.analysis.uses),
        ),
    )


def _sound(found: tuple[Problem, ...], tree: YamlTree | None) -> tuple[Problem, ...]:
    """Less what is said of a value that YAML could not read."""
    broken = [problem.span for problem in tree.problems if problem.code == "yaml-syntax"] if tree is not None else []
    return tuple(problem for problem in found if not any(span.touches(problem.span.start) for span in broken))


def _template(text: str, front: FrontMatter, is_partial: bool) -> tuple[Template, tuple[Problem, ...]]:
    body = front.body
    tree = parse_template(partials.DIALECT, text, body)
    found = roles.switches(tree)
    return (
        Template(
            partials.DIALECT,
            body,
            tree,
            partials.analysis_of(tree, text),
            roles.role_lines(found, tree, text),
            places=partials.PLACES,
            runtime=partials.RUNTIME,
            leading_role="" if is_partial else "user",
        ),
        (
            *roles.problems(found, text),
            *stray_closers(tree, text),
            *empty.empty_messages(found, tree, text),
            *(() if is_partial else empty.empty_body(front, tree, text)),
        ),
    )


def _name(source: Source, uri: str) -> str:
    return _string(source, "name") or file_name(uri).name


def _string(source: Source, key: str) -> str:
    root = source.root()
    return string(source, root.get(key)) if root is not None else ""


def _samples(uri: str, source: Source, declared: Declared) -> tuple[Sample, ...]:
    """The defaults, then what stands in ``NAME.sample.yaml``, which leaves to the defaults what it does not say."""
    others = tuple(replace(sample, values={**declared.defaults, **sample.values}) for sample in beside(uri, source))
    values = {item.name: item.example for item in declared.inputs if item.example is not item.default}
    values = {name: value for name, value in values.items() if value or value in (0, False, "")}
    values = {**values, **declared.defaults}
    if not values:
        return others
    root = source.root()
    about = as_mapping(source, root.get("input")) if root is not None else None
    entry = (about.entry(DEFAULT[1]) or about.entry("schema")) if about is not None else None
    span = entry.key.span if entry is not None else Span(source.tree.span.start, source.tree.span.start)
    return (Sample(IN_THE_FILE, values, source.location(span)), *others)
