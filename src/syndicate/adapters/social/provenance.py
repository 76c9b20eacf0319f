"""Traces each sentence of a thread to its article, and finds claims that the article lacks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import regex

from syndicate.adapters.social.judgement import quotations_in_sentence
from syndicate.adapters.social.lexicon import lexicon
from syndicate.adapters.social.opening import thread_label
from syndicate.adapters.social.passages import sentence_without_dateline
from syndicate.adapters.social.runs import BULLET
from syndicate.adapters.social.sentences import sentence_spans, split_sentences
from syndicate.article import Article, Table
from syndicate.article.text import passages, plain

_MARKS = re.compile("[“”„«»「」『』\"‘’']")
_QUOTED = re.compile('[“„«»「『"‘](.+)[“”»«」』"’]', re.DOTALL)
_NUMBER = re.compile(r"\d+(?:[.,٬٫'’\u202f]\d+)*(?:\s?[%٪％‰])?")
_COUNT = re.compile(r"(\d+)/(\d+)")
_HASHTAGS = re.compile(r"(?:[#＃]\S+\s*)+")
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}]*|\p{Lo}[\p{L}\p{M}]*")
_SIGNATURE = re.compile(r"[—–―] (.+)")
_ATTRIBUTION = re.compile(r"\s*[—–―-]+\s*")


@dataclass(frozen=True)
class Place:
    """A place in an article: the `part`, and in the body the `block` (from 1); the `sentence` (from
    1) of that passage, or None for the whole passage."""

    part: Literal["title", "subtitle", "summary", "body"]
    block: int | None
    sentence: int | None

    def __str__(self) -> str:
        where = self.part if self.block is None else f"block {self.block}"
        return where if self.sentence is None else f"{where}, sentence {self.sentence}"


@dataclass(frozen=True)
class Traced:
    """A piece of a post: one sentence, or several that are also together in the article.

    `place` is where the article has it and `source` the article's own words; both are None if the
    article does not have it.
    """

    text: str
    place: Place | None
    source: str | None


@dataclass(frozen=True)
class Untraceable:
    """Something in post number `post` (from 1) that the article does not say in these words."""

    post: int
    kind: Literal["sentence", "number", "quotation", "name"]
    text: str


def untraceable_in_posts(posts: Sequence[str], article: Article) -> tuple[Untraceable, ...]:
    """What `posts`, as composed or edited by hand, say that `article` does not.

    A sentence is traced if the article has all of it; quotation marks may differ. For an untraced
    sentence, the numbers and quotations that the article lacks are reported too. These are not
    claims: the link, hashtags, a count such as "1/6", a dateline that was left out, and a line
    that names the speaker of the words above it, if the article has that name.
    """
    source = _Source(article)
    return tuple(
        finding
        for number, post in enumerate(posts, 1)
        for line in post.split("\n")
        if not _is_furniture(line.strip(), number, len(posts), article.url)
        for finding in source.findings(line, number)
    )


def unanswered_in_posts(
    posts: Sequence[str], article: Article, confirmed: Collection[str]
) -> tuple[Untraceable, ...]:
    """The numbers and quotations in `posts` that `article` lacks and nobody has `confirmed`."""
    return tuple(
        found
        for found in untraceable_in_posts(posts, article)
        if found.kind != "sentence" and found.text not in confirmed
    )


def invented_in_post(post: str, article: Article, link: str) -> tuple[Untraceable, ...]:
    """The numbers, quotations and names in `post`, a rewording, that `article` lacks.

    A name is any capitalised word that the article does not have. That includes the first word of
    a sentence, unless it is a common word. In scripts without capitals it is any word.
    """
    source = _Source(article)
    words = lexicon(article.language)
    common = words.stopwords | words.starters
    said = post.replace(link, " ")
    names = (
        name
        for name in dict.fromkeys(_NAME.findall(said))
        if name.casefold() not in common and not source.has(name)
    )
    return (*source.claims(said, 1), *(Untraceable(1, "name", name) for name in names))


def trace_posts(posts: Sequence[str], article: Article) -> tuple[tuple[Traced, ...], ...]:
    """The pieces of each post, in order, without the link, hashtags and count."""
    source = _Source(article)
    return tuple(
        tuple(
            piece
            for line in post.split("\n")
            if not _is_furniture(line.strip(), number, len(posts), article.url)
            for piece in source.trace(line)
        )
        for number, post in enumerate(posts, 1)
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
    """The article's sentences, numbers and words, indexed for look-up."""

    def __init__(self, article: Article) -> None:
        self.language = article.language
        self.label = thread_label(article)
        self.authors = {article.byline, *(author.name for author in article.authors)}
        self.known: dict[str, tuple[Place, str]] = {}
        lines = []
        for place, text in _passages(article):
            line = " ".join(text.split())
            lines.append(line)
            self.known.setdefault(_bare(line), (place, line))
            for number, one in enumerate(split_sentences(line, self.language), 1):
                self.known.setdefault(_bare(one), (replace(place, sentence=number), one))
            self._without_dateline(line, place)
        self.numbers = {number for line in lines for number in _numbers(line)}
        self.numbers |= {number.rstrip("%٪％‰") for number in self.numbers}
        self.words = f" {' '.join(map(_bare, lines))} "

    def _without_dateline(self, line: str, place: Place) -> None:
        """Also index `line` without its dateline, which a post may leave out."""
        bare = sentence_without_dateline(line)
        if bare != line:
            self.known.setdefault(_bare(bare), (place, line))
            first = split_sentences(bare, self.language)[0]
            self.known.setdefault(_bare(first), (replace(place, sentence=1), first))

    def is_signature(self, line: str) -> bool:
        """Whether `line` names the speaker of the words above it, and the article has that name."""
        if line == self.label:
            return True
        signed = _SIGNATURE.fullmatch(line)
        return signed is not None and (signed[1] in self.authors or self.has(signed[1]))

    def findings(self, line: str, post: int) -> Iterator[Untraceable]:
        for said in (piece.text for piece in self.trace(line) if piece.place is None):
            yield Untraceable(post, "sentence", said)
            yield from self.claims(said, post)

    def claims(self, said: str, post: int) -> Iterator[Untraceable]:
        """The numbers and quotations in `said` that the article lacks."""
        for number in _numbers(said):
            if number not in self.numbers:
                yield Untraceable(post, "number", number)
        for quotation in quotations_in_sentence(said):
            if not self.has(quotation):
                yield Untraceable(post, "quotation", quotation)

    def has(self, said: str) -> bool:
        """Whether the article has the words `said` in this order, with nothing between them."""
        return re.search(rf"(?<!\w){re.escape(_bare(said))}(?!\w)", self.words) is not None

    def trace(self, line: str) -> Iterator[Traced]:
        """The pieces of `line`.

        Several sentences are tried as one first: where a sentence ends depends on what follows its
        full stop, and in a post something else may follow than in the article.
        """
        if self.is_signature(line.strip()):
            return
        line = line.removeprefix(BULLET)
        if found := self._find(line):
            yield Traced(line.strip(), *found)
            return
        where = sentence_spans(line, self.language)
        at = 0
        while at < len(where):
            start, last = where[at][0], at
            for end in range(len(where) - 1, at - 1, -1):
                if found := self._find(line[start : where[end][1]]):
                    last = end
                    break
            piece = line[start : where[last][1]]
            inside = None if found else _QUOTED.fullmatch(piece)
            parts = tuple(self.trace(inside[1])) if inside else ()
            if parts and all(part.place for part in parts):
                yield from parts  # `spans` never splits a quotation, but the article has no marks
            else:
                yield Traced(piece, *(found or (None, None)))
            at = last + 1

    def _find(self, text: str) -> tuple[Place, str] | None:
        return self.known.get(_bare(text)) or self.known.get(
            _bare(_ATTRIBUTION.sub("", text, count=1))
        )


def _passages(article: Article) -> Iterator[tuple[Place, str]]:
    """Each passage of text in `article`, with its place."""
    if article.title:
        yield Place("title", None, None), article.title
    if article.subtitle:
        yield Place("subtitle", None, None), article.subtitle
    if article.summary:
        yield Place("summary", None, None), article.summary
    for number, block in enumerate(article.body, 1):
        place = Place("body", number, None)
        yield from ((place, text) for text in passages((block,)))
        if isinstance(block, Table):
            cells = (cell for row in (block.header, *block.rows) for cell in row)
            yield from ((place, plain(cell)) for cell in cells)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(_MARKS.sub("", folded).split())


def _numbers(text: str) -> list[str]:
    return ["".join(found.split()) for found in _NUMBER.findall(text)]
