"""Whether an answer is one, and lies inside of the text: places are counted here once more, in another way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from promptls.lsp.wire import types

_LINE_END = re.compile(r"\r\n|\n|\r")
_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_LISTS = frozenset(
    [
        "documentSymbol",
        "foldingRange",
        "documentLink",
        "definition",
        "documentHighlight",
        "references",
        "codeAction",
        "inlayHint",
    ]
)
_NULLABLE = frozenset(["hover", "prepareRename", "rename", "signatureHelp", "linkedEditingRange"])
Place = tuple[int, int]


class Answers:
    """To one text, in one encoding. ``prompt``: whether it is a prompt file; of others little is said."""

    def __init__(self, text: str, encoding: str, *, prompt: bool = True) -> None:
        self.text = text
        self.prompt = prompt
        self.codec, self.size = _CODECS[encoding]
        self.starts = [0]
        self.ends = []
        for found in _LINE_END.finditer(text):
            self.ends.append(found.start())
            self.starts.append(found.end())
        self.ends.append(len(text))
        self._columns: dict[int, list[int]] = {}

    def units(self, text: str) -> int:
        return len(text) if text.isascii() else len(text.encode(self.codec)) // self.size

    def position(self, offset: int) -> dict[str, int]:
        line = sum(start <= offset for start in self.starts) - 1
        end = min(offset, self.ends[line])
        return {"line": line, "character": self.units(self.text[self.starts[line] : end])}

    def columns(self, line: int) -> list[int]:
        """The columns of the line that are between two characters."""
        known = self._columns.get(line)
        if known is None:
            known = [0]
            for char in self.text[self.starts[line] : self.ends[line]]:
                known.append(known[-1] + self.units(char))
            self._columns[line] = known
        return known

    def place(self, position: Any) -> Place:
        """The position, which must be one of this text."""
        line, column = position.line, position.character
        assert 0 <= line < len(self.starts), f"line {line} of {len(self.starts)}"
        text_end = self.ends[line] - self.starts[line]
        if column != 0 and not (column <= text_end and self.text[self.starts[line] : self.ends[line]].isascii()):
            assert column in self.columns(line), f"column {column} of line {line}"
        assert column >= 0
        return line, column

    def span(self, range_: Any) -> tuple[Place, Place]:
        start, end = self.place(range_.start), self.place(range_.end)
        assert start <= end, "a range that ends before it starts"
        return start, end

    def check(self, method: str, result: Any, position: dict[str, int], uri: str) -> None:
        """AssertionError, where this is no answer to the request (without `textDocument/`) at the position."""
        at = position["line"], position["character"]
        if method in _LISTS:
            assert isinstance(result, list), "there is no answer"
        if result is None:
            assert method in _NULLABLE or not self.prompt, "there is no answer"
            return
        if method == "documentSymbol":
            self._symbols(result, None)
        elif method == "foldingRange":
            for fold in result:
                assert 0 <= fold.start_line < fold.end_line < len(self.starts)
        elif method in ("documentLink", "documentHighlight"):
            for one in result:
                self.span(one.range)
        elif method in ("definition", "references"):
            self._locations(result, uri)
        elif method in ("semanticTokens/full", "semanticTokens/range"):
            self._tokens(result.data)
        elif method == "diagnostic":
            self._diagnostics(result.items, uri)
        elif method == "inlayHint":
            for hint in result:
                self.span(types.Range(hint.position, hint.position))
                assert hint.label
        elif method == "hover":
            start, end = self.span(result.range)
            assert start <= at <= end
            assert result.contents.value
        elif method == "completion":
            self._completion(result, at)
        elif method == "prepareRename":
            start, end = self.span(result.range)
            assert start <= at <= end
        elif method == "rename":
            self._edit(result, uri)
        elif method == "selectionRange":
            (chain,) = result
            self._selection(chain, at)
        elif method == "signatureHelp":
            self._signatures(result)
        elif method == "linkedEditingRange":
            spans = sorted(self.span(one) for one in result.ranges)
            assert len(spans) > 1
            assert any(start <= at <= end for start, end in spans)
            self._apart(spans)
        elif method == "codeAction":
            for action in result:
                assert action.title
                self._edit(action.edit, uri)
                self._diagnostics(action.diagnostics or (), uri)
        else:
            raise AssertionError(f"nobody knows how to check {method}")

    def _symbols(self, symbols: Iterable[Any], outer: tuple[Place, Place] | None) -> None:
        for symbol in symbols:
            start, end = self.span(symbol.range)
            name_start, name_end = self.span(symbol.selection_range)
            assert start <= name_start <= name_end <= end
            assert outer is None or (outer[0] <= start <= end <= outer[1])
            assert symbol.name.strip()
            self._symbols(symbol.children or (), (start, end))

    def _locations(self, locations: Iterable[Any], uri: str) -> None:
        for location in locations:
            if location.uri == uri:
                self.span(location.range)

    def _diagnostics(self, diagnostics: Iterable[Any], uri: str) -> None:
        for one in diagnostics:
            self.span(one.range)
            assert one.message
            assert one.code
            self._locations((related.location for related in one.related_information or ()), uri)

    def _tokens(self, numbers: list[int]) -> None:
        assert len(numbers) % 5 == 0
        line = column = done = 0
        for at in range(0, len(numbers), 5):
            down, right, length = numbers[at : at + 3]
            if down:
                line, column, done = line + down, 0, 0
            column += right
            assert column >= done, "tokens overlap"
            assert length > 0
            done = column + length
            assert line < len(self.starts)
            known = self.columns(line)
            assert done <= known[-1], "a token that is longer than its line"

    def _completion(self, result: Any, at: Place) -> None:
        shared = result.item_defaults.edit_range if result.item_defaults else None
        if shared is not None:
            self._around(shared, at)
        for item in result.items:
            assert item.label
            assert item.text_edit is not None or shared is not None
            if item.text_edit is not None:
                self._around(item.text_edit.range, at)
            for edit in item.additional_text_edits or ():
                self.span(edit.range)

    def _around(self, range_: Any, at: Place) -> None:
        start, end = self.span(range_)
        assert start <= at <= end
        assert start[0] == end[0], "a completion of two lines"

    def _selection(self, chain: Any, at: Place) -> None:
        inner = (at, at)
        while chain is not None:
            start, end = self.span(chain.range)
            assert start <= inner[0]
            assert inner[1] <= end
            inner = (start, end)
            chain = chain.parent

    def _signatures(self, result: Any) -> None:
        signature = result.signatures[result.active_signature]
        for parameter in signature.parameters:
            start, end = parameter.label
            assert 0 <= start < end <= len(signature.label)
        assert result.active_parameter is None or 0 <= result.active_parameter < len(signature.parameters)

    def _edit(self, edit: Any, uri: str) -> None:
        changes = [change for change in edit.document_changes or () if hasattr(change, "edits")]
        assert changes
        for change in changes:
            if change.text_document.uri == uri:
                self._apart(sorted(self.span(one.range) for one in change.edits))

    def _apart(self, spans: list[tuple[Place, Place]]) -> None:
        for before, after in pairwise(spans):
            assert before[1] <= after[0], "edits overlap"
