"""Templates with marks, and what the tests ask of every tree."""

from __future__ import annotations

from pathlib import Path
from random import Random

from promptls.syntax.template import analyse, parse_template
from promptls.syntax.template.names import Analysis, Use
from promptls.syntax.template.tree import Node, TemplateTree
from tests.shared_files import corpus

PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    '"',
    "'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    ".",
    ",",
    "=",
    "-",
    "\n",
    "\\",
]
WORDS = [" if ", " else ", " in ", " is ", " not ", "endif", "endfor", "for x in ", "set ", "raw", "é", "😀", " ", "a"]


def analysis_of(text: str, dialect: str = "jinja") -> Analysis:
    return analyse(parse_template(dialect, text), text)


def use_of(text: str, name: str, dialect: str = "jinja") -> Use:
    """The last use whose names, joined with dots, are ``name``."""
    return [use for use in analysis_of(text, dialect).uses if ".".join(use.names) == name][-1]


def kinds(text: str, dialect: str = "jinja") -> list[str]:
    return [problem.kind for problem in parse_template(dialect, text).problems]


def outline(text: str, dialect: str = "jinja") -> str:
    """The nodes of the bodies: ``block if(text output branch else(text))``."""
    return " ".join(_outline(node) for node in parse_template(dialect, text).root.body)


def _outline(node: Node) -> str:
    own = f"{node.kind} {node.name}".strip() if node.kind in ("block", "branch", "statement") else node.kind
    return f"{own}({' '.join(_outline(child) for child in node.body)})" if node.body else own


def check_tree(tree: TemplateTree) -> None:
    """Spans nest, bodies tile, problems lie inside."""
    assert tree.root.span == tree.span
    todo = [(tree.root, tree.span)]
    while todo:
        node, outer = todo.pop()
        assert outer.covers(node.span), (node.kind, node.span, outer)
        for span in (node.name_span, node.tag, node.close):
            assert span is None or node.span.covers(span), (node.kind, span)
        todo += [(child, node.tag or node.span) for child in node.head]
        if not node.body and node.kind not in ("template", "block", "branch"):
            continue
        at = node.tag.end if node.tag else node.span.start
        for child in node.body:
            assert child.span.start == at, (child.kind, child.span, at)
            assert not child.span.empty, child
            at = child.span.end
            todo.append((child, node.span))
        assert at == (node.close.start if node.close else node.span.end), (node.kind, node.span)
    assert all(tree.span.covers(problem.span) for problem in tree.problems)


def broken(text: str, random: Random) -> str:
    """The text with one or two pieces put in, taken out or exchanged."""
    for _ in range(random.randint(1, 2)):
        at = random.randint(0, len(text))
        piece = random.choice(PIECES + WORDS)
        cut = random.choice([0, 0, 1, 3])
        text = text[:at] + piece * random.randint(0, 1) + text[at + cut :]
    return text


def corpus_texts(random: Random, count: int, longest: int = 1500) -> list[str]:
    """Pieces of real prompt files."""
    files = [*corpus("**/*.prompty"), *corpus("**/*.prompt"), *corpus("**/*.prompt.yml")]
    chosen = random.sample(files, min(count, len(files)))
    return [_piece(path, random, longest) for path in chosen]


def _piece(path: Path, random: Random, longest: int) -> str:
    text = path.read_bytes().decode(errors="replace")
    start = random.randint(0, max(0, len(text) - longest))
    return text[start : start + longest]
