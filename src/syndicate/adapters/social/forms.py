"""What kind of story an article is, and what a desk takes from that kind for a thread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from syndicate.adapters.social.judgement import in_own_voice
from syndicate.adapters.social.lexicon import Lexicon
from syndicate.adapters.social.passages import Passage
from syndicate.article import Article, Heading
from syndicate.article.text import plain

Form = Literal[
    "news", "match", "interview", "first hand", "column", "obituary", "election", "science",
    "earnings", "service", "list", "live", "correction", "explainer",
]  # fmt: skip


@dataclass(frozen=True)
class KeptPlace:
    """A place that a form keeps in its threads for what `cue` names in `forms.toml`; `why` says so
    to people. What is `last` ends the thread."""

    cue: str
    why: str
    last: bool = False


PLANS: dict[Form, tuple[KeptPlace, ...]] = {
    "news": (
        KeptPlace("quotation", "strongest quotation"),
        KeptPlace("number", "number"),
        KeptPlace("helpline", "the number to call", last=True),
        KeptPlace("ahead", "what comes next", last=True),
    ),
    "match": (
        KeptPlace("decisive", "the moment that decided it"),
        KeptPlace("turning", "how it turned"),
        KeptPlace("quotation", "strongest quotation"),
        KeptPlace("stakes", "what it means", last=True),
    ),
    "interview": (KeptPlace("reply", "the other side", last=True),),
    "first hand": (KeptPlace("closing", "how it ends", last=True),),
    "column": (
        KeptPlace("claims", "the argument"),
        KeptPlace("number", "number"),
        KeptPlace("closing", "the conclusion", last=True),
        KeptPlace("opposing", "the opposing case with its rebuttal"),
    ),
    "obituary": (
        KeptPlace("life", "what they did"),
        KeptPlace("deed", "what they are remembered for"),
        KeptPlace("quotation", "strongest quotation"),
        KeptPlace("loss", "what is left", last=True),
    ),
    "election": (
        KeptPlace("margin", "the margin"),
        KeptPlace("leader", "the leaders"),
        KeptPlace("turnout", "turnout"),
        KeptPlace("undecided", "what is open", last=True),
    ),
    "science": (
        KeptPlace("finding", "the finding"),
        KeptPlace("certainty", "how sure it is"),
        KeptPlace("quotation", "who says so"),
        KeptPlace("published", "where it was published"),
        KeptPlace("doubt", "the doubt", last=True),
    ),
    "earnings": (
        KeptPlace("revenue", "revenue and profit"),
        KeptPlace("guidance", "the outlook"),
        KeptPlace("chief", "the chief executive"),
        KeptPlace("ahead", "what comes next", last=True),
    ),
    "service": (
        KeptPlace("when_where", "when and where"),
        KeptPlace("advice", "the advice"),
        KeptPlace("closures", "what is closed"),
        KeptPlace("helpline", "the number to call", last=True),
    ),
    "list": (),
    "live": (),
    "correction": (
        KeptPlace("corrected", "what was corrected"),
        KeptPlace("quotation", "strongest quotation"),
        KeptPlace("number", "number"),
        KeptPlace("ahead", "what comes next", last=True),
    ),
    "explainer": (),
}  # fmt: skip

_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2} ?[ap]\.?m\b")
_NUMBERED = re.compile(r"\s*(?:#?\d{1,3}[.):]|[A-Z][a-z]+ \d{1,2}:)\s+\S")
_SCORE = re.compile(r"(?<![\d–-])\d{1,3} ?[-–:] ?\d{1,3}(?![\d–-])")
_FEWEST_ITEMS, _FEWEST_QUESTIONS = 3, 2
_OPENING = 1_500  # characters in which a form shows
_CUES: tuple[tuple[Form, int], ...] = (("election", 5), ("science", 4), ("earnings", 5))


def is_numbered(heading: str) -> bool:
    """Whether `heading` is that of an item of a numbered list: "3. Fish cakes"."""
    return _NUMBERED.match(heading) is not None


def has_time(heading: str) -> bool:
    """Whether `heading` begins with a time of day, as those of a live blog do."""
    return _TIME.match(heading) is not None


def form_of(article: Article, passages: Sequence[Passage], words: Lexicon) -> Form:
    """What `article` is, by its section and tags, its structure and its words; news if in doubt."""
    labels = " ".join(("", article.section or "", *(tag.name for tag in article.tags))).lower()
    title = f" {article.title}".lower().replace("’", "'")
    headings = [plain(one.content) for one in article.open_body if isinstance(one, Heading)]
    if sum(map(has_time, headings)) >= _FEWEST_ITEMS or (
        headings and words.cue("live").match(title)
    ):
        return "live"
    if sum(map(is_numbered, headings)) >= _FEWEST_ITEMS:
        return "list"
    answers = [one for one in passages if one.question]
    asked = {one.question for one in answers}
    if asked and words.cue("interview").search(labels + title):
        return "interview"
    if len(asked) >= _FEWEST_QUESTIONS:
        own = sum(in_own_voice(one.text, words) for one in answers)
        return "interview" if own * 2 > len(answers) and not headings else "explainer"
    section = f" {article.section or ''}".lower()
    if article.authors and _is_told_in_own_voice(passages, words):
        return "column" if words.cue("column").search(section) else "first hand"
    if words.cue("column").fullmatch(section):
        return "column"
    return _by_words(article, passages, words, title)


def _is_told_in_own_voice(passages: Sequence[Passage], words: Lexicon) -> bool:
    told = [one for passage in passages for one in passage.sentences if passage.kind == "paragraph"]
    own = sum(in_own_voice(one.text, words) for one in told)
    return own >= _FEWEST_ITEMS and own * 6 >= len(told)


def _by_words(article: Article, passages: Sequence[Passage], words: Lexicon, title: str) -> Form:
    lede = passages[0].lowered if passages else ""
    if article.corrections and article.corrections[0].date > article.first_published.date():
        return "correction"
    if words.cue("obituary").search(title):
        return "obituary"
    opening = "\n".join(one.lowered for one in passages)[:_OPENING]
    head = f"{title}\n{(article.subtitle or '').lower()}\n{lede}"
    if _SCORE.search(head) and len(_found(words, "match", head)) >= _FEWEST_ITEMS:
        return "match"
    for form, fewest in _CUES:
        if len(_found(words, form, head)) >= 1 and len(_found(words, form, opening)) >= fewest:
            return form
    if len(_found(words, "service", head)) >= _FEWEST_ITEMS and any(
        one.kind == "item" for one in passages
    ):
        return "service"
    return "news"


def _found(words: Lexicon, key: str, text: str) -> set[str]:
    return set(words.cue(key).findall(text))
