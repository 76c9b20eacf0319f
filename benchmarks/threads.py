"""How fast threads are written, sentences are found and posts are counted, on one core.

Run: python benchmarks/threads.py [articles] [words]
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from syndicate.adapters.edition import Edition
from syndicate.adapters.social.bluesky import BlueskyAdapter
from syndicate.adapters.social.mastodon import MastodonAdapter
from syndicate.adapters.social.sentences import split_sentences
from syndicate.adapters.social.x import XAdapter
from syndicate.article import Article, Heading, Paragraph, Text
from syndicate.article.publication import Publication
from syndicate.kit import Kit
from syndicate.thread.counting import BLUESKY, MASTODON
from syndicate.thread.counting import X as X_COUNTER

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
PUBLICATION = Publication(title="The Harbour Gazette", base_url="https://gazette.example.org/")
NOUNS = """
    harbour ferry pier engine channel winter storm crew captain ticket fare bridge mayor council
    budget survey gauge tide pilot anchor cargo customs freight island jetty lantern market net
    office passenger quay repair sailor timetable union valve warehouse yard accident beacon
""".split()  # noqa: SIM905 - forty words read better so
SENTENCES = (
    "The {a} counted {n},500 {b}s at the {c} in the U.S. last year.",
    "However, the {b} sailed late on {n} of the days when the {a} was closed for repairs.",
    "“We waited too long for the {c} and the {b},” said {a} master Marit Vane.",
    "Work on the {c} cost $3.{n} million, according to Dr. J. Okafor of the {a} {b}.",
    "Every {a} needs a {b} between November and the first {c} of spring.",
)


def article(number: int, words: int) -> Article:
    """An article of about `words` words, a heading every five paragraphs."""
    body: list[Paragraph | Heading] = []
    for n in range(max(1, words // 70)):
        if n % 5 == 4:
            body.append(Heading(content=(Text(text=f"What dock {n} needs"),)))
        said = " ".join(
            sentence.format(
                n=n * 7 + number,
                a=NOUNS[(n * 5 + at) % len(NOUNS)],
                b=NOUNS[(n * 11 + at * 7 + number) % len(NOUNS)],
                c=NOUNS[(n * 3 + at * 13 + 1) % len(NOUNS)],
            )
            for at, sentence in enumerate(SENTENCES)
        )
        body.append(Paragraph(content=(Text(text=said),)))
    return Article(
        id=f"tag:gazette.example.org,2026:{number}",
        url=f"https://gazette.example.org/a{number}/",
        slug=f"a{number}",
        title=f"Night ferry {number} returns to Port Ellery",
        first_published=NOON,
        published=NOON,
        updated=NOON,
        body=tuple(body),
    )


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the fastest of three runs."""
    best = float("inf")
    for _ in range(3):
        start = process_time()
        work()
        best = min(best, process_time() - start)
    return best


def main(count: int = 200, words: int = 800) -> None:
    """Print a line for each measure."""
    articles = tuple(article(number, words) for number in range(count))
    texts = [
        inline.text
        for one in articles
        for block in one.body
        if isinstance(block, Paragraph)
        for inline in block.content
        if isinstance(inline, Text)
    ]
    characters = sum(map(len, texts))
    print(f"{count} articles of {words} words, {characters:,} characters")
    kit = Kit(folders=(ROOT / "templates",), content=ROOT / "content")
    for adapter in (XAdapter(card=False), MastodonAdapter(card=False), BlueskyAdapter(card=False)):
        name = type(adapter).__name__
        edition = Edition(PUBLICATION, name, "https://gazette.example.org/x/", articles, NOON)
        took = seconds(lambda a=adapter, e=edition: list(a.render(e, kit)))  # type: ignore[misc]
        print(f"{name:10} {count / took:8,.0f} articles/s {characters / took:14,.0f} characters/s")
    took = seconds(lambda: [split_sentences(text) for text in texts])
    print(f"{'sentences':28} {characters / took:14,.0f} characters/s")
    for name, counter in (("X", X_COUNTER), ("Mastodon", MASTODON), ("Bluesky", BLUESKY)):
        took = seconds(lambda c=counter: [c.length(text) for text in texts])  # type: ignore[misc]
        print(f"counting {name:19} {characters / took:14,.0f} characters/s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
