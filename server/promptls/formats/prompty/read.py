"""A Prompty file as a Document: one prompt, what it declares, its template, what it names outside of itself."""

from __future__ import annotations

from typing import Any

from promptls.formats.base import OpenSibling
from promptls.formats.beside import beside
from promptls.formats.prompty.bases import inherited
from promptls.formats.prompty.choice import (
    description,
    dialect_of,
    foreign_dialect,
    prompt_name,
    tool_inputs,
    tool_names,
)
from promptls.formats.prompty.empty import empty_body, empty_messages
from promptls.formats.prompty.functions import functions
from promptls.formats.prompty.header import opened
from promptls.formats.prompty.headerless import headerless
from promptls.formats.prompty.inputs import Declared, read_inputs
from promptls.formats.prompty.model import model_choice
from promptls.formats.prompty.recognise import UNGUARDED, V1, odd_clues, version_of
from promptls.formats.prompty.references import references, refused_references
from promptls.formats.prompty.roles import body_of, known_role_lines, role_names
from promptls.formats.prompty.samples import in_file
from promptls.formats.prompty.suspects import suspects, text_before_role, unguarded_lines
from promptls.formats.prompty.types import json_schema
from promptls.formats.source import Source
from promptls.prompt.model import Document, Input, Prompt, Recognised, Sample, Template
from promptls.syntax.frontmatter import FrontMatter
from promptls.syntax.problem import Problem
from promptls.syntax.template import DIALECTS, analyse, parse_template
from promptls.syntax.template.names import Analysis
from promptls.syntax.yaml_tree import YamlTree
from promptls.text import Span, Text


def read(uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document:
    """Reads any text at all: what is broken is a problem of the document, the rest is there."""
    value = text.value
    front, tree = opened(value)
    variant = recognised.variant
    source = Source(uri, value, tree or YamlTree(front.body, None), open_sibling)
    root = source.root()
    data = source.data(root) if root is not None else {}
    base = inherited(source, variant)
    own = read_inputs(source, variant)
    declared = base.declared(own) if base is not None else own
    prompt_variant = _prompt_variant(data, variant)
    model = model_choice(source, base.source if base is not None else None, variant)
    api = model.api if model is not None else ""
    template, problems = _template(value, front, prompt_variant, dialect_of(source, variant), api)
    name = prompt_name(source, uri)
    unread = headerless(value, front, name)
    prompt = Prompt(
        uri,
        name,
        Span(0, len(value)),
        description=description(source),
        model=model,
        inputs=declared.inputs,
        declares=declared.names,
        complete=declared.complete,
        output=json_schema(data.get("outputs")) if isinstance(data, dict) else None,
        output_path=("outputs",),
        template=template,
        samples=_samples(uri, source, declared),
        tools=tool_names(source),
        functions=functions(source, model, variant),
        also_reads=_also_reads(source, declared.inputs),
        variant=prompt_variant,
    )
    return Document(
        uri,
        text,
        recognised,
        header=front.header,
        body=front.body,
        yaml=tree,
        schema=f"prompty-{version_of(variant)}",
        prompts=(prompt,),
        references=references(source, variant, front.body),
        problems=(
            *front.problems,
            *([unread] if unread is not None else []),
            *(tree.problems if tree is not None else ()),
            *_mixed(value, recognised),
            *refused_references(source, variant),
            *foreign_dialect(source, variant),
            *template.tree.problems,
            *problems,
        ),
    )


def _template(
    text: str, front: FrontMatter, variant: str, dialect: str, api: str
) -> tuple[Template, tuple[Problem, ...]]:
    body, closer = front.body, front.closer
    tree = parse_template(dialect, text, body)
    # Of a language that nobody here reads, all that is known is that it may use any name.
    analysis = analyse(tree, text) if dialect in DIALECTS else Analysis(open_scopes=(body,))
    seen = body_of(text, tree, variant)
    known = known_role_lines(seen, variant, dialect)
    doubtful = list(suspects(seen, known, variant))
    inherits = any(include.kind == "extends" for include in analysis.includes)
    above = None if inherits else text_before_role(seen, known, [role for role, _ in doubtful])
    roles = sorted([*known, *(role for role, _ in doubtful)], key=lambda role: role.span)
    subset = "portable" if dialect == "jinja" and version_of(variant) != V1 else ""
    names = role_names(variant)
    template = Template(dialect, body, tree, analysis, tuple(roles), names, leading_role="system", subset=subset)
    made = unguarded_lines(seen, known, variant)
    odd = (*(problem for _, problem in doubtful), *made)
    empty = empty_messages(seen, known, tree, certain=not odd, variant=variant)
    nothing = empty_body(seen, variant, api, closer)
    return template, (*(each for each in (above, nothing) if each is not None), *odd, *empty)


def _prompt_variant(data: Any, variant: str) -> str:
    """v2's ``template.format.strict`` is true where it is not false (2.1.0 ``_resolve_prepare_config``)."""
    for key in ("template", "format", "strict"):
        data = data.get(key) if isinstance(data, dict) else None
    return UNGUARDED if data is False and version_of(variant) != V1 else variant


def _samples(uri: str, source: Source, declared: Declared) -> tuple[Sample, ...]:
    own = in_file(source, declared.inputs, declared.filled)
    return (*([own] if own is not None else []), *beside(uri, source))


def _also_reads(source: Source, inputs: tuple[Input, ...]) -> frozenset[str]:
    """Bound to tools, or a thread: 2.x appends a thread that the template does not place to the messages."""
    threads = {item.name for item in inputs if item.type.label == "thread"}
    return frozenset(tool_inputs(source)) | threads


def _mixed(text: str, recognised: Recognised) -> tuple[Problem, ...]:
    """One problem per key of the other version."""
    return tuple(
        Problem(
            clue.span,
            "mixed-versions",
            f"{clue.words} belongs to Prompty {clue.version}, and this file is read as {recognised.title}",
            data={"path": clue.path, "version": clue.version, "read_as": recognised.title},
        )
        for clue in odd_clues(text, recognised.variant)
    )
