"""What kind of story an article is, and what a social editor takes from that kind for a thread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from syndicate.adapters.social.judgement import in_own_voice
from syndicate.adapters.social.lexicon import Lexicon
from syndicate.adapters.social.passages import StoryPassage
from syndicate.article import Article, Heading
from syndicate.article.text import plain

Form = Literal[
    "news", "match", "interview", "first hand", "column", "obituary", "election", "science",
    "earnings", "service", "list", "live", "correction", "explainer",
]  # fmt: skip


@dataclass(frozen=True)
class ReservedPlace:
    """A place that a form reserves in its threads for what the words under `cue` in `forms.toml`
    find. `why` is the reason shown to people. A post that is `last` ends the thread."""

    cue: str
    why: str
    last: bool = False


PLANS: dict[Form, tuple[ReservedPlace, ...]] = {
    "news": (
        ReservedPlace("quotation", "strongest quotation"),
        ReservedPlace("number", "number"),
        ReservedPlace("helpline", "the number to call", last=True),
        ReservedPlace("ahead", "what comes next", last=True),
    ),
    "match": (
        ReservedPlace("decisive", "the deciding moment"),
        ReservedPlace("turning", "the turning point"),
        ReservedPlace("quotation", "strongest quotation"),
        ReservedPlace("stakes", "what it means", last=True),
    ),
    "interview": (ReservedPlace("reply", "the other side", last=True),),
    "first hand": (ReservedPlace("closing", "how it ends", last=True),),
    "column": (
        ReservedPlace("claims", "the argument"),
        ReservedPlace("number", "number"),
        ReservedPlace("closing", "the conclusion", last=True),
        ReservedPlace("opposing", "the opposing case with its rebuttal"),
    ),
    "obituary": (
        ReservedPlace("life", "what they did"),
        ReservedPlace("deed", "what they are remembered for"),
        ReservedPlace("quotation", "strongest quotation"),
        ReservedPlace("loss", "funeral and survivors", last=True),
    ),
    "election": (
        ReservedPlace("margin", "the margin"),
        ReservedPlace("leader", "the leaders"),
        ReservedPlace("turnout", "turnout"),
        ReservedPlace("undecided", "what is still undecided", last=True),
    ),
    "science": (
        ReservedPlace("finding", "the finding"),
        ReservedPlace("certainty", "how certain it is"),
        ReservedPlace("quotation", "who says so"),
        ReservedPlace("published", "where it was published"),
        ReservedPlace("doubt", "the doubt", last=True),
    ),
    "earnings": (
        ReservedPlace("revenue", "revenue and profit"),
        ReservedPlace("guidance", "the outlook"),
        ReservedPlace("chief", "the chief executive"),
        ReservedPlace("ahead", "what comes next", last=True),
    ),
    "service": (
        ReservedPlace("when_where", "when and where"),
        ReservedPlace("advice", "the advice"),
        ReservedPlace("closures", "what is closed"),
        ReservedPlace("helpline", "the number to call", last=True),
    ),
    "list": (),
    "live": (),
    "correction": (
        ReservedPlace("corrected", "what was corrected"),
        ReservedPlace("quotation", "strongest quotation"),
        ReservedPlace("number", "number"),
        ReservedPlace("ahead", "what comes next", last=True),
    ),
    "explainer": (),
}  # fmt: skip

_TIME = re.compile(r"\d{1,2}[:.h]\d{2}(?!\d)|\d{1,2} ?[ap]\.?m\b")
_NUMBERED = re.compile(r"\s*(?:#?\d{1,3}[.):]|[A-Z][a-z]+ \d{1,2}:)\s+\S")
_SCORE = re.compile(r"(?<![\d–-])\d{1,3} ?[-–:] ?\d{1,3}(?![\d–-])")
_FEWEST_ITEMS, _FEWEST_QUESTIONS = 3, 2
_OPENING = 1_500  # characters at the start of a text whose words decide its form
_CUES: tuple[tuple[Form, int], ...] = (("election", 5), ("science", 4), ("earnings", 5))


def is_numbered_story_item(heading: str) -> bool:
    """Whether `heading` heads an item of a numbered list: "3. Fish cakes"."""
    return _NUMBERED.match(heading) is not None


def is_live_blog_heading(heading: str) -> bool:
    """Whether `heading` begins with a time of day, as the headings of a live blog do."""
    return _TIME.match(heading) is not None


def form_of(article: Article, passages: Sequence[StoryPassage], words: Lexicon) -> Form:
    """The form of `article`, from its section and tags, its structure and its words; news if in
    doubt."""
    labels = " ".join(("", article.section or "", *(tag.name for tag in article.tags))).lower()
    title = f" {article.title}".lower().replace("’", "'")
    headings = [plain(one.content) for one in article.open_body if isinstance(one, Heading)]
    if sum(map(is_live_blog_heading, headings)) >= _FEWEST_ITEMS or (
        headings and words.cue("live").match(title)
    ):
        return "live"
    if sum(map(is_numbered_story_item, headings)) >= _FEWEST_ITEMS:
        return "list"
    answers = [one for one in passages if one.question]
    asked = {one.question for one in answers}
    if asked and words.cue("interview").search(labels + title):
        return "interview"
    if len(asked) >= _FEWEST_QUESTIONS:
        own = sum(in_own_voice(one.text, words) for one in answers)
        return "interview" if own * 2 > len(answers) and not headings else "explainer"
    section = f" {article.section or ''}".lower()
    if article.authors and _is_in_first_person(passages, words):
        return "column" if words.cue("column").search(section) else "first hand"
    if words.cue("column").fullmatch(section):
        return "column"
    return _by_words(article, passages, words, title)


def _is_in_first_person(passages: Sequence[StoryPassage], words: Lexicon) -> bool:
    running = [one for part in passages for one in part.sentences if part.kind == "paragraph"]
    own = sum(in_own_voice(one.text, words) for one in running)
    return own >= _FEWEST_ITEMS and own * 6 >= len(running)


def _by_words(
    article: Article, passages: Sequence[StoryPassage], words: Lexicon, title: str
) -> Form:
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
