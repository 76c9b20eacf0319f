"""Ideas for posts, and how much each is worth to the form of the story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from syndicate.adapters.social.forms import PLANS, ReservedPlace, is_live_blog_heading
from syndicate.adapters.social.judgement import (
    has_figure,
    is_balanced_sentence,
    is_content,
    is_marked_sentence,
    is_question_sentence,
)
from syndicate.adapters.social.lexicon import fold_for_lexicon
from syndicate.adapters.social.passages import Sentence, StoryPassage
from syndicate.adapters.social.runs import Run, SentenceRuns
from syndicate.adapters.social.story import Spot, ThreadStory, is_sayable
from syndicate.adapters.social.strengths import CUE, StoryStrengths

# Points in addition to those of `worth`.
_CALLOUT, _SECOND, _SECTION, _WHOLE, _TRIVIA, _HELP, _LOOSE = 3, 8, 2, 1, -5, 6, -3
_INTRODUCTION = 2
_LATER = 0.3  # lost with each paragraph: the news comes first
_APPEAL = -3  # for an appeal to the reader: the argument is a better end
_SHARE = 0.3  # of an idea's points counts for the last post; what comes next matters more there
_LATE = 1.0  # gained with each paragraph, for the last post
_ITEM = 6
_OPENED = 5  # in a column: an argument begins where its paragraph begins
_MOST_HITS = 3
_ENDING = 3  # last passages, in which a number to call is looked for
_OPENERS = 2  # sentences that open a paragraph
_NEAR = 3  # first sentences of a run, which decide how much it is worth


class Idea(NamedTuple):
    """An idea for a post: the run that begins at `spot`, below the text `above` it; for a list, the
    passages in `items`. `why` is the reason shown to people."""

    spot: Spot
    points: float
    why: str
    above: str = ""
    items: tuple[int, ...] = ()


class IdeaDesk:
    """Finds the ideas in `story` and turns them into posts, which `runs` joins."""

    def __init__(self, story: ThreadStory, runs: SentenceRuns) -> None:
        self.story = story
        self.runs = runs
        self.words = story.words
        self.strengths = StoryStrengths(story, runs.room)
        self._runs: dict[Spot, Run | None] = {}
        self._ranked: dict[ReservedPlace, list[Idea]] = {}

    @property
    def places(self) -> tuple[ReservedPlace, ...]:
        """The places that the form of the story reserves."""
        return PLANS[self.story.form]

    @cached_property
    def ideas(self) -> list[Idea]:
        """All ideas, best first."""
        return sorted(self._all(), key=lambda one: (-one.points, one.spot.order, one.spot.at))

    def run(self, idea: Idea) -> Run | None:
        """The run of sentences for `idea`; None if it does not fit into a post."""
        if idea.items:
            return self.runs.listing(idea.items, idea.above)
        if idea.spot not in self._runs:
            made = self.runs.run(idea.spot, idea.above)
            self._runs[idea.spot] = made if made and self._is_fair(made) else None
        return self._runs[idea.spot]

    def order(self, spot: Spot) -> tuple[float, int]:
        """A key that sorts posts by their first sentence. The order is the article's, except that a
        live blog begins with the latest and a correction comes before anything else."""
        passage = self.story.passages[spot.order]
        if passage.kind == "correction":
            return -1, spot.at
        if self.story.form == "live" and passage.heading and self._is_rising:
            return -spot.order, spot.at
        return spot.order, spot.at

    def ranked(self, place: ReservedPlace) -> list[Idea]:
        """The ideas for `place`, best first."""
        if place not in self._ranked:
            share = _SHARE if place.last and place.cue != "closing" else 1
            found = [
                (idea.points * share + hits, idea)
                for idea in self._for(place)
                if (hits := self._hits(idea, place))
            ]
            found.sort(key=lambda one: (-one[0], one[1].spot.order, one[1].spot.at))
            self._ranked[place] = [idea for _, idea in found]
        return self._ranked[place]

    # ---- questions ----

    def asks(self, question: Sentence) -> bool:
        """Whether `question` can be posted."""
        return is_question_sentence(question.text) and is_balanced_sentence(question.text)

    def answers(self, reply: Sequence[Sentence]) -> bool:
        """Whether the sentences `reply` are an answer that can be posted."""
        good = all(
            is_balanced_sentence(one.text) and is_content(one.text, self.words) for one in reply
        )
        return good and not is_question_sentence(reply[-1].text)

    # ---- ideas ----

    def _all(self) -> Iterator[Idea]:
        asked: set[Sentence | None] = {None}
        for order, passage in enumerate(self.story.passages):
            above = self._above(passage)
            if passage.kind == "correction":
                continue
            if above and (
                self.story.is_item(passage) or passage.question or self._is_live(passage)
            ):
                key = passage.question or passage.heading
                if key in asked:
                    continue
                if first := self._first(order):
                    asked.add(key)
                    yield self._idea(first, above)
                continue
            for spot in self._starts(order):
                yield self._idea(spot)

    def _above(self, passage: StoryPassage) -> str:
        """The question or heading that is shown above a post of `passage`."""
        shown = passage.question
        if not shown and (self.story.is_item(passage) or self._is_live(passage)):
            shown = passage.heading
        if shown is None:
            return ""
        if self.story.form == "interview" and is_balanced_sentence(shown.text):
            return shown.text
        return shown.text if is_sayable(shown.text, self.words) else ""

    def _is_live(self, passage: StoryPassage) -> bool:
        return self.story.form == "live" and bool(
            passage.heading
            and is_live_blog_heading(passage.heading.text)
            and passage.kind != "item"
        )

    @cached_property
    def _is_rising(self) -> bool:
        """Whether a live blog has its earliest entry first."""
        times = [
            one.heading.text
            for one in self.story.passages
            if one.heading and is_live_blog_heading(one.heading.text)
        ]
        return len(times) > 1 and times[0] < times[-1]

    def _first(self, order: int) -> Spot | None:
        """The first sentence of a passage with which a post may begin."""
        spots = (Spot(order, at) for at in range(len(self.story.passages[order].sentences)))
        return next((one for one in spots if self.story.opens(one)), None)

    def _starts(self, order: int) -> Iterator[Spot]:
        """Where a post could begin in a passage: at its opening, and at each figure or quotation
        that a post which begins at the opening is too short to include."""
        passage = self.story.passages[order]
        if passage.kind == "quote":
            yield Spot(order, 0)
            return
        written = self.words.is_written
        for at, (_, end) in enumerate(passage.spans):
            if (
                at < _OPENERS
                or not order
                or (end > self.runs.room and is_marked_sentence(passage.sentences[at].text))
            ):
                yield Spot(order, at)
            if not written:
                return

    def _idea(self, spot: Spot, above: str = "") -> Idea:
        passage = self.story.passages[spot.order]
        near = self.strengths.worths(spot.order)[spot.at : spot.at + _NEAR]
        points = max(one.points for one in near) + self._bonus(passage, spot)
        return Idea(spot, points, self._why(passage, spot), above)

    def _bonus(self, passage: StoryPassage, spot: Spot) -> float:
        bonus = -_LATER * spot.order + (_WHOLE if spot.at == 0 else 0)
        if self.story.form == "column":
            bonus += _OPENED if spot.at == 0 else 0
        if self.story.is_item(passage) or self._is_live(passage):
            return bonus + _ITEM
        if passage.kind == "quote":
            return bonus + _CALLOUT
        if self.strengths.is_trivial(spot):
            bonus += _TRIVIA
        if not passage.question and self.words.dangling.match(
            fold_for_lexicon(self.story.text(spot))
        ):
            bonus += _LOOSE
        if spot.at:
            return bonus if spot.order else bonus + _SECOND
        if spot.order == 1:
            return bonus + _SECOND
        if spot.order == _INTRODUCTION and passage.section == self.story.passages[0].section:
            bonus += _SECOND // 2
        before = self.story.passages[spot.order - 1] if spot.order else passage
        bonus += _SECTION if before.section != passage.section else 0
        if passage.kind == "callout" and has_figure(passage.text, self.words):
            bonus += _CALLOUT
        return bonus

    def _why(self, passage: StoryPassage, spot: Spot) -> str:
        first = self.strengths.worths(spot.order)[spot.at]
        if passage.question:
            return "a question and its answer"
        if passage.kind == "quote" or first.said:
            return "quotation"
        if first.figure:
            return "number"
        return "continues the lede" if spot.order <= 1 else "next in the story"

    # ---- ideas for a reserved place ----

    def _for(self, place: ReservedPlace) -> Iterator[Idea]:
        match place.cue:
            case "corrected":
                for order, passage in enumerate(self.story.passages):
                    if passage.kind == "correction":
                        yield Idea(Spot(order, 0), 0, place.why)
            case "advice":
                yield from self._lists(place)
            case "helpline":
                for order, passage in list(enumerate(self.story.passages))[-_ENDING:]:
                    if self.words.cue("helpline").search(passage.lowered):
                        yield Idea(Spot(order, 0), 0, place.why)
            case "closing":
                openings = [
                    spot
                    for order, one in enumerate(self.story.passages)
                    if one.kind == "paragraph" and order and (spot := self._first(order))
                ]
                for spot in openings[-2:]:
                    yield self._idea(spot)._replace(points=2.0 * spot.order)
            case _:
                middle = len(self.story.passages) / 2 if place.last else 0
                yield from (idea for idea in self.ideas if idea.spot.order >= middle)

    def _lists(self, place: ReservedPlace) -> Iterator[Idea]:
        """The lists of the article; a heading that promises advice gives more points."""
        lists: dict[int, list[int]] = {}
        for order, passage in enumerate(self.story.passages):
            if passage.kind == "item":
                lists.setdefault(passage.sentences[0].block, []).append(order)
        for orders in lists.values():
            heading = self.story.passages[orders[0]].heading
            above = heading.text if heading else ""
            points = _HELP if self.words.cue("advice").search(f" {above.lower()}") else 0
            if len(orders) > 1:
                yield Idea(Spot(orders[0], 0), points, place.why, above, tuple(orders))

    def _hits(self, idea: Idea, place: ReservedPlace) -> float:
        """The points of `idea` for `place`; 0 if the idea does not suit it."""
        match place.cue:
            case "corrected" | "advice" | "helpline":
                return 1
            case "quotation":
                return self.strengths.quotation_and_figure(idea.spot)[0]
            case "number":
                return self.strengths.quotation_and_figure(idea.spot)[1]
            case "closing":
                appeals = self.words.reader.search(self.story.passages[idea.spot.order].lowered)
                claims = min(len(self.strengths.cues("claims", idea.spot)), 2)
                return 1 + claims + (_APPEAL if appeals else 0)
            case "opposing":
                passage = self.story.passages[idea.spot.order]
                ends = idea.spot.at + 1 == len(passage.sentences)
                return CUE if not ends and self.strengths.cues("opposing", idea.spot) else 0
        found = self.strengths.cues(place.cue, idea.spot)
        late = idea.spot.order * _LATE if place.last else 0
        return min(len(found), _MOST_HITS) * CUE + late if found else 0

    def _is_fair(self, run: Run) -> bool:
        """Whether `run` may be posted: in a column, the other side's case needs its rebuttal."""
        if (
            self.story.form != "column"
            or self.words.cue("opposing").search(f" {run.text.lower()}") is None
        ):
            return True
        last = run.spots[-1]
        return last.at + 1 == len(self.story.passages[last.order].sentences)
