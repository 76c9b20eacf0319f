"""A web server in front of another, which says where requests come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


@dataclass
class Proxy:
    """Passes requests on to `upstream`, as https://`name` with the path `prefix`.

    Args:
        keep_host: whether the Host header is kept; if not, it is that of `upstream`.
        says: headers that are added; `{client}` is the address of whoever connects.
        strip: whether the prefix is removed.
    """

    upstream: str
    keep_host: bool = True
    says: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    strip: bool = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = scope["raw_path"].decode()
        if self.strip:
            path = path.removeprefix(self.prefix) or "/"
        client = request.headers.get("x-test-client", "192.0.2.1")
        headers = [
            (name, value)
            for name, value in request.headers.raw
            if name != b"host" or self.keep_host
        ]
        headers += [(n.encode(), v.format(client=client).encode()) for n, v in self.says.items()]
        async with httpx.AsyncClient(timeout=None) as upstream:
            url = self.upstream + path + (f"?{request.url.query}" if request.url.query else "")
            content = await request.body()
            answer = await upstream.request(request.method, url, headers=headers, content=content)
        passed = [(n, v) for n, v in answer.headers.raw if n.lower() != b"transfer-encoding"]
        done = Response(answer.content, answer.status_code)
        done.raw_headers = [(name.lower(), value) for name, value in passed]
        await done(scope, receive, send)
