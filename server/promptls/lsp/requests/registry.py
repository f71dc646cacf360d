"""The handlers, by LSP method. What stands here is what works, so ``initialize`` advertises exactly this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

if TYPE_CHECKING:
    from promptls.lsp.client import Client
    from promptls.lsp.session import Context, Session

REQUEST_FAILED: Final = -32803

Offers: TypeAlias = "Callable[[Client], Mapping[str, Any]]"
"""The fields of ``ServerCapabilities`` that a handler stands for, given the client."""

_Request = TypeVar("_Request", bound="Callable[[Context, Any], Any]")
_Notification = TypeVar("_Notification", bound="Callable[[Session, Any], None]")


class RefusedError(Exception):
    """A request that is not served, for a reason that the person should read. The text is a sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Handler:
    method: str
    run: Callable[[Context, Any], Any]
    offers: Offers


REQUESTS: dict[str, Handler] = {}
NOTIFICATIONS: dict[str, Callable[[Session, Any], None]] = {}


def request(method: str, offers: Offers = lambda _: {}) -> Callable[[_Request], _Request]:
    """Registers the handler of a request: ``(context, parameters) -> result``, both LSP's types."""

    def register(run: _Request) -> _Request:
        REQUESTS[method] = Handler(method, run, offers)
        return run

    return register


def notification(method: str) -> Callable[[_Notification], _Notification]:
    """Registers the handler of a notification: ``(session, parameters)``; it may change the session."""

    def register(run: _Notification) -> _Notification:
        NOTIFICATIONS[method] = run
        return run

    return register


def offered(client: Client) -> dict[str, Any]:
    """The fields of ``ServerCapabilities`` for all requests that have a handler."""
    fields: dict[str, Any] = {}
    for handler in REQUESTS.values():
        fields |= handler.offers(client)
    return fields
