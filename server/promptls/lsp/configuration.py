"""The editor's settings, asked for where the client lets us, and the file watchers that only a server can ask for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from promptls.lsp.logging import log
from promptls.lsp.session import Session
from promptls.lsp.settings import SECTION, read_settings
from promptls.lsp.wire import types

_BESIDE_PROMPTS: Final = ("promptls.yaml", "*.sample.yaml", "*.sample.json", "*.schema.json", "*.schema.yaml")


def apply_settings(session: Session, raw: Any) -> None:
    before = session.settings
    session.settings, complaints = read_settings(raw)
    if (before.inlay_hints, before.running) != (session.settings.inlay_hints, session.settings.running):
        session.workspace.refresh()
        session.refresh()
    if before.host_checks != session.settings.host_checks:
        session.publisher.all_changed()
    for sentence in complaints:
        log.warning("%s", sentence)


def pull_settings(session: Session) -> None:
    """Ask for our section. Until an answer comes, and where none comes, what was known stays."""
    params = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])

    def use(answer: Any) -> None:
        if isinstance(answer, list) and answer and answer[0] is not None:
            apply_settings(session, answer[0])

    _ask(session, types.WORKSPACE_CONFIGURATION, params, use)


def register(session: Session) -> None:
    """Ask for the notifications that a client sends only when it is asked to."""
    from promptls import formats

    registrations: list[tuple[str, str, Any]] = []
    if session.client.watch_files:
        globs = [f"**/{name}" for name in (*formats.patterns(), *formats.paths(), *_BESIDE_PROMPTS)]
        options = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(glob) for glob in dict.fromkeys(globs)]
        )
        registrations.append(("promptls-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if session.client.watch_configuration:
        section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        registrations.append(("promptls-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if registrations:
        params = types.RegistrationParams([types.Registration(*registration) for registration in registrations])
        _ask(session, types.CLIENT_REGISTER_CAPABILITY, params, lambda _: None)


def _ask(session: Session, method: str, params: Any, use: Callable[[Any], None]) -> None:
    def finish(answer: asyncio.Future[Any]) -> None:
        if answer.cancelled():
            return
        if error := answer.exception():
            log.warning("the client answered %s with an error (%s)", method, getattr(error, "code", "unknown"))
            return
        use(answer.result())

    session.connection.ask(method, params).add_done_callback(finish)
