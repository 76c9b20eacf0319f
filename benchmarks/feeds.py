"""RSS + Atom + JSON Feed of the same articles: against bare lxml and json, and beside peers.

Two questions, each answered in processor seconds of this one run: what a rendering costs beside
writing the very same bytes with lxml and json alone, and what it costs to publish one changed
article of a newsroom beside publishing all.

Run: python benchmarks/feeds.py [entries] [words]
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import process_time
from typing import Any

from lxml import etree

from syndicate.adapters.edition import Edition
from syndicate.adapters.feeds.adapter import FeedAdapter
from syndicate.adapters.feeds.atom import Atom
from syndicate.adapters.feeds.entry import FeedEntry, entry_of
from syndicate.adapters.feeds.jsonfeed import JSONFeed
from syndicate.adapters.feeds.rss import RSS
from syndicate.adapters.web.pictures import WebPictures
from syndicate.article import Article, Contributor, Emphasis, Heading, Link, Paragraph, Text
from syndicate.article.publication import Publication
from syndicate.engine.rendering.render_cache import RenderedPieces
from syndicate.kit import Kit
from syndicate.store import FolderStore

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
PUBLICATION = Publication(title="The Harbour Gazette", base_url="https://gazette.example.org/")
EDITION = Edition(PUBLICATION, "feed", "https://gazette.example.org/feed/", (), NOON)
WORDS = ("tide", "turned", "before", "pilots", "had", "read", "the", "gauge", "&", "nobody", "was")
FEEDS: tuple[FeedAdapter, ...] = (RSS(), Atom(), JSONFeed())


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


def fastest(*works: Callable[[], object], rounds: int = 5) -> list[float]:
    """The shortest of `rounds` runs of each, in seconds of processor time; they take turns, so that
    whatever else the machine does falls on all of them."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = process_time()
            work()
            taken.append(process_time() - start)
    return [min(taken) for taken in times]


def bare(feed: FeedAdapter, written: bytes) -> Callable[[], bytes]:
    """Writing the very same document again, by lxml (or json) alone."""
    if isinstance(feed, JSONFeed):
        document = json.loads(written)
        return lambda: json.dumps(document, ensure_ascii=False, indent=2).encode()
    source: Any = etree.fromstring(written, etree.XMLParser(huge_tree=True))

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


def kit() -> Kit:
    """A kit on the packaged templates."""
    return Kit((ROOT / "templates" / "feed", ROOT / "templates"), ROOT / "content")


def snapshot(feed: FeedAdapter, store: FolderStore, last: str, keys: list[str]) -> bytes:
    """The feed from the pieces of its last rendering, as the engine puts it together."""
    pieces = RenderedPieces(store, last, "")
    kept = (pieces.recall(key) for key in keys)
    contents = (piece.content for piece in kept if piece)
    return list(feed.assemble(EDITION, contents, kit()))[-1].content


def finished(feed: FeedAdapter, entries: list[FeedEntry]) -> list[bytes]:
    """Every entry written, its HTML given."""
    return [feed.write_entry(entry) for entry in entries]


def anew(feed: FeedAdapter, edition: Edition) -> bytes:
    """The feed from its articles."""
    return list(feed.render(edition, kit()))[-1].content


def renderings(articles: tuple[Article, ...], store: FolderStore) -> None:
    """What is remembered put together, entries written from finished HTML, and all from articles,
    beside bare lxml and json."""
    edition = replace(EDITION, articles=articles)
    keys = [one.id for one in articles]
    sums = [0.0] * 4
    for feed in FEEDS:
        written = anew(feed, edition)
        pieces = RenderedPieces(store, "", "")
        for one in articles:
            pieces.keep(one.id, feed.piece(one, edition, kit()), ())
        last = pieces.save()
        assert snapshot(feed, store, last, keys) == written
        entries = [
            entry_of(one, edition, kit(), WebPictures(edition, kit()), True) for one in articles
        ]
        times = fastest(
            bare(feed, written),
            partial(snapshot, feed, store, last, keys),
            partial(finished, feed, entries),
        )
        times += fastest(partial(anew, feed, edition), rounds=1)
        tell(type(feed).__name__, f"{len(written) / 1e6:.1f} MB", *times)
        sums = [total + time for total, time in zip(sums, times, strict=True)]
    tell("all three", "", *sums)


def tell(name: str, more: str, alone: float, *times: float) -> None:
    """One line of figures, with their ratios to the first."""
    names = ("unchanged", "HTML given", "all new")
    figures = (
        f"{what} {time * 1e3:6.0f} ms ({time / alone:5.2f}×)"
        for what, time in zip(names, times, strict=True)
    )
    print(f"{name:9} {more:8} lxml/json alone {alone * 1e3:4.0f} ms  {'  '.join(figures)}")


