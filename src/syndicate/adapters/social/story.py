"""An article as the composer sees it: its passages, its form, and whose words they are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from syndicate.adapters.social.forms import Form, form_of, is_numbered_story_item
from syndicate.adapters.social.judgement import (
    are_alike_terms,
    in_own_voice,
    is_balanced_sentence,
    is_content,
    is_question_sentence,
    is_substantial_sentence,
    is_whole,
    stem_for_lexicon,
    terms,
    words_of_sentence,
)
from syndicate.adapters.social.lexicon import Lexicon, lexicon
from syndicate.adapters.social.passages import Sentence, StoryPassage, story_passages
from syndicate.adapters.social.people import PeopleInStory
from syndicate.article import Article
from syndicate.thread.urls import x_urls

_QUOTATION_MARKS = {"de": "„“", "fr": "«»", "es": "«»", "it": "«»", "ar": "«»", "ja": "「」"}
_OPENING = 2  # paragraphs
_OPENERS = "“\"„«»「『‘'"
_DOT = re.compile(r"\w\.[^\W\d_]{2}")
MENTION = re.compile(r"(?<![\w.@/])[@＠]\w")
_NAMED = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w’'-]+(?: [^\W\d_a-zß-öø-ÿ][\w’'-]+){1,4}")


class Spot(NamedTuple):
    """The place of a sentence: number `at` (from 0) in the passage number `order` (from 0)."""

    order: int
    at: int


class ThreadStory:
    """What `article` says, and which of its sentences can be used.

    Attributes:
        form: what kind of story it is.
        topic: the terms of the headline.
        topical: the same, with a space before each in languages that have spaces.
        whole: the text of all passages, one per line; `starts` is where each of them begins.
        speaker: the person interviewed; in other forms the author; "" if unknown.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.words: Lexicon = lexicon(article.language)
        self.passages, self.answers = story_passages(article)
        self.form: Form = form_of(article, self.passages, self.words)
        if self.form == "interview":
            self.passages = self._without_editor()
        self.topic = terms(article.title, self.words)
        start = " " if self.words.spaced else ""
        self.topical = frozenset(start + term for term in self.topic)
        self._usable: dict[Spot, bool] = {}
        self._alike: dict[tuple[int, int], bool] = {}
        self._stems: dict[str, frozenset[str]] = {}
        self._terms: dict[str, frozenset[str]] = {}

    def _without_editor(self) -> list[StoryPassage]:
        """The passages of an interview, where the editor's are no longer answers: those that follow
        an answer and mention the speaker by name, or say that someone did not comment."""
        reply, surname = self.words.cue("reply"), self.speaker.split()[-1:]
        found: list[StoryPassage] = []
        for passage in self.passages:
            later = bool(found) and passage.question and found[-1].question == passage.question
            about = reply.search(passage.lowered) or any(one in passage.text for one in surname)
            found.append(replace(passage, question=None) if later and about else passage)
        return found

    @cached_property
    def whole(self) -> str:
        """All the running text, one passage per line."""
        return "\n".join(passage.text for passage in self.passages)

    @cached_property
    def starts(self) -> list[int]:
        """Where each passage begins in `whole`."""
        starts, at = [], 0
        for passage in self.passages:
            starts.append(at)
            at += len(passage.text) + 1
        return starts

    @cached_property
    def common(self) -> frozenset[str]:
        """Stems of words that do not show what a sentence is about."""
        return common_stems(self.words)

    @cached_property
    def subject(self) -> frozenset[str]:
        """The stems of the words in the headline."""
        return self.stems(self.article.title) - self.common

    @cached_property
    def people(self) -> PeopleInStory:
        """The people whom the article names."""
        return PeopleInStory(self.whole, self.words)

    def named(self, spot: Spot) -> str:
        """The surname of the person named last before the sentence at `spot` ends."""
        return self.people.last(self.offset(spot) + len(self.text(spot)))

    @cached_property
    def speaker(self) -> str:
        """The person interviewed; in other forms the author, who speaks in the first person."""
        if self.form != "interview":
            return self.article.byline
        authors = {author.name for author in self.article.authors}
        opening = [one.text for one in self.passages[:2] if not one.question]
        for text in (*opening, self.article.title):
            for name in map(str, _NAMED.findall(text)):
                if name not in authors and name.split()[0].casefold() not in self.words.starters:
                    return name
        return ""

    def text(self, spot: Spot) -> str:
        """The text of the sentence at `spot`."""
        return self.passages[spot.order].sentences[spot.at].text

    def offset(self, spot: Spot) -> int:
        """Where the sentence at `spot` begins in `whole`."""
        return self.starts[spot.order] + self.passages[spot.order].spans[spot.at][0]

    def sentence_at(self, offset: int) -> Spot | None:
        """The sentence that contains the character at `offset` in `whole`; None between two."""
        order = bisect_right(self.starts, offset) - 1
        inside = offset - self.starts[order]
        for at, (start, end) in enumerate(self.passages[order].spans):
            if start <= inside < end:
                return Spot(order, at)
        return None

    def before(self, spot: Spot) -> Spot | None:
        """The sentence before the one at `spot`, even in another passage; None for the first."""
        if spot.at:
            return Spot(spot.order, spot.at - 1)
        if spot.order:
            return Spot(spot.order - 1, len(self.passages[spot.order - 1].sentences) - 1)
        return None

    def terms(self, text: str) -> frozenset[str]:
        """What `text` is about; cached."""
        if text not in self._terms:
            self._terms[text] = terms(text, self.words)
        return self._terms[text]

    def alike(self, one: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two sets of terms are about the same; cached."""
        pair = id(one), id(other)
        if pair not in self._alike:
            self._alike[pair] = are_alike_terms(one, other)
        return self._alike[pair]

    def stems(self, text: str) -> frozenset[str]:
        """The stems of the words in `text`; cached."""
        if text not in self._stems:
            self._stems[text] = frozenset(map(stem_for_lexicon, words_of_sentence(text)))
        return self._stems[text]

    def is_answer(self, passage: StoryPassage) -> bool:
        """Whether `passage` is an answer in an interview: someone's own words, without quotation
        marks."""
        return self.form == "interview" and passage.question is not None

    def is_item(self, passage: StoryPassage) -> bool:
        """Whether `passage` belongs to a numbered list, so that it needs its heading."""
        heading = passage.heading
        return self.form == "list" and heading is not None and is_numbered_story_item(heading.text)

    def is_usable(self, spot: Spot) -> bool:
        """Whether the sentence at `spot` may be part of a post."""
        if spot not in self._usable:
            self._usable[spot] = self._may_be_used(spot)
        return self._usable[spot]

    def _may_be_used(self, spot: Spot) -> bool:
        passage, text = self.passages[spot.order], self.text(spot)
        if passage.kind == "correction":
            return True
        if self.is_answer(passage):
            return (
                bool(self.speaker)
                and not is_question_sentence(text)
                and "“" not in text
                and not is_linked_sentence(text)
            )
        if is_linked_sentence(text) or not (is_whole(text, self.words) or self._is_answered(spot)):
            return False
        voiced = in_own_voice(text, self.words)
        if self.form == "column" or passage.kind == "quote":
            return is_content(text, self.words) or voiced
        if voiced:
            return self.byline_may_speak(spot) and is_content(text, self.words)
        if not is_content(text, self.words):
            return self.is_item(passage)
        return True

    def byline_may_speak(self, spot: Spot) -> bool:
        """Whether "I" in the sentence at `spot` can be the author: anywhere in a first-hand story,
        in the opening of news, lists and explainers, nowhere in other forms."""
        if not self.speaker or self.passages[spot.order].kind != "paragraph":
            return False
        if self.form == "first hand":
            return True
        return self.form in ("news", "list", "explainer") and spot.order < _OPENING

    def _is_answered(self, spot: Spot) -> bool:
        """Whether the sentence at `spot` is a question that the next one in its paragraph
        answers."""
        here = self.passages[spot.order].sentences
        if not is_question_sentence(here[spot.at].text) or not is_balanced_sentence(
            here[spot.at].text
        ):
            return False
        after = here[spot.at + 1 :]
        return (
            bool(after)
            and not is_question_sentence(after[0].text)
            and is_whole(after[0].text, self.words)
        )

    def needs_speaker(self, spots: Sequence[Spot]) -> bool:
        """Whether these sentences are someone's own words, so that the post must name the
        speaker."""
        passage = self.passages[spots[0].order]
        if self.is_answer(passage):
            return True
        if self.form == "column":
            return False
        return any(
            self.byline_may_speak(spot) and in_own_voice(self.text(spot), self.words)
            for spot in spots
        )

    def opens(self, spot: Spot) -> bool:
        """Whether the sentence at `spot` is usable and long enough to begin a post."""
        text = self.text(spot)
        if not self.is_usable(spot):
            return False
        passage = self.passages[spot.order]
        more = spot.at + 1 < len(passage.sentences)
        return more or self.may_be_short(passage) or is_substantial_sentence(text)

    def may_be_short(self, passage: StoryPassage) -> bool:
        """Whether a post of `passage` may be short, because a question or heading is above it."""
        return self.is_answer(passage) or passage.question is not None or self.is_item(passage)

    def quoted(self, text: str) -> str:
        """`text` in quotation marks of the article's language, unless it begins with one."""
        if text[0] in _OPENERS:
            return text
        marks = _QUOTATION_MARKS.get(self.words.language, "“”")
        return f"{marks[0]}{text}{marks[1]}"

    def sentences(self, spots: Sequence[Spot]) -> tuple[Sentence, ...]:
        """The sentences at `spots`."""
        return tuple(self.passages[one.order].sentences[one.at] for one in spots)


@lru_cache(maxsize=64)
def common_stems(words: Lexicon) -> frozenset[str]:
    """The stems of a language's stopwords, sentence starters and articles."""
    return frozenset(map(stem_for_lexicon, {*words.stopwords, *words.starters, *words.definite}))


def is_sayable(text: str, words: Lexicon) -> bool:
    """Whether a heading can be posted: it is not in the first person and contains no link."""
    even = is_balanced_sentence(text) and text.count("“") == text.count("”")
    return even and not is_linked_sentence(text) and not in_own_voice(text, words)


def is_linked_sentence(text: str) -> bool:
    """Whether a platform would turn a part of `text` into a link or a mention."""
    if "@" in text and MENTION.search(text):
        return True
    return bool(_DOT.search(text)) and bool(x_urls(text))
