"""From the client's first message to the session: what it can do, what it has open, what we offer."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Final

from promptls import __version__
from promptls.lsp import requests
from promptls.lsp.client import resolve
from promptls.lsp.configuration import apply_settings, pull_settings, register
from promptls.lsp.logging import log
from promptls.lsp.session import Session
from promptls.lsp.settings import section_of
from promptls.lsp.wire import Connection, types
from promptls.text.uris import path_to_uri, uri_key

SETTLED: Final = 1.0
"""Seconds until there is time for what nobody waits for: the first findings are out by then."""


def initialize(connection: Connection, params: dict[str, Any]) -> tuple[Session, types.InitializeResult]:
    """The session, and the answer. Of the raw parameters all that is of an unexpected kind is left out."""
    client = resolve(params)
    session = Session(connection, client, params.get("initializationOptions"))
    session.change_folders({uri_key(uri): uri for uri in _folders(params)}, {})
    if params.get("trace") in ("messages", "verbose"):
        session.trace = params["trace"]
    sync = types.TextDocumentSyncOptions(True, types.TextDocumentSyncKind.Incremental, save=types.SaveOptions(False))
    folders = types.WorkspaceFoldersServerCapabilities(supported=True, change_notifications=True)
    capabilities = types.ServerCapabilities(
        position_encoding=types.PositionEncodingKind(client.encoding),
        text_document_sync=sync,
        workspace=types.WorkspaceOptions(workspace_folders=folders),
        **requests.offered(client),
    )
    return session, types.InitializeResult(capabilities, types.ServerInfo("promptls", __version__))


def initialized(session: Session) -> None:
    """The client is ready for questions."""
    apply_settings(session, section_of(session.options))
    register(session)
    session.named_files.renew()
    session.tasks.start(_look_at_own(session), "the user's own configuration")
    if session.client.configuration:
        pull_settings(session)


async def _look_at_own(session: Session) -> None:
    """Said once: no file that an editor shows has these findings."""
    await asyncio.sleep(SETTLED)
    from promptls.actions.own_configuration import own_problems

    if problems := await session.aside.submit(lambda _: own_problems(os.environ)):
        log.warning("%s", " ".join(problems))


def _folders(params: dict[str, Any]) -> list[str]:
    """The folders' URIs: the list where there is one, else the single root that older clients send."""
    folders = params.get("workspaceFolders")
    if isinstance(folders, list) and folders:
        return [folder["uri"] for folder in folders if isinstance(folder, dict) and isinstance(folder.get("uri"), str)]
    if isinstance(params.get("rootUri"), str):
        return [params["rootUri"]]
    if isinstance(params.get("rootPath"), str) and params["rootPath"]:
        return [path_to_uri(params["rootPath"])]
    return []
