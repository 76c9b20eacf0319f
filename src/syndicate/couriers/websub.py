"""Tell a hub that a feed has changed, so that its subscribers hear of it at once (W3C WebSub)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import Field

from syndicate.couriers.contract import Commit, Courier, Delivery, Receipt
from syndicate.errors import DeliveryError, RefusedError

if TYPE_CHECKING:
    from syndicate.letter import Subscriber

_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_HEAD = 65_536  # bytes at a feed's beginning in which it says where it is and who its hub is
_ENTRY = re.compile(rb"<(?:item|entry)[\s>]")
_LINK = re.compile(rb"<(?:atom:)?link\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')


class WebSubCourier(Courier):
    """`via = "websub"`: after the courier that makes a feed public, tell the hub that the feed
    names (`hub = "https://…"` in the same file) that there is something new.

    `timeout` is in seconds. A feed that names no hub is nobody's business here; nor is anything
    that is no feed. To tell a hub twice does no harm, so what a crash cut off is told again.
    """

    via: ClassVar[str] = "websub"

    timeout: float = Field(default=30, gt=0, le=300)

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
        """The feed itself, if it names a hub."""
        if artifact.media_type not in _FEEDS:
            return ()
        topic, hubs = _said(artifact)
        return (artifact.artifact,) if topic and hubs else ()

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Post the notice to every hub of the feed (section 7 leaves it to hub and publisher what
        it looks like; this is what hubs have taken since PubSubHubbub 0.3)."""
        topic, hubs = _said(delivery)
        form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        commit()
        for hub in hubs:
            self._post(hub, urlencode(form).encode())
        return Receipt(remote_id=topic, url=topic)

    def find(self, delivery: Delivery) -> Receipt | None:
        """None: it is told again."""
        return None

    def _post(self, hub: str, form: bytes) -> None:
        if urlsplit(hub).scheme not in ("http", "https"):
            raise RefusedError(f"{hub} is no web address")
        kind = "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "User-Agent": "Syndicate"}
        request = Request(hub, form, headers)  # noqa: S310 - its scheme was looked at
        try:
            with build_opener(_Stay).open(request, timeout=self.timeout):
                return
        except HTTPError as error:
            told = f"{hub} answered {error.code} {error.reason}"
            error.close()
            lasting = 300 <= error.code < 500 and error.code not in (408, 425, 429)
            raise (RefusedError if lasting else DeliveryError)(told) from error
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise DeliveryError(f"{hub} cannot be reached: {reason}") from error


class _Stay(HTTPRedirectHandler):
    """A notice goes where the feed says, not where the hub sends it."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _said(delivery: Delivery) -> tuple[str, tuple[str, ...]]:
    """The URL under which a feed is subscribed to, and its hubs; "" and () if it does not say."""
    if delivery.media_type == "application/feed+json":
        feed = json.loads(delivery.content.read_bytes())
        hubs = (hub["url"] for hub in feed.get("hubs", ()) if hub["type"] == "WebSub")
        return feed.get("feed_url", ""), tuple(hubs)
    with delivery.content.open("rb") as file:
        head = _ENTRY.split(file.read(_HEAD))[0]
    links = [dict(_attributes(found[1])) for found in _LINK.finditer(head)]
    topic = next((link["href"] for link in links if link.get("rel") == "self"), "")
    return topic, tuple(link["href"] for link in links if link.get("rel") == "hub")


def _attributes(tag: bytes) -> Iterator[tuple[str, str]]:
    for name, value in _ATTRIBUTE.findall(tag):
        yield name.decode(), unescape(value.decode())
