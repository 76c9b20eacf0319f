"""What the sentences of a story hold for a thread: figures, quotations, the words of forms."""

from __future__ import annotations

from bisect import bisect_right

from syndicate.adapters.social.judgement import Worth, worth
from syndicate.adapters.social.lexicon import fold
from syndicate.adapters.social.story import Spot, Story

CUE = 3  # points for each word that a place of a form looks for
_STRONG = 40  # characters of a quotation from which on it is one
_UNSPACED = 4  # times as much is said by a character of a script without spaces
_PERSONAL = ("column", "first hand", "interview", "explainer", "list")


class Strengths:
    """What is found in `story` within `room`, the characters that a post has; all remembered."""

    def __init__(self, story: Story, room: int) -> None:
        self.story = story
        self.words = story.words
        self.room = room
        self._worths: dict[int, list[Worth]] = {}
        self._trivial: dict[int, bool] = {}
        self._strengths: dict[Spot, tuple[float, float]] = {}
        self._cues: dict[tuple[str, int], list[tuple[int, str]]] = {}

    def worths(self, order: int) -> list[Worth]:
        """What each sentence of a passage has; remembered."""
        if order not in self._worths:
            passage, story = self.story.passages[order], self.story
            told = [one.text for one in passage.sentences]
            if passage.kind == "quote":
                told = [story.quoted(text) for text in told]
            self._worths[order] = [
                worth(text, self.words, story.topical, personal=story.form in _PERSONAL)
                for text in told
            ]
        return self._worths[order]

    def cues(self, cue: str, spot: Spot) -> set[str]:
        """What `cue` finds where a post from `spot` on can reach."""
        passage = self.story.passages[spot.order]
        if (cue, spot.order) not in self._cues:
            matches = self.words.cue(cue).finditer(passage.lowered)
            self._cues[cue, spot.order] = [(one.start(), one[0]) for one in matches]
        start = passage.spans[spot.at][0]
        end = start + self.room
        return {word for at, word in self._cues[cue, spot.order] if start <= at < end}

    def told(self, spot: Spot) -> tuple[float, float]:
        """The points of a quotation, long enough and by somebody who is named, and of a statistic,
        more if it has a source, where a post from `spot` on can reach; remembered."""
        if spot not in self._strengths:
            reach = self._reach(spot)
            quote = self.story.passages[spot.order].kind == "quote"
            said = "".join(one.said for one in reach)
            strong = quote or len(said) >= _STRONG // (1 if self.words.spaced else _UNSPACED)
            spoken = quote or (strong and self._speaks(spot))
            own = strong and self.words.first_person.search(fold(said)) is not None
            figures = any(one.figure for one in reach)
            sourced = figures and any(one.sourced for one in reach)
            self._strengths[spot] = (
                strong * CUE + spoken * CUE + own * 2,
                figures * CUE + (sourced - bool(said)) * figures * CUE / 2,
            )
        return self._strengths[spot]

    def is_trivial(self, spot: Spot) -> bool:
        """Whether a sentence is one that nobody would miss."""
        passage = self.story.passages[spot.order]
        trivia = self.words.cue("trivia")
        if spot.order not in self._trivial:
            self._trivial[spot.order] = trivia.search(passage.lowered) is not None
        if not self._trivial[spot.order]:
            return False
        return trivia.search(f" {self.story.text(spot).lower()}") is not None

    def _reach(self, spot: Spot) -> list[Worth]:
        """The sentences that a post from `spot` on can reach."""
        passage = self.story.passages[spot.order]
        end = passage.spans[spot.at][0] + self.room
        last = bisect_right(passage.spans, end, key=lambda span: span[1])
        return self.worths(spot.order)[spot.at : last]

    def _speaks(self, spot: Spot) -> bool:
        """Whether somebody is said to speak where a post from `spot` on can reach."""
        passage = self.story.passages[spot.order]
        start = passage.spans[spot.at][0]
        reach = passage.lowered[start : start + self.room]
        return self.words.cue("quotation").search(reach) is not None
