"""What makes the sentences of a story worth posting: figures, quotations, words of its form."""

from __future__ import annotations

from bisect import bisect_right

from syndicate.adapters.social.judgement import Worth, worth
from syndicate.adapters.social.lexicon import fold_for_lexicon
from syndicate.adapters.social.story import Spot, ThreadStory

CUE = 3  # points for each word that the reserved place of a form looks for
_STRONG = 40  # characters; a quotation of at least this length is a strong one
_UNSPACED = 4  # a character in a script without spaces counts as this many
_PERSONAL = ("column", "first hand", "interview", "explainer", "list")


class StoryStrengths:
    """Rates the sentences of `story` for posts of `room` characters; all results are cached."""

    def __init__(self, story: ThreadStory, room: int) -> None:
        self.story = story
        self.words = story.words
        self.room = room
        self._worths: dict[int, list[Worth]] = {}
        self._trivial: dict[int, bool] = {}
        self._strengths: dict[Spot, tuple[float, float]] = {}
        self._cues: dict[tuple[str, int], list[tuple[int, str]]] = {}

    def worths(self, order: int) -> list[Worth]:
        """The worth of each sentence of the passage number `order`."""
        if order not in self._worths:
            passage, story = self.story.passages[order], self.story
            texts = [one.text for one in passage.sentences]
            if passage.kind == "quote":
                texts = [story.quoted(text) for text in texts]
            self._worths[order] = [
                worth(text, self.words, story.topical, personal=story.form in _PERSONAL)
                for text in texts
            ]
        return self._worths[order]

    def cues(self, cue: str, spot: Spot) -> set[str]:
        """The words that `cue` finds in a post that begins at `spot`."""
        passage = self.story.passages[spot.order]
        if (cue, spot.order) not in self._cues:
            matches = self.words.cue(cue).finditer(passage.lowered)
            self._cues[cue, spot.order] = [(one.start(), one[0]) for one in matches]
        start = passage.spans[spot.at][0]
        end = start + self.room
        return {word for at, word in self._cues[cue, spot.order] if start <= at < end}

    def quotation_and_figure(self, spot: Spot) -> tuple[float, float]:
        """Points for the quotation and for the statistic in a post that begins at `spot`.

        Only a long quotation gets points, and more if it has a speaker or is in the first person.
        A statistic gets more with a source, and fewer if the post also has a quotation.
        """
        if spot not in self._strengths:
            reach = self._reach(spot)
            quote = self.story.passages[spot.order].kind == "quote"
            said = "".join(one.said for one in reach)
            strong = quote or len(said) >= _STRONG // (1 if self.words.spaced else _UNSPACED)
            spoken = quote or (strong and self._speaks(spot))
            own = strong and self.words.first_person.search(fold_for_lexicon(said)) is not None
            figures = any(one.figure for one in reach)
            sourced = figures and any(one.sourced for one in reach)
            self._strengths[spot] = (
                strong * CUE + spoken * CUE + own * 2,
                figures * CUE + (sourced - bool(said)) * figures * CUE / 2,
            )
        return self._strengths[spot]

    def is_trivial(self, spot: Spot) -> bool:
        """Whether nobody would miss the sentence at `spot`."""
        passage = self.story.passages[spot.order]
        trivia = self.words.cue("trivia")
        if spot.order not in self._trivial:
            self._trivial[spot.order] = trivia.search(passage.lowered) is not None
        if not self._trivial[spot.order]:
            return False
        return trivia.search(f" {self.story.text(spot).lower()}") is not None

    def _reach(self, spot: Spot) -> list[Worth]:
        """The worths of the sentences that fit into a post that begins at `spot`."""
        passage = self.story.passages[spot.order]
        end = passage.spans[spot.at][0] + self.room
        last = bisect_right(passage.spans, end, key=lambda span: span[1])
        return self.worths(spot.order)[spot.at : last]

    def _speaks(self, spot: Spot) -> bool:
        """Whether a post that begins at `spot` has a verb of speech in it."""
        passage = self.story.passages[spot.order]
        start = passage.spans[spot.at][0]
        reach = passage.lowered[start : start + self.room]
        return self.words.cue("quotation").search(reach) is not None
