"""What a reader who has read a thread from the top, and not the article, cannot know.

A pronoun, "such", "also", "the scheme", a surname alone: each needs something told before. The
checker looks for what that is in the article, and asks whether the thread has told it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from syndicate.adapters.threads.judgement import outside_quotations, quotations
from syndicate.adapters.threads.lexicon import fold
from syndicate.adapters.threads.sentences import sentences
from syndicate.adapters.threads.story import Spot, Story
from syndicate.article import Article

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_BARE = re.compile(rf"(?<![\w’'-])({_CAPITAL}[\w’'-]*[^\W\d_])")
_FIRST = re.compile(r"\w+")
_PLURAL = re.compile(r"\b(?!(?:says|this|does|was|has|its|his)\b)[^\W\d_]{3,}s\b|\bpeople\b|\bchildren\b|\bmen\b|\bwomen\b")
_FULL_BEFORE = re.compile(rf"{_CAPITAL}[\w.’'-]+ (?:(?:de|van|von|der|le|la|del|bin|al) )?$", re.I)
_QUOTED = re.compile("[“„«»「](.+)[”“»«」]", re.DOTALL)
_MOST_MODIFIERS = 2
_POSSESSIVE = ("'s", "’s", "'", "’")


class Reader:
    """Somebody who reads a thread of `story`, post by post."""

    def __init__(self, story: Story, told: str = "") -> None:
        self.story = story
        self.words = story.words
        self.said = ""
        self.stems: set[str] = set()
        self.last: Spot | None = None
        self.person = ""
        self.hear(told)

    def copy(self) -> Reader:
        """Another who has read the same."""
        other = Reader(self.story)
        other.said, other.stems = self.said, set(self.stems)
        other.last, other.person = self.last, self.person
        return other

    def hear(self, text: str) -> None:
        """Take in `text`, wherever it is from."""
        self.said += f"\n{text}"
        self.stems.update(map(stem, _WORD.findall(text.casefold())))

    def read(self, spots: Sequence[Spot], shown: str = "") -> None:
        """Take in a post of the sentences at `spots` and what is `shown` above them."""
        self.hear(shown)
        for spot in spots:
            self._take(spot)

    def _take(self, spot: Spot) -> None:
        self.hear(self.story.text(spot))
        self.last = spot
        self.person = self.story.named(spot)

    def lacks(self, spots: Sequence[Spot], shown: str = "") -> tuple[str, ...]:
        """The words of a post of the sentences at `spots`, below what is `shown` of the article,
        that this reader would have to ask back about."""
        if not self.words.is_written:
            return ()
        reader = self.copy()
        reader.hear(shown)
        found: list[str] = []
        for number, spot in enumerate(spots):
            if number == 0 and not (reader._is_next(spot) and self._above(spot) in reader.said):
                found += reader._loose(spot, shown)
            elif number and spots[number - 1] != self.story.before(spot):
                found += reader._loose(spot, "")
            found += reader._unknown(spot, shown)
            reader._take(spot)
        return tuple(dict.fromkeys(found))

    def _is_next(self, spot: Spot) -> bool:
        return self.last is not None and self.story.before(spot) == self.last

    # ---- what only the sentence before tells ----

    def _loose(self, spot: Spot, shown: str) -> list[str]:
        """What the sentence at `spot` takes from the one before it, which has not been read."""
        text, passage = self.story.text(spot), self.story.passages[spot.order]
        if passage.kind == "correction":
            return []
        above = self._above(spot)
        if above and above not in shown:
            return [above]
        folded = fold(text)
        if spot == Spot(0, 0) and self.words.expletive.match(folded):
            return []
        shown_above = bool(shown) and spot.at == 0
        if (found := self.words.dangling.match(folded)) and not shown_above:
            word = _FIRST.search(found[0])
            if not (word and self._is_same_person(spot, word[0])):
                return [found[0].strip()]
        if shown_above:
            return []
        return [*self._who(spot, text), *([] if self._is_near(spot) else self._points_back(spot, text))]

    def _above(self, spot: Spot) -> str:
        """The question or the numbered heading without which the sentence at `spot` says little."""
        passage = self.story.passages[spot.order]
        if passage.question:
            return passage.question.text
        return passage.heading.text if passage.heading and self.story.is_item(passage) else ""

    def _is_near(self, spot: Spot) -> bool:
        """Whether the paragraph before that of `spot` has been read last, or most of it."""
        return self.last is not None and spot.at == 0 and self.last.order == spot.order - 1

    def _is_same_person(self, spot: Spot, word: str) -> bool:
        """Whether a pronoun means whom the thread named last, as it does in the article."""
        if not self.words.she.search(f" {word} "):
            return False
        before = self.story.before(spot)
        meant = self.story.named(before) if before else ""
        return bool(meant) and meant == self.person

    def _who(self, spot: Spot, text: str) -> list[str]:
        """A speaker, or the one of a first clause, who is only a pronoun."""
        quoted = quotations(text)
        outside = outside_quotations(text)
        if quoted and len("".join(quoted)) * 2 > len(text):
            found = self.words.pronouns.search(fold(outside))
            named = _BARE.search(outside.lstrip(' "“„«'))
            if found and not named and not self._is_same_person(spot, found[0].strip(" ,.—")):
                return [found[0].strip()]
            return []
        first, comma, rest = text.partition(", ")
        found = self.words.pronouns.match(fold(rest))
        if comma and found and not _BARE.search(first[1:]):
            pronoun = found[0].strip()
            plural = _PLURAL.search(first)
            if not plural and not self._is_same_person(spot, pronoun):
                return [pronoun]
        return []

    def _points_back(self, spot: Spot, text: str) -> list[str]:
        """Words within a sentence that point at the one before."""
        outside = outside_quotations(text)
        folded = fold(outside)
        found = [match[0].strip() for match in self.words.anaphor.finditer(folded)]
        for match in self.words.them.finditer(folded):
            if len(_PLURAL.findall(folded[: match.start()])) < _MOST_MODIFIERS and not (
                self._is_same_person(spot, match[0].split()[-1].strip(".,;:"))
            ):
                found.append(match[0].strip())
        for match in self.words.shells.finditer(folded):
            if self._is_definite(folded[: match.start()]) and stem(match[0]) not in self.stems:
                after = folded[match.end() :]
                if not after.startswith((" to ", " of ", " that ", " for ", " on ", " between ")):
                    found.append(match[0].strip())
        return found

    def _is_definite(self, before: str) -> bool:
        """Whether a noun behind `before` is one that the reader is taken to know."""
        told = before.split()[-_MOST_MODIFIERS:]
        return bool(before[-1:].isspace() and told) and any(
            word in self.words.definite for word in told
        )

    # ---- what the article introduced, and the thread has not ----

    def _unknown(self, spot: Spot, shown: str) -> list[str]:
        text = self.story.text(spot)
        end = self.story.offset(spot)
        return [
            *self._surnames(text, end),
            *self._definites(text, end),
            *self._more(text),
        ]

    def _surnames(self, text: str, end: int) -> list[str]:
        """People whom the article has introduced by their full names and the thread has not."""
        found = []
        for match in _BARE.finditer(text):
            name = match[1].removesuffix("'s").removesuffix("’s")
            full = self.story.people.full(name, end)
            if full is None or _FULL_BEFORE.search(text[: match.start()]):
                continue
            if stem(name) in self.stems and not self.story.people.is_person(name):
                continue
            if full not in self.said and not _is_named(name, self.said, full):
                found.append(name)
        return found

    def _definites(self, text: str, end: int) -> list[str]:
        """Things that the article calls "a lock" first and "the lock" then, without the first."""
        if not self.words.indefinite:
            return []
        found = []
        told = _WORD.findall(text)
        for at, word in enumerate(told[:-1]):
            if word.casefold() not in self.words.definite:
                continue
            noun = self._head(told[at + 1 :])
            if not noun or stem(noun) in self.stems:
                continue
            if self._was_new(noun, end, told[at + 1] == noun):
                found.append(f"{word} {noun}")
        return found

    def _head(self, following: list[str]) -> str:
        """The noun that an article before `following` belongs to; "" if that cannot be told."""
        language = self.words.language
        if language == "en":
            for at, word in enumerate(following[: _MOST_MODIFIERS + 1]):
                if word in self.words.known:
                    return ""
                after = following[at + 1].casefold() if at + 1 < len(following) else "is"
                word = word.removesuffix("'s").removesuffix("’s")
                ends = after in self.words.stopwords or word != following[at]
                if ends and at < _MOST_MODIFIERS and word.islower() and len(word) > _MOST_MODIFIERS:
                    return "" if word in self.words.stopwords else word
            return ""
        word = following[0]
        if language == "de":
            return word if word[0].isupper() and len(word) > _MOST_MODIFIERS else ""
        return word if word.islower() and len(word) > _MOST_MODIFIERS + 1 else ""

    def _was_new(self, noun: str, end: int, bare: bool) -> bool:
        """Whether the article, before `end`, introduces `noun` as something new, or, if it stands
        `bare` now, with more words than that."""
        whole = self.story.whole
        at = whole.find(noun, 0, end)
        while at >= 0:
            before = whole[max(0, at - 40) : at].casefold().split("\n")[-1]
            near = re.split(r"[.,;:()]", before)[-1].split()[-_MOST_MODIFIERS - 1 :]
            if any(word in self.words.indefinite for word in near):
                return True
            if near[-2:-1] and near[-2] in self.words.definite and bare:
                return True
            at = whole.find(noun, at + 1, end)
        return False

    def _more(self, text: str) -> list[str]:
        """ "Another", "a second": of what?"""
        found = []
        for match in self.words.more_of.finditer(fold(outside_quotations(text))):
            if stem(match[0].split()[-1]) not in self.stems:
                found.append(match[0].strip())
        return found


def _is_named(name: str, said: str, full: str) -> bool:
    """Whether `said` has `name` with as much before it as tells who that is."""
    at = said.find(f" {name}")
    while at >= 0:
        if _FULL_BEFORE.search(said[max(0, at - 40) : at + 1]):
            return True
        at = said.find(f" {name}", at + 1)
    return False


def stem(word: str) -> str:
    """`word` without the endings that its other forms have; good enough to find it again."""
    word = word.strip().casefold()
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > _MOST_MODIFIERS:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word.removesuffix("e") if len(word) > _MOST_MODIFIERS + 1 else word


def unclear(posts: Sequence[str], article: Article) -> tuple[tuple[str, ...], ...]:
    """For each of `posts`, in order, the words that a reader would have to ask back about."""
    story = Story(article)
    reader = Reader(story)
    places = {
        sentence.text: Spot(order, at)
        for order, passage in enumerate(story.passages)
        for at, sentence in enumerate(passage.sentences)
    }
    found = []
    for post in posts:
        spots, shown = _located(post, places, article.language)
        found.append(reader.lacks(spots, shown))
        reader.read(spots, shown)
    return tuple(found)


def _located(post: str, places: dict[str, Spot], language: str) -> tuple[list[Spot], str]:
    """The sentences of the article in `post`, and the rest of it."""
    spots, rest = [], []
    for line in post.split("\n"):
        for sentence in sentences(line, language):
            if (spot := places.get(sentence)) is not None:
                spots.append(spot)
            elif inside := [one for one in _inside(sentence, language) if one in places]:
                spots += (places[one] for one in inside)
            else:
                rest.append(sentence)
    return spots, "\n".join(rest)


def _inside(text: str, language: str) -> list[str]:
    """The sentences of `text` that somebody put in quotation marks, behind a speaker's name."""
    quoted = _QUOTED.search(text)
    return sentences(quoted[1], language) if quoted else []
