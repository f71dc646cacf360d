"""The official vectors of the formats, through our own code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.__main__ import KNOWN_FAILURES, main
from tests.shared_files import needs_shared, shared


@needs_shared
def test_prompty_vectors_pass(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["prompty", str(shared("conformance", "prompty"))])
    lines = capsys.readouterr().out.splitlines()
    failed = {line.split()[1].rstrip(":") for line in lines if line.startswith("FAILED")}
    assert failed <= set(KNOWN_FAILURES), "\n".join(lines)
    assert lines[-1] == f"{96 - len(failed)} passed, {len(failed)} failed"
    assert code == (1 if failed else 0)


@needs_shared
def test_dotprompt_cases_pass(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["dotprompt", str(shared("conformance", "dotprompt"))])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["65 passed, 0 failed"]
    assert code == 0


def test_a_failed_case_is_named_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = {"messages": [{"role": "user", "content": [{"text": "Hi Al"}]}]}
    tests = [
        {"desc": "right", "data": {"input": {"name": "Al"}}, "expect": expected},
        {"desc": "wrong text", "data": {"input": {"name": "Bo"}}, "expect": expected},
        {"desc": "by option", "options": {"input": {"default": {"name": "Al"}}}, "expect": {**expected, "input": {}}},
    ]
    (tmp_path / "deep").mkdir()
    groups = [{"name": "greet", "template": "Hi {{name}}", "tests": tests}]
    (tmp_path / "deep" / "hi.yaml").write_text(json.dumps(groups))
    assert main(["dotprompt", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FAILED deep/hi/greet/wrong_text: rendered: wanted ")
    assert lines[1].startswith("FAILED deep/hi/greet/by_option: metadata: wanted ")
    assert lines[2:] == ["1 passed, 2 failed"]


def test_few_vectors_are_given_up() -> None:
    assert len(KNOWN_FAILURES) <= 3


def test_a_failed_vector_is_named_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vectors = [
        render_vector("right", "Hello {{ name }}", "Hello Ada"),
        render_vector("wrong", "Hello {{ name }}", "Bye Ada"),
        {"operation": "replay", "vector": {"name": "elsewhere", "input": {}, "expected": {}}},
        thread_vector(),
    ]
    (tmp_path / "vectors.json").write_text(json.dumps(vectors))
    assert main(["prompty", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("FAILED render/wrong: .rendered: wanted 'Bye Ada'")
    assert lines[1:] == ["2 passed, 1 failed"]


def test_wrong_usage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["prompty", str(tmp_path)]) == 2
    assert "vectors.json" in capsys.readouterr().err


def render_vector(name: str, template: str, rendered: str) -> dict[str, object]:
    given = {"template": template, "engine": "jinja2", "inputs": {"name": "Ada"}}
    return {"operation": "render", "vector": {"name": name, "input": given, "expected": {"rendered": rendered}}}


def thread_vector() -> dict[str, object]:
    given = {"template": "{{ talk }}!", "engine": "jinja2", "inputs": {"talk": {"_kind": "thread", "messages": []}}}
    expected = {"nonce_pattern": "^__PROMPTY_THREAD_[a-f0-9]{8}_talk__!$"}
    return {"operation": "render", "vector": {"name": "thread", "input": given, "expected": expected}}
