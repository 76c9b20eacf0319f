"""The publication in which articles appear: the `[publication]` table of `syndicate.toml`."""

from __future__ import annotations

import re
from datetime import datetime
from string import Formatter
from typing import Annotated
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from syndicate.article.values import (
    CleanText,
    Direction,
    Language,
    Line,
    Node,
    Url,
    direction_of,
)

# A single word is more often another page of the site, such as /about/.
_PARTS = {
    "slug": "[a-z0-9]+(?:-[a-z0-9]+)+",
    "year": r"\d{4}",
    "month": r"\d\d",
    "day": r"\d\d",
}
"""What a permalink may contain in braces, and what that looks like in an address."""


def _base(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an absolute http(s) URL such as 'https://news.example.org/'")
    return url if url.endswith("/") else url + "/"


class Publication(Node):
    """The publication: the names, addresses and style that all channels share.

    `base_url` is the absolute URL of the web site. `permalink` is the pattern for the path of an
    article below it: `{slug}`, and if you like the `{year}`, `{month}` and `{day}` on which it was
    first published. `logo` is a picture below `content/`. `accent` is an sRGB colour (`#rrggbb`).
    `timezone` is an IANA name.
    """

    title: Line = Field(min_length=1)
    base_url: Annotated[Url, AfterValidator(_base)] = "https://news.example.org/"
    language: Language = "en"
    timezone: str = "UTC"
    description: Line | None = None
    permalink: str = "/{slug}/"
    publisher: Line | None = None
    email: Line | None = None
    address: CleanText | None = None
    copyright: Line | None = None
    logo: Url | None = None
    accent: str = Field(default="#a4161a", pattern=r"^#[0-9a-fA-F]{6}$")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name!r} is not an IANA time zone such as 'Europe/Berlin'") from None
        return name

    @field_validator("permalink")
    @classmethod
    def _known_parts(cls, pattern: str) -> str:
        try:
            named = [name for _, name, _, _ in Formatter().parse(pattern) if name is not None]
        except ValueError as error:
            raise ValueError(f"{pattern!r} is not a permalink: {error}") from None
        plain = all(f"{{{name}}}" in pattern for name in named)
        if not plain or not _PARTS.keys() >= set(named):
            known = ", ".join(f"{{{name}}}" for name in _PARTS)
            raise ValueError(f"{pattern!r} is not a permalink; in braces it may have {known}")
        if not pattern.startswith("/") or "slug" not in named or set("?#") & set(pattern):
            raise ValueError("must be a path with the slug, such as '/{year}/{slug}/'")
        return pattern

    @property
    def zone(self) -> ZoneInfo:
        """The newsroom's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def direction(self) -> Direction:
        """The writing direction of the publication's language."""
        return direction_of(self.language)

    @property
    def authority(self) -> str:
        """The host name used in `tag:` URIs (RFC 4151)."""
        return urlsplit(self.base_url).hostname or "localhost"

    def absolute(self, url: str) -> str:
        """`url` as an absolute URL, resolved against `base_url`."""
        return urljoin(self.base_url, url)

    @property
    def has_dated_addresses(self) -> bool:
        """Whether the address of an article contains its date."""
        return any(f"{{{name}}}" in self.permalink for name in ("year", "month", "day"))

    def article_url(self, slug: str, first_published: datetime | None = None) -> str:
        """The absolute canonical URL of the article with this `slug`. It has the day on which the
        article was first published, which never changes, if the permalink asks for that.

        Raises:
            ValueError: the permalink asks for a date, and none is given.
        """
        if first_published is None:
            if self.has_dated_addresses:
                raise ValueError(f"{self.permalink!r} needs the date of the article")
            return self._url(self.permalink.format(slug=slug))
        day = first_published.astimezone(self.zone)
        parts = {"year": f"{day.year:04}", "month": f"{day.month:02}", "day": f"{day.day:02}"}
        return self._url(self.permalink.format(slug=slug, **parts))

    def article_urls(self) -> re.Pattern[str]:
        """What the URLs of articles look like, without a slash at the end."""
        pieces = [
            re.escape(text) + (_PARTS[name] if name else "")
            for text, name, _, _ in Formatter().parse(self.permalink.lstrip("/"))
        ]
        return re.compile(re.escape(self.base_url) + "".join(pieces).rstrip("/"))

    def _url(self, path: str) -> str:
        return urljoin(self.base_url, path.lstrip("/"))
