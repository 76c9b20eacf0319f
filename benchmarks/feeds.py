"""How long a feed takes, where the time goes, and the ratio to bare lxml writing the same bytes.

Run: python benchmarks/feeds.py [entries] [words]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

from lxml import etree

from syndicate.adapters.atom import Atom
from syndicate.adapters.contract import Edition
from syndicate.adapters.feeds.addresses import absolute
from syndicate.adapters.feeds.feed import Feed
from syndicate.adapters.jsonfeed import JSONFeed
from syndicate.adapters.rss import RSS
from syndicate.article import Article, Contributor, Emphasis, Heading, Link, Paragraph, Text
from syndicate.article.publication import Publication
from syndicate.kit import Kit

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
PUBLICATION = Publication(title="The Harbour Gazette", base_url="https://gazette.example.org/")
WORDS = ("tide", "turned", "before", "pilots", "had", "read", "the", "gauge", "&", "nobody", "was")


def article(number: int, words: int) -> Article:
    """An article of `words` words in paragraphs of fifty, with links, emphasis and headings."""
    running = cycle(WORDS)
    body: list[Paragraph | Heading] = []
    for n in range(max(1, words // 50)):
        if n % 5 == 4:
            body.append(Heading(content=(Text(text=f"Part {n}"),)))
        opening, middle, ending = (" ".join(islice(running, k)) for k in (30, 5, 15))
        body.append(
            Paragraph(
                content=(
                    Text(text=opening + " "),
                    Emphasis(content=(Text(text=middle),)),
                    Text(text=" "),
                    Link(url=f"/tides/{n}/", content=(Text(text=ending),)),
                )
            )
        )
    moment = NOON - timedelta(hours=number)
    return Article(
        id=f"tag:gazette.example.org,2026:{number}",
        url=f"https://gazette.example.org/{number}/",
        slug=f"tide-{number}",
        title=f"Tide report {number}",
        summary="What the gauge said, and who read it.",
        contributors=(Contributor(name="Ines Okafor"),),
        first_published=moment,
        published=moment,
        updated=moment,
        body=tuple(body),
    )


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """The shortest of `rounds` runs, in seconds of processor time."""
    times = []
    for _ in range(rounds):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times)


def bare(feed: Feed, written: bytes) -> Callable[[], bytes]:
    """Writing the very same document again, by lxml (or json) alone."""
    if isinstance(feed, JSONFeed):
        document = json.loads(written)
        return lambda: json.dumps(document, ensure_ascii=False, indent=2).encode()
    source: Any = etree.fromstring(written)

    def write() -> bytes:
        root = etree.Element(source.tag, dict(source.attrib), source.nsmap)
        pairs = [(source, root)]
        while pairs:
            old, new = pairs.pop()
            for child in old:
                twin = etree.SubElement(new, child.tag, dict(child.attrib))
                twin.text = child.text
                pairs.append((child, twin))
        return etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True)

    return write


def _render(feed: Feed, edition: Edition, kit: Kit) -> bytes:
    return list(feed.render(edition, kit))[-1].content


def main(entries: int = 2000, words: int = 1000) -> None:
    """Print one line a feed, then where the time goes."""
    articles = tuple(article(n, words) for n in range(entries))
    kit = Kit((ROOT / "templates" / "feed", ROOT / "templates"), ROOT / "content")
    edition = Edition(PUBLICATION, "feed", "https://gazette.example.org/feed/", articles, NOON)
    print(f"{entries} entries of {words} words")
    for feed in (RSS(), Atom(), JSONFeed()):
        written = _render(feed, edition, kit)
        whole, alone = best(partial(_render, feed, edition, kit)), best(bare(feed, written))
        name, size = type(feed).__name__, len(written) / 1e6
        print(
            f"{name:9} {whole * 1000:7.0f} ms  {size:5.1f} MB  "
            f"{'json' if name == 'JSONFeed' else 'lxml'} alone {alone * 1000:5.0f} ms  "
            f"ratio {whole / alone:4.1f}"
        )
    addresses = best(lambda: sum(absolute(one, PUBLICATION).version for one in articles))
    bodies = best(lambda: sum(len(kit.body(one)) for one in articles))
    summaries = best(partial(_render, RSS(content="summary"), edition, kit))
    print(
        f"of which  kit.body {bodies * 1000:.0f} ms, absolute addresses {addresses * 1000:.0f} ms"
    )
    print(f"RSS of summaries (feedgen, mends, lxml) {summaries * 1000:.0f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
