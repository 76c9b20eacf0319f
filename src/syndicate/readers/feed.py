"""RSS and Atom feeds of any version, broken or not, as far as feedparser understands them."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

from syndicate.article import Contributor, Credit, Figure, Tag
from syndicate.article.values import one_line
from syndicate.errors import SourceError
from syndicate.readers.collection import readings_of_items
from syndicate.readers.collection_item import Item
from syndicate.readers.contract import Note, Reader, Reading, Source
from syndicate.readers.fields import absolute_url, line_of_markup, people_in_bylines
from syndicate.readers.prose import with_urls_linked

_BEGINNING = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE[^>\[]*\[|ENTITY)")
_SURROGATE = re.compile(rb"&#(?:([xX])0*([dD][0-9a-fA-F]{3})|0*(5\d{4}));")
_DRESSED = re.compile(r"<[a-zA-Z!]")


class FeedReader(Reader):
    """RSS 0.9 to 2.0 and Atom 0.3 and 1.0; each item with text becomes an article."""

    suffixes: ClassVar[tuple[str, ...]] = (".xml", ".rss", ".atom", ".rdf")

    def read(self, source: Source) -> Iterator[Reading]:
        """The articles in `source`, in its order.

        Raises:
            SourceError: it is not a feed, or there is no article in it.
        """
        yield from readings_of_items(_items(source), source)


def _items(source: Source) -> Iterator[Item]:
    import feedparser

    if _ENTITIES.search(source.data.replace(b"\0", b"")):
        raise SourceError("feed refused: it declares XML entities", where=source.at())
    if not source.data.strip(b"\0 \t\r\n"):
        raise SourceError("the file is empty", where=source.at())
    # Always pass a stream: feedparser would fetch a string that is a URL, or open a path.
    try:
        parsed = feedparser.parse(
            io.BytesIO(_SURROGATE.sub(_visible, source.data)),
            response_headers={"content-type": "application/xml"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser's parsers raise many kinds of errors on bad bytes
        raise SourceError(
            f"this feed cannot be parsed ({type(error).__name__})", where=source.at()
        ) from error
    if not parsed.entries:
        raise _no_feed(parsed, source)
    begins = [found.start() for found in _BEGINNING.finditer(source.data)]
    lines = _lines(source.data, begins) if len(begins) == len(parsed.entries) else []
    parsed.entries.reverse()
    number = 0
    while parsed.entries:
        # Free each entry after reading it.
        item = _item(dict(parsed.entries.pop()), parsed.feed, source)
        item.line = lines[number] if lines else None
        if parsed.bozo and number == 0:
            item.notes.append(Note("guessed", f"the meaning of a broken feed ({_broken(parsed)})"))
        number += 1
        yield item


def _visible(reference: re.Match[bytes]) -> bytes:
    """A character reference unchanged, or b"" if it is half of a character (a surrogate)."""
    number = int(reference[2], 16) if reference[1] else int(reference[3])
    return b"" if 0xD800 <= number <= 0xDFFF else reference[0]


def _no_feed(parsed: Any, source: Source) -> SourceError:
    line = None
    if parsed.bozo and hasattr(parsed.bozo_exception, "getLineNumber"):
        line = parsed.bozo_exception.getLineNumber()
    if parsed.get("version"):
        return SourceError("no article in this feed", where=source.at(line))
    reason = f" ({_broken(parsed)})" if parsed.bozo else ""
    return SourceError(f"not an RSS or Atom feed{reason}", where=source.at(line))


def _broken(parsed: Any) -> str:
    error = parsed.bozo_exception
    message = getattr(error, "getMessage", lambda: str(error))()
    return one_line(message)[:120] or type(error).__name__


def _lines(data: bytes, offsets: list[int]) -> list[int]:
    lines: list[int] = []
    line, at = 1, 0
    for offset in offsets:
        line += data.count(b"\n", at, offset)
        at = offset
        lines.append(line)
    return lines


def _item(entry: dict[str, Any], feed: Any, source: Source) -> Item:
    home = absolute_url(feed.get("link"))
    url = absolute_url(entry.get("link"), home)
    contents = [one for one in entry.get("content", ()) if one.get("value")]
    best = max(contents, key=lambda one: len(one["value"]), default=None)
    summary = entry.get("summary") or ""
    kind = best or entry.get("summary_detail") or {}
    text = best["value"] if best else summary
    is_html = kind.get("type") != "text/plain" or _DRESSED.search(text) is not None
    fields: dict[str, Any] = {
        "url": url,
        "published": _moment(entry, "published", source) or _moment(entry, "updated", source),
        "updated": _moment(entry, "updated", source),
        "expires": _moment(entry, "expired", source),
        "language": (best or {}).get("language") or feed.get("language"),
        "summary": line_of_markup(summary)[:1000] if best and summary else None,
        "contributors": _people(entry, feed),
        "tags": tuple(_tags(entry)),
        "lead_image": _lead(entry, url or home),
        "credit": _credit(entry, feed),
    }
    body = text + _players(entry, url or home) if is_html else ""
    return Item(
        key=entry.get("id") or url or "",
        title=entry.get("title") or "",
        body=body,
        text="" if is_html else text,
        base=absolute_url((best or {}).get("base"), url or home) or url or home,
        fields={name: value for name, value in fields.items() if value},
    )


def _moment(entry: dict[str, Any], name: str, source: Source) -> datetime | None:
    parsed, written = entry.get(f"{name}_parsed"), entry.get(name)
    try:
        if parsed:
            return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        return source.moment(written) if written else None
    except (ValueError, OverflowError, OSError):
        return None


def _people(entry: dict[str, Any], feed: Any) -> tuple[Contributor, ...]:
    """The authors of the entry, in Atom by default those of the feed (RFC 4287, 4.2.1)."""
    found: list[Contributor] = []
    stated = entry.get("authors") or ([feed["author_detail"]] if feed.get("author_detail") else [])
    for author in stated:
        named = people_in_bylines([author.get("name") or author.get("email") or ""])
        url, email = absolute_url(author.get("href")), one_line(author.get("email") or "") or None
        alone = len(named) == 1
        found += [
            one.model_copy(update={"url": url, "email": email}) if alone else one for one in named
        ]
    for other in entry.get("contributors", ()):
        named = people_in_bylines([other.get("name", "")])
        found += [one.model_copy(update={"role": "contributor"}) for one in named]
    return tuple({one.name: one for one in reversed(found)}.values())[::-1]


def _tags(entry: dict[str, Any]) -> Iterator[Tag]:
    seen = set()
    for tag in entry.get("tags", ()):
        name = line_of_markup(tag.get("label") or tag.get("term") or "")
        if name and name not in seen:
            seen.add(name)
            yield Tag(name=name, scheme=absolute_url(tag.get("scheme")))


def _lead(entry: dict[str, Any], base: str | None) -> Figure | None:
    """The picture that the entry has in addition to its text: Media RSS, else an enclosure."""
    credits = [one_line(one.get("content") or "") for one in entry.get("media_credit", ())]
    pictures = [one for one in entry.get("media_content", ()) if _is_picture(one)]
    number = {id(one): at for at, one in enumerate(pictures)}
    for one in sorted(pictures, key=lambda one: -_pixels(one.get("width"))):
        if src := absolute_url(one.get("url"), base):
            at = number[id(one)] if len(credits) == len(pictures) else 0
            described = (entry.get("summary_detail") or {}).get("value") or ""
            caption = described if described != (entry.get("summary") or "") else ""
            return Figure(
                src=src,
                caption=with_urls_linked(line_of_markup(caption)),
                credit=(credits[at] if credits else None) or None,
                width=_pixels(one.get("width")) or None,
                height=_pixels(one.get("height")) or None,
                media_type=one.get("type") or None,
            )
    for link in entry.get("links", ()):
        is_image = (link.get("type") or "").startswith("image/")
        src = absolute_url(link.get("href"), base)
        if link.get("rel") == "enclosure" and is_image and src:
            return Figure(src=src, media_type=link["type"])
    for one in entry.get("media_thumbnail", ()):
        if src := absolute_url(one.get("url"), base):
            return Figure(src=src)
    return None


def _is_picture(media: dict[str, Any]) -> bool:
    kind = media.get("medium") or media.get("type") or ""
    return kind.startswith("image") or (
        not kind and bool(re.search(r"\.(?:jpe?g|png|gif|webp)(?:\?|$)", media.get("url") or ""))
    )


def _pixels(value: Any) -> int:
    text = str(value or "")
    return int(text) if re.fullmatch(r"[1-9]\d{0,4}", text) else 0


def _players(entry: dict[str, Any], base: str | None) -> str:
    """The recordings of the entry, as HTML for the end of its text."""
    from html import escape

    players = []
    for link in entry.get("links", ()):
        kind = (link.get("type") or "").partition("/")[0]
        src = absolute_url(link.get("href"), base)
        if link.get("rel") == "enclosure" and kind in ("audio", "video") and src:
            title = escape(link.get("title") or "")
            players.append(f'<{kind} src="{escape(src)}" title="{title}"></{kind}>')
    return "".join(players)


def _credit(entry: dict[str, Any], feed: Any) -> Credit | None:
    origin = entry.get("source") or {}
    stated = {
        "source": line_of_markup(origin.get("title") or feed.get("title") or "") or None,
        "source_url": absolute_url(origin.get("href") or origin.get("link") or feed.get("link")),
        "copyright_notice": line_of_markup(entry.get("rights") or feed.get("rights") or "") or None,
        "usage_terms": absolute_url(entry.get("license")),
    }
    return Credit(**stated) if any(stated.values()) else None
