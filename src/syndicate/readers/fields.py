"""The values of fields in feeds, exports and agencies' files: texts, times, URLs, lines, people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from syndicate.article import Contributor
from syndicate.article.text import plain
from syndicate.article.values import one_line, safe_url
from syndicate.readers.byline import authors_in
from syndicate.readers.contract import Source
from syndicate.readers.html import content_of_fragment
from syndicate.readers.vocabulary import AND, BYLINE

_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:#\w+|[a-zA-Z]\w*);")


def json_text(table: dict[str, Any], name: str) -> str:
    """The text at `name` in a JSON object, "" if there is none."""
    value = table.get(name)
    return value if isinstance(value, str) else ""


def json_moment(table: dict[str, Any], name: str, source: Source) -> datetime | None:
    """The point in time at `name` in a JSON object, None if there is none or it cannot be read."""
    try:
        return source.moment(json_text(table, name))
    except ValueError:
        return None


def absolute_url(url: str | None, base: str | None = None) -> str | None:
    """`url` resolved against `base`; None if that is not an http(s) URL with a host."""
    if not url or not url.strip():
        return None
    try:
        found = safe_url(urljoin(base, url.strip()) if base else url)
        parts = urlsplit(found)
        return found if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def line_of_markup(markup: str) -> str:
    """A title, name or summary on one line; `markup` is text or HTML."""
    if _MARKUP.search(markup):
        return one_line(plain(content_of_fragment(markup)))
    return one_line(markup)


def people_in_bylines(names: Iterable[str]) -> tuple[Contributor, ...]:
    """The people in bylines such as "Ines Okafor and Tomas Lindqvist" or "Von Jana Beck, dpa"."""
    found: list[Contributor] = []
    for written in names:
        name = line_of_markup(written)
        byline = BYLINE.fullmatch(name)
        name = byline["names"].strip() if byline else name
        if name:
            found += authors_in(f"By {name}") or map(_person, AND.split(name))
    return tuple({one.name: one for one in found if one.name}.values())


def _person(written: str) -> Contributor:
    """The person in "Name" or "Name, Organisation"."""
    name, _, organisation = written.strip().partition(", ")
    if name and organisation and ("," not in organisation):
        return Contributor(name=name, organisation=organisation)
    return Contributor(name=written.strip() or "?")
