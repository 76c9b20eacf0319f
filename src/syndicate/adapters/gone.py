"""Lists of the addresses of withdrawn articles, for which web servers answer 410 Gone (RFC 9110
section 15.5.11)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal
from urllib.parse import quote, unquote_to_bytes, urlsplit

from syndicate.adapters.contract import Adapter, Scope
from syndicate.adapters.edition import Artifact, Edition
from syndicate.adapters.web.notice_page import notice_page
from syndicate.kit import Kit

_PLAIN = re.compile(rb"[A-Za-z0-9/_]")
_PLAIN_PATH = re.compile(rb"[A-Za-z0-9/_.~-]+")
_INDEX = re.compile(rb"/index\.x?html?$")
PAGE = "gone.html"
Server = Literal["nginx", "apache", "redirects"]


class Gone(Adapter):
    """The addresses of withdrawn articles on the publication's own web site, as files for nginx
    (`gone.nginx.conf`), Apache (`gone.apache.conf`) and static hosts (`_redirects`), and the page
    `gone.html` that they show where no notice stands. `servers` chooses among them.
    """

    scopes: ClassVar[tuple[Scope, ...]] = (Scope.NEWSROOM,)
    lists_gone: ClassVar[bool] = True
    scope: Literal[Scope.NEWSROOM] = Scope.NEWSROOM
    servers: tuple[Server, ...] = ("nginx", "apache", "redirects")

    def render(self, edition: Edition, kit: Kit) -> Iterator[Artifact]:
        """The page and a list for each server.

        Raises:
            RenderError: the template of the page fails.
        """
        yield Artifact(PAGE, "text/html", notice_page(edition, kit))
        page = _path(edition.url_of(PAGE), edition)
        paths = _paths(edition)
        if "nginx" in self.servers:
            yield Artifact("gone.nginx.conf", "text/plain", _nginx(paths, page))
        if "apache" in self.servers:
            yield Artifact("gone.apache.conf", "text/plain", _apache(paths, page))
        if "redirects" in self.servers:
            yield Artifact("_redirects", "text/plain", _redirects(paths, page))


def _paths(edition: Edition) -> dict[bytes, bytes | None]:
    """The paths that are gone, in order, each with that of the notice that stands there, or None.
    A folder is gone with its index page."""
    found: dict[bytes, bytes | None] = {}
    for gone in edition.gone:
        for url, has_notice in gone.addresses:
            path = _path(url, edition)
            if path is None:
                continue
            notice = path if has_notice else None
            for one in _same_page(path):
                found[one] = found.get(one) or notice
    return dict(sorted(found.items()))


def _same_page(path: bytes) -> Iterator[bytes]:
    yield path
    if _INDEX.search(path):
        path = _INDEX.sub(b"/", path)
        yield path
    if path.endswith(b"/"):
        yield path.rstrip(b"/")


def _path(url: str, edition: Edition) -> bytes | None:
    """The path of `url` on the publication's web site, without escapes; None if it is elsewhere, is
    the home page, or no server can be asked for it by its path."""
    own, parts = urlsplit(edition.publication.base_url), urlsplit(url)
    path = unquote_to_bytes(parts.path)
    if parts.netloc.lower() != own.netloc.lower() or parts.query or b"\0" in path:
        return None
    return path if path.startswith(b"/") and path.strip(b"/") else None


def _pattern(path: bytes) -> bytes:
    """A regular expression for exactly `path`, in characters that mean nothing to a server: any
    other is given by its number, so no address can add a directive."""
    return b"".join(
        byte if _PLAIN.fullmatch(byte) else b"\\x%02x" % byte[0]
        for byte in (path[at : at + 1] for at in range(len(path)))
    )


def _lines(lines: Iterable[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _url(path: bytes) -> bytes:
    """`path` with everything escaped that could mean something in a file of settings."""
    return quote(path, safe="/").encode()


def _nginx(paths: dict[bytes, bytes | None], page: bytes | None) -> bytes:
    shown = page if page and _PLAIN_PATH.fullmatch(page) else b""  # it takes $ for a variable
    body = b'    default "%s";' % shown
    return _lines(
        [
            b"# Withdrawn articles. Include this in http { }; see docs/copies.md for server { }.",
            b"map $uri $withdrawn {",
            b'    default "";',
            *(
                b'    "~^%s$" %s;' % (_pattern(path), b"notice" if notice else b"page")
                for path, notice in paths.items()
            ),
            b"}",
            b"map $withdrawn $withdrawn_page {",
            body,
            b'    notice "$uri";',
            b"}",
        ]
    )


def _apache(paths: dict[bytes, bytes | None], page: bytes | None) -> bytes:
    lines = [b"# Withdrawn articles. Include this in <VirtualHost> (needs mod_alias)."]
    if page and paths:
        lines.append(b'ErrorDocument 410 "%s"' % _url(page))
    for path, notice in paths.items():
        if notice:
            lines += [
                b'<LocationMatch "^%s$">' % _pattern(path),
                b'    ErrorDocument 410 "%s"' % _url(notice),
                b"</LocationMatch>",
            ]
    if paths:
        lines.append(b"<If \"-z reqenv('REDIRECT_STATUS')\">")
        lines += [b'    RedirectMatch 410 "^%s$"' % _pattern(path) for path in paths]
        lines.append(b"</If>")
    return _lines(lines)


def _redirects(paths: dict[bytes, bytes | None], page: bytes | None) -> bytes:
    lines = [b"# Withdrawn articles"]
    for path, notice in paths.items():
        if shown := notice or page:
            lines.append(b"%s %s 410!" % (_url(path), _url(shown)))
    return _lines(lines)
