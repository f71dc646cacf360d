"""Documents as the editor holds them: opened, changed, saved, closed; and their findings, which follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from promptls.text.uris import path_to_uri
from tests.lsp.frames import Server, notification, request, sent_findings, server

GOOD = "---\nname: greet\nmodel:\n  id: m\ninputs:\n  name: {kind: string}\n---\nuser:\nHello {{ name }}\n"
BAD = GOOD.replace("{{ name }}", "{{ nme }}")


@pytest.fixture(scope="module")
def vscode() -> Iterator[Server]:
    with server() as one:
        one.start(**sent_findings("vscode"))
        yield one
        assert one.stop() == 0


def change(uri: str, version: int, *changes: Any) -> dict[str, Any]:
    params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)}
    return notification("textDocument/didChange", params)


def span(line: int, start: int, end: int, text: str, last: int | None = None) -> dict[str, Any]:
    last = line if last is None else last
    return {
        "range": {"start": {"line": line, "character": start}, "end": {"line": last, "character": end}},
        "text": text,
    }


def codes(findings: list[Any]) -> set[str]:
    return {finding["code"] for finding in findings}


@pytest.mark.parametrize(
    "uri",
    [
        "file:///c%3A/Users/Al/greet.prompty",
        "file:///C:/Users/Al/greet2.prompty",
        "file:///tmp/with%20space/gr%C3%BC%C3%9Fe.prompty",
        "file:///tmp/with space/greet3.prompty",
        "untitled:Untitled-1.prompty",
        "vscode-vfs://github/someone/repo/greet.prompty",
        "file://server/share/greet.prompty",
    ],
)
def test_the_uri_is_answered_exactly_as_it_came(vscode: Server, uri: str) -> None:
    vscode.open(uri, BAD)
    assert codes(vscode.findings(uri, 1)) == {"undefined-variable", "unused-input"}
    at = {"start": {"line": 8, "character": 9}, "end": {"line": 8, "character": 9}}
    params = {"textDocument": {"uri": uri}, "range": at, "context": {"diagnostics": [], "only": ["quickfix"]}}
    actions = vscode.result("textDocument/codeAction", params)
    edited = [change["textDocument"]["uri"] for action in actions for change in action["edit"]["documentChanges"][-1:]]
    assert uri in edited
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert vscode.findings(uri, None) == []


def test_findings_follow_every_change(vscode: Server) -> None:
    uri = "file:///tmp/follow.prompty"
    vscode.open(uri, GOOD)
    assert vscode.findings(uri, 1) == []
    vscode.send(change(uri, 2, span(8, 10, 11, "")))
    assert codes(vscode.findings(uri, 2)) == {"undefined-variable", "unused-input"}
    vscode.send(change(uri, 3, span(8, 10, 10, "a")))
    assert vscode.findings(uri, 3) == []
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_a_finding_says_where_in_the_clients_columns(vscode: Server) -> None:
    uri = "file:///tmp/columns.prompty"
    vscode.open(uri, BAD.replace("Hello", "😀 Hello"))
    (found,) = [one for one in vscode.findings(uri, 1) if one["code"] == "undefined-variable"]
    assert found["range"] == {"start": {"line": 8, "character": 12}, "end": {"line": 8, "character": 15}}
    assert found["source"] == "promptls"
    assert found["severity"] == 2
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_a_burst_of_changes_is_analysed_once_at_its_end(vscode: Server) -> None:
    uri = "file:///tmp/burst.prompty"
    vscode.open(uri, GOOD)
    vscode.findings(uri, 1)
    vscode.send(*(change(uri, version, span(8, 0, 0, "x")) for version in range(2, 102)))
    vscode.findings(uri, 101)
    told = [
        message["params"]["version"]
        for message in vscode.received
        if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri
    ]
    assert len(told) < 20
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_several_changes_in_one_notification_build_on_each_other(vscode: Server) -> None:
    uri = "file:///tmp/several.prompty"
    vscode.open(uri, "lost")
    changes = [{"text": GOOD}, span(8, 9, 13, "nme"), span(8, 0, 5, "Bye"), span(99, 0, 99, "{{ more }}\n", last=7)]
    vscode.send(change(uri, 2, *changes[:3]))
    assert codes(vscode.findings(uri, 2)) == {"undefined-variable", "unused-input"}
    vscode.send(change(uri, 3, span(8, 99, 99, " {{ more }}")))
    names = [one["message"] for one in vscode.findings(uri, 3) if one["code"] == "undefined-variable"]
    assert len(names) == 2
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_a_version_that_goes_back_is_taken_and_logged(vscode: Server) -> None:
    uri = "file:///tmp/back.prompty"
    vscode.open(uri, GOOD, version=5)
    vscode.findings(uri, 5)
    vscode.send(change(uri, 3, {"text": BAD}))
    assert codes(vscode.findings(uri, 3)) == {"undefined-variable", "unused-input"}
    assert vscode.notified("window/logMessage", lambda params: "version 3" in params["message"])["type"] == 2
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_what_is_not_open_can_be_changed_and_closed_without_harm(vscode: Server) -> None:
    uri = "file:///tmp/never-opened.prompty"
    vscode.send(change(uri, 2, {"text": GOOD}))
    assert vscode.notified("window/logMessage", lambda params: "not open" in params["message"])["type"] == 2
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    vscode.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    for method in ("documentSymbol", "foldingRange", "documentLink"):
        assert vscode.result(f"textDocument/{method}", {"textDocument": {"uri": uri}}) == []
    at = {"textDocument": {"uri": uri}, "position": {"line": 9, "character": 9}}
    assert vscode.result("textDocument/hover", at) is None
    assert vscode.result("textDocument/completion", at)["items"] == []
    assert vscode.result("textDocument/semanticTokens/full", {"textDocument": {"uri": uri}}) is None


def test_a_malformed_change_leaves_the_document_as_it_was(vscode: Server) -> None:
    uri = "file:///tmp/malformed.prompty"
    vscode.open(uri, BAD)
    vscode.findings(uri, 1)
    vscode.send(change(uri, 2, {"text": 7}), change(uri, 3, {"range": {"start": 5}, "text": "x"}))
    vscode.send(change(uri, 4, span(8, 9, 12, "name")))
    assert vscode.findings(uri, 4) == []
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


STARTED = "source.promptls"
FIX_ALL = "source.fixAll.promptls"


@pytest.mark.parametrize(
    ("only", "trigger", "kinds"),
    [
        (None, 1, {"quickfix", FIX_ALL, STARTED}),
        (None, 2, {"quickfix"}),
        ([""], 1, {"quickfix", FIX_ALL, STARTED}),
        (["quickfix"], 1, {"quickfix"}),
        (["source"], 1, {FIX_ALL, STARTED}),
        (["source"], 2, {FIX_ALL}),
        ([STARTED], 1, {STARTED}),
        (["source.fixAll"], 2, {FIX_ALL}),
        ([FIX_ALL], 1, {FIX_ALL}),
        ([FIX_ALL, "quickfix"], 1, {"quickfix", FIX_ALL}),
        (["source.fixAll.others"], 1, set()),
        (["source.organizeImports"], 1, set()),
        (["refactor"], 1, set()),
        (["quick"], 1, set()),
        (["unheard.of"], 9, set()),
    ],
)
def test_code_actions_are_of_the_kinds_that_are_asked_for(
    vscode: Server, only: list[str] | None, trigger: int, kinds: set[str]
) -> None:
    """``1`` is a person who asked, ``2`` the editor by itself, which must not be shown what mends the whole file."""
    uri = f"file:///tmp/only-{'-'.join(only or ['everything'])}-{trigger}.prompty"
    vscode.open(uri, BAD.replace("name: greet", "nam: greet\n<<<: x") + "{{ name | uper }}\n")
    context = {"diagnostics": [], "triggerKind": trigger} | ({} if only is None else {"only": only})
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": span, "context": context}
    found = {action["kind"] for action in vscode.result("textDocument/codeAction", params)}
    found = {STARTED if kind.startswith(STARTED + ".") else kind for kind in found}
    assert found <= kinds
    assert (STARTED in found) == (STARTED in kinds)
    assert ("quickfix" in found) == ("quickfix" in kinds)
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_all_safe_fixes_are_one_action(vscode: Server) -> None:
    uri = "file:///tmp/all.prompty"
    vscode.open(uri, "\ufeff" + GOOD)
    assert codes(vscode.findings(uri, 1)) == {"byte-order-mark"}
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    params = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": [], "only": [FIX_ALL]}}
    (action,) = vscode.result("textDocument/codeAction", params)
    (edited,) = action["edit"]["documentChanges"]
    vscode.send(change(uri, 2, *({"range": edit["range"], "text": edit["newText"]} for edit in edited["edits"])))
    assert vscode.findings(uri, 2) == []
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_what_is_no_prompt_file_has_no_findings(vscode: Server) -> None:
    uri = "file:///tmp/notes.txt"
    vscode.open(uri, BAD)
    assert vscode.findings(uri, 1) == []
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


@pytest.mark.parametrize("eol", ["\r\n", "\r", "\n"])
def test_every_inserted_text_has_the_documents_line_ends(vscode: Server, eol: str) -> None:
    uri = f"file:///tmp/eol{len(eol)}{ord(eol[0])}.prompty"
    vscode.open(uri, BAD.replace("  name: {kind: string}\n", "  a:\n    kind: string\n").replace("\n", eol))
    vscode.findings(uri, 1)
    at = {"start": {"line": 9, "character": 9}, "end": {"line": 9, "character": 9}}
    params = {"textDocument": {"uri": uri}, "range": at, "context": {"diagnostics": []}}
    actions = vscode.result("textDocument/codeAction", params)
    texts = [
        edit["newText"]
        for action in actions
        for change in action.get("edit", {}).get("documentChanges", [])
        if change.get("textDocument", {}).get("uri") == uri
        for edit in change["edits"]
    ]
    completions = vscode.result(
        "textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 2}}
    )
    texts += [item.get("textEditText", "") for item in completions["items"]]
    assert any("\n" in text or "\r" in text for text in texts)
    for text in texts:
        assert text.replace(eol, "").strip("\r\n") == text.replace(eol, "")
        assert not set(text.replace(eol, "")) & {"\r", "\n"}
    vscode.notify("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_a_file_that_is_named_publishes_those_that_name_it(tmp_path: Path) -> None:
    """The configuration, changed in the editor and on disk, acts on the documents that are open under it."""
    uri, config = path_to_uri(str(tmp_path / "a.prompty")), path_to_uri(str(tmp_path / "promptls.yaml"))
    with server() as one:
        one.start(**sent_findings("vscode"), workspaceFolders=[{"uri": path_to_uri(str(tmp_path)), "name": "x"}])
        one.open(uri, BAD)
        assert codes(one.findings(uri, 1)) == {"undefined-variable", "unused-input"}
        one.open(config, "rules: {undefined-variable: off}\n")
        assert codes(one.findings(uri, 1)) == {"unused-input"}
        one.send(change(config, 2, {"text": "rules: {undefined-variable: off, unused-input: off}\n"}))
        assert one.findings(uri, 1) == []
        one.send(change(config, 3, {"text": "rules: {undefined-variable: "}))
        one.notify("textDocument/didClose", {"textDocument": {"uri": config}})
        assert codes(one.findings(uri, 1)) == {"undefined-variable", "unused-input"}
        (tmp_path / "promptls.yaml").write_text("rules: {unused-input: error}\n", encoding="utf-8")
        one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": config, "type": 1}]})
        assert {found["severity"] for found in one.findings(uri, 1)} == {1, 2}
        (tmp_path / "promptls.yaml").unlink()
        one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": config, "type": 3}]})
        assert {found["severity"] for found in one.findings(uri, 1)} == {2, 4}
        assert one.stop() == 0


def test_a_file_that_is_deleted_loses_its_findings(tmp_path: Path) -> None:
    path = tmp_path / "a.prompty"
    path.write_text(BAD, encoding="utf-8")
    uri = path_to_uri(str(path))
    with server() as one:
        one.start(**sent_findings("vscode"))
        one.open(uri, BAD)
        assert one.findings(uri, 1)
        path.unlink()
        one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}]})
        assert one.findings(uri, None) == []
        one.send(change(uri, 2, {"text": BAD + "\n"}))
        assert one.findings(uri, 2)
        assert one.stop() == 0


def test_the_same_findings_are_not_sent_twice(tmp_path: Path) -> None:
    uri = path_to_uri(str(tmp_path / "a.prompty"))
    with server() as one:
        one.start(**sent_findings("vscode"))
        one.open(uri, BAD)
        one.findings(uri, 1)
        for _ in range(3):
            one.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
            one.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})
        one.send(change(uri, 2, {"text": GOOD}))
        assert one.findings(uri, 2) == []
        assert not [one for one in one.received if one.get("method") == "textDocument/publishDiagnostics"]
        assert one.stop() == 0


def test_findings_of_an_older_text_never_come_after_those_of_a_newer() -> None:
    uri = "file:///tmp/stale.prompty"
    with server() as one:
        one.start(**sent_findings("vscode"))
        one.open(uri, GOOD)
        for version in range(2, 40):
            one.send(
                change(uri, version, {"text": BAD if version % 2 else GOOD}), request(f"n{version}", "nobody/knows")
            )
            if version % 7 == 0:
                one.answer(f"n{version}")
        one.findings(uri, 39)
        one.stop()
        told = [
            message["params"].get("version")
            for message in one.received
            if message.get("method") == "textDocument/publishDiagnostics"
        ]
        assert told == sorted(told)


def test_a_file_over_one_million_characters_gets_its_syntax_checked_and_one_over_five_a_note() -> None:
    with server() as one:
        one.start(**sent_findings("vscode"))
        one.open("file:///tmp/large.prompty", BAD + "words and " * 110_000 + "{% if %}")
        found = codes(one.findings("file:///tmp/large.prompty", 1))
        assert "template-syntax" in found
        assert "undefined-variable" not in found
        about = {"textDocument": {"uri": "file:///tmp/large.prompty"}}
        assert one.result("textDocument/documentSymbol", about) == []
        one.notify("textDocument/didClose", about)
        one.open("file:///tmp/huge.prompty", BAD + "x" * 5_100_000)
        (note,) = one.findings("file:///tmp/huge.prompty", 1)
        assert note["severity"] == 3
        assert one.stop() == 0
