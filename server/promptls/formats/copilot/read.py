"""A Copilot file as a Document: its header, what its Markdown names, and the one message of a prompt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from promptls.formats.base import OpenSibling
from promptls.formats.beside import beside
from promptls.formats.copilot.body import headings, path_places, references
from promptls.formats.copilot.kinds import KINDS, name_of
from promptls.formats.copilot.unread import unread_header
from promptls.formats.source import Source, real, string
from promptls.prompt.model import Document, Input, ModelChoice, Prompt, Recognised, Template
from promptls.prompt.types import ValueType
from promptls.schema.dialects import dialect_words
from promptls.schema.hosts import checked_by
from promptls.schema.navigate import view
from promptls.syntax.frontmatter import FrontMatter, split_lines
from promptls.syntax.problem import Problem
from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.placeholder import hint_of
from promptls.syntax.template.tree import TemplateTree
from promptls.syntax.yaml import parse_yaml
from promptls.syntax.yaml_tree import Node, Scalar, Sequence, YamlTree
from promptls.text import Span, Text

DIALECT = "placeholder"
TEXT = ValueType(frozenset({"string"}))
_READ = ("colon-value", "reserved-start", "tab", "unknown-alias", "unknown-tag")
"""Kinds of broken YAML that VS Code's own reader (1.139.1, tried out) makes nothing of, and loses nothing by."""
_REFUSED = ("brace-value", "indentation", "open-bracket")
"""Those that it reports as errors. Of all others it drops a part of the header without a word."""


def read(uri: str, text: Text, recognised: Recognised, open_sibling: OpenSibling) -> Document:
    """Reads any text at all. The header is what stands between a first line ``---`` and the next one."""
    value, kind = text.value, KINDS[recognised.variant]
    front = split_lines(value)
    tree = parse_yaml(value, front.header) if front.header is not None else None
    source = Source(uri, value, tree or YamlTree(front.body, None), open_sibling)
    keys = view(kind.schema).root["properties"]
    return Document(
        uri,
        text,
        recognised,
        header=front.header,
        body=front.body,
        yaml=tree,
        schema=kind.schema,
        prompts=(_prompt(source, front, recognised),) if kind.runnable else (),
        references=references(value, front.body, open_sibling),
        problems=(
            *_problems(front, tree),
            *unread_header(value, front, keys),
            *(_empty(front, value) if kind.runnable else ()),
        ),
        checked_by=checked_by(kind.schema),
        passages=headings(value, front.body),
        path_places=path_places(value, front.body),
    )


def _prompt(source: Source, front: FrontMatter, recognised: Recognised) -> Prompt:
    value, root = source.text, source.root()
    tree = parse_template(DIALECT, value, front.body)
    return Prompt(
        source.uri,
        string(source, root.get("name") if root else None) or name_of(source.uri),
        Span(0, len(value)),
        description=string(source, root.get("description") if root else None),
        model=_model(source),
        inputs=_inputs(source, tree),
        declares=True,
        template=Template(DIALECT, tree.span, tree, analyse(tree, value), leading_role="user"),
        samples=beside(source.uri, source),
        tools=tuple(one.text for one in _texts(source, root.get("tools") if root else None)),
        ambient=dict.fromkeys(dialect_words(DIALECT, "globals"), TEXT),
        variant=recognised.variant,
    )


def _model(source: Source) -> ModelChoice | None:
    """The first one: a name of Copilot's menu, such as `GPT-5 mini`, which no provider knows."""
    root = source.root()
    named = next(_texts(source, root.get("model") if root else None), None)
    if named is None or not named.text.strip():
        return None
    return ModelChoice(named.text.strip(), span=named.span, named_by="" if "/" in named.text else "Copilot")


def _inputs(source: Source, tree: TemplateTree) -> tuple[Input, ...]:
    """Each is declared where it is first asked for; what is shown to a person who is asked says what it is."""
    found: dict[str, Input] = {}
    for node in tree.root.body:
        if node.kind == "output" and node.name and node.head:
            name = node.head[0]
            item = found.get(name.name)
            hint = hint_of(node, source.text)
            if item is None:
                whole, place = source.location(node.span), source.location(name.span)
                found[name.name] = Input(name.name, whole, place, TEXT, required=True, description=hint)
            elif not item.description:
                found[name.name] = replace(item, description=hint)
    return tuple(found.values())


def _texts(source: Source, node: Node | None) -> Iterator[Scalar]:
    """A text, or the texts of a list."""
    found = real(source, node)
    for item in found.items if isinstance(found, Sequence) else (found,):
        value = real(source, item)
        if isinstance(value, Scalar) and value.value is not None:
            yield value


def _problems(front: FrontMatter, tree: YamlTree | None) -> Iterator[Problem]:
    """As grave as they are to VS Code, which takes a byte-order mark away and whose reader is no YAML parser."""
    yield from (problem for problem in front.problems if problem.code != "byte-order-mark")
    for problem in tree.problems if tree is not None else ():
        message, severity = problem.message, "warning"
        if problem.code == "duplicate-key":
            message, severity = message.partition(":")[0] + ": VS Code refuses it, and takes the first", "error"
        elif problem.kind in _REFUSED:
            severity = "error"
        elif problem.kind in _READ:
            message, severity = f"{message}; VS Code reads it as it stands, others do not", "information"
        yield replace(problem, message=message, data={**problem.data, "severity": severity})


def _empty(front: FrontMatter, text: str) -> Iterator[Problem]:
    if front.closer is not None and not front.body.slice(text).strip():
        yield Problem(front.closer, "empty-body", "There is no prompt below the header: nothing is sent")
