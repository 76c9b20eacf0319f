"""The HTTP server (uvicorn), with limits on what a client can keep busy, and for how long."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import h11
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 400
"""Connections at a time. One above this is answered with 503; above twice as many, it is closed."""
MOST_HEADER_BYTES = 32 * 1024
REQUEST_TIME = 30.0
"""Seconds in which a whole request must arrive."""
STALLED_TIME = 60.0
"""Seconds for which a client may leave an answer unread."""
_KEEP_ALIVE = 5  # seconds
_BARE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Bounded(H11Protocol):
    """One connection. uvicorn limits the size of the headers, but not the time that a client takes
    to send a request or to read an answer."""

    _arriving: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > 2 * MOST_CONNECTIONS:
            transport.abort()
        elif len(self.connections) > MOST_CONNECTIONS:
            self.app = _full
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._arriving, self._stalled):
            if timer:
                timer.cancel()

    def handle_events(self) -> None:
        super().handle_events()
        self._watch()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_TIME, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()

    def send_400_response(self, msg: str) -> None:
        """What h11 refuses never reaches the application, nor its headers."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()  # an answer has begun
            return
        content = f"{msg}\n".encode()
        given = {**_BARE, "Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        headers = [*given.items(), ("Content-Length", str(len(content)))]
        answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        for event in (answer, h11.Data(data=content), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """Start or stop the clock, depending on whether a request is still arriving."""
        arriving = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        if not arriving and self._arriving:
            self._arriving.cancel()
            self._arriving = None
        elif arriving and self._arriving is None:
            self._arriving = self.loop.call_later(REQUEST_TIME, self.transport.close)


async def _full(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer while there are too many connections."""
    headers: Mapping[str, str] = {**_BARE, "Retry-After": "5", "Connection": "close"}
    await PlainTextResponse("too many connections\n", 503, headers)(scope, receive, send)


def server(app: ASGIApp, **options: Any) -> uvicorn.Server:
    """A server for `app`.

    The headers of proxies are left to the application, which knows which proxies are trusted.

    Args:
        options: of `uvicorn.Config`, such as `host` and `port`.
    """
    config = uvicorn.Config(
        app,
        http=_Bounded,
        ws="none",
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        timeout_keep_alive=_KEEP_ALIVE,
        proxy_headers=False,
        access_log=False,
        log_level="warning",
        server_header=False,
        **options,
    )
    return uvicorn.Server(config)
