"""Whether a sentence can be a post by itself, and how much it is worth there."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache
from typing import NamedTuple

from syndicate.adapters.social.lexicon import Lexicon, fold_for_lexicon

_QUOTED = re.compile(
    "“([^“”]*)”|„([^„“”]*)[“”]|«([^«»]*)»|»([^«»]*)«|「([^「」]*)」|『([^『』]*)』|”([^“”]+)”"
    '|(?<!\\w)"([^"]*)"(?!\\w)|(?<!\\w)‘((?:[^‘’]|(?<=\\w)’(?=\\w))*)’(?!\\w)'
)
_HALVES = re.compile('[“”„«»「」『』"()（）\\[\\]]|(?<!\\w)‘')
_MARKED = re.compile('[\\d“„«»「『"]')
_BRACKETED = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]")
_COUNTRY = re.compile(r"\bU\.?S\b")  # not the pronoun "us"
_CLOSERS = "\"'”’“»«›)]」』）】"
_SPACES = " \u00a0\u202f"  # before a closing quotation mark in French
_QUESTION = ("?", "？", "؟", "⸮", "՞")
_STOP = (".", "!", "。", "！", "．", "｡", "۔", "।", "॥", "։", "።", "။", "។")
_TRAILING_OFF = ("...", "…", "‥")
_START = re.compile("[\\s\"'“‘«„‹»(\\[¿¡「『（*]*(?![a-zß-öø-ÿ])[\\w$€£¥₹#]")
_ENUMERATED = re.compile(r"\s*(?:\d{1,3}|[A-Za-z])[.)]\s")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_UNSPACED_RUN = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")
_FIGURE = re.compile(
    r"[$€£¥₹]\s?\d|\d\s?[$€£¥₹]|\d\s?[%‰٪％]|\d{1,3}(?:[.,٬\u202f\xa0'’]\d{3})+(?!\d)|\d[.,٫]\d"
)
_NUMBER = re.compile(r"\d(?<!\d\d)(?!(?<=[12])(?:[5-9]|0)\d\d(?!\d))")  # but not a year
_NAME = re.compile(r"(?<=[\s\-–—(“\"])[^\W\d_a-zß-öø-ÿ][\w.'’-]+")

_FEWEST_WORDS, _FEWEST_CHARACTERS = 6, 32
_FEWEST_UNSPACED = 12

_SHORTEST_STEM = 2

_MOST_ALIKE = 60  # per cent of the terms of the shorter text

# Points that a sentence gains or loses for what it contains.
_MOST_ON_TOPIC, _FIGURES, _QUOTATION, _SOURCE, _OWN_VOICE, _EXCLAIMED = 4, 6, 4, 2, -3, -2


def is_question_sentence(text: str) -> bool:
    """Whether `text` ends on a question mark, also inside closing quotation marks."""
    return text.rstrip(_CLOSERS + " ").endswith(_QUESTION)


def is_whole(text: str, words: Lexicon) -> bool:
    """Whether `text` is one complete statement, with a beginning, an end and balanced quotation
    marks."""
    bare = text.rstrip(_CLOSERS)
    if text.endswith("»"):
        bare = bare.rstrip(_SPACES)
    if words.stopped and not bare.endswith(_STOP):
        return False
    if bare.endswith(_TRAILING_OFF) or is_question_sentence(text):
        return False
    return bool(_START.match(text)) and not _ENUMERATED.match(text) and is_balanced_sentence(text)


def is_substantial_sentence(text: str) -> bool:
    """Whether `text` is long enough to say something by itself."""
    if len(text) >= _FEWEST_CHARACTERS and text.count(" ") >= _FEWEST_WORDS - 1:
        return True
    return len(text) >= _FEWEST_UNSPACED and bool(_UNSPACED_RUN.search(text))


def is_balanced_sentence(text: str) -> bool:
    """Whether every quotation mark and bracket in `text` has its other half."""
    while _HALVES.search(text):
        shorter = _BRACKETED.sub("", _QUOTED.sub("", text))
        if shorter == text:
            return False
        text = shorter
    return True


def is_marked_sentence(text: str) -> bool:
    """Whether `text` may contain a figure or a quotation."""
    return bool(_MARKED.search(text))


def is_content(text: str, words: Lexicon) -> bool:
    """Whether `text` is about the story: not about the page, and not an appeal to the reader."""
    folded = fold_for_lexicon(text)
    return not (
        words.appeal.match(folded)
        or words.boilerplate.search(folded)
        or words.pointer.search(folded)
    )


def is_usable(text: str, words: Lexicon) -> bool:
    """Whether `text` is a complete statement of the story."""
    return is_whole(text, words) and is_content(text, words)


def stands_alone(text: str, words: Lexicon) -> bool:
    """Whether `text` can be understood without the sentence before it."""
    if words.dangling.match(fold_for_lexicon(text)):
        return False
    first, comma, rest = text.partition(",")
    if comma and words.pronouns.match(fold_for_lexicon(rest.lstrip())) and not _NAME.search(first):
        return False
    if not _HALVES.search(text) or len("".join(quotations_in_sentence(text))) * 2 < len(text):
        return True
    outside = _QUOTED.sub(" ", text)
    if words.spaced and len(_WORD.findall(outside)) < 2:
        return False
    return not words.pronouns.search(fold_for_lexicon(outside)) or bool(_NAME.search(outside))


def in_own_voice(text: str, words: Lexicon) -> bool:
    """Whether `text` says "I" or "we" outside quotation marks."""
    text = sentence_outside_quotations(text)
    return words.first_person.search(fold_for_lexicon(_COUNTRY.sub(" ", text))) is not None


def sentence_outside_quotations(text: str) -> str:
    """`text` without its quotations."""
    return _QUOTED.sub(" ", text) if _HALVES.search(text) else text


def quotations_in_sentence(text: str) -> list[str]:
    """The quotations in `text`, without their quotation marks."""
    return ["".join(found) for found in _QUOTED.findall(text)] if _HALVES.search(text) else []


def has_figure(text: str, words: Lexicon) -> bool:
    """Whether `text` contains a statistic (a share, a sum, a count), not merely a year."""
    if not _NUMBER.search(text):
        return False
    return bool(_FIGURE.search(text) or words.quantity.search(fold_for_lexicon(text)))


class Worth(NamedTuple):
    """How good a sentence is for a thread: its `points`, whether it has a `figure`, whether that is
    `sourced`, and what is `said` in quotation marks."""

    points: int
    figure: bool
    sourced: bool
    said: str


def worth(text: str, words: Lexicon, topic: Set[str], *, personal: bool = False) -> Worth:
    """The worth of `text` in an article about `topic`, a set of words or beginnings of words. In a
    `personal` article the writer's own voice costs no points."""
    folded = fold_for_lexicon(text)
    said = "".join(quotations_in_sentence(text))
    outside = _QUOTED.sub(" ", folded) if said else folded
    points = min(_MOST_ON_TOPIC, sum(term in folded for term in topic))
    figure = has_figure(text, words)
    claims = (_FIGURES if figure else 0) + (_QUOTATION if said else 0)
    sourced = claims > 0 and words.source.search(folded) is not None
    points += claims + (_SOURCE if sourced else 0)
    points += _OWN_VOICE if not personal and words.addressed.search(outside) else 0
    points += _EXCLAIMED if text.rstrip(_CLOSERS).endswith(("!", "！")) else 0
    return Worth(points, figure, figure and sourced, said)


def terms(text: str, words: Lexicon) -> frozenset[str]:
    """What `text` is about: its words without the common ones; in scripts without spaces, pairs of
    characters."""
    runs = [] if text.isascii() else _UNSPACED_RUN.findall(text)
    if runs:
        text = _UNSPACED_RUN.sub(" ", text)
    found = set(_WORD.findall(fold_for_lexicon(text)))
    found.update(run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1)))
    return frozenset(found - words.stopwords)


def are_alike_terms(one: frozenset[str], other: frozenset[str], most: int = _MOST_ALIKE) -> bool:
    """Whether two sets of `terms` are about the same: they share more than `most` per cent of the
    smaller set."""
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) * 100 > most * shorter


def words_of_sentence(text: str) -> list[str]:
    """The words of `text`, spelled as they are there."""
    return _WORD.findall(text)


@lru_cache(maxsize=8192)
def stem_for_lexicon(word: str) -> str:
    """`word` without common English endings, so that its other forms can be recognised."""
    word = word.strip().casefold()
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > _SHORTEST_STEM:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM + 1 else word
