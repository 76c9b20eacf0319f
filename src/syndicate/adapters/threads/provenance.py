"""Whether a thread says only what its article says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from syndicate.adapters.threads.judgement import quotations
from syndicate.adapters.threads.sentences import sentences, spans
from syndicate.article import Article, Table
from syndicate.article.text import passages, plain

_MARKS = re.compile("[“”„«»「」『』\"‘’']")
_NUMBER = re.compile(r"\d+(?:[.,٬٫'’\u202f]\d+)*(?:\s?[%٪％‰])?")
_COUNT = re.compile(r"(\d+)/(\d+)")
_HASHTAGS = re.compile(r"(?:[#＃]\S+\s*)+")
_ATTRIBUTION = re.compile(r"\s*[—–―-]+\s*")


@dataclass(frozen=True)
class Untraceable:
    """Something in the `post` (from 1) that the article does not say in these words."""

    post: int
    kind: Literal["sentence", "number", "quotation"]
    text: str


def untraceable(posts: Sequence[str], article: Article) -> tuple[Untraceable, ...]:
    """What `posts`, as published or edited by hand, say that `article` does not.

    A sentence is traced if the article has all of it, whatever its quotation marks. Of one that
    is not, the numbers and quotations that the article lacks are named too. The link, hashtags
    and a count such as "1/6" are no claims.
    """
    source = _Source(article)
    return tuple(
        finding
        for number, post in enumerate(posts, 1)
        for line in post.split("\n")
        if not _is_furniture(line.strip(), number, len(posts), article.url)
        for finding in source.findings(line, number)
    )


def _is_furniture(line: str, number: int, posts: int, url: str) -> bool:
    count = _COUNT.fullmatch(line)
    return (
        not line
        or (count is not None and (int(count[1]), int(count[2])) == (number, posts))
        or (line.endswith(url) and not any(map(str.isspace, line)))
        or _HASHTAGS.fullmatch(line) is not None
    )


class _Source:
    """The article's sentences, numbers and words, ready to be looked up."""

    def __init__(self, article: Article) -> None:
        self.language = article.language
        texts = [text for text in (article.title, article.subtitle, article.summary) if text]
        texts += passages(article.body)
        for block in article.body:
            if isinstance(block, Table):
                texts += (plain(cell) for row in (block.header, *block.rows) for cell in row)
        lines = [" ".join(text.split()) for text in texts]
        self.known = {
            _bare(one) for line in lines for one in (line, *sentences(line, self.language))
        }
        self.numbers = {number for line in lines for number in _numbers(line)}
        self.numbers |= {number.rstrip("%٪％‰") for number in self.numbers}
        self.words = f" {' '.join(map(_bare, lines))} "

    def findings(self, line: str, post: int) -> Iterator[Untraceable]:
        for said in self._unknown(line):
            yield Untraceable(post, "sentence", said)
            for number in _numbers(said):
                if number not in self.numbers:
                    yield Untraceable(post, "number", number)
            for quotation in quotations(said):
                if not re.search(rf"(?<!\w){re.escape(_bare(quotation))}(?!\w)", self.words):
                    yield Untraceable(post, "quotation", quotation)

    def _unknown(self, line: str) -> Iterator[str]:
        """The sentences of `line` that the article lacks.

        Several are tried as one first: what follows a stop decides where a sentence ends, and
        in a post something else may follow.
        """
        if self._knows(line):
            return
        where = spans(line, self.language)
        at = 0
        while at < len(where):
            start = where[at][0]
            ends = range(len(where) - 1, at - 1, -1)
            last = next((n for n in ends if self._knows(line[start : where[n][1]])), None)
            if last is None:
                yield line[start : where[at][1]]
            at = (at if last is None else last) + 1

    def _knows(self, text: str) -> bool:
        return _bare(text) in self.known or _bare(_ATTRIBUTION.sub("", text, count=1)) in self.known


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(_MARKS.sub("", folded).split())


def _numbers(text: str) -> list[str]:
    return ["".join(found.split()) for found in _NUMBER.findall(text)]
