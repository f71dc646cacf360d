"""A template file as a Document: what it declares, its template, the other templates that it names."""

from __future__ import annotations

from dataclasses import replace

from promptls.formats.base import OpenSibling
from promptls.formats.beside import IN_THE_FILE, beside
from promptls.formats.plain import templates
from promptls.formats.plain.foreign import certain_problems
from promptls.formats.plain.header import front_of, header_of, own_key
from promptls.formats.plain.inputs import Declared, read_inputs
from promptls.formats.plain.model import model_choice
from promptls.formats.plain.names import file_name
from promptls.formats.plain.recognise import dialect_of, sign
from promptls.formats.plain.roles import ROLES, role_lines, text_above
from promptls.formats.source import Source, string
from promptls.prompt.model import MISSING, Document, Input, Prompt, Recognised, Sample, Template, TemplatePlaces
from promptls.syntax.template import DIALECTS, analyse, parse_template
from promptls.syntax.template.names import Analysis
from promptls.syntax.template.tree import TemplateTree
from promptls.syntax.yaml_tree import YamlTree
from promptls.text import Span, Text

SCHEMA = "template"


def read(uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document:
    """Reads any text at all. A file that nothing says to be a prompt has its template, and no word about it."""
    value, dialect = text.value, dialect_of(recognised)
    tree = parse_template(dialect, value, front_of(value, certain=bool(own_key(value))).body)
    why = sign(uri, value, recognised, open_sibling, role_lines(value, tree))
    if not why:
        return _of_another_world(uri, text, recognised, open_sibling, tree)
    front, header = front_of(value, certain=True), header_of(value, certain=True)
    if tree.span != front.body:
        tree = parse_template(dialect, value, front.body)
    source = Source(uri, value, header or YamlTree(front.body, None), open_sibling)
    analysis = _analysis(tree, value)
    read_elsewhere = templates.read_by(tree, analysis, open_sibling)
    if read_elsewhere.all and not read_elsewhere.binds:
        # All that it extends was read, and gives no names values that a block could read.
        analysis = analysis._replace(open_scopes=())
    roles = role_lines(value, tree)
    declared = read_inputs(source, uri)
    root = source.root()
    prompt = Prompt(
        uri,
        (string(source, root.get("name")) if root is not None else "") or file_name(uri).stem,
        Span(0, len(value)),
        description=string(source, root.get("description")) if root is not None else "",
        model=model_choice(source),
        inputs=declared.inputs,
        declares=declared.names,
        complete=declared.complete,
        template=Template(
            dialect,
            tree.span,
            tree,
            analysis,
            roles,
            ROLES,
            _places(dialect),
            leading_role="system" if roles else "user",
        ),
        samples=_samples(uri, source, declared),
        also_reads=read_elsewhere.names,
        reads_known=read_elsewhere.all,
        declared_in=declared.elsewhere,
        variant=dialect,
    )
    return Document(
        uri,
        text,
        replace(recognised, why=why),
        header=front.header,
        body=front.body,
        yaml=header,
        schema=SCHEMA,
        prompts=(prompt,),
        references=tuple(templates.references(tree, analysis.includes, open_sibling)),
        problems=(
            *front.problems,
            *(header.problems if header is not None else ()),
            *tree.problems,
            *(() if analysis.open_scopes or _extends(analysis) else text_above(value, tree, roles)),
        ),
    )


def _of_another_world(
    uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling, tree: TemplateTree
) -> Document:
    value, dialect = text.value, dialect_of(recognised)
    body = Span(0, len(value))
    if tree.span != body:
        tree = parse_template(dialect, value, body)
    analysis = _analysis(tree, value)
    problems = certain_problems(tree, value)
    prompt = Prompt(
        uri,
        file_name(uri).stem,
        body,
        template=Template(dialect, body, tree, analysis, places=_places(dialect)),
        variant=dialect,
    )
    found = tuple(templates.references(tree, analysis.includes, open_sibling))
    return Document(
        uri, text, recognised, body=body, prompts=(prompt,), references=found, problems=problems, prompt_like=False
    )


def _analysis(tree: TemplateTree, text: str) -> Analysis:
    # Of a language that nobody here reads, all that is known is that it may use any name.
    return analyse(tree, text) if tree.dialect in DIALECTS else Analysis(open_scopes=(tree.span,))


def _places(dialect: str) -> TemplatePlaces | None:
    """Mustache and Handlebars have partials by bare names."""
    return None if dialect in templates.PATHS else templates.PLACES.get(dialect)


def _extends(analysis: Analysis) -> bool:
    return any(include.kind == "extends" for include in analysis.includes)


def _samples(uri: str, source: Source, declared: Declared) -> tuple[Sample, ...]:
    """What the declarations show, then what stands in ``NAME.sample.yaml``."""
    values = {item.name: _shown(item) for item in declared.inputs}
    values = {name: value for name, value in values.items() if value is not MISSING}
    others = tuple(replace(sample, values={**values, **sample.values}) for sample in beside(uri, source))
    if not values:
        return others
    title = IN_THE_FILE if declared.elsewhere is None else declared.elsewhere.uri.rpartition("/")[2]
    first = next(item for item in declared.inputs if item.name in values)
    return (Sample(title, values, first.name_location), *others)


def _shown(item: Input) -> object:
    return item.example if item.example is not MISSING else item.default
