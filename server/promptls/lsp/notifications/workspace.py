"""Folders, settings and files on disk, as the client tells of them; and its cancel button."""

from __future__ import annotations

from typing import Any

from promptls.lsp.configuration import apply_settings, pull_settings
from promptls.lsp.requests.registry import notification
from promptls.lsp.session import Session
from promptls.lsp.settings import section_of
from promptls.lsp.wire import types
from promptls.text.uris import uri_key


@notification(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
def did_change_workspace_folders(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    added = {uri_key(folder.uri): folder.uri for folder in params.event.added}
    removed = {uri_key(folder.uri): folder.uri for folder in params.event.removed}
    session.change_folders(added, removed)
    session.named_files.renew()
    session.publisher.all_changed()


@notification(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
def did_change_configuration(session: Session, params: types.DidChangeConfigurationParams) -> None:
    if session.client.configuration:
        pull_settings(session)
    else:
        apply_settings(session, section_of(params.settings))


@notification(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def did_change_watched_files(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """A file that is gone loses its findings, also where the editor still holds it: until it changes there."""
    session.workspace.refresh()
    session.named_files.renew()
    gone = {uri_key(change.uri) for change in params.changes if change.type == types.FileChangeType.Deleted}
    gone -= {uri_key(change.uri) for change in params.changes if change.type != types.FileChangeType.Deleted}
    for uri in session.workspace.snapshot().uris():
        if uri_key(uri) in gone:
            session.publisher.clear(uri)
        else:
            session.publisher.changed(uri)
            session.previews.changed(uri)


@notification(types.SET_TRACE)
def set_trace(session: Session, params: types.SetTraceParams) -> None:
    value: Any = params.value
    session.trace = value.value if isinstance(value, types.TraceValue) else "off"


@notification(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
def work_done_progress_cancel(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    cancel = session.progress.get(str(params.token))
    if cancel is not None:
        cancel()
