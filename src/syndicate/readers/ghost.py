"""Ghost exports (ghost.org/docs, "Migrating to Ghost: JSON"): posts with their tags and authors.

Drafts stay drafts. Pages and posts without HTML are left out with a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from syndicate.article import Contributor, Figure, Tag
from syndicate.article.values import one_line
from syndicate.errors import SourceError
from syndicate.readers.collection import LeftOut, readings_of_items
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.decode import decoded_text
from syndicate.readers.fields import absolute_url, json_moment, json_text, line_of_markup
from syndicate.readers.json_text import json_values
from syndicate.readers.prose import with_urls_linked
from syndicate.readers.reader_state import shortened_for_note

_STATUSES = {"published": "usable", "scheduled": "usable", "sent": "usable", "draft": "draft"}
_ACCESS = {"public": "free", "members": "members", "paid": "paid", "tiers": "paid"}
_HOME = "__GHOST_URL__"


class GhostReader(Reader):
    """The JSON that Ghost exports; each post becomes an article."""

    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is not JSON, not a Ghost export, or there is no article in it.
        """
        yield from readings_of_items(_items(source), source)


def _items(source: Source) -> Iterator[Item | LeftOut]:
    export = next((value for value, _ in json_values(decoded_text(source), source)), None)
    table = _database(export)
    posts = _rows(table, "posts")
    if not posts:
        raise SourceError("this Ghost export has no posts", where=source.at(1, 1))
    tags = {
        str(one.get("id")): line_of_markup(json_text(one, "name")) for one in _rows(table, "tags")
    }
    users = {
        str(one.get("id")): line_of_markup(json_text(one, "name")) for one in _rows(table, "users")
    }
    meta = {str(one.get("post_id")): one for one in _rows(table, "posts_meta")}
    tagged = _joined(table, "posts_tags", "tag_id", tags)
    written = _joined(table, "posts_authors", "author_id", users)
    for post in posts:
        key = str(post.get("id"))
        title = shortened_for_note(json_text(post, "title"))
        if json_text(post, "type") == "page" or post.get("page") in (1, True):
            yield LeftOut(f"the page {title!r}")
        elif not json_text(post, "html").strip() and not json_text(post, "plaintext").strip():
            yield LeftOut(f"the post {title!r}: it has no HTML text")
        else:
            own = written.get(key) or [users.get(str(post.get("author_id")), "")]
            yield _item(post, meta.get(key, {}), (tagged.get(key, []), own), source)


def _database(export: Any) -> dict[str, Any]:
    held = export.get("db") if isinstance(export, dict) else None
    first = held[0] if isinstance(held, list) and held else export
    data = first.get("data") if isinstance(first, dict) else None
    return data if isinstance(data, dict) else {}


def _rows(table: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = table.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _joined(
    table: dict[str, Any], name: str, column: str, known: dict[str, str]
) -> dict[str, list[str]]:
    """For each post, what its rows in the table `name` refer to, in order."""
    found: dict[str, list[str]] = {}
    rows = _rows(table, name)
    rows.sort(key=lambda row: row["sort_order"] if isinstance(row.get("sort_order"), int) else 0)
    for row in rows:
        if value := known.get(str(row.get(column))):
            found.setdefault(str(row.get("post_id")), []).append(value)
    return found


def _item(
    post: dict[str, Any], meta: dict[str, Any], people: tuple[list[str], list[str]], source: Source
) -> Item:
    home = source.publication.base_url.rstrip("/")
    tags, authors = people
    names = [name for name in tags if name and not name.startswith("#")]
    image = absolute_url(json_text(post, "feature_image").replace(_HOME, home))
    fields: dict[str, Any] = {
        "slug": json_text(post, "slug") or None,
        "url": absolute_url(json_text(post, "canonical_url").replace(_HOME, home)),
        "summary": one_line(
            json_text(post, "custom_excerpt") or json_text(meta, "meta_description")
        )
        or None,
        "published": json_moment(post, "published_at", source)
        or json_moment(post, "created_at", source),
        "updated": json_moment(post, "updated_at", source),
        "status": _STATUSES.get(json_text(post, "status"), "draft"),
        "access": _ACCESS.get(json_text(post, "visibility")),
        "section": names[0] if names else None,
        "tags": tuple(Tag(name=name) for name in dict.fromkeys(names)),
        "contributors": tuple(Contributor(name=name) for name in authors if name),
        "language": json_text(post, "locale"),
        "lead_image": _lead(image, post, meta),
    }
    return Item(
        key=json_text(post, "uuid"),
        title=json_text(post, "title"),
        body=json_text(post, "html").replace(_HOME, home),
        text=json_text(post, "plaintext"),
        base=source.publication.base_url,
        fields={name: value for name, value in fields.items() if value},
    )


def _lead(image: str | None, post: dict[str, Any], meta: dict[str, Any]) -> Figure | None:
    if not image:
        return None
    alt = json_text(meta, "feature_image_alt") or json_text(post, "feature_image_alt")
    caption = line_of_markup(
        json_text(meta, "feature_image_caption") or json_text(post, "feature_image_caption")
    )
    return Figure(src=image, alt=alt or None, caption=with_urls_linked(caption))
