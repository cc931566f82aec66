"""What a connection may carry beside bodies, and for how long, on uvicorn with an application that only answers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import pytest
import uvicorn
from prometheus_client import CollectorRegistry

from callup_desktop.gateway.protocol import LARGEST_HEAD, GuardedProtocol
from callup_desktop.gateway.responses import REFUSALS, Refusals, RequestScope
from callup_desktop.gateway.telemetry import Metrics, Telemetry
from callup_desktop.presentation.messages import Messages
from tests.engine.world import Lines

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
FLOOD = 64 * 1024 * 1024
Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Impatient(GuardedProtocol):
    head_timeout = 0.3


async def answer_at_once(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - as ASGI calls it
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


async def tell(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the names of the headers and the body, once all of it is here."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    told = b",".join(name for name, _ in scope["headers"]) + b"|" + body
    await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"%d" % len(told))]})
    await send({"type": "http.response.body", "body": told})


def told_to(lines: Lines) -> Telemetry:
    return Telemetry(lines, Metrics(CollectorRegistry()))


def in_a_loop(test: Callable[..., Coroutine[None, None, None]]) -> Callable[..., None]:
    @wraps(test)
    def run(*arguments: Any, **options: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*arguments, **options), 60))

    return run


@asynccontextmanager
async def connected(
    app: Any, protocol: type[GuardedProtocol] = GuardedProtocol, telemetry: Telemetry | None = None
) -> AsyncIterator[Client]:
    config = uvicorn.Config(app, http=protocol, lifespan="off", log_config=None, log_level="error", ws="none")
    config.load()
    state, loop = uvicorn.Server(config).server_state, asyncio.get_running_loop()
    shared = {REFUSALS: Refusals(telemetry or told_to(Lines()), Messages())}
    server = await loop.create_server(lambda: protocol(config, state, shared), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            yield reader, writer
        finally:
            writer.transport.abort()


async def flood(client: Client, piece: bytes) -> None:
    """Send the piece again and again; raises ConnectionError where the server takes no more."""
    sent = 0
    while sent < FLOOD:
        client[1].write(piece)
        await client[1].drain()
        sent += len(piece)


@in_a_loop
@pytest.mark.parametrize("piece", [b"a: b\r\n" * 10_000, b"a" * 60_000], ids=["many", "one"])
async def test_trailers_without_end_are_refused_also_after_the_answer(piece: bytes) -> None:
    async with connected(answer_at_once) as client:
        client[1].write(CHUNKED + b"0\r\na: ")
        assert (await client[0].readline()).startswith(b"HTTP/1.1 200")

        with pytest.raises(ConnectionError):
            await flood(client, piece)


@in_a_loop
async def test_trailers_are_no_headers() -> None:
    async with connected(tell) as (reader, writer):
        writer.write(CHUNKED + b"2\r\nhi\r\n0\r\nAuthorization: Bearer x\r\n\r\n")
        writer.write_eof()

        assert (await reader.read()).endswith(b"host,transfer-encoding|hi")


@in_a_loop
@pytest.mark.parametrize(
    "after",
    [b"\r\n", b"x" * 9, b"x" * 10, b"x" * 10 + b"GET /"],
    ids=["a line end", "a body that does not end", "a body", "a head that does not end"],
)
async def test_no_byte_keeps_a_connection_open_that_asks_nothing(after: bytes) -> None:
    async with connected(answer_at_once, Impatient) as (reader, writer):
        writer.write(GET.replace(b"Host", b"Content-Length: 10\r\nHost") if after[:1] == b"x" else GET)
        await reader.readuntil(b"\r\n\r\nok")
        writer.write(after)

        assert await reader.read() == b""


@in_a_loop
async def test_what_comes_after_a_whole_request_takes_nothing_from_its_answer() -> None:
    for after in (b"garbage\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD + b"\r\n\r\n"):
        async with connected(tell) as (reader, writer):
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi" + after)

            told = await reader.read()
            assert told.startswith(b"HTTP/1.1 201"), told
            assert told.endswith(b"host,content-length|hi")
            assert told.count(b"HTTP/1.1") == 1


@in_a_loop
async def test_a_client_that_has_said_all_and_ends_its_side_is_answered_and_the_connection_closed() -> None:
    ended = asyncio.Event()

    async def answers_after_the_end(scope: Any, receive: Any, send: Any) -> None:
        await ended.wait()
        await tell(scope, receive, send)

    class Watched(GuardedProtocol):
        def eof_received(self) -> bool:  # type: ignore[override]  # as GuardedProtocol has it
            ended.set()
            return super().eof_received()

    for request in (GET, GET + b"GET / HT", GET + b"--garbage\r\n\r\n"):
        ended.clear()
        async with connected(answers_after_the_end, Watched) as (reader, writer):
            writer.write(request)
            writer.write_eof()

            assert (await reader.read()).count(b"HTTP/1.1 201") == 1


@in_a_loop
async def test_a_client_that_ends_its_side_in_the_middle_has_left() -> None:
    async with connected(tell) as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nh")
        writer.write_eof()

        assert await reader.read() == b""


@in_a_loop
async def test_a_question_for_the_head_alone_is_answered_without_a_body() -> None:
    async def only_get(scope: Any, receive: Any, send: Any) -> None:
        assert scope["method"] == "GET"
        await answer_at_once(scope, receive, send)

    telemetry = told_to(Lines())
    async with connected(RequestScope(only_get, telemetry, Messages())) as (reader, writer):
        writer.write(GET.replace(b"GET", b"HEAD") + GET.replace(b"Host", b"Connection: close\r\nHost"))
        first, second = (await reader.read()).split(b"HTTP/1.1 200 OK")[1:]

    assert (first.endswith(b"\r\n\r\n"), second.endswith(b"\r\n\r\nok")) == (True, True)
    asked = {"route": "other", "method": "HEAD", "status": "200"}
    assert telemetry.metrics.registry.get_sample_value("callup_requests_total", asked) == 1


@in_a_loop
async def test_an_answer_is_counted_before_the_client_has_it() -> None:
    counted: list[float | None] = []

    def count() -> float | None:
        answered = {"route": "other", "method": "GET", "status": "200"}
        return telemetry.metrics.registry.get_sample_value("callup_requests_total", answered)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            counted.append(count())

    async def receive() -> Any:
        raise AssertionError("nobody asks for a body")

    telemetry = told_to(lines := Lines())
    scope = {"type": "http", "method": "GET", "headers": []}
    await RequestScope(answer_at_once, telemetry, Messages())(scope, receive, send)

    assert counted == [1]
    assert count() == 1
    assert [event for _level, event, _facts in lines.entries] == ["request answered"]


@in_a_loop
async def test_an_offer_of_another_protocol_is_declined_and_the_request_taken() -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + OFFER + b"\r\n"
    async with connected(tell) as (reader, writer):
        for pieces in ((request + b"hi",), (request, b"hi"), (request[:60], request[60:] + b"h", b"i" + GET)):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            told = await reader.readuntil(b"|hi")
            assert told.startswith(b"HTTP/1.1 201"), told
            assert told.endswith(b"\r\n\r\nhost,content-length,http2-settings|hi")
        assert (await reader.readuntil(b"host|")).startswith(b"HTTP/1.1 201")


@in_a_loop
@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n", b"400"),
        (b"GET / HTTP/1.0\r\n\r\n", b"200"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nauthorization: Bearer a\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nAccept: a/b\r\nAccept: a/b\r\n\r\n", b"200"),
    ],
)
async def test_a_request_has_one_host_one_key_one_token_and_one_type(head: bytes, status: bytes) -> None:
    async with connected(answer_at_once) as (reader, writer):
        writer.write(head)

        assert (await reader.readline()).split()[1] == status


@in_a_loop
async def test_a_tunnel_is_refused() -> None:
    async with connected(tell) as (reader, writer):
        writer.write(b"CONNECT storage:443 HTTP/1.1\r\nHost: x\r\n\r\n")

        assert (await reader.read()).startswith(b"HTTP/1.1 400")


@in_a_loop
@pytest.mark.parametrize(
    ("request_head", "code", "status"),
    [
        (b"nonsense\r\n\r\n", "form_broken", "400"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * LARGEST_HEAD + b"\r\n\r\n", "headers_too_large", "431"),
    ],
    ids=["no HTTP", "too many headers"],
)
async def test_what_is_refused_before_it_is_a_request_has_an_id_and_is_counted(
    request_head: bytes, code: str, status: str
) -> None:
    telemetry = told_to(lines := Lines())
    async with connected(answer_at_once, telemetry=telemetry) as (reader, writer):
        writer.write(request_head)
        head, _, body = (await reader.read()).decode().partition("\r\n\r\n")

    request_id = json.loads(body)["request_id"]
    assert request_id
    assert f"x-request-id: {request_id}" in head
    assert [facts["request_id"] for _level, event, facts in lines.entries if event == "request answered"] == [
        request_id
    ]
    registry = telemetry.metrics.registry
    assert registry.get_sample_value("callup_problems_total", {"type": code}) == 1
    route = {"route": "other", "method": "other", "status": status}
    assert registry.get_sample_value("callup_requests_total", route) == 1


@in_a_loop
async def test_a_bug_says_nothing_of_a_recording_and_is_counted() -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - as ASGI calls it
        raise ZeroDivisionError

    telemetry = told_to(Lines())
    async with connected(RequestScope(fails, telemetry, Messages())) as (reader, writer):
        writer.write(GET.replace(b"Host", b"Connection: close\r\nHost"))
        body = json.loads((await reader.read()).partition(b"\r\n\r\n")[2])

    assert (body["type"], body["status"]) == ("gateway_bug", 500)
    assert body["request_id"]
    assert "recording" not in body["detail"]
    assert telemetry.metrics.registry.get_sample_value("callup_problems_total", {"type": "gateway_bug"}) == 1
