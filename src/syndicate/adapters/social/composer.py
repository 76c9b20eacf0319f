"""An article as the thread that a social editor would make of it: offline, always the same.

The lede, what the form of the story asks for, its best runs of sentences in the article's own words
and order, a consequence or the next date at the end, the link once. Every post can be understood by
whoever has read those before it; what cannot is left out, never changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from syndicate.adapters.social.context import ThreadReader
from syndicate.adapters.social.ideas import IdeaDesk, Idea
from syndicate.adapters.social.judgement import is_question
from syndicate.adapters.social.needs import Needs
from syndicate.adapters.social.opening import ThreadOpening
from syndicate.adapters.social.passages import Answer, ComposedPost
from syndicate.adapters.social.runs import Fits, Run, Runs
from syndicate.adapters.social.story import Spot, Story, is_sayable
from syndicate.article import Article

_LONGEST = 4_000  # no platform takes more, and counting costs time
_FEWEST_IDEAS = 3
_CHARACTERS_AN_IDEA = {False: 190, True: 260}  # of the article, by whether a post is roomy
_ROUNDS = 6  # of leaving out what cannot be understood, and finding something else
_MOST_IN_SECTION = 2
_MOST_HEADING = 100
_MOST_BEFORE = 3  # sentences of the paragraph before that may come along


@dataclass(frozen=True)
class Chosen:
    """A post to be: the `run`, `why` it was chosen, whether it ends the thread."""

    run: Run
    why: str
    last: bool = False


def compose(article: Article, link: str, fits: Fits, *, posts: int = 8) -> tuple[ComposedPost, ...]:
    """The thread of `article`: at most `posts` posts, the last of which holds `link`.

    `fits` tells whether a text can be one post. A thread is shorter where the article has less
    to say; it is empty if not even `link` fits.
    """
    return Composer(article, fits).thread(link, posts)


class Composer:
    """Makes the thread of one `article` for the platform that `fits` knows."""

    def __init__(self, article: Article, fits: Fits) -> None:
        self.fits = lambda text: len(text) <= _LONGEST and fits(text)
        self.story = Story(article)
        self.words = self.story.words
        self.runs = Runs(self.story, self.fits)
        self.desk = IdeaDesk(self.story, self.runs)
        self.opening = ThreadOpening(self.story, self.runs)
        self.needs: dict[Spot, Needs] = {}

    def thread(self, link: str, posts: int) -> tuple[ComposedPost, ...]:
        """See `compose`."""
        if posts == 1:
            return self._closed(self.opening.headline()[:1], link, 1)
        hook, lede = self.opening.posts()
        hook = hook[: posts - 1] if posts > len(hook) else hook[:1]
        room = posts - 1 - len(hook)
        answer = self._answer() if room > 1 else []
        chosen = self._settled(hook, lede, answer, room - len(answer))
        if lede is None and chosen and self.opening.is_said(chosen[0].run.spots[0]):
            hook = []
        told = [self._post(one) for one in chosen]
        ending = [self._post(one) for one in chosen if one.last] if answer else []
        middle = [one for one in told if one not in ending]
        return self._closed([*hook, *middle, *answer, *ending], link, posts)

    def _post(self, one: Chosen) -> ComposedPost:
        return ComposedPost(one.run.text, self.story.sentences(one.run.spots), one.why)

    def _closed(self, thread: Sequence[ComposedPost], link: str, posts: int) -> tuple[ComposedPost, ...]:
        """`thread` with `link` at its end, in a post of its own if the last one is full."""
        if thread and self.fits(joined := f"{thread[-1].text}\n\n{link}"):
            return (*thread[:-1], replace(thread[-1], text=joined))
        if not self.fits(link):
            return tuple(thread)
        return (*thread[: posts - 1], ComposedPost(link, why="link"))

    # ---- what is chosen ----

    def _wanted(self, room: int) -> int:
        if self.story.form in ("list", "live", "interview", "explainer"):
            return room
        characters = sum(len(passage.text) for passage in self.story.passages)
        if not self.words.spaced:
            characters *= 2
        ideas = characters // _CHARACTERS_AN_IDEA[self.runs.is_roomy]
        return min(room, max(_FEWEST_IDEAS, len(self.desk.places), ideas))

    def _settled(
        self, hook: list[ComposedPost], lede: Run | None, answer: list[ComposedPost], room: int
    ) -> list[Chosen]:
        """The runs that follow `hook`, all of which its reader can understand, in order."""
        dropped: set[Spot] = set()
        wanted = self._wanted(room)
        best: list[Chosen] = []
        reader = self._reader(hook, lede)
        for _ in range(_ROUNDS):
            chosen = self._ordered(self._choose([*hook, *answer], lede, wanted, dropped))
            kept, lost = self._checked(reader.copy(), chosen, room)
            if len(kept) > len(best) or not lost:
                best = kept
            if not lost:
                break
            dropped |= lost
        return best

    def _choose(
        self, beside: list[ComposedPost], lede: Run | None, wanted: int, dropped: set[Spot]
    ) -> list[Chosen]:
        """What the form keeps places for, then the best of the rest; nothing twice."""
        taken = _Taken(self.story, beside, lede)
        chosen: list[Chosen] = []
        for place in sorted(self.desk.places, key=lambda one: not one.last):
            if len(chosen) == wanted:
                break
            for idea in self.desk.ranked(place):
                if (one := self._take(idea, taken, dropped)) is not None:
                    chosen.append(Chosen(one, place.why, place.last))
                    break
        for idea in self.desk.ideas:
            if len(chosen) == wanted:
                break
            if taken.is_full(idea.spot) or idea.points < 0:
                continue
            if (one := self._take(idea, taken, dropped)) is not None:
                chosen.append(Chosen(one, idea.why))
        return chosen

    def _take(self, idea: Idea, taken: _Taken, dropped: set[Spot]) -> Run | None:
        if idea.spot in dropped or taken.has(idea):
            return None
        run = self.desk.run(idea)
        if run is None or not taken.spots.isdisjoint(run.spots):
            return None
        taken.add(run)
        return run

    def _ordered(self, chosen: list[Chosen]) -> list[Chosen]:
        return sorted(chosen, key=lambda one: (one.last, self.desk.order(one.run.spots[0])))

    # ---- whether it can be understood ----

    def _checked(
        self, reader: ThreadReader, chosen: list[Chosen], room: int
    ) -> tuple[list[Chosen], set[Spot]]:
        """`chosen` as `reader` can understand it, and where those began that nobody could."""
        kept: list[Chosen] = []
        lost: set[Spot] = set()
        spare = max(0, room - len(chosen))
        claimed = {spot for one in chosen for spot in one.run.spots}
        for one in chosen:
            others = (claimed | {s for k in kept for s in k.run.spots}) - set(one.run.spots)
            mended = self._mended(one, reader, others, spare)
            if mended is None:
                lost.add(one.run.spots[0])
                continue
            spare -= len(mended) - 1
            for good in mended:
                reader.read(good.run.spots, good.run.above)
                kept.append(good)
        return kept, lost

    def _reader(self, hook: list[ComposedPost], lede: Run | None) -> ThreadReader:
        reader = ThreadReader(self.story, self.needs)
        reader.hear("\n".join(post.text for post in hook))
        if lede:
            reader.read(lede.spots)
        return reader

    def _mended(
        self, one: Chosen, reader: ThreadReader, used: set[Spot], spare: int
    ) -> list[Chosen] | None:
        """`one` as `reader` understands it: as it is, with what stands before it in the article, or
        behind a post that introduces whom it names; None if nothing helps."""
        lacks = reader.lacks(one.run.spots, one.run.above)
        if not lacks:
            return [one]
        for run in self._longer(one.run):
            if not used & set(run.spots) and not reader.lacks(run.spots, run.above):
                return [replace(one, run=run)]
        for name in lacks if spare else ():
            first = self._introduction(name, one.run.spots[0])
            if first is None or used & set(first.spots) or reader.lacks(first.spots):
                continue
            later = reader.copy()
            later.read(first.spots)
            if not later.lacks(one.run.spots, one.run.above):
                return [Chosen(first, f"introduces {name}"), one]
        return None

    def _longer(self, run: Run) -> Iterator[Run]:
        """`run` with the sentences before it, its heading, the paragraph before it."""
        first = run.spots[0]
        passage = self.story.passages[first.order]
        for at in range(first.at - 1, -1, -1):
            longer = self.runs.run(Spot(first.order, at), run.above)
            if longer and first in longer.spots:
                yield longer
        heading = passage.heading.text if passage.heading else ""
        if heading and not run.above and len(heading) <= _MOST_HEADING:
            text = f"{heading}\n\n{run.text}"
            if self.fits(text) and not is_question(heading) and is_sayable(heading, self.words):
                yield replace(run, text=text, above=heading)
        if first.at == 0 and first.order and not run.above:
            before = self.story.passages[first.order - 1]
            if before.section == passage.section and before.kind == passage.kind == "paragraph":
                for at in range(len(before.sentences))[: -_MOST_BEFORE - 1 : -1]:
                    spots = [Spot(first.order - 1, n) for n in range(at, len(before.sentences))]
                    if longer := self.runs.exactly([*spots, *run.spots]):
                        yield longer

    def _introduction(self, name: str, before: Spot) -> Run | None:
        """The run in which the article introduces whom it calls `name` later."""
        at, full = self.story.people.introduced.get(name, (-1, ""))
        spot = self.story.spot(at) if full else None
        return self.runs.run(spot) if spot and spot != before else None

    # ---- the question ----

    def _answer(self) -> list[ComposedPost]:
        """The question nearest to the headline whose answer fits beside it."""
        found = [
            (-len(self.story.topic & self.story.terms(answer.question.text)), order, post)
            for order, answer in enumerate(self.story.answers)
            if (post := self._answered(answer))
        ]
        return [min(found, key=lambda entry: entry[:2])[2]] if found else []

    def _answered(self, answer: Answer) -> ComposedPost | None:
        question, passage = answer.question, answer.passage
        if not self.desk.asks(question):
            return None
        for last in range(len(passage.sentences) - 1, -1, -1):
            used = passage.sentences[: last + 1]
            text = f"{question.text}\n\n{passage.run(0, last)}"
            if self.fits(text) and self.desk.answers(used):
                return ComposedPost(text, (question, *used), "a question and its answer")
        return None


class _Taken:
    """What a thread has already: sentences, what they are about, how many of a section."""

    def __init__(self, story: Story, posts: Sequence[ComposedPost], lede: Run | None) -> None:
        self.story = story
        self.spots: set[Spot] = set(lede.spots if lede else ())
        listed = story.form == "live"  # whose key points are told again, at more length
        told = (one for post in posts for one in post.sentences if one.part != "title" and not listed)
        self.about = [story.terms(one.text) for one in told]
        self.sections: Counter[int] = Counter()
        self.is_crowded = len({one.section for one in story.passages}) > _MOST_IN_SECTION

    def is_full(self, spot: Spot) -> bool:
        section = self.story.passages[spot.order].section
        return self.is_crowded and self.sections[section] >= _MOST_IN_SECTION

    def has(self, idea: Idea) -> bool:
        """Whether the thread says already what a post of `idea` would begin with."""
        if idea.spot in self.spots:
            return True
        about = self.story.terms(self.story.text(idea.spot))
        return any(self.story.alike(about, one) for one in self.about)

    def add(self, run: Run) -> None:
        self.spots.update(run.spots)
        self.about += [self.story.terms(self.story.text(one)) for one in run.spots]
        self.sections[self.story.passages[run.spots[0].order].section] += 1
