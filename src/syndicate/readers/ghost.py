"""Ghost exports (ghost.org/docs, "Migrating to Ghost: JSON"): posts with their tags and authors.

Drafts stay drafts. Pages and posts without HTML are left out with a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from syndicate.article import Contributor, Figure, Tag
from syndicate.article.values import one_line
from syndicate.errors import SourceError
from syndicate.readers.collection import LeftOut, readings
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Reader, Reading, Source
from syndicate.readers.copy import shortened
from syndicate.readers.decode import text_of
from syndicate.readers.fields import absolute, line_of, text, when
from syndicate.readers.json_text import values
from syndicate.readers.prose import linked

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
        yield from readings(_items(source), source)


def _items(source: Source) -> Iterator[Item | LeftOut]:
    export = next((value for value, _ in values(text_of(source), source)), None)
    table = _database(export)
    posts = _rows(table, "posts")
    if not posts:
        raise SourceError("this Ghost export has no posts", where=source.at(1, 1))
    tags = {str(one.get("id")): line_of(text(one, "name")) for one in _rows(table, "tags")}
    users = {str(one.get("id")): line_of(text(one, "name")) for one in _rows(table, "users")}
    meta = {str(one.get("post_id")): one for one in _rows(table, "posts_meta")}
    tagged = _joined(table, "posts_tags", "tag_id", tags)
    written = _joined(table, "posts_authors", "author_id", users)
    for post in posts:
        key = str(post.get("id"))
        title = shortened(text(post, "title"))
        if text(post, "type") == "page" or post.get("page") in (1, True):
            yield LeftOut(f"the page {title!r}")
        elif not text(post, "html").strip() and not text(post, "plaintext").strip():
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
    image = absolute(text(post, "feature_image").replace(_HOME, home))
    fields: dict[str, Any] = {
        "slug": text(post, "slug") or None,
        "url": absolute(text(post, "canonical_url").replace(_HOME, home)),
        "summary": one_line(text(post, "custom_excerpt") or text(meta, "meta_description")) or None,
        "published": when(post, "published_at", source) or when(post, "created_at", source),
        "updated": when(post, "updated_at", source),
        "status": _STATUSES.get(text(post, "status"), "draft"),
        "access": _ACCESS.get(text(post, "visibility")),
        "section": names[0] if names else None,
        "tags": tuple(Tag(name=name) for name in dict.fromkeys(names)),
        "contributors": tuple(Contributor(name=name) for name in authors if name),
        "language": text(post, "locale"),
        "lead_image": _lead(image, post, meta),
    }
    return Item(
        key=text(post, "uuid"),
        title=text(post, "title"),
        body=text(post, "html").replace(_HOME, home),
        text=text(post, "plaintext"),
        base=source.publication.base_url,
        fields={name: value for name, value in fields.items() if value},
    )


def _lead(image: str | None, post: dict[str, Any], meta: dict[str, Any]) -> Figure | None:
    if not image:
        return None
    alt = text(meta, "feature_image_alt") or text(post, "feature_image_alt")
    caption = line_of(text(meta, "feature_image_caption") or text(post, "feature_image_caption"))
    return Figure(src=image, alt=alt or None, caption=linked(caption))
