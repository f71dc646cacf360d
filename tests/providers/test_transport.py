"""The only network: what is sent, what comes back, and a sentence for everything that goes wrong."""

from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from promptls.providers import transport as module
from promptls.providers.event import KINDS, Failure
from promptls.providers.mask import Mask
from promptls.providers.request import Endpoint, HttpRequest
from promptls.providers.secret import Secret
from promptls.providers.transport import Transport, TransportError, is_loopback, origin_of, proxy_for
from tests.providers.loopback import CERTIFICATES, Received, answer, raw, serving

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
KEY = "sk-canary-0123456789"


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 30))


@asynccontextmanager
async def transport(**more: Any) -> AsyncIterator[Transport]:
    made = Transport(**{"environment": {}, **more})
    try:
        yield made
    finally:
        await made.aclose()


async def fetch(made: Transport, http: HttpRequest, endpoint: Endpoint, secret: Secret | None = None) -> bytes:
    async with made.open(http, endpoint, secret) as response:
        return await response.read()


def failure_of(http: HttpRequest, endpoint: Endpoint, **more: Any) -> Failure:
    async def work() -> Failure:
        async with transport(**more) as made:
            with pytest.raises(TransportError) as caught:
                await fetch(made, http, endpoint, Secret(KEY, "K"))
        return caught.value.failure

    failure: Failure = run(work())
    assert failure.kind in KINDS
    assert str(failure.message)[-1] not in ".!"
    assert KEY not in failure.message
    return failure


def failure_from(*replies: Any, certificate: str = "", first: bytes | None = None, **more: Any) -> tuple[Failure, str]:
    """The failure, and its sentence with the server's address as HOST."""

    async def work() -> tuple[Failure, str]:
        async with serving(*replies, certificate=certificate, first=first) as server, transport() as made:
            with pytest.raises(TransportError) as caught:
                await fetch(made, server.post(), server.endpoint(**more), Secret(KEY, "K"))
            return caught.value.failure, caught.value.failure.message.replace(server.url, "HOST")

    found: tuple[Failure, str] = run(work())
    return found


def test_a_request_goes_out_as_it_is_with_its_key_and_nothing_else() -> None:
    async def work() -> None:
        async with serving(answer(b"hello", headers="X-Request-Id: 7\r\nContent-Type: application/json\r\n")) as server:
            http = server.post("/v1/m%3A1?a=b", headers=(("Content-Type", "application/json"),))
            async with transport() as made, made.open(http, server.endpoint(), Secret(KEY, "K")) as response:
                assert response.status == 200
                assert response.content_type == "application/json"
                assert response.headers["x-request-id"] == "7"
                assert await response.read() == b"hello"
            (received,) = server.received
            assert received.line == "POST /v1/m%3A1?a=b HTTP/1.1"
            assert received.body == b'{"a": 1}'
            assert received.headers.pop("host") in server.url
            assert received.headers.pop("user-agent").startswith("promptls/")
            assert received.headers == {
                "accept": "*/*",
                "accept-encoding": "identity",
                "authorization": f"Bearer {KEY}",
                "connection": "keep-alive",
                "content-length": "8",
                "content-type": "application/json",
            }

    run(work())


def test_a_key_that_a_provider_sends_back_is_taken_out_of_head_and_body() -> None:
    async def work() -> None:
        body = f'{{"said": "with {KEY} and {KEY}", "other": "sk-canary-01"}}'.encode()
        async with (
            serving(answer(body, headers=f"X-Echo: {KEY}\r\n")) as server,
            transport() as made,
            made.open(server.post(), server.endpoint(), Secret(KEY, "MY_KEY")) as response,
        ):
            assert response.headers["x-echo"] == "$MY_KEY"
            assert await response.read() == b'{"said": "with $MY_KEY and $MY_KEY", "other": "sk-canary-01"}'

    run(work())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20, 1000])
def test_a_key_is_found_however_the_answer_is_cut(size: int) -> None:
    value = 'aab"aab-0123456789'
    body = ("x" + value + "aab" + value + value.replace('"', chr(92) + '"') + 'aab"aa tail aab').encode()
    mask = Mask([(value, "$K"), ("word", "$WORD")])
    pieces = [mask.feed(body[at : at + size]) for at in range(0, len(body), size)]
    assert b"".join([*pieces, mask.end()]) == b'x$Kaab$K$Kaab"aa tail aab'
    assert Mask([]).feed(b"as it is") == b"as it is"
    assert Mask([("word", "$WORD")]).feed(b"a word") == b"a word"


