"""The publication in which articles appear: the `[publication]` table of `syndicate.toml`."""

from __future__ import annotations

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


def _base(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an absolute http(s) URL such as 'https://news.example.org/'")
    return url if url.endswith("/") else url + "/"


class Publication(Node):
    """The publication: the names, addresses and style that all channels share.

    `base_url` is the absolute URL of the web site. `permalink` is the pattern for the path of an
    article below it. `logo` is a picture below `content/`. `accent` is an sRGB colour (`#rrggbb`).
    `timezone` is an IANA name.
    """

    title: Line = Field(min_length=1)
    base_url: Annotated[Url, AfterValidator(_base)] = "https://news.example.org/"
    language: Language = "en"
    timezone: str = "UTC"
    description: Line | None = None
    permalink: str = Field(default="/{slug}/", pattern=r"^/[^?#]*\{slug\}[^?#]*$")
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

    def article_url(self, slug: str) -> str:
        """The absolute canonical URL of the article with this `slug`."""
        return urljoin(self.base_url, self.permalink.format(slug=slug).lstrip("/"))
