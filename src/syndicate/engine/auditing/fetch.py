"""Fetches what readers get at public URLs, without being a burden to anybody."""

from __future__ import annotations

import hashlib
import http.client
import ipaddress
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from syndicate import __version__
from syndicate.engine.auditing.answers import GONE, Answer, lifetime, number_in

_MOST_REDIRECTS = 5
_PIECE = 1 << 16  # bytes
_TIMEOUT = 20.0  # seconds for each step
_LONGEST = 300.0  # seconds for one answer
_FAILURES = 3  # in a row, after which a host is left alone
_PAUSE = 0.05  # seconds between requests to one host
_MOST_WAIT = 30.0  # seconds that a host may ask for
_BUSY = (429, 503)
_REDIRECTS = (301, 302, 303, 307, 308)


class UnreachableError(Exception):
    """A URL could not be looked at; the message says why."""


@dataclass
class _Host:
    """How one host is treated: not too fast, and not at all once it fails."""

    pause: float
    next: float = 0.0
    failures: int = 0
    left_alone: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> None:
        """Wait for the turn of the next request.

        Raises:
            UnreachableError: the host is left alone.
        """
        with self.lock:
            if self.left_alone:
                raise UnreachableError(self.left_alone)
            turn = max(self.next, time.monotonic())
            self.next = turn + self.pause
        time.sleep(max(0.0, turn - time.monotonic()))

    def failed(self, why: str) -> None:
        with self.lock:
            self.failures += 1
            if self.failures >= _FAILURES:
                self.left_alone = why

    def answered(self) -> None:
        with self.lock:
            self.failures = 0


class Fetcher:
    """Fetches from any number of threads; each keeps its connections. A host is asked no more than
    twenty times a second, unless it is this machine."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def fetch(self, url: str, etag: str = "") -> Answer:
        """What `url` answers; 304 if it still has `etag`.

        Raises:
            UnreachableError: it cannot be looked at.
        """
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._politely(url, etag)
            if isinstance(answer, Answer):
                return answer
            try:
                url = urljoin(url, answer)
            except ValueError as error:
                raise UnreachableError(
                    f"{url} redirects to {answer!r}, which is no address"
                ) from error
        raise UnreachableError(f"redirects more than {_MOST_REDIRECTS} times, last to {url}")

    def _politely(self, url: str, etag: str) -> Answer | str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnreachableError(f"leads to {url}")
        host = self._host(parts.netloc, parts.hostname)
        for is_last in (False, True):
            host.wait()
            try:
                answer = self._ask(url, etag)
            except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
                why = f"{parts.netloc}: {str(error) or type(error).__name__}"
                host.failed(why)
                raise UnreachableError(why) from error
            host.answered()
            if not isinstance(answer, float):
                return answer
            if is_last or answer > _MOST_WAIT:
                host.left_alone = f"{parts.netloc} asks to be left alone"
                raise UnreachableError(host.left_alone)
            time.sleep(answer)
        raise AssertionError("unreachable")

    def _ask(self, url: str, etag: str) -> Answer | str | float:
        """The answer, the address to which it redirects, or the seconds to wait."""
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {**_HEADERS, **({"If-None-Match": etag} if etag else {})}
        response = self._response(parts.scheme, parts.netloc, target, headers)
        if response.status in _REDIRECTS and (goes := response.getheader("Location")):
            _drain(response)
            return goes
        if response.status in _BUSY:
            _drain(response)
            asked = response.getheader("Retry-After", "")
            return float(asked) if asked.isdecimal() else _MOST_WAIT + 1
        if response.status not in (200, 304, *GONE):
            _drain(response)
            raise UnreachableError(f"{url} answers {response.status} {response.reason}".rstrip())
        digest = hashlib.sha256()
        for piece in _decoded(response, response.getheader("Content-Encoding", "")):
            digest.update(piece)
        given = response.getheader("ETag", "")
        return Answer(
            response.status,
            digest.hexdigest() if response.status == 200 else "",
            url,
            given if given.startswith('"') else "",
            lifetime(response.headers),
            number_in(response.getheader("Age")),
        )

    def _response(
        self, scheme: str, netloc: str, target: str, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        open_ = self._own.__dict__.setdefault("connections", {})
        while True:
            connection = open_.pop((scheme, netloc), None)
            is_kept = connection is not None
            if connection is None:
                connection = _connect(scheme, netloc)
            try:
                connection.request("GET", target, headers=headers)
                response: http.client.HTTPResponse = connection.getresponse()
            except (OSError, http.client.HTTPException):
                connection.close()
                if is_kept:  # the server has closed it meanwhile
                    continue
                raise
            open_[scheme, netloc] = connection
            return response

    def _host(self, netloc: str, name: str) -> _Host:
        with self._lock:
            if netloc not in self._hosts:
                self._hosts[netloc] = _Host(0.0 if _is_this_machine(name) else _PAUSE)
            return self._hosts[netloc]


_HEADERS = {
    "User-Agent": f"syndicate/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "gzip",
}


def _connect(scheme: str, netloc: str) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(netloc, timeout=_TIMEOUT, context=context)
    return http.client.HTTPConnection(netloc, timeout=_TIMEOUT)


def _is_this_machine(name: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(name).is_loopback
    return name == "localhost"


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """The body, piece by piece.

    Raises:
        OSError: it ends too early, or takes too long.
    """
    end = time.monotonic() + _LONGEST
    while piece := response.read1(_PIECE):
        yield piece
        if time.monotonic() > end:
            response.close()
            raise TimeoutError("takes too long")
    if response.length:
        raise OSError(f"ended {response.length:,} bytes too early")
    response.close()  # the connection is free for the next request


def _drain(response: http.client.HTTPResponse) -> None:
    """Read the rest, so that the connection can be used again."""
    for _ in _pieces(response):
        pass


def _decoded(response: http.client.HTTPResponse, encodings: str) -> Iterator[bytes]:
    """The body without the `encodings` that the server or a cache has applied.

    Raises:
        UnreachableError: one of them is not known.
    """
    pieces = _pieces(response)
    for encoding in reversed([one.strip().lower() for one in encodings.split(",")]):
        if encoding in ("", "identity"):
            continue
        if encoding not in _WINDOWS:
            _drain(response)
            raise UnreachableError(
                f"is sent in the encoding {encoding!r}, although only gzip is asked for"
            )
        pieces = _inflated(pieces, _WINDOWS[encoding])
    return pieces


_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The `wbits` of zlib for each encoding."""


def _inflated(pieces: Iterator[bytes], window: int) -> Iterator[bytes]:
    inflate, is_empty = zlib.decompressobj(window), True
    for piece in pieces:
        while piece:
            is_empty = False
            yield inflate.decompress(piece, _PIECE)
            piece = inflate.unconsumed_tail
            if inflate.eof:  # there may be another gzip member
                piece = inflate.unused_data
                inflate, is_empty = zlib.decompressobj(window), True
    yield inflate.flush()
    if not is_empty and not inflate.eof:
        raise OSError("ended too early")
