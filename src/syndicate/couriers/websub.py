"""Notifies a hub that a feed has changed, so that subscribers see it at once (W3C WebSub)."""

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
_HEAD = 65_536  # bytes at the start of a feed, in which its own URL and its hubs are looked for
_ENTRY = re.compile(rb"<(?:item|entry)[\s>]")
_LINK = re.compile(rb"<(?:atom:)?link\s([^>]*)>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')


class WebSubCourier(Courier):
    """`via = "websub"`: after another courier has published a feed, notify the hub that the feed
    names (`hub = "https://…"` in the same file) of the change.

    `timeout` is in seconds. Feeds without a hub, and anything that is not a feed, are skipped.
    Notifying a hub twice does no harm, so a notice that a crash cut off is sent again.
    """

    via: ClassVar[str] = "websub"

    timeout: float = Field(default=30, gt=0, le=300)

    def addresses(self, artifact: Delivery, subscribers: Iterable[Subscriber]) -> Iterable[str]:
        """The feed itself, if it names a hub."""
        if artifact.media_type not in _FEEDS:
            return ()
        topic, hubs = _topic_and_hubs(artifact)
        return (artifact.artifact,) if topic and hubs else ()

    def deliver(self, delivery: Delivery, commit: Commit) -> Receipt:
        """Post the notice to every hub of the feed. Section 7 of WebSub does not define the form of
        the notice; this is the form that hubs have accepted since PubSubHubbub 0.3."""
        topic, hubs = _topic_and_hubs(delivery)
        form = {"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}
        commit()
        for hub in hubs:
            self._post(hub, urlencode(form).encode())
        return Receipt(remote_id=topic, url=topic)

    def find(self, delivery: Delivery) -> Receipt | None:
        """None, so that the notice is sent again."""
        return None

    def _post(self, hub: str, form: bytes) -> None:
        if urlsplit(hub).scheme not in ("http", "https"):
            raise RefusedError(f"the hub {hub!r} is not a web address")
        kind = "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind, "User-Agent": "Syndicate"}
        request = Request(hub, form, headers)  # noqa: S310 - its scheme was checked
        try:
            with build_opener(_NoRedirects).open(request, timeout=self.timeout):
                return
        except HTTPError as error:
            answer = f"{hub} answered {error.code} {error.reason}"
            error.close()
            permanent = 300 <= error.code < 500 and error.code not in (408, 425, 429)
            raise (RefusedError if permanent else DeliveryError)(answer) from error
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", None) or error
            raise DeliveryError(f"{hub} cannot be reached: {reason}") from error


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirects: a notice only goes to the hub that the feed names."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _topic_and_hubs(delivery: Delivery) -> tuple[str, tuple[str, ...]]:
    """The URL that people subscribe to, and the hubs of the feed; "" and () if there are none."""
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