def test_pieces_come_as_they_arrive() -> None:
    async def work() -> None:
        go_on = asyncio.Event()

        async def reply(writer: asyncio.StreamWriter, received: Received) -> None:
            writer.write(HEAD + b"5\r\nfirst\r\n")
            await go_on.wait()
            writer.write(b"6\r\nsecond\r\n0\r\n\r\n")

        async with serving(reply) as server, transport() as made, made.open(server.post(), server.endpoint()) as got:
            assert await anext(got.chunks) == b"first"
            go_on.set()
            assert [chunk async for chunk in got.chunks] == [b"second"]

    run(work())


def test_the_block_s_end_and_a_cancel_close_the_socket() -> None:
    async def work() -> None:
        async def endless(writer: asyncio.StreamWriter, received: Received) -> None:
            writer.write(HEAD + b"5\r\nfirst\r\n")
            while True:
                await asyncio.sleep(0.01)
                writer.write(b"1\r\n.\r\n")
                await writer.drain()

        async with serving(endless) as server, transport() as made:
            async with made.open(server.post(), server.endpoint()) as response:
                await anext(response.chunks)
            await server.closed.wait()

        async with serving(endless) as server, transport() as made:
            begun = asyncio.Event()

            async def reading() -> None:
                async with made.open(server.post(), server.endpoint()) as response:
                    async for _ in response.chunks:
                        begun.set()

            task = asyncio.create_task(reading())
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.closed.wait()

    run(work())


def test_a_cancel_before_the_answer_closes_the_socket() -> None:
    async def work() -> None:
        asked = asyncio.Event()

        async def silent(writer: asyncio.StreamWriter, received: Received) -> None:
            asked.set()
            assert await received.reader.read() == b""

        async with serving(silent) as server, transport() as made:
            task = asyncio.create_task(fetch(made, server.post(), server.endpoint()))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.closed.wait()

    run(work())


def test_a_connection_is_used_again_and_one_that_the_server_has_closed_is_replaced_once() -> None:
    async def work() -> None:
        async def then_close(writer: asyncio.StreamWriter, received: Received) -> None:
            await answer(b"one")(writer, received)
            await writer.drain()

        async def closing(writer: asyncio.StreamWriter, received: Received) -> None:
            writer.close()

        async with serving(then_close, then_close, closing, answer(b"again")) as server, transport() as made:
            assert await fetch(made, server.post(), server.endpoint()) == b"one"
            assert await fetch(made, server.post(), server.endpoint()) == b"one"
            assert server.connections == 1
            assert await fetch(made, server.post(), server.endpoint()) == b"again"
            assert server.connections == 2
        # A connection that is new and is closed is no such case: the server may have worked on the request.
        async with serving(closing) as server, transport() as made:
            with pytest.raises(TransportError, match="broke off without an answer"):
                await fetch(made, server.post(), server.endpoint())
            assert len(server.received) == 1

    run(work())


def test_nothing_is_replayed_once_the_answer_began() -> None:
    async def work() -> None:
        broken = raw(b"HTTP/1.1 200 OK\r\nContent-Le")
        async with serving(answer(b"one"), broken) as server, transport() as made:
            await fetch(made, server.post(), server.endpoint())
            with pytest.raises(TransportError):
                await fetch(made, server.post(), server.endpoint())
            assert len(server.received) in (2, 3)

    run(work())


def test_another_host_is_never_followed_to() -> None:
    async def work() -> None:
        async with serving(answer(b"stolen")) as other, transport() as made:
            for status in (301, 302, 303, 307, 308):
                moved = answer(b"", status, f"Location: {other.url}/v1/x\r\n")
                async with serving(moved) as server:
                    with pytest.raises(TransportError) as caught:
                        await fetch(made, server.post(), server.endpoint(), Secret(KEY, "K"))
                    assert f"sends on to {other.url}, where neither prompt nor key" in caught.value.failure.message
            assert other.received == []
            here = answer(b"", 307, "Location: /v2/x\r\n")
            async with serving(here, answer(b"moved")) as server:
                assert await fetch(made, server.post(), server.endpoint(), Secret(KEY, "K")) == b"moved"
                assert [one.line for one in server.received] == ["POST /v1/x HTTP/1.1", "POST /v2/x HTTP/1.1"]
            circle = answer(b"", 308, "Location: /again\r\n")
            async with serving(circle) as server:
                with pytest.raises(TransportError):
                    await fetch(made, server.post(), server.endpoint())
                assert len(server.received) == 3

    run(work())


def test_offline_nothing_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with serving(answer()) as server:
            for more, said in (
                ({"environment": {"PROMPTLS_OFFLINE": "1"}}, "PROMPTLS_OFFLINE is set, so nothing is sent to `local`"),
                ({"offline": True}, "`offline: true` is configured, so nothing is sent to `local`"),
            ):
                async with transport(**more) as made:
                    with pytest.raises(TransportError, match=said) as caught:
                        await fetch(made, server.post(), server.endpoint())
                    assert caught.value.failure.kind == "offline"
                    assert await fetch(made, server.post(), server.endpoint(service="embedded", starts=True)) == b"fine"
            assert server.connections == 2
            for off in ("", "0", "false", "no"):
                async with transport(environment={"PROMPTLS_OFFLINE": off}) as made:
                    assert await fetch(made, server.post(), server.endpoint()) == b"fine"

    run(work())


