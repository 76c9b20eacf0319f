"""What it costs to read large sources: items a second and the most memory, each in a process of
its own.

    python benchmarks/readers.py [MEGABYTES OF WXR] [FEED ITEMS] [MEGABYTES OF PAGE]

The sources are made while they are read, or before the clock starts; feedparser and lxml alone
stand beside as the floor.
"""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import PurePosixPath

from syndicate.article.publication import Publication
from syndicate.errors import SyndicateError
from syndicate.readers import Source, stream

WHEN = datetime(2026, 10, 5, 12, tzinfo=UTC)
PUBLICATION = Publication(title="The Harbour Gazette", base_url="https://gazette.example.org/")
PARAGRAPH = (
    "<p>The tide turned before the pilots had read the gauge, and <b>nobody</b> minded.</p>\n"
)
WXR_HEAD = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Blog</title>
"""
FEED_HEAD = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>
<title>Wire</title><link>https://wire.example.org/</link>
"""


def post(number: int) -> bytes:
    """A post of a WordPress export, about 4 kB."""
    return (
        f"<item><title>Tide report {number}</title><link>https://b.example.org/{number}/tides/</link>"
        f"<guid>https://b.example.org/?p={number}</guid><dc:creator>ines</dc:creator>"
        f"<content:encoded><![CDATA[<!-- wp:paragraph -->{PARAGRAPH * 45}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_name>tides-{number}</wp:post_name>"
        "<wp:post_date_gmt>2026-10-05 10:00:00</wp:post_date_gmt><wp:status>publish</wp:status>"
        "<wp:post_type>post</wp:post_type></item>\n"
    ).encode()


class Made(io.RawIOBase):
    """A WordPress export of so many bytes that is made while it is read."""

    def __init__(self, size: int) -> None:
        self._parts = self._make(size)

    def _make(self, size: int) -> Iterator[bytes]:
        yield WXR_HEAD
        made = number = 0
        while made < size:
            part = post(number)
            made, number = made + len(part), number + 1
            yield part
        yield b"</channel></rss>"

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next post."""
        return next(self._parts, b"")


def wxr(megabytes: int) -> Source:
    """A WordPress export."""
    return Source(
        PurePosixPath("blog.xml"),
        WXR_HEAD,
        WHEN,
        PUBLICATION,
        file=lambda: Made(megabytes * 1_000_000),  # type: ignore[arg-type, return-value]
    )


def feed_data(items: int) -> bytes:
    """An RSS feed of items of about 1 kB."""
    body = PARAGRAPH.replace("<", "&lt;") * 8
    made = (
        f"<item><title>Tide report {n}</title><link>https://wire.example.org/{n}</link>"
        f"<guid>https://wire.example.org/{n}</guid><description>{body}</description></item>\n"
        for n in range(items)
    )
    return FEED_HEAD + "".join(made).encode() + b"</channel></rss>"


def feed(items: int) -> Source:
    """An RSS feed."""
    return Source(PurePosixPath("wire.xml"), feed_data(items), WHEN, PUBLICATION)


def page_data(megabytes: int) -> bytes:
    """An HTML page."""
    body = PARAGRAPH * (megabytes * 1_000_000 // len(PARAGRAPH))
    return f"<html><body><article><h1>Tides</h1>{body}</article></body></html>".encode()


def page(megabytes: int) -> Source:
    """A saved page; too large a one is streamed by a reader that can, or refused."""
    data = page_data(megabytes)
    return Source(PurePosixPath("tides.html"), data, WHEN, PUBLICATION)


def count(make: Callable[[int], Source], size: int) -> str:
    """Read all of a source."""
    began, articles = time.process_time(), 0
    source = make(size)
    made = time.process_time() - began
    began = time.process_time()
    try:
        for _ in stream(source):
            articles += 1
    except SyndicateError as error:
        return f"refused: {error.message}"
    seconds = time.process_time() - began
    if source.file:
        seconds = max(seconds - made, 0.001)
    return f"{articles:>8,} articles {articles / seconds:8,.0f} a second {seconds:7.1f} s"


def lxml_alone(megabytes: int) -> str:
    """The same export through lxml, twice as our reader does, and nothing done with it."""
    from lxml import etree

    began, items = time.process_time(), 0
    for _ in range(2):
        for _, element in etree.iterparse(Made(megabytes * 1_000_000), tag="item"):
            items += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    seconds = time.process_time() - began
    return f"{items // 2:>8,} items    {items / 2 / seconds:8,.0f} a second {seconds:7.1f} s"


def feedparser_alone(items: int) -> str:
    """The same feed through feedparser, and nothing done with it."""
    import feedparser

    data = feed_data(items)
    began = time.process_time()
    parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    seconds = time.process_time() - began
    found = len(parsed.entries)
    return f"{found:>8,} entries  {found / seconds:8,.0f} a second {seconds:7.1f} s"


def measured(work: Callable[..., str], arguments: tuple[object, ...]) -> str:
    """What `work` says, and the most memory that this process ever had."""
    said = work(*arguments)
    return f"{said}  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:7.0f} MB"


def main(megabytes: int = 1000, items: int = 10_000, page_size: int = 50) -> None:
    """Print one line a source."""
    work: list[tuple[str, Callable[..., str], tuple[object, ...]]] = [
        (f"WordPress, {megabytes} MB", count, (wxr, megabytes)),
        ("  lxml alone", lxml_alone, (megabytes,)),
        (f"feed, {items:,} items", count, (feed, items)),
        ("  feedparser alone", feedparser_alone, (items,)),
        (f"page, {page_size} MB", count, (page, page_size)),
    ]
    for name, function, arguments in work:
        with get_context("spawn").Pool(1) as pool:
            print(f"{name:24} {pool.apply(measured, (function, arguments))}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
