"""What a run needs of the outside, as somebody gives it: keys now, the network when it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol

from promptls.providers.request import Endpoint, HttpRequest
from promptls.workspace.running import ProviderSettings

if TYPE_CHECKING:
    from promptls.providers.secret import Secret


class Keys(Protocol):
    """Where keys come from, as `providers.keys.Keys`. Called often: what is slow is remembered inside."""

    def source(self, endpoint: Endpoint, settings: ProviderSettings | None) -> str:
        """Where the key is (``environment OPENAI_API_KEY``), empty where there is none. Runs no command."""

    def secret(self, endpoint: Endpoint, settings: ProviderSettings | None) -> Secret | None:
        """The key, to be put on a request and nowhere else. Raises `providers.keys.KeyCommandError`."""

    def hint(self, endpoint: Endpoint, settings: ProviderSettings | None) -> str:
        """What to do where there is no key, in a sentence without its end."""

    def forget(self, endpoint: Endpoint, settings: ProviderSettings | None) -> None:
        """The key was refused: get it anew the next time."""


class Answer(Protocol):
    """An HTTP answer, while its body arrives."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def content_type(self) -> str: ...

    @property
    def chunks(self) -> AsyncIterator[bytes]: ...


class Network(Protocol):
    """`providers.transport.Transport`, or what stands in for it."""

    def open(self, http: HttpRequest, endpoint: Endpoint, secret: Any) -> AbstractAsyncContextManager[Answer]:
        """Raises `TransportError` with a `failure`."""

    async def aclose(self) -> None: ...
