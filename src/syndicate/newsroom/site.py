"""The `[studio]` and `[serve]` tables: the public address of each server, and its proxies."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, IPvAnyNetwork

_PORTS = {"http": 80, "https": 443}


def origin_of(scheme: str, host: str) -> str:
    """The origin that browsers send for `host` (with or without a port), as `https://host`."""
    return f"{scheme}://{host.lower().removesuffix(f':{_PORTS.get(scheme)}')}"


def _public_url(url: str) -> str:
    """`url` without a slash at its end, with its host as browsers write it."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = f"[{host}]" if ":" in host else host.encode("idna").decode().lower()
    except ValueError as error:
        raise ValueError(f"{url!r} is not a URL: {error}") from error
    if parts.scheme not in _PORTS or not host:
        raise ValueError(f"{url!r} is not a URL such as 'https://studio.example.org'")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("a public URL has no user, no '?' and no '#'")
    path = parts.path.rstrip("/")
    if "//" in path or not path.isascii() or any(one in path for one in "\\\"'<> %"):
        raise ValueError(f"the path {path!r} must be plain, such as '/studio'")
    return origin_of(parts.scheme, f"{host}:{port}" if port else host) + path


PublicURL = Annotated[str, AfterValidator(_public_url)]


class Studio(BaseModel):
    """`[studio]`: `syndicate review` and `preview` behind a proxy. `public_url` is the address that
    people open, such as "https://studio.example.org" or, with a path,
    "https://example.org/studio". `trusted_proxies` are the addresses or networks (CIDR) of the
    proxies whose `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC 7239), are believed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    public_url: PublicURL = ""
    trusted_proxies: tuple[IPvAnyNetwork, ...] = ()


class Serve(BaseModel):
    """`[serve]`: `syndicate serve` behind a proxy. With a `public_url`, only requests for its host,
    for an IP address or for the name of this machine are answered, and the proxy may remove its
    path. Without one, any Host is accepted. `trusted_proxies` are as in `[studio]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    public_url: PublicURL = ""
    trusted_proxies: tuple[IPvAnyNetwork, ...] = (
        IPv4Network("127.0.0.1/32"),
        IPv6Network("::1/128"),
    )
