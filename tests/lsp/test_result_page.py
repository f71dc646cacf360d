"""The page of a run between the editor and the disk: what is left to be done for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from promptls.lsp.client import resolve
from promptls.lsp.result_page import ResultPage
from promptls.lsp.session import Session
from promptls.lsp.wire import Connection
from promptls.runs.event import RunRecord


def test_a_page_is_over_once_the_end_of_its_run_is_on_disk(tmp_path: Path) -> None:
    place = tmp_path / ".promptls" / "greet-1.run.md"
    running = RunRecord("1", "running", 0.0, uri="file:///greet.prompty", prompt="greet", target="local/m", answer="He")
    finished = replace(running, status="finished", answer="Hello")

    async def story() -> None:
        session = Session(Connection(lambda _: None), resolve({}))
        page = ResultPage(session, str(place))
        assert not page.is_over(), "it has not begun"
        await page.write(running)
        assert not page.is_over()
        page.is_now(finished)
        assert not page.is_over(), "the disk has the beginning only"
        page.closed()
        assert page.is_over()
        session.stop()

    asyncio.run(story())
    assert "\nHello\n" in place.read_text(encoding="utf-8")
