"""The people whom an article names: in full at first, later by surname."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container

from syndicate.adapters.social.lexicon import Lexicon

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_FULL = re.compile(
    rf"(?<![\w’'-])(?:{_CAPITAL}[\w'’-]+|{_CAPITAL}\.)"
    rf"(?: (?:(?:de|van|von|der|le|la|del|bin|al) )?(?:{_CAPITAL}[\w’'-]*[^\W\d_]|{_CAPITAL}\.))+"
)
_WORD = re.compile(rf"(?<![\w’'-]){_CAPITAL}[\w’'-]*[^\W\d_]")
_DESCRIBED = re.compile(r",? ?\(?(?:\d{1,3}\b|who\b|an? \w|the \w|of \w|der \w|die \w|qui\b|que\b)")
_REACH = 24  # characters around a name in which a verb of speech shows that it is a person's


class PeopleInStory:
    """The names in `whole`, the running text of an article."""

    def __init__(self, whole: str, words: Lexicon) -> None:
        self.whole = whole
        self.words = words
        self.introduced: dict[str, tuple[int, str]] = {}
        for match in _FULL.finditer(whole):
            parts = match[0].split()
            while parts and parts[0].casefold() in words.starters:
                parts = parts[1:]
            name = parts[-1].removesuffix("'s").removesuffix("’s") if len(parts) > 1 else ""
            if len(name) > 1 and name not in self.introduced and not self._is_common(name):
                self.introduced[name] = match.start(), " ".join([*parts[:-1], name])
        found = _mentions(self.introduced, whole)
        self.persons: set[str] = set()
        for at, name in found:
            if name not in self.persons and self._speaks(at, name):
                self.persons.add(name)
        self.mentions = [one for one in found if one[1] in self.persons]
        self._offsets = [at for at, _ in self.mentions]

    def full(self, name: str, end: int) -> str | None:
        """The full name that the text before the offset `end` introduces for the surname `name`;
        None if there is none."""
        at, full = self.introduced.get(name, (end, ""))
        return full if at < end else None

    def last(self, end: int) -> str:
        """The surname of the person named last before the offset `end`; "" if nobody is."""
        at = bisect_left(self._offsets, end)
        return self.mentions[at - 1][1] if at else ""

    def is_person(self, name: str) -> bool:
        """Whether `name` belongs to someone who says something or is described somewhere."""
        return name in self.persons

    def _is_common(self, name: str) -> bool:
        """Whether `name` is also a common word: "Police"."""
        word = name.casefold()
        return word in self.words.known or f" {name.lower()}" in self.whole

    def _speaks(self, at: int, name: str) -> bool:
        """Whether the person `name` at the offset `at` says something there or is described."""
        end = at + len(name)
        if _DESCRIBED.match(self.whole, end):
            return True
        around = f" {self.whole[max(0, at - _REACH) : end + _REACH]} ".lower()
        return self.words.spoke.search(around) is not None


def _mentions(names: Container[str], whole: str) -> list[tuple[int, str]]:
    """Each mention of one of `names` in `whole`, in order: its offset and the name."""
    found = []
    for match in _WORD.finditer(whole):
        name = match[0].removesuffix("'s").removesuffix("’s")
        if name in names:
            found.append((match.start(), name))
    return found
