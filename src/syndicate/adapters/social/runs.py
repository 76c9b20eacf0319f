"""Runs: sentences that follow one another in the article and make one post.

A run grows while the next sentence continues a quotation, refers to or rebuts what was said, or
says more about the same thing. It ends when the post is full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from syndicate.adapters.social.judgement import (
    is_balanced_sentence,
    is_question_sentence,
    is_substantial_sentence,
    quotations_in_sentence,
    sentence_outside_quotations,
)
from syndicate.adapters.social.lexicon import fold_for_lexicon
from syndicate.adapters.social.story import Spot, ThreadStory

Fits = Callable[[str], bool]

_OPENERS = "“\"„«»「『‘'"
BULLET = "• "
_LONG = 350  # characters; a platform with at least this much room gets more than a paragraph
_MOST_PASSAGES = 3
_FEWEST_SHARED = 2
_MOST = 4_000
_LIMITS = (280, 300, 500)  # of most platforms; tried first


@dataclass(frozen=True)
class Run:
    """The sentences at `spots` as the `text` of a post, below the heading or question `above`."""

    spots: tuple[Spot, ...]
    text: str
    above: str = ""


class SentenceRuns:
    """Makes runs from the sentences of `story`; `fits` says whether a text can be one post."""

    def __init__(self, story: ThreadStory, fits: Fits) -> None:
        self.story = story
        self.words = story.words
        self.fits = fits
        self.room = _room("字" if not self.words.spaced else "a", fits)

    @property
    def is_roomy(self) -> bool:
        """Whether a post has room for more than a paragraph."""
        return self.room >= (_LONG if self.words.spaced else _LONG // 2)

    def run(self, first: Spot, above: str = "") -> Run | None:
        """The run that begins with the sentence at `first`; None if none fits."""
        passage = self.story.passages[first.order]
        if passage.kind == "quote":
            return self._quotation(first.order)
        if not self.story.opens(first) or self.follows(first):
            return None
        spots = [first]
        following = self._following(first)
        while (
            following
            and self._may_fit([*spots, following], above)
            and self.belongs(spots, following)
        ):
            spots.append(following)
            following = self._following(following)
        while spots:
            if is_question_sentence(self.story.text(spots[-1])):
                spots.pop()
                continue
            text = self.text(spots, above)
            if text and self.fits(text):
                says = above or self.story.may_be_short(passage) or is_substantial_sentence(text)
                return Run(tuple(spots), text, above) if says else None
            spots.pop()
        return None

    def exactly(self, spots: Sequence[Spot], above: str = "") -> Run | None:
        """The run of exactly these sentences; None if they do not fit or may not be used."""
        if not self._may_fit(spots, above) or not all(map(self.story.is_usable, spots)):
            return None
        text = self.text(spots, above)
        return Run(tuple(spots), text, above) if text and self.fits(text) else None

    def listing(self, orders: Sequence[int], above: str = "") -> Run | None:
        """The items of a list, one line each, as many as fit; None if fewer than two fit."""
        orders = list(orders)
        while len(orders) > 1:
            spots = tuple(Spot(order, 0) for order in orders)
            lines = (f"{BULLET}{self.story.passages[order].text}" for order in orders)
            text = "\n".join(lines)
            text = f"{above}\n\n{text}" if above else text
            if self.fits(text):
                return Run(spots, text, above)
            orders.pop()
        return None

    def belongs(self, spots: Sequence[Spot], following: Spot) -> bool:
        """Whether the sentence at `following` continues the run of those at `spots`."""
        story = self.story
        if not story.is_usable(following):
            return False
        text, last = story.text(following), story.text(spots[-1])
        passage = story.passages[following.order]
        if not self.words.is_written:
            return following.order == spots[-1].order
        if following.order == spots[-1].order:
            return not self.words.cue("elsewhere").match(
                passage.lowered, passage.spans[following.at][0]
            )
        return self._goes_on(text, last) or len(self._shared(spots, text)) >= _FEWEST_SHARED

    def follows(self, spot: Spot) -> bool:
        """Whether the sentence at `spot` continues a quotation in the sentence before, or rebuts
        it. A post must not end between the two: it would mislead."""
        if not spot.at:
            return False
        before = self.story.text(Spot(spot.order, spot.at - 1))
        text = self.story.text(spot)
        continues = text[0] in _OPENERS and bool(quotations_in_sentence(before))
        return continues or self.words.rebuts.match(fold_for_lexicon(text)) is not None

    def text(self, spots: Sequence[Spot], above: str = "") -> str:
        """The text of a post of these sentences; "" if they need a speaker and none is known."""
        if spots[0].order == spots[-1].order:
            parts = [self.story.passages[spots[0].order].run(spots[0].at, spots[-1].at)]
        else:
            parts = self._paragraphs(spots)
        text = "\n\n".join(parts)
        if self.story.needs_speaker(spots):
            if not self.story.speaker or not is_balanced_sentence(text) or "“" in text:
                return ""
            text = f"{self.story.quoted(text)}\n— {self.story.speaker}"
        return f"{above}\n\n{text}" if above else text

    def _paragraphs(self, spots: Sequence[Spot]) -> list[str]:
        parts = []
        for order, group in groupby(spots, key=lambda one: one.order):
            numbers = [one.at for one in group]
            parts.append(self.story.passages[order].run(numbers[0], numbers[-1]))
        return parts

    def _goes_on(self, text: str, last: str) -> bool:
        if text[0] in _OPENERS and quotations_in_sentence(last):
            return True
        folded = fold_for_lexicon(text)
        return bool(
            self.words.rebuts.match(folded)
            or self.words.dangling.match(folded)
            or self.words.pronouns.search(fold_for_lexicon(sentence_outside_quotations(text)))
        )

    def _shared(self, spots: Sequence[Spot], text: str) -> frozenset[str]:
        """The words that `text` has in common with the sentences at `spots`."""
        said = frozenset[str]().union(*(self.story.stems(self.story.text(one)) for one in spots))
        return (said & self.story.stems(text)) - self.story.common

    def _following(self, spot: Spot) -> Spot | None:
        """The sentence after the one at `spot`; the next paragraph counts only if posts are
        roomy."""
        passages = self.story.passages
        passage = passages[spot.order]
        if spot.at + 1 < len(passage.sentences):
            return Spot(spot.order, spot.at + 1)
        if not self.is_roomy or spot.order + 1 == len(passages):
            return None
        after = passages[spot.order + 1]
        joined = (
            passage.kind == after.kind == "paragraph"
            and after.section == passage.section
            and after.question == passage.question
            and self.story.is_answer(after) == self.story.is_answer(passage)
        )
        return Spot(spot.order + 1, 0) if joined else None

    def _may_fit(self, spots: Sequence[Spot], above: str) -> bool:
        length = sum(len(self.story.text(one)) + 1 for one in spots) - 1 + len(above)
        passages = len({one.order for one in spots})
        room = self.room if self.words.spaced else self.room * 2  # for letters of half the width
        return length <= room and passages <= _MOST_PASSAGES

    def _quotation(self, order: int) -> Run | None:
        """A run of a block quotation with its speaker; None if the speaker is unknown."""
        passage = self.story.passages[order]
        if not passage.cite or not all(is_balanced_sentence(one.text) for one in passage.sentences):
            return None
        for last in range(len(passage.sentences) - 1, -1, -1):
            said = passage.run(0, last)
            text = f"{self.story.quoted(said)}\n— {passage.cite}"
            if self.fits(text) and not is_question_sentence(said):
                return Run(tuple(Spot(order, at) for at in range(last + 1)), text)
        return None


def _room(letter: str, fits: Fits) -> int:
    """How many times `letter` fits into one post."""
    for limit in _LIMITS:
        if fits(letter * limit) and not fits(letter * (limit + 1)):
            return limit
    low, high = 0, _MOST
    while low < high:
        middle = (low + high + 1) // 2
        if fits(letter * middle):
            low = middle
        else:
            high = middle - 1
    return low
