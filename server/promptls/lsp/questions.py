"""Questions to the person before something is sent or spent. No answer, an error or a closed box is no."""

from __future__ import annotations

from typing import Final

from promptls.lsp.pages import asked
from promptls.lsp.session import Session
from promptls.lsp.wire import types

PATIENCE: Final = 60.0
"""Seconds."""
_NO: Final = "No"


async def agrees(session: Session, question: str, yes: str) -> bool:
    actions = [types.MessageActionItem(yes), types.MessageActionItem(_NO)]
    params = types.ShowMessageRequestParams(types.MessageType.Warning, question, actions)
    answer = await asked(session, types.WINDOW_SHOW_MESSAGE_REQUEST, params, PATIENCE)
    return isinstance(answer, dict) and answer.get("title") == yes