def test_this_machine_is_never_called_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with serving(answer(b"proxied")) as proxy, serving(answer(b"direct")) as server, transport() as made:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.url)
            assert await fetch(made, server.post(), server.endpoint()) == b"direct"
            http = HttpRequest("POST", "http://models.example/v1/x", body=b"{}")
            assert await fetch(made, http, server.endpoint(base_url="http://models.example")) == b"proxied"
            assert proxy.received[0].line == "POST http://models.example/v1/x HTTP/1.1"

    run(work())


def test_proxies_are_chosen_as_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "spared.example,.corp")
    assert proxy_for("https://api.openai.com/v1") == "http://proxy.example:3128"
    assert proxy_for("http://api.openai.com/v1") == ""
    assert proxy_for("https://spared.example/v1") == ""
    assert proxy_for("https://a.corp:8443/v1") == ""
    for mine in (
        "https://127.0.0.1:1/",
        "https://localhost/",
        "https://[::1]:5/",
        "https://127.9.9.9",
    ):
        assert proxy_for(mine) == ""


def test_which_addresses_are_of_this_machine() -> None:
    assert all(map(is_loopback, ("http://127.0.0.1", "http://localhost:80/x", "http://[::1]", "http://LOCALHOST.")))
    others = (
        "http://127.0.0.1.evil.example",
        "http://localhost.evil",
        "http://evil/127.0.0.1",
        "http://127.evil",
        "http://127.999.1.1",
        "http://127.0.0.\u0663",
        "http://a.localhost",
        "http://[",
    )
    assert not any(map(is_loopback, (*others, "", "http://127.0.0.1@evil.example/", "http://0.0.0.0.example")))


def test_the_origin_of_an_address() -> None:
    assert origin_of("https://API.OpenAI.com:443/v1?x=1") == "https://api.openai.com"
    assert origin_of("http://127.0.0.1:8080/v1") == "http://127.0.0.1:8080"
    assert origin_of("https://user:secret@h.example./") == "https://h.example"
    assert origin_of("http://[::1]:5/") == "http://[::1]:5"
    assert origin_of("http://h:x/?key=1") == "http://h:x/"


def test_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        found = failure_of(HttpRequest("GET", url), Endpoint("local", "vllm", "openai-chat", url))
    assert found.kind == "refused"
    assert found.message == f"nothing listens at {url}; start the server of `local`, or mend its address"


def test_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    url = "https://models.invalid"
    found = failure_of(HttpRequest("GET", url), Endpoint("corp", "openai", "openai-chat", url))
    assert found == Failure("dns", "there is no host models.invalid; check the address of `corp`, and the network")


def test_a_proxy_that_is_wrong_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("https_proxy", f"http://ada:{KEY}@{proxy}")
        url = "https://models.example"
        endpoint = Endpoint("corp", "openai", "openai-chat", url)
        found = failure_of(HttpRequest("GET", url), endpoint)
    assert found.kind == "refused"
    assert found.message.startswith(f"nothing listens at the proxy http://{proxy}; HTTPS_PROXY and NO_PROXY say")
    monkeypatch.setenv("https_proxy", f"socks5://{proxy}")
    assert "speaks SOCKS" in failure_of(HttpRequest("GET", url), endpoint).message

    async def refusing() -> Failure:
        async with serving(raw(b"HTTP/1.1 407 No\r\n\r\n")) as server, transport() as made:
            monkeypatch.setenv("https_proxy", server.url)
            with pytest.raises(TransportError) as caught:
                await fetch(made, HttpRequest("GET", url), endpoint, Secret(KEY, "K"))
            return caught.value.failure

    found = run(refusing())
    assert found.kind == "proxy"
    assert "refused to connect to https://models.example" in found.message


def test_a_certificate_that_signs_itself() -> None:
    found, said = failure_from(answer(), certificate="itself.pem")
    assert found.kind == "tls"
    assert said == (
        "the certificate of HOST is signed by itself; if it is your company's, set `ca_file` of `local` in your own "
        "configuration to the certificate of its authority"
    )


def test_a_certificate_of_an_authority_that_is_not_known_and_then_is() -> None:
    found, said = failure_from(answer(), certificate="server.pem")
    assert (found.kind, "does not trust" in said) == ("tls", True)

    async def work() -> bytes:
        async with serving(answer(b"trusted"), certificate="server.pem") as server, transport() as made:
            return await fetch(made, server.post(), server.endpoint(ca_file=str(CERTIFICATES / "ca.pem")))

    assert run(work()) == b"trusted"


