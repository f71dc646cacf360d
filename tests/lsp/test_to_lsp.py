"""Plain data as LSP has it, for clients that can more and for those that can less."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from promptls.ide import Completion
from promptls.lsp.client import Client, resolve
from promptls.lsp.diagnostics import diagnostic_of
from promptls.lsp.positions import Positions
from promptls.lsp.requests.completion import completion_list
from promptls.lsp.session import Context, Session
from promptls.lsp.to_lsp import markup, plain, range_of, text_edit, workspace_edit
from promptls.lsp.wire import Connection, types
from promptls.rules.finding import Finding, Severity
from promptls.text import Edit, Location, Span, Text
from tests.lsp.frames import profile

URI = "file:///c%3A/x/greet.prompty"
TEXT = "---\r\nname: é😀x\r\n---\r\nuser:\r\n"
ALL = replace(resolve(profile("vscode")), retriggers=False)


def context(client: Client = ALL) -> Context:
    session = Session(Connection(lambda data: None), client)
    session.workspace.open(URI, TEXT, 7)
    return session.context()


def test_a_range_is_in_the_clients_columns() -> None:
    span = Span(TEXT.index("x"), TEXT.index("x") + 1)
    columns = {
        encoding: range_of(Positions(Text(TEXT), encoding), span).start.character
        for encoding in ("utf-8", "utf-16", "utf-32")
    }
    assert columns == {"utf-8": 12, "utf-16": 9, "utf-32": 8}


def test_an_inserted_line_end_is_the_documents() -> None:
    edit = text_edit(Positions(Text(TEXT), "utf-16"), Span(5, 5), "a: 1\nb: 2\r\nc: 3\r")
    assert edit.new_text == "a: 1\r\nb: 2\r\nc: 3\r\n"


def test_an_edit_of_an_open_file_has_its_version() -> None:
    edit = workspace_edit(context(), [Edit("file:///C:/x/greet.prompty", Span(0, 3), "+++")])
    assert edit is not None
    assert edit.document_changes is not None
    (change,) = edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert (change.text_document.uri, change.text_document.version) == (URI, 7)


def test_a_client_without_versions_gets_plain_changes() -> None:
    edit = workspace_edit(context(Client()), [Edit(URI, Span(0, 3), "+++")])
    assert edit is not None
    assert edit.document_changes is None
    assert list(edit.changes or {}) == [URI]


def test_a_file_that_is_not_there_is_created_or_the_action_left_out() -> None:
    edits = [Edit("file:///nowhere/promptls.yaml", Span(0, 0), "templates:\n")]
    edit = workspace_edit(context(), edits)
    assert edit is not None
    assert [type(change) for change in edit.document_changes or ()] == [types.CreateFile, types.TextDocumentEdit]
    assert workspace_edit(context(Client()), edits) is None


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("`name`: string", "name: string"),
        ("**bold** and `code`", "bold and code"),
        ("## Title\n\n- one `a`\n- [two](https://example.org)", "Title\n\n- one a\n- two"),
        ("```jinja\n{{ x | upper }}\n```\nafter", "{{ x | upper }}\nafter"),
        ("---\nrule", "rule"),
        ("2 * 3 ** 4 and a ` b", "2 * 3 ** 4 and a ` b"),
        ("", ""),
    ],
)
def test_markdown_without_its_marks(markdown: str, text: str) -> None:
    assert plain(markdown) == text
    assert markup(markdown, as_markdown=False) == types.MarkupContent(types.MarkupKind.PlainText, text)
    assert markup(markdown, as_markdown=True).value == markdown


ITEM = Completion(
    "upper",
    "function",
    Span(5, 7),
    "upper",
    snippet="upper($1)\n",
    detail="upper()",
    data={"kind": "word"},
    preselect=True,
    edits=(Edit(URI, Span(0, 0), "a\n"),),
    again=True,
)


def items(client: Client, *choices: Completion, offset: int = 7) -> types.CompletionList:
    return completion_list(choices or (ITEM,), offset, Positions(Text(TEXT), client.encoding), URI, client)


def test_a_choice_for_a_client_that_can_everything() -> None:
    (item,) = items(ALL).items
    assert item.insert_text_format == types.InsertTextFormat.Snippet
    assert item.text_edit_text == "upper($1)\r\n"
    assert item.text_edit is None
    assert item.preselect
    assert item.label_details == types.CompletionItemLabelDetails(description="upper()")
    assert item.command is None, "only editors that know the command"
    assert item.data == {"uri": URI, "kind": "word"}
    assert item.commit_characters is None
    assert [edit.new_text for edit in item.additional_text_edits or ()] == ["a\r\n"]
    assert items(replace(ALL, retriggers=True)).items[0].command is not None


def test_a_choice_for_a_client_that_can_nothing() -> None:
    result = items(Client())
    (item,) = result.items
    assert result.item_defaults is None
    assert item.insert_text_format is None
    assert isinstance(item.text_edit, types.TextEdit)
    assert item.text_edit.new_text == "upper"
    assert (item.preselect, item.label_details) == (None, None)


def test_one_range_is_said_once_where_all_choices_have_it() -> None:
    other = replace(ITEM, label="lower", text="lower", snippet=None)
    same = items(ALL, ITEM, other)
    assert same.item_defaults is not None
    assert [item.text_edit for item in same.items] == [None, None]
    assert same.items[1].text_edit_text is None
    different = items(ALL, ITEM, replace(other, replace=Span(6, 7)))
    assert different.item_defaults is None
    assert all(isinstance(item.text_edit, types.TextEdit) for item in different.items)


def test_the_order_is_kept_and_half_a_word_has_not_the_whole_list() -> None:
    result = items(ALL, *(replace(ITEM, label=label) for label in "zay"))
    assert [item.label for item in sorted(result.items, key=lambda item: item.sort_text or "")] == list("zay")
    assert result.is_incomplete
    assert not items(ALL, offset=5).is_incomplete


def finding(**fields: Any) -> Finding:
    base = Finding(Location(URI, Span(5, 9)), "the message", severity=Severity.WARNING, code="some-code")
    return replace(base, **fields)


def test_a_finding_with_all_that_it_has() -> None:
    ctx = context()
    document = ctx.document(URI)
    assert document is not None
    related = ((Location(URI, Span(0, 3)), "first here"), (Location("file:///nowhere", Span(5, 6)), "and there"))
    found = diagnostic_of(ctx, document, finding(tags=("unnecessary", "strange"), related=related))
    assert found.tags == [types.DiagnosticTag.Unnecessary]
    assert found.severity == types.DiagnosticSeverity.Warning
    assert [one.message for one in found.related_information or ()] == ["first here", "and there"]
    bare = context(Client())
    document = bare.document(URI)
    assert document is not None
    found = diagnostic_of(bare, document, finding(tags=("unnecessary",), related=related))
    assert (found.tags, found.related_information) == (None, None)


def test_a_finding_in_another_file_stands_on_the_first_line_and_points_there() -> None:
    ctx = context()
    document = ctx.document(URI)
    assert document is not None
    found = diagnostic_of(ctx, document, finding(location=Location("file:///c%3A/x/other.yaml", Span(0, 0))))
    assert found.range == types.Range(types.Position(0, 0), types.Position(0, 3))
    assert found.related_information is not None
    assert found.related_information[0].location.uri == "file:///c%3A/x/other.yaml"


def test_a_note_hangs_on_the_edits_of_clients_that_show_it() -> None:
    edits = [Edit(URI, Span(0, 3), "+++")]
    shown = workspace_edit(context(replace(ALL, change_notes=True)), edits, "Migrate", "Line 1: gone")
    assert shown is not None
    assert shown.change_annotations == {"note": types.ChangeAnnotation("Migrate", description="Line 1: gone")}
    (change,) = shown.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    (edit,) = change.edits
    assert isinstance(edit, types.AnnotatedTextEdit)
    assert (edit.annotation_id, edit.new_text) == ("note", "+++")
    plainly = workspace_edit(context(replace(ALL, change_notes=False)), edits, "Migrate", "Line 1: gone")
    assert plainly is not None
    assert plainly.change_annotations is None
