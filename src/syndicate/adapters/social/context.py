"""Finds words that a reader of the thread, who has not seen the article, could not understand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from syndicate.adapters.social.forms import is_live_blog_heading
from syndicate.adapters.social.needs import FULL_BEFORE, Need, SentenceNeeds
from syndicate.adapters.social.sentences import split_sentences
from syndicate.adapters.social.story import Spot, ThreadStory
from syndicate.article import Article

_QUOTED = re.compile("[“„«»「](.+)[”“»«」]", re.DOTALL)
_REACH = 40  # characters before a surname in which the rest of the name can be


class ThreadReader:
    """A reader of a thread about `story`, post by post, who has not seen the article.

    `needs` is a cache of what each sentence assumes the reader to know.
    """

    def __init__(self, story: ThreadStory, needs: dict[Spot, SentenceNeeds] | None = None) -> None:
        self.story = story
        self.words = story.words
        self.needs: dict[Spot, SentenceNeeds] = {} if needs is None else needs
        self.said: list[str] = []
        self.stems: set[str] = set()
        self.last: Spot | None = None
        self.person = ""

    def copy(self) -> ThreadReader:
        """A second reader, who has read the same posts."""
        other = ThreadReader(self.story, self.needs)
        other.said, other.stems = list(self.said), set(self.stems)
        other.last, other.person = self.last, self.person
        return other

    def hear(self, text: str) -> None:
        """Remember `text`, which need not be a sentence of the article."""
        if text:
            self.said.append(text)
            self.stems |= self.story.stems(text)

    def read(self, spots: Sequence[Spot], shown: str = "") -> None:
        """Remember a post: the sentences at `spots`, and the text `shown` above them."""
        self.hear(shown)
        for spot in spots:
            self.hear(self.story.text(spot))
        if spots:
            self.last = spots[-1]
            self.person = self.story.named(spots[-1])

    def lacks(self, spots: Sequence[Spot], shown: str = "") -> tuple[str, ...]:
        """The words that this reader would not understand in a post of the sentences at `spots`,
        with the text `shown` above them."""
        if not self.words.is_written:
            return ()
        found: list[str] = []
        inside = set(self.story.stems(shown)) if shown else set()
        names = [shown]
        for number, spot in enumerate(spots):
            before = self.story.before(spot)
            last = spots[number - 1] if number else self.last
            together = before is not None and before == last and self._is_in_section(spot, before)
            if not number and not (together and self._above(spot) in self.said):
                found += self._unconnected(spot, shown, inside)
            needs = self._needs(spot)
            if not number and needs.is_anonymous:
                found.append(self.story.text(spot))
            found += self._unexplained(needs, needs.introduced, inside, names)
            if not together:
                found += self._unexplained(needs, needs.another, inside, names)
            text = self.story.text(spot)
            inside |= self.story.stems(text)
            names.append(text)
        return tuple(dict.fromkeys(found))

    def _needs(self, spot: Spot) -> SentenceNeeds:
        if spot not in self.needs:
            self.needs[spot] = SentenceNeeds(self.story, spot)
        return self.needs[spot]

    def _above(self, spot: Spot) -> str:
        """The question or numbered heading that the sentence at `spot` depends on; without one,
        the text read last."""
        passage = self.story.passages[spot.order]
        if passage.question:
            return passage.question.text
        if passage.heading and self.story.is_item(passage):
            return passage.heading.text
        return self.said[-1] if self.said else ""

    def _unconnected(self, spot: Spot, shown: str, inside: set[str]) -> list[str]:
        """The words that depend on the sentence before the one at `spot`, which was not read."""
        above = self._above(spot)
        if above and above not in self.said and above != shown:
            return [above]
        if shown and spot.at == 0 and (shown == above or is_live_blog_heading(shown)):
            return []
        needs = self._needs(spot)
        if lacking := [one.words for one in needs.opening if not self._is_named_last(spot, one)]:
            return lacking
        if self._is_near(spot):
            return []
        return [
            one.words
            for one in needs.back
            if not self._is_named_last(spot, one)
            and not (one.stem and (one.stem in self.stems or one.stem in inside))
        ]

    def _is_near(self, spot: Spot) -> bool:
        """Whether the last paragraph read was the one before that of `spot`, in its section."""
        if self.last is None or spot.at or self.last.order != spot.order - 1:
            return False
        return self._is_in_section(spot, self.last)

    def _is_in_section(self, spot: Spot, other: Spot) -> bool:
        passages = self.story.passages
        return passages[spot.order].section == passages[other.order].section

    def _is_named_last(self, spot: Spot, need: Need) -> bool:
        """Whether a pronoun refers to the person whom the thread named last, as it does in the
        article."""
        before = self.story.before(spot)
        meant = self.story.named(before) if before and need.pronoun else ""
        return bool(meant) and meant == self.person

    def _unexplained(
        self, needs: SentenceNeeds, some: Iterable[Need], inside: set[str], names: list[str]
    ) -> list[str]:
        """The words of `some` of `needs` that neither the thread nor this post explains."""
        return [
            one.words
            for one in some
            if not self._is_known(one, inside)
            and not (one.name and self._is_introduced(one, names))
            and not (one.noun and not needs.was_new(one))
        ]

    def _is_known(self, need: Need, inside: set[str]) -> bool:
        if need.name and self.story.people.is_person(need.words):
            return False
        return need.stem in self.stems or need.stem in inside

    def _is_introduced(self, need: Need, names: list[str]) -> bool:
        return any(_names(text, need) for text in (*self.said, *names))


def _names(text: str, need: Need) -> bool:
    """Whether `text` contains a name in full, or the surname with a first name before it."""
    if need.name in text:
        return True
    at = text.find(f" {need.words}")
    while at >= 0:
        if FULL_BEFORE.search(text[max(0, at - _REACH) : at + 1]):
            return True
        at = text.find(f" {need.words}", at + 1)
    return False


def unclear_posts(posts: Sequence[str], article: Article) -> tuple[tuple[str, ...], ...]:
    """For each of `posts`, in order, the words that a reader would not understand."""
    story = ThreadStory(article)
    reader = ThreadReader(story)
    places = places_of(story)
    found = []
    for post in posts:
        spots, shown = located_in_story(post, places, article.language)
        found.append(reader.lacks(spots, shown))
        reader.read(spots, shown)
    return tuple(found)


def places_of(story: ThreadStory) -> dict[str, Spot]:
    """The place of each sentence of `story`, by its text."""
    return {
        sentence.text: Spot(order, at)
        for order, passage in enumerate(story.passages)
        for at, sentence in enumerate(passage.sentences)
    }


def located_in_story(post: str, places: dict[str, Spot], language: str) -> tuple[list[Spot], str]:
    """The places of the article's sentences that `post` contains, and the rest of its text."""
    spots, rest = [], []
    for line in post.split("\n"):
        for sentence in split_sentences(line, language):
            if (spot := places.get(sentence)) is not None:
                spots.append(spot)
            elif inside := [one for one in _inside(sentence, language) if one in places]:
                spots += (places[one] for one in inside)
            else:
                rest.append(sentence)
    return spots, " ".join(rest)


def _inside(text: str, language: str) -> list[str]:
    """The sentences inside the quotation marks of `text`."""
    quoted = _QUOTED.search(text)
    return split_sentences(quoted[1], language) if quoted else []
