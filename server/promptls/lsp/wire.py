"""pygls and lsprotocol, and their internals: nothing else of the house imports them.

``types`` is ``lsprotocol.types``; all of ``lsp/`` takes it from here. ``Connection`` is pygls' protocol class
less what is wrong in it for us (reference, findings 4-7): it turns JSON into typed parameters and typed
results into frames, and keeps the requests that we sent. The loop, the order of messages, errors,
cancellation and the text are ours. tests/lsp/test_wire_pins.py names every internal that is used here.
"""

from __future__ import annotations

import asyncio
import enum
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from promptls.lsp.framing import frame

STOCK: Final = "PROMPTLS_STOCK_LSPROTOCOL"
"""Set in the environment, it has lsprotocol imported as it is: slower, for when the short cut is in doubt."""


def _import_types() -> Any:
    """``lsprotocol.types`` with its 554 attrs classes made at their first use: a session uses about 100.

    Making them all is two thirds of the time from start to `initialize`. `attrs.define` is replaced while
    the module is imported; a class gets its `__init__` and its fields from the real one when it is first
    called or looked at. `slots=False` is the one difference: it lets attrs finish the class in place.
    """
    define = attrs.define

    def finish(cls: Any) -> None:
        del cls.__attrs_attrs__, cls.__init__
        define(cls, slots=False)
        attrs.resolve_types(cls, types.ALL_TYPES_MAP, {})

    class Unmade:
        def __get__(self, instance: object, cls: Any) -> Any:
            finish(cls)
            return cls.__attrs_attrs__

    def first_call(self: Any, *args: Any, **kwargs: Any) -> None:
        finish(type(self))
        self.__init__(*args, **kwargs)

    def defer(cls: Any) -> Any:
        cls.__attrs_attrs__ = unmade
        cls.__init__ = first_call
        return cls

    unmade = Unmade()
    attrs.define = defer  # type: ignore[assignment]
    try:
        from lsprotocol import types
    finally:
        attrs.define = define
    from lsprotocol import _hooks

    # Resolving the references of all classes would make them all; `finish` does it for each.
    _hooks._resolved_forward_references = True
    return types


if TYPE_CHECKING or os.environ.get(STOCK) or "lsprotocol.types" in sys.modules:  # a test's client was first
    from lsprotocol import types
else:
    types = _import_types()

from cattrs.errors import BaseValidationError  # noqa: E402 - after the classes are set up
from cattrs.v import transform_error  # noqa: E402
from pygls.exceptions import JsonRpcException  # noqa: E402
from pygls.protocol import default_converter  # noqa: E402
from pygls.protocol.json_rpc import JsonRPCProtocol  # noqa: E402

__all__ = ["STOCK", "Connection", "InvalidParamsError", "JsonRpcException", "types"]

_CAMEL: Final = re.compile(r"_([a-z])")
_log = logging.getLogger(__name__)


class InvalidParamsError(Exception):
    """The parameters do not have the protocol's shape. The text is a sentence without any value of them."""


class _Owner:
    """Where pygls reports its own errors; it would show them to the user."""

    def _report_server_error(self, error: Exception, source: object) -> None:
        _log.warning("pygls reported a %s", type(error).__name__)


