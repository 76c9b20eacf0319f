"""What the composer knows of each language; `lexicon.toml` holds the words.

A language that is not there is composed by structure and punctuation alone.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")
_OPENING = r"[\s\"'“‘«„‹»(\[¿¡「『（—–-]*"


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, case-folded, with straight apostrophes.

    Attributes:
        titles: abbreviations that never end a sentence: "Dr."
        before_numbers: abbreviations that stand before a number: "No."
        abbreviations: those that end one only before one of `starters`: "Inc."
        starters: words that, behind an abbreviation, begin a sentence.
        ordinals: a number with a stop is an ordinal: "3. Oktober".
        spaced: words are set apart by spaces.
        stopped: sentences end with a mark.
        speech: who spoke, at the start of a text: "Maria asked".
        dangling: an opening that means nothing without the sentence before.
        expletive: such an opening, but for an article's first sentence: "It is spring".
        introduction: an article's first words about itself: "This guide explains".
        pronouns: a subject or object of whom only the sentence before tells the name.
        appeal: an opening that asks the reader to do something.
        boilerplate: furniture of a page, not its story.
        pointer: words that point at another part of the page, or at the page itself.
        first_person: the writer's own voice.
        source: words that tell where a fact comes from.
        quantity: words that make a bare number a statistic: "million".
        stopwords: words that say nothing about what a text is about.
    """

    titles: frozenset[str]
    before_numbers: frozenset[str]
    abbreviations: frozenset[str]
    starters: frozenset[str]
    stopwords: frozenset[str]
    ordinals: bool
    spaced: bool
    stopped: bool
    speech: re.Pattern[str]
    dangling: re.Pattern[str]
    expletive: re.Pattern[str]
    introduction: re.Pattern[str]
    pronouns: re.Pattern[str]
    appeal: re.Pattern[str]
    boilerplate: re.Pattern[str]
    pointer: re.Pattern[str]
    first_person: re.Pattern[str]
    source: re.Pattern[str]
    quantity: re.Pattern[str]


def fold(text: str) -> str:
    """`text` as the patterns of a lexicon expect it: a word begins behind something else."""
    return " " + text.casefold().replace("’", "'")


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@lru_cache(maxsize=64)
def lexicon(language: str) -> Lexicon:
    """The lexicon of a BCP 47 `language` tag; an empty one if the language is not known."""
    common, own = _tables()["any"], _tables().get(language.split("-")[0], {})
    writing = own.get("writing", "").split()
    spaced = "unspaced" not in writing
    edge = r"(?!\w)" if spaced else ""

    def words(key: str) -> frozenset[str]:
        return frozenset([*common.get(key, "").split(), *own.get(key, "").split()])

    def phrases(key: str, before: str) -> re.Pattern[str]:
        lines = f"{common.get(key, '')}\n{own.get(key, '')}".splitlines()
        found = [line.strip() for line in lines if line.strip()]
        inner = "|".join(found)
        return re.compile(rf"{before}(?:{inner}){edge}" if inner else r"(?!)")

    # Consuming what stands before a word is ten times faster than looking behind.
    begin, anywhere = _OPENING, r"\W" if spaced else ""
    return Lexicon(
        titles=words("titles"),
        before_numbers=words("before_numbers"),
        abbreviations=words("abbreviations"),
        starters=words("starters"),
        stopwords=words("stopwords"),
        ordinals="ordinals" in writing,
        spaced=spaced,
        stopped="unstopped" not in writing,
        speech=phrases("speech", r"\s*(?:[\w.'-]+\s+){0,3}?"),
        dangling=phrases("dangling", begin),
        expletive=phrases("expletive", begin),
        introduction=phrases("introduction", begin),
        pronouns=phrases("pronouns", anywhere),
        appeal=phrases("appeal", begin),
        boilerplate=phrases("boilerplate", anywhere),
        pointer=phrases("pointer", anywhere),
        first_person=phrases("first_person", anywhere),
        source=phrases("source", anywhere),
        quantity=phrases("quantity", anywhere),
    )