def peers(articles: tuple[Article, ...]) -> None:
    """RSS + Atom by others, who are given the finished HTML of every article."""
    from feedgen.feed import FeedGenerator

    html = [kit().body(one) for one in articles]

    def bare_feedgen() -> None:
        feed = FeedGenerator()
        feed.id("https://gazette.example.org/")
        feed.title("Gazette")
        feed.description("Gazette")
        feed.link(href="https://gazette.example.org/")
        for one, content in zip(articles, html, strict=True):
            entry = feed.add_entry(order="append")
            entry.id(one.id)
            entry.title(one.title)
            entry.link(href=one.url)
            entry.updated(one.updated)
            entry.content(content, type="html")
        feed.rss_str()
        feed.atom_str()

    (taken,) = fastest(bare_feedgen)
    print(f"feedgen, bare, RSS + Atom, HTML given           {taken * 1e3:6.0f} ms")
    try:
        import feedgenerator
    except ImportError:
        print("Pelican's feedgenerator is not installed")
        return

    def pelican() -> None:
        for kind in (feedgenerator.Rss201rev2Feed, feedgenerator.Atom1Feed):
            feed = kind("Gazette", "https://gazette.example.org/", "Gazette")
            for one, content in zip(articles, html, strict=True):
                feed.add_item(
                    title=one.title,
                    link=one.url,
                    description=one.summary,
                    content=content,
                    pubdate=one.published,
                    updateddate=one.updated,
                    unique_id=one.id,
                )
            feed.writeString("utf-8")

    (taken,) = fastest(pelican)
    print(f"feedgenerator (Pelican), RSS + Atom, HTML given {taken * 1e3:6.0f} ms")


def sources(articles: tuple[Article, ...], folder: Path) -> None:
    """The articles as Markdown files with front matter."""
    folder.mkdir(parents=True)
    for one in articles:
        paragraphs = "\n\n".join(
            "".join(_markdown(inline) for inline in block.content)
            for block in one.body
            if isinstance(block, Paragraph)
        )
        head = f"---\ntitle: {one.title}\ndate: {one.published.isoformat()}\n---\n\n"
        (folder / f"{one.slug}.md").write_text(head + paragraphs + "\n")


def _markdown(inline: Any) -> str:
    text = inline.text if isinstance(inline, Text) else inline.content[0].text
    match inline:
        case Emphasis():
            return f"*{text}*"
        case Link():
            return f"[{text}]({inline.url})"
    return str(text)


def children(command: list[str]) -> float:
    """Seconds of processor time that `command` takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def newsroom(
    articles: tuple[Article, ...],
    root: Path,
    channel: str = "",
    names: tuple[str, ...] = ("rss", "atom", "jsonfeed"),
) -> list[str]:
    """A newsroom of Markdown files with these feeds; the command that publishes it."""
    sources(articles, root / "content")
    (root / "channels").mkdir()
    for name in names:
        (root / "channels" / f"{name}.toml").write_text(channel)
    settings = '[publication]\ntitle = "Gazette"\nbase_url = "https://gazette.example.org/"\n'
    (root / "syndicate.toml").write_text(settings)
    return [sys.executable, "-m", "syndicate", "publish", "--root", str(root), "--quiet"]


def republishing(articles: tuple[Article, ...], root: Path) -> None:
    """The whole command: everything, then one changed article."""
    command = newsroom(articles, root)
    whole = children(command)
    changed = root / "content" / f"{articles[len(articles) // 2].slug}.md"
    changed.write_text(changed.read_text() + "\nOne more line.\n")
    one = children(command)
    print(
        f"syndicate publish, three feeds: all {whole:.2f} s, "
        f"one changed {one:.2f} s ({100 * one / whole:.1f} %)"
    )


def hugo(articles: tuple[Article, ...], root: Path) -> None:
    """Hugo's whole build of the same Markdown files."""
    if not shutil.which("hugo"):
        print("Hugo is not installed")
        return
    sources(articles, root / "content" / "posts")
    (root / "layouts").mkdir()
    (root / "config.toml").write_text(
        'baseURL = "https://gazette.example.org/"\ndisableKinds = ["taxonomy", "term", "sitemap"]\n'
    )
    taken = children(["hugo", "--quiet", "--source", str(root)])
    print(f"Hugo, its whole build (RSS only)                {taken:6.2f} s")


def main(entries: int = 2000, words: int = 1000) -> None:
    """Print it all."""
    articles = tuple(article(n, words) for n in range(entries))
    print(f"{entries} entries of {words} words; processor time")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        os.environ["SOURCE_DATE_EPOCH"] = str(int(NOON.timestamp()))
        renderings(articles, FolderStore(place / "store"))
        peers(articles)
        hugo(articles, place / "hugo")
        republishing(articles, place / "newsroom")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
