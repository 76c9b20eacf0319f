"""Words that need an earlier sentence: a pronoun, "such", "also", "the scheme", a surname alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from syndicate.adapters.social.judgement import (
    is_question_sentence,
    quotations_in_sentence,
    sentence_outside_quotations,
    stem_for_lexicon,
    words_of_sentence,
)
from syndicate.adapters.social.lexicon import fold_for_lexicon
from syndicate.adapters.social.story import Spot, ThreadStory

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
BARE = re.compile(rf"(?<![\w’'-])({_CAPITAL}[\w’'-]*[^\W\d_])")
FULL_BEFORE = re.compile(rf"{_CAPITAL}[\w.'’-]+ (?:(?:de|van|von|der|le|la|del|bin|al) )?$")
_FIRST = re.compile(r"\w+")
_PLURAL = re.compile(
    r"\b(?!(?:says|this|does|was|has|its|his)\b)[^\W\d_]{3,}s\b|\b(?:people|children|men|women)\b"
)
_SEVERAL = ("they", "them", "their")
_CLAUSE = re.compile(r"[.,;:()\n]")
_COMPLEMENTS = (":", " to ", " of ", " that ", " for ", " on ", " between ")
_MODIFIERS = 2  # words that may come between "the" or "a" and its noun
_REACH = 40  # characters before a noun in which its "the" or "a" is looked for


class Need(NamedTuple):
    """Some `words` of a sentence that need an earlier sentence to be understood.

    They need a `name` in full, a noun with this `stem`, or the person that a `pronoun` refers to;
    if these three are empty, the sentence before. A `noun` with "the" needs its `stem` only if the
    news article introduces the noun earlier; it is `bare` if no word comes between the two.
    """

    words: str
    name: str = ""
    stem: str = ""
    pronoun: str = ""
    noun: str = ""
    bare: bool = False


class SentenceNeeds:
    """What the sentence at `spot` of `story` assumes the reader to know.

    Attributes:
        opening: first words that depend on the sentence before.
        back: later words that refer to the sentence before.
        introduced: names and things that the article introduced earlier.
        another: things of which this sentence mentions another one.
    """

    def __init__(self, story: ThreadStory, spot: Spot) -> None:
        self._is_correction = story.passages[spot.order].kind == "correction"
        self._finder = _Finder(story, spot, story.text(spot))
        self._new: dict[Need, bool] = {}

    @cached_property
    def is_anonymous(self) -> bool:
        """Whether the sentence is a quotation without a speaker."""
        return self._finder.is_anonymous()

    def was_new(self, need: Need) -> bool:
        """Whether the article introduces the noun of `need` before this sentence; cached."""
        if need not in self._new:
            self._new[need] = self._finder.was_new(need)
        return self._new[need]

    @cached_property
    def opening(self) -> list[Need]:
        return [] if self._is_correction else list(self._finder.opening())

    @cached_property
    def back(self) -> list[Need]:
        return [] if self._is_correction else list(self._finder.back())

    @cached_property
    def introduced(self) -> list[Need]:
        if self._is_correction:
            return []
        return [*self._finder.names(), *self._finder.definites()]

    @cached_property
    def another(self) -> list[Need]:
        return [] if self._is_correction else list(self._finder.another())


class _Finder:
    def __init__(self, story: ThreadStory, spot: Spot, text: str) -> None:
        self.story = story
        self.words = story.words
        self.spot = spot
        self.text = text

    @cached_property
    def outside(self) -> str:
        """The text without its quotations."""
        return sentence_outside_quotations(self.text)

    @cached_property
    def folded(self) -> str:
        """The same, as the patterns of the lexicon expect it."""
        return fold_for_lexicon(self.outside)

    def opening(self) -> Iterator[Need]:
        passage = self.story.passages[self.spot.order].sentences
        if self.spot.at and is_question_sentence(passage[self.spot.at - 1].text):
            yield Need(passage[self.spot.at - 1].text)
            return
        whole = fold_for_lexicon(self.text)
        if self.spot == Spot(0, 0) and self.words.expletive.match(whole):
            return
        if found := self.words.dangling.match(whole):
            word = _FIRST.search(found[0])
            yield Need(found[0].strip(), pronoun=self._person(word[0] if word else ""))
            return
        yield from self._who()

    def is_anonymous(self) -> bool:
        story, passage = self.story, self.story.passages[self.spot.order]
        if not self.words.spaced or passage.kind == "quote" or story.is_answer(passage):
            return False
        quoted = "".join(quotations_in_sentence(self.text))
        return (
            len(quoted) * 2 > len(self.text) and len(words_of_sentence(self.outside)) < _MODIFIERS
        )

    def _person(self, word: str) -> str:
        return word if self.words.she.search(f" {word} ") else ""

    def _who(self) -> Iterator[Need]:
        """A pronoun for the speaker of a quotation, or for the subject after a first clause."""
        quoted = quotations_in_sentence(self.text)
        if quoted and len("".join(quoted)) * 2 > len(self.text):
            found = self.words.pronouns.search(self.folded)
            if found and not BARE.search(self.outside.lstrip(' "“„«')):
                word = found[0].strip(" ,.—")
                yield Need(word, pronoun=self._person(word))
            return
        first, comma, rest = self.text.partition(", ")
        found = self.words.pronouns.match(fold_for_lexicon(rest))
        if comma and found and not BARE.search(first[1:]):
            word = found[0].strip()
            if word in _SEVERAL and _PLURAL.search(first):
                return
            yield Need(word, pronoun=self._person(word))

    def back(self) -> Iterator[Need]:
        for found in self.words.anaphor.finditer(self.folded):
            yield Need(found[0].strip())
        for found in self.words.them.finditer(self.folded):
            if len(_PLURAL.findall(self.folded[: found.start()])) < _MODIFIERS:
                word = found[0].split()[-1].strip(".,;:")
                yield Need(found[0].strip(), pronoun=self._person(word))
        for found in self.words.shells.finditer(self.folded):
            before, after = self.folded[: found.start() + 1], self.folded[found.end() :]
            if self._is_definite(before) and not after.startswith(_COMPLEMENTS):
                yield Need(found[0].strip(), stem=stem_for_lexicon(found[0]))

    def _is_definite(self, before: str) -> bool:
        """Whether `before` ends in "the", so that the reader should know the noun after it."""
        near = before.split()[-_MODIFIERS:]
        return before[-1:].isspace() and any(word in self.words.definite for word in near)

    def names(self) -> Iterator[Need]:
        """Surnames of people whom the article introduced by their full names."""
        end = self.story.offset(self.spot)
        for found in BARE.finditer(self.text):
            name = found[1].removesuffix("'s").removesuffix("’s")
            full = self.story.people.full(name, end)
            if full and not FULL_BEFORE.search(self.text[: found.start()]):
                yield Need(name, name=full, stem=stem_for_lexicon(name))

    def definites(self) -> Iterator[Need]:
        """Things that the article may first call "a lock" and then "the lock"."""
        if not self.words.indefinite:
            return
        all_words = words_of_sentence(self.text)
        for at, word in enumerate(all_words[:-1]):
            if word in self.words.definite or word.lower() in self.words.definite:
                noun = self._head(all_words[at + 1 : at + 3 + _MODIFIERS])
                if noun:
                    bare = all_words[at + 1] == noun
                    yield Need(f"{word} {noun}", stem=stem_for_lexicon(noun), noun=noun, bare=bare)

    def _head(self, following: list[str]) -> str:
        """The noun that "the" before the words `following` belongs to; "" if it is not clear."""
        if self.words.language == "en":
            return self._english_head(following)
        word = following[0]
        if self.words.language == "de":
            return word if word[0].isupper() and len(word) > _MODIFIERS else ""
        return word if word.islower() and len(word) > _MODIFIERS + 1 else ""

    def _english_head(self, following: list[str]) -> str:
        for at, word in enumerate(following[:_MODIFIERS]):
            if word in self.words.known or word in self.words.stopwords:
                return ""
            after = following[at + 1].casefold() if at + 1 < len(following) else "is"
            bare = word.removesuffix("'s").removesuffix("’s")
            ends = after in self.words.stopwords or bare != word
            if ends and bare.islower() and len(bare) > _MODIFIERS:
                return bare
        return ""

    def was_new(self, need: Need) -> bool:
        """Whether the article introduced the noun of `need` earlier, as something new; or, if the
        noun is bare here, used it with a word before it."""
        noun, end = need.noun, self.story.offset(self.spot)
        whole = self.story.whole
        at = whole.find(noun, 0, end)
        while at >= 0:
            before = whole[max(0, at - _REACH) : at].casefold()
            near = _CLAUSE.split(before)[-1].split()[-_MODIFIERS - 1 :]
            if any(word in self.words.indefinite for word in near):
                return True
            if need.bare and near[-2:-1] and near[-2] in self.words.definite:
                return True
            at = whole.find(noun, at + 1, end)
        return False

    def another(self) -> Iterator[Need]:
        """Words such as "another" and "a second", which imply an earlier one of the same kind."""
        for found in self.words.more_of.finditer(self.folded):
            yield Need(found[0].strip(), stem=stem_for_lexicon(found[0].split()[-1]))
