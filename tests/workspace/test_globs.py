"""Patterns of promptls.yaml: which files they name."""

import pytest

from promptls.workspace.globs import matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.prompty", "chat.prompty"),
        ("*.prompty", "deep/down/chat.prompty"),
        ("prompts/**", "prompts/a/b.txt"),
        ("prompts/**/*.txt", "prompts/b.txt"),
        ("prompts/**/*.txt", "prompts/a/b/c.txt"),
        ("./prompts/*.txt", "prompts/b.txt"),
        ("/prompts/*.txt", "prompts/b.txt"),
        ("*.{txt,md}", "notes.md"),
        ("v[12].prompty", "v2.prompty"),
        ("v[!1].prompty", "v2.prompty"),
        ("v[a-c].prompty", "vb.prompty"),
        ("a+b(c).prompty", "a+b(c).prompty"),
        ("what?.txt", "what1.txt"),
        ("open{.txt", "open{.txt"),
        ("open[.txt", "open[.txt"),
    ],
)
def test_a_pattern_names_a_file(pattern: str, path: str) -> None:
    assert matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.prompty", "chat.prompty.bak"),
        ("prompts/*.txt", "prompts/a/b.txt"),
        ("prompts/**", "other/prompts.txt"),
        ("v[!1].prompty", "v1.prompty"),
        ("a/b?c", "a/b/c"),
        ("", "a"),
    ],
)
def test_a_pattern_does_not_name_a_file(pattern: str, path: str) -> None:
    assert not matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("*a" * 40 + "b", "a" * 250), ("**/" * 40 + "x", "a/" * 500 + "y"), ("{a,b}" * 60, "a" * 60), ("{" * 500, "a")],
)
def test_no_pattern_of_a_project_stops_everything(pattern: str, path: str) -> None:
    """As a regular expression the first one would be tried for longer than anybody lives."""
    assert not matches(pattern, path) or set(pattern) == set("{a,b}")
