"""Bytes from the public web, and from nowhere else.

A host name is resolved once. All its addresses must be public, and the connection goes to the
address that was checked, so that neither a second lookup nor a redirect can lead to a host inside
the network.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from syndicate import __version__
from syndicate.errors import Location, SourceError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MOST_REDIRECTS = 5
_PIECE = 65_536


@dataclass(frozen=True)
class Fetched:
    """A response. `url` is its address after redirects, `media_type` has no parameters."""

    url: str
    media_type: str
    charset: str | None
    content: bytes


@dataclass(frozen=True)
class WebFetcher:
    """The part of the web that this newsroom may fetch from.

    `inner` are private networks that are allowed too. `timeout` (seconds) limits each step; a whole
    response may take ten times as long.
    """

    inner: tuple[Network, ...] = ()
    timeout: float = 20.0

    def fetch(self, url: str, most: int) -> Fetched:
        """The response from the http(s) `url`, of at most `most` bytes.

        Raises:
            SourceError: it is not public, does not answer in time, answers with an error, or is
                too large.
        """
        place, deadline = Location(url), time.monotonic() + 10 * self.timeout
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._get(url, most, place, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise SourceError(f"redirects more than {MOST_REDIRECTS} times", where=place)

    def _get(self, url: str, most: int, place: Location, deadline: float) -> Fetched | str:
        """The response of one host, or the address that it redirects to."""
        connection, target = self._connection(url, place)
        # A host that sends its headers slowly never reaches the limit of a single step.
        watch = threading.Timer(max(0.0, deadline - time.monotonic()), connection.cut)
        watch.start()
        try:
            connection.request("GET", target, headers=_HEADERS)
            answer = connection.getresponse()
            if answer.status in (301, 302, 303, 307, 308) and (
                goes := answer.getheader("Location")
            ):
                return goes
            if answer.status != 200:
                reason = f"answers {answer.status} {answer.reason}".rstrip()
                raise SourceError(reason, where=place)
            content = _read(answer, most, place, deadline)
            media_type = answer.headers.get_content_type()
            return Fetched(url, media_type, answer.headers.get_content_charset(), content)
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= deadline
            reason = (
                "takes too long"
                if late
                else f"cannot be fetched: {str(error) or type(error).__name__}"
            )
            raise SourceError(reason, where=place) from error
        finally:
            watch.cancel()
            connection.close()

    def _connection(self, url: str, place: Location) -> tuple[_Pinned, str]:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise SourceError(str(error), where=place) from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SourceError(f"is not an http or https address: {url}", where=place)
        secure = parts.scheme == "https"
        address = self._address(parts.hostname, port or (443 if secure else 80), place)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kind = _SecurePinned if secure else _Pinned
        connection = kind(parts.hostname, port, timeout=self.timeout)
        connection.address = address
        return connection, target.encode("ascii", "ignore").decode()

    def _address(self, host: str, port: int, place: Location) -> tuple[str, int]:
        """The one address of `host` to connect to.

        Raises:
            SourceError: it has none, or one that is not public.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise SourceError(f"unknown host {host!r}", where=place) from error
        addresses = [str(one[4][0]).partition("%")[0] for one in found]
        for address in addresses:
            if not self._may_be_read(address):
                raise SourceError(
                    f"{host} has the address {address}, which is not on the public internet",
                    where=place,
                    hint='if it is yours: networks = ["…/24"] under [add] in syndicate.toml',
                )
        return addresses[0], port

    def _may_be_read(self, address: str) -> bool:
        ip = ipaddress.ip_address(address)
        mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
        last = int(ip) >> 32 & 0xFFFFFFFF
        if any(ip in network for network in _WITH_IPV4) or (ip.version == 6 and last in _ISATAP):
            mapped = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        public = all(one.is_global and not one.is_multicast for one in (ip, mapped))
        assigned = ip.version == 4 or any(ip in network for network in _ASSIGNED)
        public = public and assigned and ip not in _EXAMPLES
        return public or any(ip in network for network in self.inner)


_WITH_IPV4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("::/96"))
"""IPv6 addresses that end in an IPv4 address (RFC 6052, 2.1, and RFC 4291, 2.5.5.1)."""
_ISATAP = (0x5EFE, 0x0200_5EFE)
"""What is before the IPv4 address in others that end in one, in any network (RFC 5214, 6.1)."""
_ASSIGNED = tuple(map(ipaddress.ip_network, ("2000::/3", "64:ff9b::/96", "::ffff:0:0/96")))
"""IPv6 addresses that are handed out to the public (RFC 4291, 2.4), and IPv4 addresses in another
form. Others are for use within a network, or for nothing yet: `64:ff9b:1::1` (RFC 8215),
`::ffff:0:10.0.0.1` (RFC 2765), `fec0::1`."""
_EXAMPLES = ipaddress.ip_network("3fff::/20")  # RFC 9637
_HEADERS = {
    "User-Agent": f"syndicate/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}


class _Pinned(http.client.HTTPConnection):
    """A connection to `address`, whatever the host name resolves to now."""

    address: tuple[str, int]

    def connect(self) -> None:
        self.sock = socket.create_connection(self.address, self.timeout)

    def cut(self) -> None:
        """Stop waiting; called from another thread."""
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


class _SecurePinned(_Pinned, http.client.HTTPSConnection):
    def connect(self) -> None:
        _Pinned.connect(self)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _read(answer: http.client.HTTPResponse, most: int, place: Location, deadline: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := answer.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise SourceError(f"is larger than {most / 1e6:.0f} MB", where=place)
        if time.monotonic() >= deadline:
            break
    if time.monotonic() >= deadline:
        raise SourceError("takes too long", where=place)
    if answer.length:
        raise SourceError(f"ended {answer.length:,} bytes too early", where=place)
    return b"".join(pieces)
