"""Fetching: from public hosts, from inner networks only by leave, never without bounds."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event

import pytest

from syndicate.engine.importing.fetch import WebFetcher
from syndicate.errors import SourceError
from tests.serving import serving
from tests.waiting import LIMIT, until

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


class _Pages(BaseHTTPRequestHandler):
    """A few answers, each named by its path."""

    asked: list[str]
    hung_up: Event

    def do_GET(self) -> None:
        self.asked.append(self.path)
        match self.path:
            case "/page":
                self._answer(200, b"<p>Hello</p>", ("Content-Type", "text/html; charset=utf-8"))
            case "/moved":
                self._answer(302, b"", ("Location", "/page"))
            case "/inner":
                self._answer(302, b"", ("Location", "http://10.0.0.1/secret"))
            case "/file":
                self._answer(302, b"", ("Location", "file:///etc/passwd"))
            case "/round":
                self._answer(302, b"", ("Location", "/round"))
            case "/large":
                self._answer(200, b"x" * 2_000)
            case "/drips":
                self._drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            case "/short":
                self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 900\r\n\r\nHello")
            case "/hangs":
                self.connection.recv(1)
            case _:
                self._answer(404, b"")

    def _drip(self, head: bytes) -> None:
        """A header that never ends, in time for each wait for more of it."""
        self.connection.sendall(head)
        for _ in range(int(LIMIT / 0.05)):
            try:
                self.connection.sendall(b"a")
            except OSError:
                self.hung_up.set()
                return
            self.hung_up.wait(0.05)

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a site with the pages above."""
    _Pages.asked, _Pages.hung_up = [], Event()
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _Pages)) as address:
        yield address


def test_a_page_and_where_it_leads(site: str) -> None:
    page = WebFetcher(LOOPBACK).fetch(f"{site}/moved", 1_000)
    assert (page.url, page.media_type, page.charset) == (f"{site}/page", "text/html", "utf-8")
    assert page.content == b"<p>Hello</p>"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://100.64.0.1/",
        "http://[64:ff9b::a00:1]/",
        "http://[::10.0.0.1]/",
        "http://[::7f00:1]/",
        "http://[fec0::1]/",
        "http://[feff:ffff::1]/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[::ffff:0:10.0.0.1]/",
        "http://[2001:470:1:1:0:5efe:10.0.0.1]/",
        "http://[2001:470:1:1:200:5efe:10.0.0.1]/",
        "http://[3fff::1]/",
        "http://[4000::1]/",
    ],
)
def test_inner_hosts_are_refused_before_a_connection(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> socket.socket:
        raise AssertionError("connected")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(SourceError, match=r"not on the public internet|unknown host") as caught:
        WebFetcher().fetch(address, 1_000)
    assert "/latest" not in caught.value.message


def test_a_name_that_resolves_to_an_inner_host_is_refused(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.rpartition(":")[2])
    inner = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
    outer = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", port))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [outer, inner])
    with pytest.raises(SourceError, match="not on the public internet"):
        WebFetcher().fetch(f"http://news.example.org:{port}/page", 1_000)
    assert not _Pages.asked


def test_redirects_are_held_to_the_same_rules(site: str) -> None:
    with pytest.raises(SourceError, match=r"10\.0\.0\.1, which is not on the public"):
        WebFetcher(LOOPBACK).fetch(f"{site}/inner", 1_000)
    with pytest.raises(SourceError, match="not an http or https address"):
        WebFetcher(LOOPBACK).fetch(f"{site}/file", 1_000)
    with pytest.raises(SourceError, match="redirects more than 5 times"):
        WebFetcher(LOOPBACK).fetch(f"{site}/round", 1_000)


def test_answers_are_bounded(site: str) -> None:
    with pytest.raises(SourceError, match="is larger than"):
        WebFetcher(LOOPBACK).fetch(f"{site}/large", 1_000)
    with pytest.raises(SourceError, match="timed out"):
        WebFetcher(LOOPBACK, timeout=0.2).fetch(f"{site}/hangs", 1_000)
    with pytest.raises(SourceError, match="ended 895 bytes too early"):
        WebFetcher(LOOPBACK).fetch(f"{site}/short", 1_000)
    with pytest.raises(SourceError, match="takes too long"):
        WebFetcher(LOOPBACK, timeout=1).fetch(f"{site}/drips", 1_000)
    until("the fetch to hang up on an answer that never ends", _Pages.hung_up.is_set)
    with pytest.raises(SourceError, match="answers 404"):
        WebFetcher(LOOPBACK).fetch(f"{site}/nothing", 1_000)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/a", "http:///a", "x"])
def test_only_web_addresses_are_fetched(address: str) -> None:
    with pytest.raises(SourceError, match="not an http or https address"):
        WebFetcher().fetch(address, 1_000)


@pytest.mark.parametrize("address", ["http://[", "http://example.org:x/"])
def test_an_address_that_cannot_be_read_is_named(address: str) -> None:
    with pytest.raises(SourceError):
        WebFetcher().fetch(address, 1_000)
