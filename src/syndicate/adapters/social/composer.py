"""Composes the thread that a social editor would make of an article. It works offline, and the
same article always gives the same thread.

A thread begins with the lede. Then come the posts that the form of the story asks for and the best
runs of sentences, in the article's own words and order. It ends with a consequence or the next
date, and the link appears once. A reader of the posts so far can understand the next; a sentence
for which that is not true is left out, never changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from syndicate.adapters.social.context import ThreadReader, located_in_story, places_of
from syndicate.adapters.social.ideas import Idea, IdeaDesk
from syndicate.adapters.social.needs import SentenceNeeds
from syndicate.adapters.social.opening import ThreadOpening
from syndicate.adapters.social.passages import Answer, ComposedPost
from syndicate.adapters.social.post_fixes import Chosen, PostFixer
from syndicate.adapters.social.runs import Fits, Run, SentenceRuns
from syndicate.adapters.social.story import Spot, ThreadStory
from syndicate.article import Article

_LONGEST = 4_000  # characters; no platform accepts more, and counting takes time
_FEWEST_IDEAS = 3
_CHARACTERS_PER_IDEA = {False: 190, True: 260}  # of the article; True where posts are roomy
_ROUNDS = 4  # each leaves out posts that cannot be understood and looks for others
_MOST_IN_SECTION = 2
_MOST_ALTERNATIVES = 3


def compose_thread(
    article: Article, link: str, fits: Fits, *, posts: int = 8
) -> tuple[ComposedPost, ...]:
    """The thread of `article`: at most `posts` posts; the last contains `link`.

    `fits` says whether a text can be one post. A short article gives a short thread; the thread is
    empty if not even `link` fits.
    """
    return ThreadComposer(article, fits).thread(link, posts)


def alternative_posts(
    article: Article, fits: Fits, posts: Sequence[str]
) -> tuple[tuple[ComposedPost, ...], ...]:
    """For each post of a thread about `article`, up to three that could replace it, best first.

    None of them repeats what the thread already says, and each can be understood after the posts
    before it. `why` names the rule that found it.
    """
    return tuple(ThreadComposer(article, fits).alternatives(posts))


class ThreadComposer:
    """Composes the thread of one `article`; `fits` says whether the platform accepts a text as one
    post."""

    def __init__(self, article: Article, fits: Fits) -> None:
        self._platform = fits
        self.story = ThreadStory(article)
        self.words = self.story.words
        self.runs = SentenceRuns(self.story, self.fits)
        self.desk = IdeaDesk(self.story, self.runs)
        self.opening = ThreadOpening(self.story, self.runs)
        self.fixer = PostFixer(self.story, self.runs)
        self.needs: dict[Spot, SentenceNeeds] = {}

    def fits(self, text: str) -> bool:
        """Whether `text` can be one post."""
        return len(text) <= _LONGEST and self._platform(text)

    def thread(self, link: str, posts: int) -> tuple[ComposedPost, ...]:
        """See `compose_thread`."""
        if posts == 1:
            return self._closed(self.opening.headline()[:1], link, 1)
        hook, lede = self.opening.posts()
        hook = hook[:posts] if posts > len(hook) else hook[:1]
        room = posts - len(hook)
        answer = self._answer() if room > _MOST_IN_SECTION else []
        room -= len(answer)
        reader = self._reader(hook, lede)
        chosen = self._settled(reader, self._already_used(hook, answer, lede), room)
        if len(chosen) == room and not self._takes(chosen, link):
            chosen = self._without_weakest(reader, chosen)
        if lede is None and chosen and self.opening.is_said(chosen[0].run.spots[0]):
            hook = []
        ending = [one for one in chosen if one.last] if answer else []
        middle = [self._post(one) for one in chosen if one not in ending]
        return self._closed([*hook, *middle, *answer, *map(self._post, ending)], link, posts)

    def alternatives(self, posts: Sequence[str]) -> Iterator[tuple[ComposedPost, ...]]:
        """See the function `alternatives`."""
        places = places_of(self.story)
        found_in = [located_in_story(post, places, self.story.article.language) for post in posts]
        used = {spot for spots, _ in found_in for spot in spots}
        reader = ThreadReader(self.story, self.needs)
        for number, (post, (spots, shown)) in enumerate(zip(posts, found_in, strict=True)):
            found = self._hooks(post) if number == 0 else self._others(reader, used)
            yield tuple(islice(found, _MOST_ALTERNATIVES))
            reader.read(spots, shown)

    # ---- the thread ----

    def _post(self, one: Chosen) -> ComposedPost:
        return ComposedPost(one.run.text, self.story.sentences(one.run.spots), one.why)

    def _takes(self, chosen: list[Chosen], link: str) -> bool:
        return bool(chosen) and self.fits(f"{chosen[-1].run.text}\n\n{link}")

    def _without_weakest(self, reader: ThreadReader, chosen: list[Chosen]) -> list[Chosen]:
        """`chosen` without its weakest post, to make room for the link."""
        weak = [one for one in chosen if not one.reserved] or chosen[:-1] or chosen
        rest = [one for one in chosen if one is not weak[-1]]
        return self.fixer.checked(reader.copy(), rest, 0)[0]

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
        ideas = characters // _CHARACTERS_PER_IDEA[self.runs.is_roomy]
        return min(room, max(_FEWEST_IDEAS, len(self.desk.places), ideas))

    def _reader(self, hook: list[ComposedPost], lede: Run | None) -> ThreadReader:
        reader = ThreadReader(self.story, self.needs)
        reader.hear("\n".join(post.text for post in hook))
        if lede:
            reader.read(lede.spots)
        return reader

    # ---- what is chosen ----

    def _settled(self, reader: ThreadReader, used: _Taken, room: int) -> list[Chosen]:
        """The runs that follow what `reader` has read, in order; the reader can understand all."""
        dropped: set[Spot] = set()
        wanted = self._wanted(room)
        best: list[Chosen] = []
        for _ in range(_ROUNDS):
            chosen = self._choose(used.copy(), wanted, dropped)
            chosen.sort(key=lambda one: (one.last, self.desk.order(one.run.spots[0])))
            kept, lost = self.fixer.checked(reader.copy(), chosen, room - len(chosen))
            if len(kept) > len(best) or not lost:
                best = kept
            if not lost:
                break
            dropped |= lost
        return best

    def _choose(self, taken: _Taken, wanted: int, dropped: set[Spot]) -> list[Chosen]:
        """The posts that the form reserves places for, then the best of the rest; nothing twice."""
        chosen: list[Chosen] = []
        for place in sorted(self.desk.places, key=lambda one: not one.last):
            if len(chosen) == wanted:
                break
            for idea in self.desk.ranked(place):
                if (one := self._take(idea, taken, dropped)) is not None:
                    chosen.append(Chosen(one, place.why, place.last, reserved=True))
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

    def _already_used(
        self, hook: list[ComposedPost], answer: list[ComposedPost], lede: Run | None
    ) -> _Taken:
        listed = self.story.form == "live"  # its key points come again later, at more length
        posts = [*([] if listed else hook), *answer]
        posted = [one for post in posts for one in post.sentences if one.part != "title"]
        about = [self.story.terms(one.text) for one in posted]
        return _Taken(self.story, set(lede.spots if lede else ()), about)

    # ---- alternatives ----

    def _hooks(self, post: str) -> Iterator[ComposedPost]:
        """Other ways to begin the thread than `post`."""
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
        """Posts that `reader` could understand next, of sentences that are not among `used`."""
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
        """The question closest to the headline that fits into a post with its answer."""
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
    """What a thread already contains: the sentences at `spots`, what each is `about`, and how many
    posts come from each section."""

    def __init__(self, story: ThreadStory, spots: set[Spot], about: list[frozenset[str]]) -> None:
        self.story = story
        self.spots = spots
        self.about = about
        self.sections: Counter[int] = Counter()
        self.is_crowded = len({one.section for one in story.passages}) > _MOST_IN_SECTION

    def copy(self) -> _Taken:
        """A copy that can be added to independently."""
        return _Taken(self.story, set(self.spots), list(self.about))

    def is_full(self, spot: Spot) -> bool:
        """Whether the section of `spot` has had its share."""
        section = self.story.passages[spot.order].section
        return self.is_crowded and self.sections[section] >= _MOST_IN_SECTION

    def has(self, idea: Idea) -> bool:
        """Whether the thread already says what a post of `idea` would begin with."""
        if idea.spot in self.spots:
            return True
        about = self.story.terms(self.story.text(idea.spot))
        return any(self.story.alike(about, one) for one in self.about)

    def add(self, run: Run) -> None:
        """Add `run` to what the thread contains."""
        self.spots.update(run.spots)
        self.about += [self.story.terms(self.story.text(one)) for one in run.spots]
        self.sections[self.story.passages[run.spots[0].order].section] += 1
