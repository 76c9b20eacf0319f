"""One post of an export as an item."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from syndicate.article import Contributor, Credit, Figure, Tag
from syndicate.article.values import one_line
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Note, Source
from syndicate.readers.fields import absolute_url, line_of_markup
from syndicate.readers.wordpress.content import wordpress_html
from syndicate.readers.wordpress.site import Blog, wordpress_encoded, wordpress_meta, wordpress_text

_STATUSES = {
    "publish": "usable",
    "future": "usable",
    "draft": "draft",
    "pending": "draft",
    "auto-draft": "draft",
    "private": "withheld",
}
_NO_ARTICLES = re.compile(
    r"attachment|page|nav_menu_item|revision|custom_css|customize_changeset|oembed_cache"
    r"|user_request|wp_\w+|acf-?\w+|elementor_\w+|shop_\w+|product\w*|wpcf7\w*|feedback|jp_\w+"
    r"|tribe_\w+|mc4wp\w*|wpforms|popup|amp_\w+|scheduled-action|reusable_\w+|_\w+"
)
_UNSORTED = frozenset(
    ("uncategorized", "uncategorised", "allgemein", "sin-categoria", "non-classe")
)


def wordpress_kind_of(element: Any) -> str | None:
    """The kind of an item that is not an article: its post type, or "post in the bin"."""
    kind = one_line(wordpress_text(element, "post_type")) or "post"
    if _NO_ARTICLES.fullmatch(kind):
        return kind
    return "post in the bin" if wordpress_text(element, "status") in ("trash", "inherit") else None


def wordpress_item(element: Any, site: Blog, source: Source) -> Item:
    """The post in `element`."""
    custom = wordpress_meta(element)
    link = absolute_url(wordpress_text(element, "link"), site.url)
    made = Item(
        key=one_line(wordpress_text(element, "guid")) or link or "",
        title=wordpress_text(element, "title"),
        base=link or site.url,
        line=element.sourceline,
    )
    status = wordpress_text(element, "status") or "publish"
    published = _moment(element, "post_date", source)
    excerpt = wordpress_encoded(element, "excerpt") or custom.get("_yoast_wpseo_metadesc", "")
    section, tags = _terms(element, site)
    fields: dict[str, Any] = {
        "url": link if link and "?p=" not in link else None,
        "slug": _slug(element),
        "published": published or _moment(element, "pubDate", source),
        "updated": _moment(element, "post_modified", source),
        "embargoed": published if status == "future" else None,
        "status": _STATUSES.get(status, "draft"),
        "summary": line_of_markup(excerpt) or None,
        "section": section,
        "tags": tags,
        "language": site.language,
        "contributors": _contributors(element, site),
        "credit": Credit(source=site.title, source_url=site.url) if site.title else None,
    }
    if wordpress_text(element, "post_password"):
        fields["status"] = "withheld"
        made.notes.append(Note("guessed", "the post is withheld: it has a password", made.line))
    if comments := sum(1 for _ in element.iter("{*}comment")):
        count = "1 comment" if comments == 1 else f"{comments:,} comments"
        made.notes.append(Note("left out", count, made.line))
    lead = site.attachment(custom.get("_thumbnail_id", ""))
    if lead:
        fields["lead_image"] = Figure(
            src=lead.url, alt=lead.alt or None, caption=_caption(lead.caption)
        )
    made.body = wordpress_html(wordpress_encoded(element, "content"), site, custom, made)
    made.fields = {name: value for name, value in fields.items() if value}
    return made


def _caption(markup: str) -> Any:
    from syndicate.readers.html import content_of_fragment

    return content_of_fragment(markup) if markup else ()


def _slug(element: Any) -> str | None:
    from slugify import slugify

    return (
        slugify(unquote(wordpress_text(element, "post_name")), max_length=110, word_boundary=True)
        or None
    )


def _moment(element: Any, name: str, source: Source) -> datetime | None:
    """A date of the post; `…_gmt` is in UTC, the other in the site's own time."""
    written = wordpress_text(element, f"{name}_gmt")
    try:
        if written and not written.startswith("0000"):
            return datetime.fromisoformat(written.strip()).replace(tzinfo=UTC)
        written = wordpress_text(element, name)
        return source.moment(written) if written and written[:4] != "0000" else None
    except ValueError:
        return None


def _contributors(element: Any, site: Blog) -> tuple[Contributor, ...]:
    login = one_line(wordpress_text(element, "creator"))
    if not login:
        return ()
    return (site.author(login) or Contributor(name=login),)


def _terms(element: Any, site: Blog) -> tuple[str | None, tuple[Tag, ...]]:
    """The section (the first category) and the tags, each with the address of its vocabulary."""
    section: str | None = None
    tags: dict[tuple[str, str], Tag] = {}
    for term in element.iter("category"):
        name, domain = line_of_markup(term.text or ""), term.get("domain") or "category"
        if not name or term.get("nicename") in _UNSORTED or domain in ("post_format", "author"):
            continue
        if domain == "category" and section is None:
            section = name
            continue
        kind = {"post_tag": "tag"}.get(domain, domain)
        scheme = absolute_url(f"{kind}/", f"{site.url.rstrip('/')}/") if site.url else None
        tags[(kind, name)] = Tag(name=name, scheme=scheme)
    return section, tuple(tags.values())
