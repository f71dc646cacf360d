"""Previews as the session knows them: what rendered last, what is watched, which pages show one.

A preview is made in the worker, of a snapshot; one of an older version than the one before is dropped.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from promptls.lsp.logging import log, where
from promptls.text.uris import uri_key

if TYPE_CHECKING:
    from promptls.actions.preview import Preview
    from promptls.lsp.session import Context, Session
    from promptls.prompt.model import Document, Prompt
    from promptls.render import Renderer

PREVIEW_CHANGED: Final = "promptls/previewChanged"
ENDING: Final = ".preview.md"
_PAUSE: Final = 0.1
"""Seconds from a change to a new preview of what is watched, so that a burst of changes makes one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which preview. ``sample`` counts from 1, ``inputs`` win over it. ``request``: with what a run would send."""

    uri: str
    prompt: str = ""
    sample: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    format: str = "markdown"
    request: bool = False


class Previews:
    """Used from the main thread only."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._good: dict[tuple[str, str], Preview] = {}
        self._watched: dict[str, Wanted] = {}
        self._renewing: dict[str, asyncio.Task[Any]] = {}
        self._pages: dict[str, tuple[str, Wanted]] = {}

    def work(self, ctx: Context, document: Document, prompt: Prompt, wanted: Wanted) -> Callable[[Renderer], Preview]:
        """What the worker does for a preview; give its result to ``made``."""
        chosen = wanted.sample or self._session.choices.sample(document.uri, prompt.name)
        last_good = self._good.get((uri_key(document.uri), prompt.name))
        target_chosen = self._session.choices.target(document.uri, prompt.name)
        runs = self._session.runs
        runs.prepare()

        def request(renderer: Renderer) -> str:
            from promptls.actions.preview.request import request_text

            return request_text(
                document,
                prompt,
                ctx.snapshot,
                renderer,
                keys=runs.keys(),
                environment=os.environ,
                sample=chosen,
                inputs=wanted.inputs,
                chosen=target_chosen,
            )

        def make(renderer: Renderer) -> Preview:
            from promptls.actions.preview import make_preview

            target = runs.target_of(ctx.snapshot, document, prompt) if prompt.runnable else None
            return make_preview(
                document,
                prompt,
                ctx.snapshot,
                renderer,
                sample=chosen,
                inputs=wanted.inputs,
                target=target,
                last_good=last_good,
                wire=request(renderer) if wanted.request else None,
            )

        return make

    def made(self, preview: Preview, prompt: Prompt) -> None:
        """Keep it, where it has messages, for the time when the file does not render."""
        key = uri_key(preview.uri), prompt.name
        before = self._good.get(key)
        older = before is not None and (before.version or 0) > (preview.version or 0)
        if preview.messages and not preview.stale and not older:
            self._good[key] = preview

    def answer(self, preview: Preview, wanted: Wanted) -> dict[str, Any]:
        """What ``promptls/preview`` says."""
        from promptls.actions.preview import to_data, to_html, to_markdown

        content = to_html(preview, nonce=secrets.token_urlsafe(16)) if wanted.format == "html" else to_markdown(preview)
        return {**to_data(preview), "content": content, "uri": self._session.workspace.spelling(preview.uri)}

    def watch(self, wanted: Wanted | None, uri: str) -> None:
        """From now on tell of every new preview of the document; None: no more."""
        if wanted is None:
            self._watched.pop(uri_key(uri), None)
        else:
            self._watched[uri_key(uri)] = wanted

    def page(self, document: Document, prompt: Prompt) -> str:
        """The path of the page that shows the prompt: the same each time."""
        from promptls.runs.keeping import place_of

        own = sha256(f"{uri_key(document.uri)}\n{prompt.name}".encode()).hexdigest()[:6]
        return place_of(self._session.folder_of(document.uri), prompt.name, own, ending=ENDING)

    def shown(self, page: str, wanted: Wanted) -> None:
        """A page shows that preview: it is renewed when the prompt is saved."""
        self._pages[uri_key(page)] = page, wanted

    def changed(self, uri: str) -> None:
        """The document, or something that it rests on, changed."""
        snapshot = self._session.workspace.snapshot() if self._watched else None
        key = uri_key(uri)
        for watched, wanted in self._watched.items():
            if snapshot is not None and (watched == key or key in snapshot.sources(wanted.uri)):
                self._renew(watched, self._tell(watched))

    def saved(self, uri: str) -> None:
        """The document was saved: pages that show it are renewed."""
        for page, (page_uri, wanted) in self._pages.items():
            if uri_key(wanted.uri) == uri_key(uri):
                self._renew(page, self._update(page_uri, wanted))
        for watched in self._watched:
            self.changed(watched)

    def chosen(self, uri: str) -> None:
        """Another sample was chosen: what shows the document shows it with that one."""
        key = uri_key(uri)
        if key in self._watched:
            self._watched[key] = replace(self._watched[key], sample=None)
        for page, (page_uri, wanted) in self._pages.items():
            if uri_key(wanted.uri) == key:
                self._pages[page] = page_uri, replace(wanted, sample=None)
        self.saved(uri)

    def forget(self, uri: str) -> None:
        """The document, or a page, was closed."""
        key = uri_key(uri)
        for known in (self._watched, self._pages, self._renewing):
            known.pop(key, None)
        for page, (_, wanted) in tuple(self._pages.items()):
            if uri_key(wanted.uri) == key:
                del self._pages[page]
        self._good = {of: preview for of, preview in self._good.items() if of[0] != key}

    def _renew(self, key: str, work: Any) -> None:
        """The newest wins: one that is still being made ends."""
        if (running := self._renewing.pop(key, None)) is not None:
            running.cancel()
        task = self._session.tasks.start(work, "the preview")
        self._renewing[key] = task
        task.add_done_callback(lambda done: self._renewing.pop(key) if self._renewing.get(key) is done else None)

    async def _tell(self, key: str) -> None:
        """Of what is wanted when it is made: another sample may have been chosen since the change."""
        await asyncio.sleep(_PAUSE)
        wanted = self._watched.get(key)
        preview = await self._make(wanted) if wanted is not None else None
        if wanted is not None and preview is not None and self._watched.get(key) is wanted:
            about = {"textDocument": {"uri": self._session.workspace.spelling(wanted.uri)}}
            self._session.connection.tell(PREVIEW_CHANGED, {**about, **self.answer(preview, wanted)})

    async def _update(self, page: str, wanted: Wanted) -> None:
        from promptls.actions.preview import to_markdown
        from promptls.lsp.pages import replace_all

        preview = await self._make(wanted)
        if preview is not None and uri_key(page) in self._pages:
            await replace_all(self._session, page, to_markdown(preview))

    async def _make(self, wanted: Wanted) -> Preview | None:
        """None where the document or the prompt is gone, or has changed meanwhile."""
        ctx = self._session.context()
        document = ctx.document(wanted.uri)
        prompts = document.prompts if document else ()
        prompt = next((one for one in prompts if one.name == wanted.prompt), prompts[0] if prompts else None)
        if document is None or prompt is None:
            return None
        try:
            preview = await self._session.worker.submit(self.work(ctx, document, prompt, wanted))
        except Exception as error:
            log.error("promptls failed to make a preview; the log file says where\n%s", where(error))
            return None
        self.made(preview, prompt)
        return preview if self._session.workspace.version(wanted.uri) == preview.version else None
