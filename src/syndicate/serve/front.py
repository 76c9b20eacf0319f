"""At which addresses a server may be used: the first check of every request (ASGI)."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from pydantic import IPvAnyNetwork
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from syndicate.newsroom.site import origin_of
from syndicate.serve.forwarded import ForwardedError, address_of, sender_of

HEALTH = "/health"
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?", re.ASCII)
_UNKNOWN = (
    "unknown Host header\n"
    "hint: to reach this server by another name, set public_url in syndicate.toml\n"
)


@dataclass(frozen=True)
class Addresses:
    """The addresses at which a server may be used, and the proxies that it trusts.

    A request is answered if its Host is one of `names` (`name:port`, or `name` with any port), or
    the host of `public_url`, or, with `by_ip`, an IP address: a page on another site can give its
    own name any address (DNS rebinding), but cannot make a browser send an address as the Host.
    With `names` None, any Host will do.
    """

    names: frozenset[str] | None = None
    by_ip: bool = False
    public_url: str = ""
    proxies: tuple[IPvAnyNetwork, ...] = ()

    @classmethod
    def of_machine(cls, public_url: str, proxies: tuple[IPvAnyNetwork, ...]) -> Addresses:
        """Every IP address, the names of this machine, and the public URL."""
        name = socket.gethostname().lower()
        short = name.partition(".")[0]
        names = frozenset({"localhost", name, short, f"{short}.local"} - {""})
        return cls(names, True, public_url, proxies)

    @cached_property
    def prefix(self) -> str:
        """The path of the public URL, "" if it has none."""
        return urlsplit(self.public_url).path

    @cached_property
    def public_origin(self) -> str:
        """The scheme and host of the public URL, "" if there is none."""
        return self.public_url.removesuffix(self.prefix)

    def allow(self, host: str) -> bool:
        """Whether `host` may be the Host of a request."""
        host = host.lower()
        found = _HOST.fullmatch(host)
        if self.names is None or found is None:
            return self.names is None
        public = self.public_origin
        if public and origin_of(urlsplit(public).scheme, host) == public:
            return True
        if host in self.names or found[1] in self.names or f"{host}:80" in self.names:
            return True
        return self.by_ip and address_of(found[1]) is not None


def path_of(scope: Scope) -> str:
    """The path of a request, without the prefix of the public URL."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


class Front:
    """Refuses requests for other hosts, and tells the application who sent a request and at which
    address, as seen by the sender. The health check is answered at any Host.

    After it, `client`, `scheme`, the header Host and `root_path` of the scope are those of the
    sender. A path is accepted with and without the prefix of the public URL.
    """

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        self._app, self._addresses = app, addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            refusal = self._refusal(scope)
            if refusal:
                await PlainTextResponse(refusal, 400)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> str:
        """Why the request is refused, or "" after its scope has been changed."""
        addresses, headers = self._addresses, Headers(scope=scope)
        try:
            sender = sender_of(scope, addresses.proxies)
        except ForwardedError as error:
            return f"{error}\nhint: let the proxy overwrite or remove these headers\n"
        prefix, path = addresses.prefix, scope["path"]
        if prefix and (path == prefix or path.startswith(f"{prefix}/")):
            path = path.removeprefix(prefix) or "/"
        scope.update(root_path=prefix, path=prefix + path)
        # A page that uses DNS rebinding can write any X-Forwarded-Host, but not its own Host.
        host = headers.get("host", "").lower()
        hosts = (host, sender.host) if sender.host else (host,)
        if path != HEALTH and not all(addresses.allow(one) for one in hosts):
            return _UNKNOWN
        scheme, host = sender.scheme or scope["scheme"], hosts[-1]
        public = addresses.public_origin
        if public:
            known = urlsplit(public)
            if public in (origin_of(known.scheme, host), headers.get("origin")):
                scheme, host = known.scheme, known.netloc
        host = urlsplit(origin_of(scheme, host)).netloc if _HOST.fullmatch(host) else "localhost"
        scope.update(scheme=scheme, client=(sender.client, 0))
        scope["headers"] = list(scope["headers"])
        MutableHeaders(scope=scope)["host"] = host
        return ""
