"""An article as the thread that a social editor would make of it: offline, always the same.

The lede, what the form of the story asks for, its best runs of sentences in the article's own words
and order, a consequence or the next date at the end, the link once. Every post can be understood by
whoever has read those before it; what cannot is left out, never changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from syndicate.adapters.social.context import ThreadReader, located, places_of
from syndicate.adapters.social.ideas import Idea, IdeaDesk
from syndicate.adapters.social.mending import Chosen, Mender
from syndicate.adapters.social.needs import Needs
from syndicate.adapters.social.opening import ThreadOpening
from syndicate.adapters.social.passages import Answer, ComposedPost
from syndicate.adapters.social.runs import Fits, Run, Runs
from syndicate.adapters.social.story import Spot, Story
from syndicate.article import Article

_LONGEST = 4_000  # no platform takes more, and counting costs time
_FEWEST_IDEAS = 3
_CHARACTERS_AN_IDEA = {False: 190, True: 260}  # of the article, by whether a post is roomy
_ROUNDS = 4  # of leaving out what cannot be understood, and finding something else
_MOST_IN_SECTION = 2
_MOST_ALTERNATIVES = 3


def compose(article: Article, link: str, fits: Fits, *, posts: int = 8) -> tuple[ComposedPost, ...]:
    """The thread of `article`: at most `posts` posts, the last of which holds `link`.

    `fits` tells whether a text can be one post. A thread is shorter where the article has less
    to say; it is empty if not even `link` fits.
    """
    return Composer(article, fits).thread(link, posts)


def alternatives(
    article: Article, fits: Fits, posts: Sequence[str]
) -> tuple[tuple[ComposedPost, ...], ...]:
    """For each of `posts`, a thread of `article`, up to three others that could stand there, the
    best first: none says what the thread says already, each can be understood behind the posts
    before it. `why` tells the rule that found it."""
    return tuple(Composer(article, fits).alternatives(posts))


class Composer:
    """Makes the thread of one `article` for the platform that `fits` knows."""

    def __init__(self, article: Article, fits: Fits) -> None:
        self._platform = fits
        self.story = Story(article)
        self.words = self.story.words
        self.runs = Runs(self.story, self.fits)
        self.desk = IdeaDesk(self.story, self.runs)
        self.opening = ThreadOpening(self.story, self.runs)
        self.mender = Mender(self.story, self.runs)
        self.needs: dict[Spot, Needs] = {}

    def fits(self, text: str) -> bool:
        """Whether `text` can be one post."""
        return len(text) <= _LONGEST and self._platform(text)

    def thread(self, link: str, posts: int) -> tuple[ComposedPost, ...]:
        """See `compose`."""
        if posts == 1:
            return self._closed(self.opening.headline()[:1], link, 1)
        hook, lede = self.opening.posts()
        hook = hook[:posts] if posts > len(hook) else hook[:1]
        room = posts - len(hook)
        answer = self._answer() if room > _MOST_IN_SECTION else []
        room -= len(answer)
        reader = self._reader(hook, lede)
        chosen = self._settled(reader, self._beside(hook, answer, lede), room)
        if len(chosen) == room and not self._takes(chosen, link):
            chosen = self._without_weakest(reader, chosen)
        if lede is None and chosen and self.opening.is_said(chosen[0].run.spots[0]):
            hook = []
        ending = [one for one in chosen if one.last] if answer else []
        told = [self._post(one) for one in chosen if one not in ending]
        return self._closed([*hook, *told, *answer, *map(self._post, ending)], link, posts)

    def alternatives(self, posts: Sequence[str]) -> Iterator[tuple[ComposedPost, ...]]:
        """See the function of that name."""
        places = places_of(self.story)
        told = [located(post, places, self.story.article.language) for post in posts]
        used = {spot for spots, _ in told for spot in spots}
        reader = ThreadReader(self.story, self.needs)
        for number, (post, (spots, shown)) in enumerate(zip(posts, told, strict=True)):
            found = self._hooks(post) if number == 0 else self._others(reader, used)
            yield tuple(islice(found, _MOST_ALTERNATIVES))
            reader.read(spots, shown)

    # ---- the thread ----

    def _post(self, one: Chosen) -> ComposedPost:
        return ComposedPost(one.run.text, self.story.sentences(one.run.spots), one.why)

    def _takes(self, chosen: list[Chosen], link: str) -> bool:
        return bool(chosen) and self.fits(f"{chosen[-1].run.text}\n\n{link}")

    def _without_weakest(self, reader: ThreadReader, chosen: list[Chosen]) -> list[Chosen]:
        """`chosen` without the post that the thread misses least, for the link's sake."""
        weak = [one for one in chosen if not one.kept] or chosen[:-1] or chosen
        rest = [one for one in chosen if one is not weak[-1]]
        return self.mender.checked(reader.copy(), rest, 0)[0]

    def _closed(
        self, thread: Sequence[ComposedPost], link: str, posts: int
    ) -> tuple[ComposedPost, ...]:
        """`thread` with `link` at its end, in a post of its own if the last one is full."""
        if thread and self.fits(joined := f"{thread[-1].text}\n\n{link}"):
            return (*thread[:-1], replace(thread[-1], text=joined))
        if not self.fits(link):
            return tuple(thread)
        return (*thread[: posts - 1], ComposedPost(link, why="link"))

    def _wanted(self, room: int) -> int:
        if self.story.form in ("list", "live", "interview", "explainer"):
            return room
        characters = sum(len(passage.text) for passage in self.story.passages)
        if not self.words.spaced:
            characters *= 2
        ideas = characters // _CHARACTERS_AN_IDEA[self.runs.is_roomy]
        return min(room, max(_FEWEST_IDEAS, len(self.desk.places), ideas))

    def _reader(self, hook: list[ComposedPost], lede: Run | None) -> ThreadReader:
        reader = ThreadReader(self.story, self.needs)
        reader.hear("\n".join(post.text for post in hook))
        if lede:
            reader.read(lede.spots)
        return reader

    # ---- what is chosen ----

    def _settled(self, reader: ThreadReader, beside: _Taken, room: int) -> list[Chosen]:
        """The runs that follow what `reader` has read, all of which can be understood, in order."""
        dropped: set[Spot] = set()
        wanted = self._wanted(room)
        best: list[Chosen] = []
        for _ in range(_ROUNDS):
            chosen = self._choose(beside.copy(), wanted, dropped)
            chosen.sort(key=lambda one: (one.last, self.desk.order(one.run.spots[0])))
            kept, lost = self.mender.checked(reader.copy(), chosen, room - len(chosen))
            if len(kept) > len(best) or not lost:
                best = kept
            if not lost:
                break
            dropped |= lost
        return best

    def _choose(self, taken: _Taken, wanted: int, dropped: set[Spot]) -> list[Chosen]:
        """What the form keeps places for, then the best of the rest; nothing twice."""
        chosen: list[Chosen] = []
        for place in sorted(self.desk.places, key=lambda one: not one.last):
            if len(chosen) == wanted:
                break
            for idea in self.desk.ranked(place):
                if (one := self._take(idea, taken, dropped)) is not None:
                    chosen.append(Chosen(one, place.why, place.last, kept=True))
                    break
        for idea in self.desk.ideas:
            if len(chosen) == wanted:
                break
            if taken.is_full(idea.spot) or (idea.points < 0 and not idea.above):
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

    def _beside(
        self, hook: list[ComposedPost], answer: list[ComposedPost], lede: Run | None
    ) -> _Taken:
        listed = self.story.form == "live"  # whose key points are told again, at more length
        posts = [*([] if listed else hook), *answer]
        told = [one for post in posts for one in post.sentences if one.part != "title"]
        about = [self.story.terms(one.text) for one in told]
        return _Taken(self.story, set(lede.spots if lede else ()), about)

    # ---- other posts in its place ----

    def _hooks(self, post: str) -> Iterator[ComposedPost]:
        """Other beginnings than `post`."""
        for hook in self.opening.hooks():
            if hook.text not in post:
                yield hook
        for place in self.desk.places:
            if place.cue in ("quotation", "number"):
                for idea in self.desk.ranked(place)[:1]:
                    run = self.desk.run(idea)
                    if run and not ThreadReader(self.story, self.needs).lacks(run.spots, run.above):
                        yield ComposedPost(run.text, self.story.sentences(run.spots), place.why)

    def _others(self, reader: ThreadReader, used: set[Spot]) -> Iterator[ComposedPost]:
        """What could be told instead where `reader` has come to, and is not told yet."""
        seen = set(used)
        places = [(idea, one.why) for one in self.desk.places for idea in self.desk.ranked(one)[:1]]
        for idea, why in (*places, *((idea, idea.why) for idea in self.desk.ideas)):
            run = self.desk.run(idea)
            if run is None or not seen.isdisjoint(run.spots):
                continue
            if not reader.lacks(run.spots, run.above):
                seen.update(run.spots)
                yield ComposedPost(run.text, self.story.sentences(run.spots), why)

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
    """What a thread has already: the sentences at `spots`, what it is `about`, and how many of each
    section."""

    def __init__(self, story: Story, spots: set[Spot], about: list[frozenset[str]]) -> None:
        self.story = story
        self.spots = spots
        self.about = about
        self.sections: Counter[int] = Counter()
        self.is_crowded = len({one.section for one in story.passages}) > _MOST_IN_SECTION

    def copy(self) -> _Taken:
        """One that can be added to."""
        return _Taken(self.story, set(self.spots), list(self.about))

    def is_full(self, spot: Spot) -> bool:
        """Whether the section of `spot` has had its share."""
        section = self.story.passages[spot.order].section
        return self.is_crowded and self.sections[section] >= _MOST_IN_SECTION

    def has(self, idea: Idea) -> bool:
        """Whether the thread says already what a post of `idea` would begin with."""
        if idea.spot in self.spots:
            return True
        about = self.story.terms(self.story.text(idea.spot))
        return any(self.story.alike(about, one) for one in self.about)

    def add(self, run: Run) -> None:
        """Take in `run`."""
        self.spots.update(run.spots)
        self.about += [self.story.terms(self.story.text(one)) for one in run.spots]
        self.sections[self.story.passages[run.spots[0].order].section] += 1
