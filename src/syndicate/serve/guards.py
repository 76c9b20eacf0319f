"""Limits on the size and rate of requests, and headers for every response (ASGI)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from ipaddress import IPv6Address, IPv6Network

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syndicate.serve.forwarded import address_of

_MOST_KEYS = 10_000


class Headers:
    """Sets `headers` on every response, including error pages."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """Refuses a request with a body of more than `most` bytes."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. Its whole body is read here, since accepted bodies are small."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and (len(told) > 18 or int(told) > self._most):
            await _too_large(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._most:
                await _too_large(scope, receive, send)
                return

        read = False

        async def again() -> Message:
            nonlocal read
            if read:
                return await receive()
            read = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("request too large\n", 413)(scope, receive, send)


class Allowance:
    """How often something may be done for each key: `most` times at once, then `per_minute` (a
    token bucket). Of the keys that were used last, 10,000 are remembered."""

    def __init__(
        self, most: int, per_minute: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._per_second, self._clock = most, per_minute / 60, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until it may be done for `key`; 0 if it may be done now."""
        return max(0.0, (1 - self._now(key)) / self._per_second)

    def take(self, key: str) -> bool:
        """Use the allowance of `key` once. False if nothing is left of it."""
        left = self._now(key)
        self._set(key, left - 1 if left >= 1 else left)
        return left >= 1

    def give_back(self, key: str) -> None:
        """What was taken does not count."""
        self._set(key, min(self._most, self._now(key) + 1))

    def _now(self, key: str) -> float:
        left, at = self._left.get(key, (float(self._most), 0.0))
        return min(self._most, left + (self._clock() - at) * self._per_second)

    def _set(self, key: str, left: float) -> None:
        self._left[key] = (left, self._clock())
        self._left.move_to_end(key)
        while len(self._left) > _MOST_KEYS:
            self._left.popitem(last=False)


class Rate:
    """Limits each client to `per_minute` requests a minute, which may come all at once."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app, self._allowance = app, Allowance(per_minute, per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        client = network_of((scope.get("client") or ("",))[0])
        if scope["type"] == "http" and not self._allowance.take(client):
            headers = {"Retry-After": "60"}
            await PlainTextResponse("too many requests\n", 429, headers)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def network_of(client: str) -> str:
    """What one sender can choose an address from: an IPv4 address, or a /64 network of IPv6."""
    address = address_of(client)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address or client)
