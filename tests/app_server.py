"""An ASGI application on a port of this machine, as `review` and `serve` run theirs."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from starlette.types import ASGIApp

from syndicate.serve.server import server
from tests import waiting


@contextmanager
def serving(make: Callable[[int], ASGIApp]) -> Iterator[int]:
    """The application that `make` returns for a free port, served there by a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        running = server(make(port), log_config=None, timeout_graceful_shutdown=1)
        thread = Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield port
        finally:
            running.should_exit = True
            waiting.join(thread, "the server")
