"""What the composer knows about each language; the words are in `lexicon.toml` and `forms.toml`.

In a language that is in neither, threads are composed by structure and punctuation alone.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")
_FORMS = Path(__file__).with_name("forms.toml")
_DEPTH = 3  # the most first letters that phrases are grouped by
_OPENING = r"[\s\"'“‘«„‹»(\[¿¡「『（—–-]*"


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, case-folded, with straight apostrophes.

    Attributes:
        language: its BCP 47 primary subtag.
        is_written: whether the lexicon has words that depend on the sentence before.
        titles: abbreviations that never end a sentence: "Dr."
        before_numbers: abbreviations before a number: "No."
        abbreviations: abbreviations that end a sentence only before one of `starters`: "Inc."
        starters: words that begin a sentence if they follow an abbreviation.
        ordinals: whether a number with a full stop is an ordinal: "3. Oktober".
        spaced: whether there are spaces between words.
        stopped: whether sentences end with a punctuation mark.
        speech: a verb of speech near the start of a text: "Maria asked".
        dangling: an opening that cannot be understood without the sentence before.
        expletive: a `dangling` opening that an article's first sentence may have: "It is spring".
        introduction: an article's first words about itself: "This guide explains".
        pronouns: a subject or object whose name only the sentence before gives.
        appeal: an opening that asks the reader to do something.
        boilerplate: words of the page around a story, not of the story.
        pointer: words that refer to another part of the page, or to the page itself.
        first_person: the writer's own voice: "I", "our".
        reader: words that address the reader: "your".
        addressed: `first_person` or `reader`.
        opinion: the label that a newspaper puts above a column.
        rebuts: an opening that answers or rebuts the sentence before: "None of that".
        spoke: a verb of speech anywhere in a text: "Maria asked".
        definite: articles before a known noun: "the".
        indefinite: articles before a new noun: "a".
        known: nouns that need no introduction although they are definite: "the year".
        shells: nouns that sum up what was said before: "the scheme".
        anaphor: words inside a sentence that refer to an earlier one: "such", "also".
        more_of: words that imply an earlier one of the same kind: "another", "a second".
        them: a pronoun as object, whose noun came before.
        she: pronouns for one person.
        source: words that say where a fact comes from.
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
        """A pattern for the words under `key` in `forms.toml`, for lower-case text that begins with
        a space; it matches nothing if there are no such words."""
        return _cue(self.language, key)


def fold_for_lexicon(text: str) -> str:
    """`text` as the patterns of a lexicon expect it: case-folded, and with a space before it."""
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
    """The alternatives of `pattern`, split at bars outside brackets."""
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
    """`phrases` as one pattern, grouped by their first letters, so that `re` need not try every
    phrase at every word."""
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
    """The lexicon of a BCP 47 `language` tag; almost empty if the language is unknown."""
    tables = _tables(_FILE)
    common, own = tables["any"], tables.get(language.split("-")[0], {})
    writing = own.get("writing", "").split()
    spaced = "unspaced" not in writing
    edge = r"(?!\w)" if spaced else ""

    def words(key: str) -> frozenset[str]:
        return frozenset([*common.get(key, "").split(), *own.get(key, "").split()])

    def phrases(key: str, before: str) -> re.Pattern[str]:
        return _pattern(common.get(key, ""), own.get(key, ""), before, edge)

    # Matching the character before a word is ten times faster than a lookbehind.
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
