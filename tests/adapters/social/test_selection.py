"""The first sentences of a thread, compared with what editors wrote about their own pages.

ROUGE-2: the pairs of words that a text shares with the description in the page's head (Lin, "ROUGE:
a package for automatic evaluation of summaries", 2004).
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from statistics import mean

from lxml import html

from syndicate.adapters.social.composer import compose_thread
from syndicate.adapters.social.sentences import split_sentences
from syndicate.adapters.social.x import XAdapter
from syndicate.article import Article, Paragraph
from syndicate.article.text import plain
from tests.adapters.social.test_thread import corpus
from tests.missing import PAGES, needs_pages

FEWEST_WORDS = 12  # in a description that says something about the page


@needs_pages
def test_the_first_three_sentences_are_as_informative_as_the_articles_own() -> None:
    ours, lead = [], []
    for article, description in described():
        body = [
            sentence
            for block in article.body
            if isinstance(block, Paragraph)
            for sentence in split_sentences(plain(block.content))
        ]
        posts = compose_thread(article, article.url, XAdapter().fits)
        lines = [line for post in posts for line in post.text.split("\n") if line != article.url]
        posted = [sentence for line in lines if line for sentence in split_sentences(line)]
        ours.append(rouge(posted[:3], description))
        lead.append(rouge(body[:3], description))
    assert len(ours) > 200
    assert mean(ours) >= mean(lead)


def described() -> Iterator[tuple[Article, str]]:
    """The articles of the corpus whose pages have a description."""
    for article, file in zip(corpus(), sorted((PAGES / "truth").iterdir()), strict=True):
        packed = (PAGES / "html" / f"{file.stem}.html.gz").read_bytes()
        page = html.fromstring(gzip.decompress(packed))
        said = {
            meta.get("property") or meta.get("name"): meta.get("content")
            for meta in page.iter("meta")
        }
        description = said.get("og:description") or said.get("description") or ""
        if len(description.split()) >= FEWEST_WORDS:
            yield article, description


def rouge(said: list[str], description: str) -> float:
    """The F1 of ROUGE-2."""
    ours, theirs = pairs(" ".join(said)), pairs(description)
    shared = (ours & theirs).total()
    return 2 * shared / (ours.total() + theirs.total()) if shared else 0.0


def pairs(text: str) -> Counter[tuple[str, str]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(pairwise(words))
