"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any, ClassVar

from syndicate.article import Contributor, Credit, Figure, Tag
from syndicate.errors import SourceError
from syndicate.readers.collection import LeftOut, readings_of_items
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.decode import decoded_text
from syndicate.readers.fields import absolute_url, json_moment, json_text, line_of_markup
from syndicate.readers.json_text import json_values


class JSONFeedReader(Reader):
    """A JSON Feed; each item with text becomes an article."""

    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is not JSON, not a JSON Feed, or there is no article in it.
        """
        yield from readings_of_items(_items(source), source)


def _items(source: Source) -> Iterator[Item | LeftOut]:
    feed = next((value for value, _ in json_values(decoded_text(source), source)), None)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        raise SourceError("this JSON Feed has no 'items'", where=source.at(1, 1))
    for item in items:
        if isinstance(item, dict):
            yield _item(item, feed, source)
        else:
            yield LeftOut("an item that is not a JSON object")


def _item(item: dict[str, Any], feed: dict[str, Any], source: Source) -> Item:
    home = absolute_url(json_text(feed, "home_page_url")) or absolute_url(
        json_text(feed, "feed_url")
    )
    url = absolute_url(json_text(item, "url"), home)
    image = absolute_url(json_text(item, "image") or json_text(item, "banner_image"), url or home)
    published = json_moment(item, "date_published", source)
    words = json_text(item, "content_text") or json_text(item, "summary")
    html = json_text(item, "content_html")
    fields: dict[str, Any] = {
        "url": url,
        "published": published or json_moment(item, "date_modified", source),
        "updated": json_moment(item, "date_modified", source),
        "language": json_text(item, "language") or json_text(feed, "language"),
        "summary": line_of_markup(json_text(item, "summary")) or None,
        "contributors": _authors(item) or _authors(feed),
        "tags": _tags(item),
        "lead_image": Figure(src=image) if image else None,
        "credit": _credit(item, feed),
    }
    players = "".join(_players(item, url or home))
    if players and not html:
        html = "".join(f"<p>{escape(part)}</p>" for part in words.split("\n\n"))
    return Item(
        key=str(item["id"]) if isinstance(item.get("id"), str | int) else url or "",
        title=json_text(item, "title"),
        body=html + players,
        text=words,
        base=url or home,
        fields={name: value for name, value in fields.items() if value},
    )


def _authors(table: dict[str, Any]) -> tuple[Contributor, ...]:
    stated = table.get("authors") or [table.get("author")]
    found = []
    for author in stated if isinstance(stated, list) else []:
        name = line_of_markup(json_text(author, "name")) if isinstance(author, dict) else ""
        if name:
            found.append(Contributor(name=name, url=absolute_url(json_text(author, "url"))))
    return tuple(found)


def _tags(item: dict[str, Any]) -> tuple[Tag, ...]:
    stated = item.get("tags")
    tags = stated if isinstance(stated, list) else []
    names = [line_of_markup(tag) for tag in tags if isinstance(tag, str)]
    return tuple(Tag(name=name) for name in dict.fromkeys(names) if name)


def _credit(item: dict[str, Any], feed: dict[str, Any]) -> Credit | None:
    source = line_of_markup(json_text(feed, "title")) or None
    url = absolute_url(json_text(item, "external_url")) or absolute_url(
        json_text(feed, "home_page_url")
    )
    return Credit(source=source, source_url=url) if source or url else None


def _players(item: dict[str, Any], base: str | None) -> Iterator[str]:
    attachments = item.get("attachments")
    for one in attachments if isinstance(attachments, list) else []:
        kind = json_text(one, "mime_type").partition("/")[0] if isinstance(one, dict) else ""
        src = absolute_url(json_text(one, "url"), base) if kind in ("audio", "video") else None
        if src:
            yield f'<{kind} src="{escape(src)}" title="{escape(json_text(one, "title"))}"></{kind}>'
