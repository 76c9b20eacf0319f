"""What the composer knows of each language; `lexicon.toml` and `forms.toml` hold the words.

A language that is not there is composed by structure and punctuation alone.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")
_FORMS = Path(__file__).with_name("forms.toml")
_DEPTH = 3  # letters that phrases share at most
_OPENING = r"[\s\"'“‘«„‹»(\[¿¡「『（—–-]*"


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, case-folded, with straight apostrophes.

    Attributes:
        language: its BCP 47 primary subtag.
        is_written: whether there are words for what needs the sentence before.
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
        first_person: the writer's own voice: "I", "our".
        reader: whoever reads is addressed: "your"; `addressed` is either of the two.
        opinion: what a newspaper puts above a column.
        rebuts: an opening that answers or takes back the sentence before: "None of that".
        spoke: who spoke, anywhere: "Maria asked".
        definite: articles of what is known, `indefinite` of what is new.
        known: what needs no introduction although it is definite: "the year".
        shells: nouns that stand for something told before: "the scheme".
        anaphor: words that point back from within a sentence: "such", "also".
        more_of: "another", "a second": there was one before.
        them: a pronoun as object, whose noun was before.
        she: pronouns of one person.
        source: words that tell where a fact comes from.
        quantity: words that make a bare number a statistic: "million".
        stopwords: words that say nothing about what a text is about.
    """

    language: str
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
    reader: re.Pattern[str]
    addressed: re.Pattern[str]
    opinion: str
    rebuts: re.Pattern[str]
    spoke: re.Pattern[str]
    definite: frozenset[str]
    indefinite: frozenset[str]
    known: frozenset[str]
    shells: re.Pattern[str]
    anaphor: re.Pattern[str]
    more_of: re.Pattern[str]
    them: re.Pattern[str]
    she: re.Pattern[str]
    source: re.Pattern[str]
    quantity: re.Pattern[str]
    is_written: bool

    def cue(self, key: str) -> re.Pattern[str]:
        """The words of `forms.toml` under `key`, for text in lower case behind a space; a pattern
        that finds nothing if it has none."""
        return _cue(self.language, key)


def fold(text: str) -> str:
    """`text` as the patterns of a lexicon expect it: a word begins behind something else."""
    return " " + text.casefold().replace("’", "'")


@lru_cache(maxsize=2)
def _tables(file: Path) -> dict[str, dict[str, str]]:
    return tomllib.loads(file.read_text("utf-8"))


def _pattern(common: str, own: str, before: str, edge: str) -> re.Pattern[str]:
    lines = f"{common}\n{own}".splitlines()
    phrases = [one for line in lines if line.strip() for one in _alternatives(line.strip())]
    inner = _grouped(phrases, _DEPTH)
    return re.compile(rf"{before}(?:{inner}){edge}" if inner else r"(?!)")


def _alternatives(pattern: str) -> list[str]:
    """What stands between the bars of `pattern` that are in no brackets."""
    parts, depth = [""], 0
    for at, letter in enumerate(pattern):
        escaped = len(pattern[:at]) - len(pattern[:at].rstrip("\\"))
        if escaped % 2 == 0:
            depth += (letter in "([") - (letter in ")]")
        if letter == "|" and depth == 0 and escaped % 2 == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _grouped(phrases: list[str], depth: int) -> str:
    """`phrases` as one pattern; those that begin alike share their first letters, so that `re` need
    not try each of them at each word."""
    groups: dict[str, list[str]] = {}
    for number, phrase in enumerate(phrases):
        plain = phrase[:1].isalpha() and phrase[1:2] not in ("?", "*", "+", "{")
        groups.setdefault(phrase[0] if plain and depth else f"\\{number}", []).append(phrase)
    parts = []
    for letter, some in groups.items():
        rest = _grouped([one[1:] for one in some], depth - 1) if len(some) > 1 else ""
        parts.append(f"{letter}(?:{rest})" if len(some) > 1 else some[0])
    return "|".join(parts)


@lru_cache(maxsize=512)
def _cue(language: str, key: str) -> re.Pattern[str]:
    words, tables = lexicon(language), _tables(_FORMS)
    spaced = words.spaced
    return _pattern(
        tables["any"].get(key, ""),
        tables.get(language, {}).get(key, ""),
        r"\W" if spaced else "",
        r"(?!\w)" if spaced else "",
    )


@lru_cache(maxsize=64)
def lexicon(language: str) -> Lexicon:
    """The lexicon of a BCP 47 `language` tag; an empty one if the language is not known."""
    tables = _tables(_FILE)
    common, own = tables["any"], tables.get(language.split("-")[0], {})
    writing = own.get("writing", "").split()
    spaced = "unspaced" not in writing
    edge = r"(?!\w)" if spaced else ""

    def words(key: str) -> frozenset[str]:
        return frozenset([*common.get(key, "").split(), *own.get(key, "").split()])

    def phrases(key: str, before: str) -> re.Pattern[str]:
        return _pattern(common.get(key, ""), own.get(key, ""), before, edge)

    # Consuming what stands before a word is ten times faster than looking behind.
    begin, anywhere = _OPENING, r"\W" if spaced else ""
    return Lexicon(
        language=language.split("-")[0],
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
        reader=phrases("reader", anywhere),
        addressed=_pattern(own.get("first_person", ""), own.get("reader", ""), anywhere, edge),
        opinion=own.get("opinion", ""),
        rebuts=phrases("rebuts", begin),
        spoke=phrases("speech", anywhere),
        definite=words("definite"),
        indefinite=words("indefinite"),
        known=words("known"),
        shells=phrases("shells", anywhere),
        anaphor=phrases("anaphor", anywhere),
        more_of=phrases("more_of", anywhere),
        them=phrases("them", anywhere),
        she=phrases("she", anywhere),
        source=phrases("source", anywhere),
        quantity=phrases("quantity", anywhere),
        is_written="dangling" in own,
    )
