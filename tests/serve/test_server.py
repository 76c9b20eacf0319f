"""What a client can keep busy, and for how long."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing
from threading import Event

import pytest
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from syndicate.serve import server
from syndicate.serve.guards import BodyLimit
from tests.app_server import serving
from tests.waiting import LIMIT

gone = Event()
"""Set when the endless answer has ended."""


async def endless() -> AsyncIterator[bytes]:
    try:
        while True:
            yield b"x" * 1_000_000
            await asyncio.sleep(0)
    finally:
        gone.set()


async def answers(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        answer: Response = PlainTextResponse("ok")
        if scope["path"] == "/endless":
            answer = StreamingResponse(endless())
        await answer(scope, receive, send)


def app(_: int) -> ASGIApp:
    return BodyLimit(answers, 1000)


@pytest.fixture
def port() -> Iterator[int]:
    with serving(app) as port:
        yield port


def opened(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), LIMIT)


def to_the_end(connection: socket.socket) -> bytes:
    """All that the server says until it closes the connection."""
    said = b""
    try:
        while part := connection.recv(1 << 20):
            said += part
    except ConnectionError:
        pass
    return said


def asked(port: int, request: bytes) -> bytes:
    with closing(opened(port)) as connection:
        connection.sendall(request)
        return to_the_end(connection)


GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"


@pytest.mark.parametrize("start", [b"", b"GET / HT", GET, POST])
def test_a_request_that_does_not_arrive_is_cut_off(
    start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "REQUEST_TIME", 0.1)
    with serving(app) as port:
        assert asked(port, start) == b""
        # A whole request is answered all the same, also the second one of a connection.
        twice = GET + b"\r\n" + GET + b"Connection: close\r\n\r\n"
        assert asked(port, twice).count(b"200 OK") == 2


def test_an_answer_that_is_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "STALLED_TIME", 0.1)
    gone.clear()
    with serving(app) as port, closing(opened(port)) as slow:
        slow.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        assert gone.wait(LIMIT)


def test_headers_that_are_too_large_are_refused(port: int) -> None:
    for header in (b"Cookie: a=" + b"x" * 1_000_000, b"X: y\r\n" * 200_000):
        answer = asked(port, GET + header + b"\r\n\r\n")
        assert answer == b"" or answer.startswith(b"HTTP/1.1 400")  # or cut off while it sends
    assert b"200 OK" in asked(port, GET + b"Connection: close\r\n\r\n")


@pytest.mark.parametrize(
    "request_",
    [b"\x00\x01\x02\r\n\r\n", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
     GET + b"Host: y\r\n\r\n", GET + b"a b: c\r\n\r\n", GET + b"Content-Length: -1\r\n\r\n",
     GET + b"Cookie: a=\x00\r\n\r\n"],
)  # fmt: skip
def test_what_is_not_http_is_answered_with_security_headers(port: int, request_: bytes) -> None:
    answer = asked(port, request_)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"Content-Security-Policy: default-src 'none'" in answer
    assert b"X-Content-Type-Options: nosniff" in answer


def test_too_many_connections_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    with serving(app) as port:
        with ExitStack() as stack:
            for _ in range(3):
                stack.enter_context(closing(opened(port)))
            answer = asked(port, GET + b"\r\n")
            assert answer.startswith(b"HTTP/1.1 503")
            assert b"retry-after: 5" in answer
            assert b"nosniff" in answer
            for _ in range(3):
                stack.enter_context(closing(opened(port)))
            assert asked(port, GET + b"\r\n") == b""
        assert b"200 OK" in asked(port, GET + b"Connection: close\r\n\r\n")


def test_a_large_body_is_refused_before_it_is_read(port: int) -> None:
    with closing(opened(port)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")
    for told in (b"9" * 5000, b"0001001"):
        request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + told + b"\r\n\r\n"
        with closing(opened(port)) as connection:
            connection.sendall(request)
            assert connection.recv(12) in (b"HTTP/1.1 413", b"HTTP/1.1 400")


def test_an_upgrade_is_not_carried_out(port: int) -> None:
    wanted = b"Connection: close, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    assert b"200 OK" in asked(port, GET + wanted + key)
