"""Any request to a web application, byte for byte: no client puts it right first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, unquote, urlencode

from hypothesis import strategies as st
from starlette.applications import Starlette

from tests import waiting

ODD = (
    *("", "0", "-1", "1", "99999999999999999999", "1e9", "NaN", "ferry", "ferry.x", "x", "rss"),
    *("..", "../../etc/passwd", "%2e%2e", "a/b", "a\\b", ".", "~", "\x00", "\r\nX: y", "\x1b[0m"),
    *("é", "\ud800", "\ufffd", "🚢", "\u202e", "a" * 300, "a" * 9000, "{{ 7*7 }}", "%", "%zz", "+"),
    *("'", '"', "<script>", "&", "=", ";", "null", "[]", "{}", "true", "1.x", "99999999999999.x"),
    *("2026-12-01", "2026-13-45", "9999-12-31T23:59:60Z", "0001-01-01", "-0001-01-01T00:00:00Z"),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


@dataclass(frozen=True)
class Asked:
    """A request, as a server passes it on; `target` is the path with its query."""

    method: str
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""


class Asking:
    """Asks `app` in an event loop of its own."""

    def __init__(self, app: Starlette, runner: asyncio.Runner) -> None:
        self._app, self._runner = app, runner

    def ask(self, asked: Asked) -> tuple[int, bytes]:
        """The status and the body of the answer. Whoever asks hangs up as soon as all is said.

        Raises:
            Exception: what the application has not handled.
        """
        return self._runner.run(asyncio.wait_for(self._ask(asked), waiting.LIMIT))

    async def _ask(self, asked: Asked) -> tuple[int, bytes]:
        path, _, query = asked.target.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": asked.method,
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": list(asked.headers),
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8026),
        }
        messages = iter(({"type": "http.request", "body": asked.body, "more_body": False},))
        heard: list[Any] = []

        async def receive() -> Any:
            return next(messages, {"type": "http.disconnect"})

        async def send(message: Any) -> None:
            heard.append(message)

        await self._app(scope, receive, send)
        (status,) = (one["status"] for one in heard if one["type"] == "http.response.start")
        return status, b"".join(one.get("body", b"") for one in heard)


@contextmanager
def asking(app: Starlette) -> Iterator[Asking]:
    """`app`, started."""
    with asyncio.Runner() as runner:
        context = app.router.lifespan_context(app)
        runner.run(context.__aenter__())
        try:
            yield Asking(app, runner)
        finally:
            runner.run(context.__aexit__(None, None, None))


texts = st.one_of(st.sampled_from(ODD), st.text(max_size=20))


def quoted(text: str) -> bytes:
    """`text` in a path, as some client might put it."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass")).encode()


@st.composite
def requests(
    draw: st.DrawFn, paths: Sequence[str], names: Sequence[str], headers: Sequence[bytes]
) -> Asked:
    """Requests that come close to those that are meant.

    Args:
        paths: with `{}` where anything may be.
        names: of fields of queries and forms.
        headers: the names of headers that may have any value.
    """
    parts = draw(st.sampled_from(paths)).split("{}")
    target = b"".join(quoted(part) + quoted(draw(texts)) for part in parts[:-1])
    target += quoted(parts[-1])
    fields = st.lists(st.tuples(st.sampled_from(names), texts), max_size=6)
    if query := draw(fields):
        target += b"?" + _form(query)
    given = draw(st.lists(st.tuples(st.sampled_from(headers), st.binary(max_size=40)), max_size=3))
    body = draw(st.one_of(st.just(b""), fields.map(_form), st.binary(max_size=100)))
    kind = draw(
        st.sampled_from(
            (b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"a", b"")
        )
    )
    given.append((b"content-type", kind))
    return Asked(draw(st.sampled_from(METHODS)), target, tuple(given), body)


def _form(fields: list[tuple[str, str]]) -> bytes:
    return urlencode(fields, errors="surrogatepass").encode()
