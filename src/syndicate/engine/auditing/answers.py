"""What a public URL has answered, and for how long a cache may show that."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

GONE = (404, 410)
"""The statuses that say that nothing is there."""


@dataclass(frozen=True)
class Answer:
    """What a URL answered.

    Args:
        status: the HTTP status.
        digest: the SHA-256 of the bytes, without the encoding in which they were sent; "" if there
            are none, as after 304.
        url: where it came from, after redirects.
        etag: a strong ETag; "" if there is none.
        lifetime: for how many seconds a cache may show it without asking.
        age: for how many seconds a cache has had it; None if it does not say.
    """

    status: int
    digest: str
    url: str
    etag: str = ""
    lifetime: float = 0.0
    age: float | None = None

    @property
    def is_gone(self) -> bool:
        """Whether there is nothing at that URL."""
        return self.status in GONE

    def may_be_from_before(self, moment: float, now: float) -> bool:
        """Whether a cache may rightly show at `now` what was there before `moment` (both in seconds
        since 1970)."""
        if now >= moment + self.lifetime:
            return False
        return self.age is None or now - self.age <= moment + 1.0


def lifetime(headers: http.client.HTTPMessage) -> float:
    """For how long a cache may show an answer without asking (RFC 9111, 4.2; RFC 5861)."""
    said: dict[str, str] = {}
    for directive in ",".join(headers.get_all("Cache-Control", ())).split(","):
        name, _, value = directive.strip().lower().partition("=")
        said[name] = value.strip('"')
    if "no-store" in said or "no-cache" in said:
        return 0.0
    given = [number_in(said.get(name)) for name in ("s-maxage", "max-age")]
    fresh = max((one for one in given if one is not None), default=None)
    if fresh is None:
        fresh = _until(headers)
    return fresh + (number_in(said.get("stale-while-revalidate")) or 0.0)


def _until(headers: http.client.HTTPMessage) -> float:
    try:
        ends, begins = (parsedate_to_datetime(headers[name]) for name in ("Expires", "Date"))
        return max(0.0, (ends - begins).total_seconds())
    except (KeyError, TypeError, ValueError):
        return 0.0


def number_in(text: str | None) -> float | None:
    """A number of seconds in a header; None if it is missing or is none."""
    return float(text) if text and text.strip().isdecimal() else None
