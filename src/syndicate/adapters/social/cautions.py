"""Warnings that an editor should see before approving a thread. They do not prevent approval."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from syndicate.adapters.social.context import located_in_story, places_of
from syndicate.adapters.social.judgement import (
    has_figure,
    in_own_voice,
    sentence_outside_quotations,
)
from syndicate.adapters.social.lexicon import fold_for_lexicon
from syndicate.adapters.social.needs import BARE
from syndicate.adapters.social.opening import thread_label
from syndicate.adapters.social.runs import SentenceRuns
from syndicate.adapters.social.sentences import split_sentences
from syndicate.adapters.social.story import MENTION, Spot, ThreadStory
from syndicate.article import Article
from syndicate.article.text import plain
from syndicate.thread.urls import x_urls

Kind = Literal["first person", "accusation", "mention", "link", "source", "rebuttal", "correction"]

_HANDLE = re.compile(r"[@＠][\w.-]*\w(?:@[\w.-]*\w)?")
_SIGNATURE = re.compile(r"\n[—–―] \S")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MESSAGES: dict[Kind, str] = {
    "first person": "is in the first person but does not say who is speaking: {}",
    "accusation": "makes an accusation without saying who makes it: {}",
    "mention": "turns {} into a mention; if you want that, add it to `mentions`",
    "link": "turns {} into a link",
    "source": "gives a figure without the source that the article names: {}",
    "rebuttal": "leaves out the article's answer to it: {}",
    "correction": "repeats {}, which the article has corrected",
}


@dataclass(frozen=True)
class PostCaution:
    """Something in post number `post` (from 1) that a person should look at; `text` is the passage
    in question."""

    post: int
    kind: Kind
    text: str

    @property
    def message(self) -> str:
        """The warning as a sentence for people."""
        return f"post {self.post} {_MESSAGES[self.kind].format(self.text)}"


def cautions_about(
    posts: Sequence[str], article: Article, *, mentions: Collection[str] = ()
) -> tuple[PostCaution, ...]:
    """What people should look at in `posts`, a thread about `article`, as it is now.

    No warning is given for a mention of one of `mentions` ("@gazette") or for the article's link.
    """
    return tuple(_Checker(posts, article, mentions).found())


class _Checker:
    def __init__(self, posts: Sequence[str], article: Article, mentions: Collection[str]) -> None:
        self.posts = [post.replace(article.url, " ") for post in posts]
        self.story = ThreadStory(article)
        self.words = self.story.words
        self.runs = SentenceRuns(self.story, lambda _: True)
        self.allowed = {one.casefold().lstrip("@") for one in mentions}
        places = places_of(self.story)
        self.spots = [located_in_story(post, places, article.language)[0] for post in self.posts]
        self.posted = {spot for spots in self.spots for spot in spots}
        self.is_column = (
            thread_label(article) in posts[0] if thread_label(article) and posts else False
        )

    def found(self) -> Iterator[PostCaution]:
        for number, (post, spots) in enumerate(zip(self.posts, self.spots, strict=True), 1):
            yield from (PostCaution(number, "mention", one) for one in self._mentions(post))
            yield from (PostCaution(number, "link", one) for one in self._links(post))
            yield from (
                PostCaution(number, "correction", one) for one in self._corrected(post, spots)
            )
            if _SIGNATURE.search(post):
                continue
            for sentence in self._sentences(post):
                if not self.is_column and in_own_voice(sentence, self.words):
                    yield PostCaution(number, "first person", sentence)
                elif self._accuses(sentence):
                    yield PostCaution(number, "accusation", sentence)
            yield from (PostCaution(number, "source", one) for one in self._unsourced(spots))
            yield from (PostCaution(number, "rebuttal", one) for one in self._rebutted(spots))

    def _sentences(self, post: str) -> Iterator[str]:
        for line in post.split("\n"):
            yield from split_sentences(line, self.words.language)

    def _mentions(self, post: str) -> Iterator[str]:
        for found in MENTION.finditer(post):
            if (handle := _HANDLE.match(post, found.start())) and (
                handle[0].casefold().lstrip("@＠") not in self.allowed
            ):
                yield handle[0]

    def _links(self, post: str) -> Iterator[str]:
        yield from (post[start:end] for start, end in x_urls(post))

    def _accuses(self, sentence: str) -> bool:
        """Whether `sentence` accuses someone of a crime in the paper's own words."""
        outside = sentence_outside_quotations(sentence)
        lowered = f" {outside.lower()}".replace("’", "'")
        if not self.words.cue("crime").search(lowered) or self.words.cue("frame").search(lowered):
            return False
        named = BARE.search(outside[1:]) or self.words.cue("roles").search(lowered)
        return named is not None

    def _unsourced(self, spots: list[Spot]) -> Iterator[str]:
        """Figures whose source is given in the sentence before or after, which is left out."""
        texts = [self.story.text(one) for one in spots]
        if any(self.words.source.search(fold_for_lexicon(text)) for text in texts):
            return
        for spot, text in zip(spots, texts, strict=True):
            if not has_figure(text, self.words):
                continue
            passage = self.story.passages[spot.order]
            neighbours = (
                at for at in (spot.at - 1, spot.at + 1) if 0 <= at < len(passage.sentences)
            )
            for at in neighbours:
                near = passage.sentences[at].text
                if Spot(spot.order, at) not in self.posted and self._is_source(near):
                    yield text
                    break

    def _is_source(self, text: str) -> bool:
        """Whether `text` says where a figure comes from."""
        return self.words.cue("sourced").search(f" {text.lower()}") is not None

    def _rebutted(self, spots: list[Spot]) -> Iterator[str]:
        """The article's next sentence, if it rebuts the last one posted and is in no post."""
        if not spots:
            return
        last = spots[-1]
        passage = self.story.passages[last.order]
        following = Spot(last.order, last.at + 1)
        if following.at >= len(passage.sentences) or following in self.posted:
            return
        text = passage.sentences[following.at].text
        if self.words.rebuts.match(fold_for_lexicon(text)) and self.story.is_usable(following):
            yield text

    def _corrected(self, post: str, spots: list[Spot]) -> Iterator[str]:
        """Figures that the article mentions only in a correction: the wrong ones."""
        if any(self.story.passages[one.order].kind == "correction" for one in spots):
            return
        right = "\n".join(one.text for one in self.story.passages if one.kind != "correction")
        known = set(_NUMBER.findall(right))
        wrong = {
            number
            for correction in self.story.article.corrections
            for number in _NUMBER.findall(plain(correction.content))
            if number not in known
        }
        yield from sorted(wrong & set(_NUMBER.findall(post)))
