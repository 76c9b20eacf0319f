"""Addresses that work outside the web site: absolute, and in ASCII."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import is_
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from syndicate.article import Article, Text
from syndicate.article.publication import Publication
from syndicate.article.values import Node

_ADDRESSES = frozenset({"url", "source_url", "scheme"})
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_SUB_DELIMS = "!$&'()*+,;="
_PCHAR = f"%:@{_SUB_DELIMS}"

T = TypeVar("T")


def uri(iri: str) -> str:
    """`iri` as a URI (RFC 3987 section 3.1): host by IDNA, all else percent-encoded UTF-8."""
    parts = urlsplit(_STRAY_PERCENT.sub("%25", iri))
    return urlunsplit(
        (
            parts.scheme,
            _authority(parts.netloc),
            quote(parts.path, safe=f"/{_PCHAR}"),
            quote(parts.query, safe=f"/?{_PCHAR}"),
            quote(parts.fragment, safe=f"/?{_PCHAR}"),
        )
    )


@lru_cache(maxsize=4096)
def _resolved(base: str, url: str) -> str:
    return uri(urljoin(base, url))


def _authority(netloc: str) -> str:
    if netloc.isascii():
        return quote(netloc, safe=f"[]{_PCHAR}")
    user, at, host = netloc.rpartition("@")
    name, colon, port = host.partition(":")
    return f"{quote(user, safe=_PCHAR)}{at}{_host(name)}{colon}{quote(port)}"


def _host(name: str) -> str:
    """Python's codec knows IDNA 2003 only; names that 2008 reads otherwise are percent-encoded,
    which RFC 3986 section 3.2.2 allows."""
    try:
        ascii_name = name.encode("idna")
        if ascii_name.decode("idna") == name.lower():
            return ascii_name.decode("ascii")
    except UnicodeError:
        pass
    return quote(name)


def absolute(article: Article, publication: Publication) -> Article:
    """`article` with every address in it absolute and in ASCII, its pictures' sources excepted.

    A mere fragment (`#part`) points into the article's own page.
    """
    page = uri(publication.absolute(article.url))

    def resolve(url: str) -> str:
        return _resolved(page if url.startswith("#") else publication.base_url, url)

    def walk(value: T) -> T:
        if isinstance(value, tuple):
            walked = tuple(map(walk, value))
            return value if all(map(is_, walked, value)) else walked  # type: ignore[return-value]
        if isinstance(value, Text) or not isinstance(value, Node):
            return value
        changes: dict[str, object] = {}
        for name, old in value.__dict__.items():
            if name in _ADDRESSES:
                new = resolve(old) if old else old
            elif isinstance(old, tuple | Node):
                new = walk(old)
            else:
                continue
            if new is not old:
                changes[name] = new
        return value.model_copy(update=changes) if changes else value

    return walk(article).model_copy(update={"url": page})
