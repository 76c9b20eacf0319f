"""A server of a test's own, at work on loopback for as long as the test is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from threading import Thread

from tests import waiting


@contextmanager
def serving(server: HTTPServer) -> Iterator[str]:
    """`server` in a thread of its own, closed at the end; its address."""
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        waiting.join(thread, "the server")
        server.server_close()