def test_a_certificate_of_another_host() -> None:
    found, said = failure_from(answer(), certificate="elsewhere.pem", ca_file=str(CERTIFICATES / "ca.pem"))
    assert found.kind == "tls"
    assert said.startswith("the certificate of HOST is for another address; check the address")


def test_a_server_without_tls_and_a_file_without_certificates(tmp_path: Any) -> None:
    async def plain() -> str:
        async with serving(answer(), first=b"HTTP/1.1 400 Bad Request\r\n\r\n") as server, transport() as made:
            url = server.url.replace("http:", "https:")
            with pytest.raises(TransportError) as caught:
                await fetch(made, HttpRequest("GET", url), server.endpoint(base_url=url))
            return caught.value.failure.message.replace(url, "HOST")

    assert run(plain()) == "HOST does not speak TLS; is its address `http:` instead of `https:`?"
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    assert failure_from(answer(), certificate="server.pem", ca_file=str(empty))[1] == (
        f"there is no certificate in {empty} (`ca_file`)"
    )
    missing = str(tmp_path / "missing.pem")
    assert failure_from(answer(), certificate="server.pem", ca_file=missing)[1] == (
        f"the certificates in {missing} (`ca_file`) cannot be read"
    )


def test_a_server_that_says_nothing() -> None:
    async def silent(writer: asyncio.StreamWriter, received: Received) -> None:
        await asyncio.sleep(20)

    found, said = failure_from(silent, timeout=0.1)
    assert found.kind == "timeout"
    assert said == "HOST did not answer for 0.1 seconds; run it again, or set `timeout` of `local` higher"

    async def stops(writer: asyncio.StreamWriter, received: Received) -> None:
        writer.write(HEAD + b"5\r\nfirst\r\n")
        await asyncio.sleep(20)

    # Long enough for the first piece to come on a busy machine.
    found, said = failure_from(stops, timeout=0.5)
    assert found.kind == "timeout"
    assert said.startswith("nothing more came from HOST for 0.5 seconds; run it again")


def test_a_connection_that_is_not_taken_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 0.05)
    # A listener whose queue is full takes no connection.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        url = f"http://127.0.0.1:{address[1]}"
        found = failure_of(HttpRequest("GET", url), Endpoint("local", "vllm", "openai-chat", url))
        for one in waiting:
            one.close()
    assert found.kind == "timeout"
    assert found.retryable


def test_an_answer_that_breaks_off() -> None:
    found, said = failure_from(raw(HEAD, b"5\r\nfir"))
    assert (found.kind, said) == ("truncated", "HOST broke off in the middle of the answer")
    found, said = failure_from(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"))
    assert found.kind == "truncated"
    found, said = failure_from(raw(b"\x00\x01 no HTTP\r\n\r\n"))
    assert found.kind == "connection"
    assert said == "HOST broke off without an answer; is `base_url` the address of a model service?"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://h/", "http://", "http://h:port/", "http://[::1", "http://\x00/"]
)
def test_an_address_that_is_none(url: str) -> None:
    assert failure_of(HttpRequest("GET", url), Endpoint("corp", "openai", "openai-chat", url)).kind == "connection"


def test_a_header_that_is_none_is_refused_before_anything_is_sent() -> None:
    def said(name: str, value: str, environment: dict[str, str]) -> str:
        endpoint = Endpoint("corp", "openai", "x", "http://127.0.0.1:1", headers={name: value})
        http = HttpRequest("GET", "http://127.0.0.1:1", headers=((name, value),))
        return failure_of(http, endpoint, environment=environment).message

    assert said("X-T", "${env:T}", {}) == "the header X-T of `corp` reads T, which is not set"
    assert said("X-T", "a\r\nX-Evil: 1", {}).startswith("the header X-T has a character that no header can hold")
    assert said("X-T", "${env:T}", {"T": "ä" + KEY}).startswith("the variable T has a character")
    assert said("X T", "a", {}) == "`X T` under `headers` is no name that a header can have"


def test_a_failure_shows_no_key_in_its_trace_not_even_in_its_locals(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> str:
        async with serving(raw(b"")) as server, transport(environment={"TEAM": KEY + "-team"}) as made:
            endpoint = server.endpoint(auth="header:x-api-key", headers={"X-Team": "${env:TEAM}"})
            http = server.post(headers=(("X-Team", "${env:TEAM}"),))
            with pytest.raises(TransportError) as caught:
                await fetch(made, http, endpoint, Secret(KEY, "K"))
            assert caught.value.__context__ is None
            assert server.received[0].headers["x-api-key"] == KEY
            assert server.received[0].headers["x-team"] == KEY + "-team"
            whole = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
            return "".join(whole.format())

    with caplog.at_level(logging.DEBUG):
        said = run(work())
    assert "broke off" in said
    assert KEY not in said
    assert KEY not in caplog.text
