"""Addresses that work outside the web site: absolute and in ASCII."""

from __future__ import annotations

import re
import uuid
from functools import lru_cache
from html import escape, unescape
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from syndicate.article import Article, Text
from syndicate.article.publication import Publication
from syndicate.article.values import Node

_ADDRESSES = frozenset({"url", "source_url", "scheme"})
_REFERENCE = re.compile(r'(?<=\s)(href|src|cite|poster)="([^"]+)"')
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_PERCENT = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PORTS = {"http": ":80", "https": ":443"}
_SUB_DELIMS = "!$&'()*+,;="
_PCHAR = f"%:@{_SUB_DELIMS}"
# RFC 4151, with hosts in lower case as RFC 3986 normalises them.
_TAG = re.compile(
    r"tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:(?:[\w/?:@.~!$&'()*+,;=-])*",
    re.ASCII,
)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{1,31}:[\w()+,.:=@;$!*'-]+", re.ASCII)
_MAILBOX = re.compile(r"[\w.+'-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9][A-Za-z0-9-]*", re.ASCII)

T = TypeVar("T", bound=Node)


def web_uri(iri: str) -> str:
    """`iri` as a URI (RFC 3987 section 3.1): the host in IDNA, the rest in percent-encoded UTF-8.

    It is normalised as in RFC 3986 section 6.2.2, without the scheme's default port.
    """
    parts = urlsplit(_STRAY_PERCENT.sub("%25", iri))
    written = urlunsplit(
        (
            parts.scheme,
            _authority(parts.netloc).removesuffix(_PORTS.get(parts.scheme, ":")),
            quote(parts.path, safe=f"/{_PCHAR}"),
            quote(parts.query, safe=f"/?{_PCHAR}"),
            quote(parts.fragment, safe=f"/?{_PCHAR}"),
        )
    )
    return _PERCENT.sub(_normal, written)


def _normal(found: re.Match[str]) -> str:
    character = chr(int(found[0][1:], 16))
    return character if character in _UNRESERVED else found[0].upper()


def article_uri(article_id: str) -> str:
    """`article_id` as a permanent URI, which Atom requires (RFC 4287 section 4.2.6).

    An id that is a URI is used itself; otherwise the URI is a UUID derived only from the id
    (RFC 4122 section 4.3).
    """
    if _TAG.fullmatch(article_id) or _URN.fullmatch(article_id):
        return article_id
    if article_id.startswith(("https://", "http://")):
        return web_uri(article_id)
    return uuid.uuid5(uuid.NAMESPACE_OID, article_id).urn


def web_mailbox(email: str | None) -> str | None:
    """`email` if feeds can show it (ASCII, with a named host), else None."""
    return email if email and _MAILBOX.fullmatch(email) else None


def html_with_web_addresses(html: str, page: str, base: str) -> str:
    """`html` of the article at `page`, with every address absolute and in ASCII.

    A bare fragment (`#part`) refers to `page`; other addresses are relative to `base`. Templates
    escape quotation marks in text, so only attributes can match.
    """

    def absolute(found: re.Match[str]) -> str:
        attribute, url = found.groups()
        return f'{attribute}="{_escaped(page if url[0] == "#" else base, url)}"'

    return _REFERENCE.sub(absolute, html)


@lru_cache(maxsize=256)
def _escaped(base: str, url: str) -> str:
    return escape(_resolved(base, unescape(url)))


@lru_cache(maxsize=256)
def _resolved(base: str, url: str) -> str:
    return web_uri(urljoin(base, url))


def _authority(netloc: str) -> str:
    if netloc.isascii():
        user, at, place = netloc.rpartition("@")
        return quote(f"{user}{at}{place.lower()}", safe=f"[]{_PCHAR}")
    user, at, host = netloc.rpartition("@")
    name, colon, port = host.partition(":")
    return f"{quote(user, safe=_PCHAR)}{at}{_host(name)}{colon}{quote(port)}"


def _host(name: str) -> str:
    """A host name in IDNA or, if IDNA 2008 might encode it differently, percent-encoded.

    Python's codec implements only IDNA 2003. RFC 3986 section 3.2.2 allows percent-encoding.
    """
    try:
        ascii_name = name.encode("idna")
        if ascii_name.decode("idna") == name.lower():
            return ascii_name.decode("ascii")
    except UnicodeError:
        pass
    return quote(name)


def with_web_addresses(article: Article, publication: Publication) -> Article:
    """`article` with every address absolute and in ASCII, except the sources of its pictures.

    A bare fragment (`#part`) refers to the article's own page.
    """
    page = web_uri(publication.absolute(article.url))

    def resolve(url: str) -> str:
        return _resolved(page if url.startswith("#") else publication.base_url, url)

    def each(values: tuple[object, ...]) -> tuple[object, ...]:
        walked: list[object] | None = None
        for place, old in enumerate(values):
            if type(old) is Text or type(old) is str:  # most are
                continue
            new = old
            if isinstance(old, tuple):
                new = each(old)
            elif isinstance(old, Node):
                new = walk(old)
            if new is not old:
                walked = walked or list(values)
                walked[place] = new
        return tuple(walked) if walked else values

    def walk(node: T) -> T:
        changes: dict[str, object] = {}
        for name, old in node.__dict__.items():
            kind, new = type(old), old
            if kind is str:
                if name in _ADDRESSES and old and (url := resolve(old)) != old:
                    new = url
            elif kind is tuple:
                new = each(old)
            elif isinstance(old, Node):
                new = walk(old)
            if new is not old:
                changes[name] = new
        return node.model_copy(update=changes) if changes else node

    return walk(article).model_copy(update={"url": page})
