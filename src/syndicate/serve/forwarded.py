"""Who sent a request, as the proxies in front of the server report it.

Each proxy adds an entry at the end of a list, so only the entries at the right can be believed: the
last was written by the proxy that is connected to us. The lists are followed from there to the
left, for as long as each address is that of a proxy that is trusted. uvicorn's own
`proxy_headers` does this for X-Forwarded-For, but knows neither X-Forwarded-Host nor Forwarded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from pydantic import IPvAnyNetwork
from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
_TOKEN = r"[\w!#$%&'*+.^`|~-]+"  # noqa: S105 - RFC 9110, section 5.6.2
_PAIR = re.compile(rf'[ \t]*(?:({_TOKEN})=({_TOKEN}|"(?:[^"\\]|\\.)*"))?[ \t]*(;|,|$)', re.ASCII)
_NODE = re.compile(r"\[([^\]]*)\](?::\w+)?|([^:]*):\w+|(.*)", re.ASCII)
_SCHEMES = ("http", "https")


class ForwardedError(ValueError):
    """The headers of a trusted proxy contradict one another, or cannot be read."""


@dataclass(frozen=True)
class Hop:
    """What one proxy reports: who connected to it, with which scheme, for which Host. Each is empty
    if the proxy does not say."""

    client: str = ""
    scheme: str = ""
    host: str = ""


@dataclass(frozen=True)
class Sender:
    """Who sent a request: the IP address, "" if it is unknown. `scheme` and `host` are what a
    trusted proxy reports, "" if none does."""

    client: str
    scheme: str = ""
    host: str = ""


def sender_of(scope: Scope, proxies: Sequence[IPvAnyNetwork]) -> Sender:
    """Who sent the request in `scope`. The headers count only if `proxies` are trusted.

    Raises:
        ForwardedError: a trusted proxy sends both kinds of headers and they contradict each other,
            as they do if it passes on what a stranger wrote; or they cannot be read.
    """
    peer = (scope.get("client") or ("",))[0]
    if not _is_trusted(peer, proxies):
        return Sender(peer)
    headers = Headers(scope=scope)
    written = _followed(peer, _hops_of_x_headers(headers), proxies)
    if "forwarded" not in headers:
        return written
    standard = _followed(peer, list(_hops_of_forwarded(headers)), proxies)
    if not any(name.startswith("x-forwarded-") for name in headers):
        return standard
    for one, other in (
        (written.client, standard.client),
        (written.scheme, standard.scheme),
        (written.host, standard.host),
    ):
        if one and other and one != other:
            raise ForwardedError("Forwarded and X-Forwarded-* contradict each other")
    return written


def address_of(text: str) -> Address | None:
    """The IP address in `text`, which may have a port; None if there is none."""
    found = _NODE.fullmatch(text.strip())
    written = next((one for one in found.groups() if one), "") if found else ""
    for one in (text.strip(), written):
        try:
            address = ip_address(one.partition("%")[0])
        except ValueError:
            continue
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return mapped or address
    return None


def _is_trusted(client: str, proxies: Sequence[IPvAnyNetwork]) -> bool:
    address = address_of(client)
    return address is not None and any(address in network for network in proxies)


def _followed(peer: str, hops: Sequence[Hop], proxies: Sequence[IPvAnyNetwork]) -> Sender:
    """The sender according to `hops`, which are in the order in which they were written."""
    client, scheme, host = peer, "", ""
    for hop in reversed(hops):
        scheme = hop.scheme.lower() if hop.scheme.lower() in _SCHEMES else scheme
        host = hop.host.lower() or host
        address = address_of(hop.client)
        if address is None:  # "unknown", or hidden on purpose
            break
        client = str(address)
        if not _is_trusted(client, proxies):
            break
    return Sender(client, scheme, host)


def _hops_of_x_headers(headers: Headers) -> list[Hop]:
    """The hops in X-Forwarded-For, -Proto and -Host. Proxies that overwrite the last two leave one
    value, which belongs to the last hop; those that add to them leave one for each."""
    clients, schemes, hosts = (
        [one.strip() for one in ",".join(headers.getlist(f"x-forwarded-{name}")).split(",")][::-1]
        for name in ("for", "proto", "host")
    )
    count = range(len(clients))
    padding = [""] * len(clients)
    schemes, hosts = schemes + padding, hosts + padding
    return [Hop(clients[n], schemes[n], hosts[n]) for n in count][::-1]


def _hops_of_forwarded(headers: Headers) -> Iterator[Hop]:
    """The hops in Forwarded (RFC 7239, section 4)."""
    text = ",".join(headers.getlist("forwarded"))
    at, pairs, whole = 0, dict[str, str](), False
    while not whole:
        found = _PAIR.match(text, at)
        if found is None:
            raise ForwardedError("the header Forwarded cannot be read")
        name, value, end = found.groups()
        if name:
            if value.startswith('"'):
                value = re.sub(r"\\(.)", r"\1", value[1:-1])
            pairs[name.lower()] = value
        if end != ";":
            if pairs:
                yield Hop(pairs.get("for", ""), pairs.get("proto", ""), pairs.get("host", ""))
            pairs = {}
        at, whole = found.end(), end == ""
