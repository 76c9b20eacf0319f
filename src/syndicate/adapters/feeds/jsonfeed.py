"""JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, ClassVar

from pydantic import Field

from syndicate.adapters.feeds import characters
from syndicate.adapters.feeds.adapter import FeedAdapter, FeedHead
from syndicate.adapters.feeds.entry import FeedEntry
from syndicate.adapters.web.dates import rfc3339

_ENCODER = json.JSONEncoder(ensure_ascii=False, indent=2)


class JSONFeed(FeedAdapter):
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    media_type: ClassVar[str] = "application/feed+json"
    logo_width: ClassVar[int] = 512

    file: str = Field(default="feed.json", pattern=r"^\w[\w.-]*$")

    def write_entry(self, entry: FeedEntry) -> bytes:
        """The item in UTF-8."""
        written = _ENCODER.encode(_item(entry)).encode()
        return characters.valid_feed_characters(written).replace(b"\n", b"\n    ")

    def write(self, head: FeedHead, entries: Iterable[bytes]) -> bytes:
        """The feed in UTF-8. Its next page is the previous archive."""
        publisher = head.publication.publisher or head.title
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": head.title,
            "home_page_url": head.home,
            "feed_url": head.current,
            "description": head.description,
            "next_url": head.previous,
            "icon": head.logo.url if head.logo else None,
            "authors": [{"name": publisher, "url": head.home}],
            "language": head.publication.language,
            "hubs": [{"type": "WebSub", "url": head.hub}] if head.hub else None,
        }
        written = _ENCODER.encode({**_without_empty(feed), "items": []}).encode()
        opening = written.removesuffix(b"]\n}")
        items = b",\n    ".join(entries)
        return opening + (b"\n    " + items + b"\n  " if items else b"") + b"]\n}\n"


def _item(entry: FeedEntry) -> dict[str, Any]:
    article, lead = entry.article, entry.lead
    item = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "summary": entry.summary,
        "image": lead.url if lead else None,
        "banner_image": lead.url if lead else None,
        "date_published": rfc3339(article.published),
        "date_modified": rfc3339(article.updated),
        "authors": [
            _without_empty({"name": author.name, "url": author.url}) for author in article.authors
        ],
        "tags": list(dict.fromkeys(tag.name for tag in entry.categories)),
        "language": article.language,
        "attachments": _attachments(entry),
    }
    # One of the two is required, even if it is empty.
    body = {"content_html": entry.content} if entry.content else {"content_text": entry.summary}
    return {**_without_empty(item), **body}


def _attachments(entry: FeedEntry) -> list[dict[str, Any]]:
    lead = entry.lead
    if not (lead and lead.length and lead.media_type):
        return []
    return [{"url": lead.url, "mime_type": lead.media_type, "size_in_bytes": lead.length}]


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
