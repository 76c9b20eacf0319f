"""A public web site on loopback: a folder, behind a cache that compresses."""

from __future__ import annotations

import gzip
import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.serving import serving


@dataclass
class Site:
    """Serves the files in `folder`.

    Args:
        max_age: for how many seconds caches may keep an answer.
        age: what the cache says how long it has kept them; None if it does not say.
        cached: bytes that the cache still shows, by path; None where it knows of nothing.
        redirects: where paths lead to.
        status: with what every request is answered instead.
        asked: the path, If-None-Match and answer of each request.
    """

    folder: Path
    max_age: int = 300
    age: int | None = None
    etags: bool = True
    encoding: str = "gzip"
    cached: dict[str, bytes | None] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, int]] = field(default_factory=list)

    def serving(self) -> AbstractContextManager[str]:
        """The address of the site, as long as the block lasts."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, headers, body = site.answer(self.path, dict(self.headers.items()))
                given = self.headers.get("If-None-Match", "")
                site.asked.append((self.path, given, status))
                self.send_response(status)
                for name, value in {**headers, **site.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        return serving(server)

    def answer(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        name = unquote(urlsplit(path).path).lstrip("/")
        headers = {"Cache-Control": f"public, max-age={self.max_age}"}
        if self.age is not None:
            headers["Age"] = str(self.age)
        if self.status:
            return self.status, headers, b""
        if name in self.redirects:
            return 302, {"Location": self.redirects[name]}, b""
        file = self.folder / name
        body = self.cached.get(name, file.read_bytes() if file.is_file() else None)
        if body is None:
            return 404, headers, b"nothing here"
        if self.etags:
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if asked.get("If-None-Match") == headers["ETag"]:
                return 304, headers, b""
        if self.encoding == "gzip" and "gzip" in asked.get("Accept-Encoding", ""):
            return 200, {**headers, "Content-Encoding": "gzip"}, gzip.compress(body)
        if self.encoding not in ("", "gzip"):
            headers["Content-Encoding"] = self.encoding
        return 200, headers, body
