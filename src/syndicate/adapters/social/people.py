"""Whom an article names: in full where they come in, by a surname from then on."""

from __future__ import annotations

import re
from bisect import bisect_left

from syndicate.adapters.threads.lexicon import Lexicon

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_FULL = re.compile(
    rf"(?<![\w’'-])(?:{_CAPITAL}[\w'’-]+|{_CAPITAL}\.)"
    rf"(?: (?:(?:de|van|von|der|le|la|del|bin|al) )?(?:{_CAPITAL}[\w’'-]*[^\W\d_]|{_CAPITAL}\.))+"
)
_DESCRIBED = re.compile(r",? ?\(?(?:\d{1,3}\b|who\b|an? \w|the \w|of \w|der \w|die \w|qui\b|que\b)")
_REACH = 24  # characters beside a name in which a verb of speech makes it a person's


class People:
    """The names in `whole`, the running text of an article."""

    def __init__(self, whole: str, words: Lexicon) -> None:
        self.whole = whole
        self.words = words
        self.introduced: dict[str, tuple[int, str]] = {}
        for match in _FULL.finditer(whole):
            told = match[0].split()
            while told and told[0].casefold() in words.starters:
                told = told[1:]
            name = told[-1].removesuffix("'s").removesuffix("’s") if len(told) > 1 else ""
            if len(name) > 1 and name not in self.introduced and not self._is_common(name):
                self.introduced[name] = match.start(), " ".join([*told[:-1], name])
        self.persons = {name for name in self.introduced if self._has_person(name)}
        self.mentions = sorted(
            (match.start(), name)
            for name in self.persons
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", whole)
        )
        self._offsets = [at for at, _ in self.mentions]

    def full(self, name: str, end: int) -> str | None:
        """The full name under which `name` came into the text before `end`; None if it is not one
        that needs that."""
        at, full = self.introduced.get(name, (end, ""))
        return full if at < end else None

    def last(self, end: int) -> str:
        """The surname of whoever is named last before `end`; "" if nobody is."""
        at = bisect_left(self._offsets, end)
        return self.mentions[at - 1][1] if at else ""

    def is_person(self, name: str) -> bool:
        """Whether `name` is that of somebody who says something, or of whom more is told."""
        return name in self.persons

    def _is_common(self, name: str) -> bool:
        """Whether `name` is a word of the language too: "Police"."""
        word = name.casefold()
        return word in self.words.known or f" {name.lower()}" in self.whole

    def _has_person(self, name: str) -> bool:
        at, full = self.introduced[name]
        end = at + len(full)
        if _DESCRIBED.match(self.whole, end):
            return True
        return any(
            self.words.spoke.search(
                f" {self.whole[max(0, match.start() - _REACH) : match.end() + _REACH]} ".lower()
            )
            for match in re.finditer(re.escape(name), self.whole)
        )