class Connection(JsonRPCProtocol):
    """Typed messages over ``write``, which takes one whole frame from any thread."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        super().__init__(_Owner(), _converter())  # type: ignore[arg-type]
        self._write = write

    def params(self, method: str, params: Any) -> Any:
        """The typed parameters of a request or a notification; raw JSON for a method that LSP does not know."""
        kind = types.METHOD_TO_TYPES.get(method)
        if kind is None:
            return params
        field = attrs.fields_dict(kind[0]).get("params")
        if field is None or field.type is None or (params is None and field.default is None):
            return None
        try:
            return self._converter.structure(params, field.type)
        except Exception as error:
            raise InvalidParamsError(_sentence(method, error)) from None

    def reply(self, identifier: str | int, result: Any) -> None:
        self._send_data({"jsonrpc": "2.0", "id": identifier, "result": self._converter.unstructure(result)})

    def fail(self, identifier: str | int | None, code: int, sentence: str) -> None:
        """Thread-safe, as it sends plain data only."""
        self._send_data({"jsonrpc": "2.0", "id": identifier, "error": {"code": code, "message": sentence}})

    def answered(self, data: dict[str, Any]) -> None:
        """The client's answer to one of our requests. The result stays raw JSON."""
        future = self._request_futures.pop(data["id"], None)
        self._result_types.pop(data["id"], None)
        if future is None or future.done():
            _log.debug("an answer to no request of ours")
        elif isinstance(error := data.get("error"), dict):
            future.set_exception(JsonRpcException(str(error.get("message", "")), error.get("code")))
        else:
            future.set_result(data.get("result"))

    def ask(self, method: str, params: Any) -> asyncio.Future[Any]:
        """Send a request to the client. The answer is raw JSON; an error is a ``JsonRpcException``."""
        return self.send_request_async(method, params)  # type: ignore[no-any-return]

    def tell(self, method: str, params: Mapping[str, Any]) -> None:
        """Send a notification of our own, which LSP does not know. Plain JSON."""
        self._send_data({"jsonrpc": "2.0", "method": method, "params": params})

    def forget(self) -> None:
        """No answers are to come any more."""
        for future in self._request_futures.values():
            future.cancel()
        self._request_futures.clear()

    def get_message_type(self, method: str) -> Any:
        return types.METHOD_TO_TYPES.get(method, (None,))[0]

    def _send_data(self, data: Any) -> None:
        """pygls logs every body that it sends, at INFO, and drops what cannot be encoded; hence our own."""
        body = data if isinstance(data, dict) else self._converter.unstructure(data)
        self._write(frame(json.dumps(body, separators=(",", ":")).encode("ascii")))


def _converter() -> Any:
    converter: Any = default_converter()  # type: ignore[no-untyped-call]
    # A client may be newer than we are, or wrong in a detail that nobody needs (Visual Studio sends
    # DiagnosticTag -1): an unknown value of an enumeration stays the number or string that it is.
    for kind in vars(types).values():
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            converter.register_structure_hook(kind, _lenient_enum)
            converter.register_unstructure_hook(kind, lambda value: getattr(value, "value", value))
    # cattrs would make "7" of 7 and True of "no".
    converter.register_structure_hook(str, lambda value, _: _exactly(str, value))
    converter.register_structure_hook(bool, lambda value, _: _exactly(bool, value))
    converter.register_structure_hook(int, lambda value, _: _whole(value))
    converter.register_structure_hook(types.Position, _position)
    # "Any JSON", as in `data` of a completion item: exactly what came.
    converter.register_structure_hook(types.LSPAny, lambda value, _: value)
    return converter


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise ValueError("another type of value")
    return value


def _whole(value: Any) -> int:
    """A whole number; editors written in Lua or Emacs Lisp may send 3.0 for 3."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise ValueError("not a whole number")
    return int(value)


def _lenient_enum(value: Any, kind: type[enum.Enum]) -> Any:
    if not isinstance(value, str | int):
        raise ValueError("not a value of an enumeration")
    try:
        return kind(value)
    except ValueError:
        return value


def _position(value: Any, _: object) -> types.Position:
    """Some clients say "the end" with numbers beyond the protocol's largest."""
    largest = 2**31 - 1
    return types.Position(min(_whole(value["line"]), largest), min(_whole(value["character"]), largest))


def _sentence(method: str, error: Exception) -> str:
    """Says which parameter is wrong. cattrs' own texts quote values, so only its paths are used."""
    paths: list[str] = []
    if isinstance(error, BaseValidationError):
        texts = transform_error(error, path="params", format_exception=lambda _, __: "")
        paths = sorted({text.rpartition(" @ ")[2] for text in texts})
    where = f": see `{_CAMEL.sub(lambda match: match[1].upper(), paths[0])}`" if paths else ""
    return f"The parameters of {method} do not have the shape that LSP defines{where}."
