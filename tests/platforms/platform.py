"""What the platforms share: an HTTP server that can be made to fail at any request."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from tests import waiting

Fault = Literal[
    "drop",
    "drop after",
    "kill",
    "kill after",
    "end after",
    "429",
    "429 mute",
    "503",
    "503 after",
    "revoked",
]


@dataclass(frozen=True)
class Asked:
    """A request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Posted:
    """A published post."""

    id: str
    text: str
    parent: str | None
    alts: tuple[str, ...] = ()


class Platform(ABC):
    """A platform's server, which runs inside a `with` block.

    `faults` maps the number of a request (from 1) to what goes wrong. A fault that ends in "after"
    happens after the request has had its effect. "revoked" lasts until `restore`. `client` is the
    id of the process that "kill" kills and to which "end after" sends SIGTERM before it answers.
    """

    reset_header: str

    def __init__(self) -> None:
        self.posts: list[Posted] = []
        self.asked: list[Asked] = []
        self.faults: dict[int, Fault] = {}
        self.reset = ""
        """When "429" says that the limit ends; in a second, if it is empty."""
        self.revoked = False
        self.deleted: list[Posted] = []
        """The posts that were deleted, in this order."""
        self.deletions = 10_000
        """How many more posts may be deleted before the limit is reached."""
        self.hidden = 0
        """For how many requests the timeline does not show the newest post yet."""
        self.client: int | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                platform._serve(self)

            do_POST = do_PUT = do_DELETE = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        waiting.join(self._thread, type(self).__name__)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def restore(self) -> None:
        """Accept the credentials again."""
        self.revoked = False

    def thread(self) -> list[str]:
        """The texts of the only thread, from its first post.

        Raises:
            AssertionError: there are several threads, or the thread has branches.
        """
        texts, parent = [], None
        left = list(self.posts)
        while left:
            children = [one for one in left if one.parent == parent]
            assert len(children) == 1, f"{len(children)} posts answer {parent}: {self.posts}"
            (child,) = children
            texts.append(child.text)
            parent = child.id
            left.remove(child)
        return texts

    @property
    def ever(self) -> int:
        """How many posts there have been."""
        return len(self.posts) + len(self.deleted)

    def _delete(self, id_: str) -> Answer | None:
        """Delete the post `id_` if there is one. An answer only if the limit is reached."""
        if not self.deletions:
            headers = {self.reset_header: self.reset or str(int(time.time()) + 900)}
            return Answer(429, self.refusal(429, "Too Many Requests"), headers)
        self.deletions -= 1
        gone = [one for one in self.posts if one.id == id_]
        self.deleted += gone
        self.posts = [one for one in self.posts if one.id != id_]
        return None

    @abstractmethod
    def answer(self, asked: Asked) -> Answer:
        """Handle a request and return the answer."""

    @abstractmethod
    def is_authorized(self, asked: Asked) -> bool:
        """Whether the request has valid credentials."""

    @abstractmethod
    def refusal(self, status: int, reason: str) -> Any:
        """The body of an error."""

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(
            handler.command,
            parts.path,
            {name: values[-1] for name, values in parse_qs(parts.query).items()},
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(length),
        )
        with self._lock:
            self.asked.append(asked)
            fault = self.faults.pop(len(self.asked), None)
            answer = self._answer(asked, fault)
        if answer is None:
            if fault in ("kill", "kill after"):
                assert self.client
                os.kill(self.client, signal.SIGKILL)
                # Wait until the client is dead (it closes the connection), or the answer could
                # reach it before the signal does.
                handler.connection.settimeout(waiting.LIMIT)
                with suppress(ConnectionError), waiting.waiting_for("the killed client to hang up"):
                    handler.connection.recv(1)
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        body = json.dumps(answer.body).encode()
        handler.send_response(answer.status)
        headers = {"Content-Type": "application/json", **answer.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _answer(self, asked: Asked, fault: Fault | None) -> Answer | None:
        match fault:
            case "drop" | "kill":
                return None
            case "429":
                headers = {self.reset_header: self.reset or str(int(time.time()) + 1)}
                return Answer(429, self.refusal(429, "Too Many Requests"), headers)
            case "429 mute":
                return Answer(429, self.refusal(429, "Too Many Requests"))
            case "503":
                return Answer(503, self.refusal(503, "Over capacity"))
            case "revoked":
                self.revoked = True
        if self.revoked or not self.is_authorized(asked):
            return Answer(401, self.refusal(401, "Unauthorized"))
        answer = self.answer(asked)
        if fault == "end after":
            assert self.client
            os.kill(self.client, signal.SIGTERM)
        if fault == "503 after":
            return Answer(503, self.refusal(503, "Over capacity"))
        return None if fault in ("drop after", "kill after") else answer

    def _latest(self, of: Callable[[Posted], Any], most: int) -> list[Any]:
        """The timeline, newest post first; it may not show the newest yet (see `hidden`)."""
        shown = self.posts
        if self.hidden:
            self.hidden -= 1
            shown = shown[:-1]
        return [of(one) for one in reversed(shown)][:most]
