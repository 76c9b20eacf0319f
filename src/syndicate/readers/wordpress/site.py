"""What the posts of an export refer to: authors, pictures and reusable blocks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from syndicate.article import Contributor
from syndicate.article.values import one_line
from syndicate.readers.contract import Source
from syndicate.readers.fields import absolute_url, line_of_markup
from syndicate.readers.spill_store import SpillStore
from syndicate.readers.wordpress.export import wordpress_elements

MOST_KEPT = 500_000
LONGEST = 2_000


@dataclass(frozen=True)
class MediaFile:
    """A file of the media library."""

    url: str
    alt: str
    caption: str


class Blog:
    """The blog: its address, title and language, and what its posts refer to. That is in `store`
    until `store` is closed."""

    def __init__(self, store: SpillStore) -> None:
        self.url: str | None = None
        self.title = ""
        self.language: str | None = None
        self.store = store

    def author(self, login: str) -> Contributor | None:
        """The author with the login name `login`."""
        found = self.store.get(f"author {login}")
        return Contributor(name=found[0], email=found[1] or None) if found else None

    def attachment(self, number: str) -> MediaFile | None:
        """The media file with this number."""
        found = self.store.get(f"attachment {number}")
        return MediaFile(*found) if found else None

    def block(self, number: str) -> str:
        """The HTML of the reusable block with this number; "" if there is none."""
        found = self.store.get(f"block {number}")
        return found[0] if found else ""


def site_of(source: Source, store: SpillStore) -> Blog:
    """What the export in `source` says about the whole site; it is put into `store`.

    Raises:
        SourceError: the export cannot be read.
    """
    site = Blog(store)
    for element in wordpress_elements(
        source, "item", "author", "base_blog_url", "language", "title"
    ):
        with suppress(UnicodeDecodeError):  # libxml2 accepts bytes that are not characters
            _learn(element, site)
    return site


def _learn(element: Any, site: Blog) -> None:
    name = element.tag.rpartition("}")[2]
    if name == "item":
        _keep(element, site)
    elif name == "author":
        _sign(element, site)
    elif name == "title" and not site.title and _is_of_channel(element):
        site.title = line_of_markup(element.text or "")
    elif name == "base_blog_url":
        site.url = absolute_url(element.text)
    elif name == "language" and not site.language:
        site.language = one_line(element.text or "") or None


def _is_of_channel(title: Any) -> bool:
    channel = title.getparent()  # a broken export may begin with its title
    return channel is not None and channel.tag == "channel"


def wordpress_text(element: Any, name: str) -> str:
    """The text of the child called `name`, in any namespace; "" if there is none."""
    found = element.find(f"{{*}}{name}")
    return (found.text or "") if found is not None else ""


def wordpress_meta(element: Any) -> dict[str, str]:
    """The custom fields of an item."""
    return {
        wordpress_text(one, "meta_key"): wordpress_text(one, "meta_value")
        for one in element.iter("{*}postmeta")
    }


def _sign(element: Any, site: Blog) -> None:
    login = wordpress_text(element, "author_login")
    first, last = (
        wordpress_text(element, "author_first_name"),
        wordpress_text(element, "author_last_name"),
    )
    name = one_line(wordpress_text(element, "author_display_name")) or one_line(f"{first} {last}")
    if login and len(site.store) < MOST_KEPT:
        email = one_line(wordpress_text(element, "author_email"))
        site.store.put(f"author {login}", name or login, email)


def _keep(element: Any, site: Blog) -> None:
    if len(site.store) >= MOST_KEPT:
        return
    number, kind = wordpress_text(element, "post_id"), wordpress_text(element, "post_type")
    if kind == "wp_block":
        site.store.put(f"block {number}", wordpress_encoded(element, "content")[:100_000])
    elif kind == "attachment" and (url := absolute_url(wordpress_text(element, "attachment_url"))):
        site.store.put(
            f"attachment {number}",
            url[:LONGEST],
            one_line(wordpress_meta(element).get("_wp_attachment_image_alt", ""))[:LONGEST],
            wordpress_encoded(element, "excerpt")[:LONGEST],
        )


def wordpress_encoded(element: Any, what: str) -> str:
    """`content:encoded` or `excerpt:encoded`, which differ only in their namespaces."""
    for found in element.iter("{*}encoded"):
        if what in found.tag:
            return found.text or ""
    return ""
