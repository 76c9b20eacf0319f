"""The words by which newsrooms label parts of an article: patterns made from `vocabulary.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, get_args

Kind = Literal["tip", "fact", "note", "warning"]

_WORDS = tomllib.loads((files("syndicate.readers") / "vocabulary.toml").read_text("utf-8"))

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("tip", "hint", "protip", "success", "check", "done"), "tip"),
    **dict.fromkeys(("fact", "didyouknow", "example"), "fact"),
    **dict.fromkeys(("note", "info", "important", "callout", "summary", "abstract"), "note"),
    **dict.fromkeys(("tldr", "todo", "seealso", "question", "faq", "help"), "note"),
    **dict.fromkeys(("warning", "caution", "danger", "attention", "error", "bug"), "warning"),
    **dict.fromkeys(("failure", "fail", "missing", "alert"), "warning"),
}
"""The kinds of callouts, by their names in the common Markdown dialects."""

LABELS: dict[Kind, dict[str, str]] = {kind: _WORDS["labels"][kind] for kind in get_args(Kind)}
"""The labels of callouts that have no label of their own."""


def callout_label(kind: Kind, language: str) -> str:
    """The label of a callout that has no label of its own."""
    return LABELS[kind].get(language.split("-")[0], LABELS[kind]["en"])


def _any(phrases: Iterable[str]) -> str:
    """A pattern for `phrases`, the longest first; straight and curly apostrophes are the same."""
    longest_first = sorted(dict.fromkeys(phrases), key=len, reverse=True)
    return "|".join(
        re.escape(phrase).replace("’", "['’]").replace("…", "(?:…|\\.\\.\\.)").replace("\\ ", r"\s")
        for phrase in longest_first
    )


_DRESS = r"[^\w\s¿¡\[(\"'“”«»„‘*_#>|\-–—•·]{0,3}\s?"
"""A sign before a label: a light bulb, a star."""
_ASKED = r"\s?…?\s?[?？؟]"


def _opening(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        # The punctuation after the label decides: "note that" without any is running text.
        rf"{_DRESS}(?P<label>¿?(?:{_any(phrases)})(?:{_ASKED})?)"
        r"(?P<mark>\s*[:：]|(?<=[?？؟])|\s+[—–](?=\s)|$)\s*(?P<text>.*)",
        re.IGNORECASE | re.DOTALL,
    )


CALLOUTS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, _opening((*_WORDS["callouts"].get(kind, ()), *_WORDS["boxes"].get(kind, ()))))
    for kind in ("fact", "tip", "note", "warning")
)
"""A callout's label at the start of a paragraph, and the text after it."""
_BOX_TITLE = re.compile(
    _any(phrase for phrases in _WORDS["boxes"].values() for phrase in phrases), re.IGNORECASE
)


@dataclass(frozen=True)
class CalloutOpening:
    """A callout that begins with a paragraph: its label, and the words after the label, if any. If
    it is `weak`, the label is the title of a box only if a list follows."""

    kind: Kind
    label: str
    text: str
    weak: bool


def callout_opening(text: str) -> CalloutOpening | None:
    """The callout that begins with `text`, None if none does."""
    inner = text
    if text[:1] in "[(" and text[-1:] in "])":
        inner = text[1:-1]
    for kind, pattern in CALLOUTS:
        if found := pattern.fullmatch(inner):
            label = found["label"].strip()
            bare = not found["mark"] and not found["text"]
            weak = bare and bool(_BOX_TITLE.fullmatch(label))
            return CalloutOpening(kind, label, found["text"].strip(), weak)
    return None


QUESTION_MARKS = ("?", "？", "؟")
FAQ_HEADING = re.compile(
    rf"(?:[\w’' ]{{0,24}}\s)?(?:{_any(_WORDS['faq']['headings'])})"
    r"(?:\s*\(faqs?\)|\s*[:：–—-].*|\s(?:about|on|for|sobre|zu|zum|zur|über|sur|su|over|حول|عن)\s.*)?",
    re.IGNORECASE,
)
QUESTION = re.compile(
    rf"(?:\*\*)?(?:{_any(_WORDS['faq']['questions'])})\s?\d{{0,3}}\s?[:：.](?:\*\*)?\s+",
    re.IGNORECASE,
)
ANSWER = re.compile(
    rf"(?:\*\*)?(?:{_any(_WORDS['faq']['answers'])})\s?\d{{0,3}}\s?[:：.](?:\*\*)?\s+",
    re.IGNORECASE,
)

CORRECTION = re.compile(
    rf"(?:{_any(_WORDS['corrections']['labels'])})(?P<when>[\s,]*[^:：\n]{{0,40}}?)?\s*(?:[:：]|\s[—–])\s+(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
CORRECTED = re.compile(_any(_WORDS["corrections"]["openings"]), re.IGNORECASE)
"""How a correction without a label begins."""

TABLE = _any(_WORDS["pictures"]["table"])
"""The words for "table" in a numbered or labelled caption."""
_CREDIT = rf"(?:{_any(_WORDS['pictures']['credit'])})(?: credit| courtesy| by)?"
_WIRES = r"(?:AP|AFP|EPA|PA|EFE|Lusa|dpa|Reuters|Getty)\b"
CREDIT = re.compile(
    rf"(?:^|\s*\|\s*|\s+\((?=[^()]*\)$)){_CREDIT}\s*[:：]\s*(?P<credit>[^|()]+)\)?\s*$",
    re.IGNORECASE,
)
CREDIT_LINE = re.compile(
    rf"\(?(?:{_CREDIT}\s*[:：©/]\s*|{_CREDIT}\s(?:by|of)\s|©\s?)(?P<credit>[^|()\n.]{{2,80}})\)?"
    rf"|\({_WIRES}[^()]{{0,60}}\)",
    re.IGNORECASE,
)
"""A line that is only the credit of a picture that was there."""
CAPTION = re.compile(
    rf"(?:{_any(_WORDS['pictures']['caption'])})\s*[:：]\s+(?P<text>\S.*)"
    rf"|(?P<signed>.{{8,300}}?)\s*[(\[|/]\s*{_CREDIT}\s*[:：]\s*[^()\n]{{2,60}}[)\]]?"
    rf"|(?P<wired>.{{8,300}}?)\s*\({_WIRES}[^()]{{0,40}}\)",
    re.IGNORECASE,
)
"""A picture's caption: it is labelled as one, or ends in a credit."""

BYLINE = re.compile(
    rf"(?:{_any(_WORDS['bylines']['words'])})(?:\s*[:：]\s*|\s+[–—-]\s+|\s+)(?P<names>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
AND = re.compile(
    r",?\s+(?:and|&|y|e|und|et|en|with|con|mit|avec|com)\s+|\s*[;&]\s*|\s+و(?=\S)", re.IGNORECASE
)
ORGANISATION = re.compile(
    rf"\b(?:{_any(_WORDS['bylines']['organisation'])})\b|^\w+$", re.IGNORECASE
)
ORGANISATION_LINE = re.compile(
    rf"(?:[\w’'.&-]+\s+){{0,4}}(?:{_any(_WORDS['bylines']['organisation'])})"
    r"(?:\s(?:in|for|de|der|für|em|en|da|do|du|à)\s[\w .’'-]{2,40})?",
    re.IGNORECASE,
)
"""A line that is only the author's organisation or job."""
COLLECTIVE = frozenset(_WORDS["bylines"]["collective"])
"""Words for a group of authors, in lower case: "By Coast Agency staff"."""
SECTIONS = re.compile(_any(_WORDS["bylines"]["sections"]), re.IGNORECASE)
"""The section names that are printed above a headline."""
DATED = re.compile(
    rf"(?P<what>(?P<updated>{_any(_WORDS['dates']['updated'])})|{_any(_WORDS['dates']['published'])})"
    r"(?:\s+(?:on|le|el|am|em|il|op))?\s*[:：]?\s+",
    re.IGNORECASE,
)

ACTION = re.compile(rf"(?:{_any(_WORDS['actions']['verbs'])})(?!\w)", re.IGNORECASE)
TO_THE_READER = re.compile(rf"(?<!\w)(?:{_any(_WORDS['actions']['readers'])})(?!\w)", re.IGNORECASE)
LEAD_IN = re.compile(
    rf"(?:(?:{_any(_WORDS['actions']['lead_ins'])}),?"
    r"|(?:for more|to|if you|para|si|wenn|pour|se)\b[^,]*,)\s+",
    re.IGNORECASE,
)

PROVIDERS = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion",
    "twitch.tv": "Twitch",
    "ted.com": "TED",
    "tiktok.com": "TikTok",
    "twitter.com": "X",
    "x.com": "X",
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
    "threads.net": "Threads",
    "threads.com": "Threads",
    "bsky.app": "Bluesky",
    "mastodon.social": "Mastodon",
    "reddit.com": "Reddit",
    "linkedin.com": "LinkedIn",
    "soundcloud.com": "SoundCloud",
    "open.spotify.com": "Spotify",
    "podcasts.apple.com": "Apple Podcasts",
    "datawrapper.dwcdn.net": "Datawrapper",
    "flickr.com": "Flickr",
}
"""Services whose address, alone in a paragraph, is an embed."""


_HEAD = re.compile(
    "(?:"
    + "|".join(f"(?P<{field}>{_any(phrases)})" for field, phrases in _WORDS["head"].items())
    + r")\s*[:：]\s*(?P<value>\S.*)",
    re.IGNORECASE,
)


def labelled_line(line: str) -> tuple[str, str] | None:
    """The article's field and the value in a line such as "Headline: Night ferry returns"; None if
    the line has no such label."""
    found = _HEAD.fullmatch(line)
    if not found:
        return None
    field = next(name for name in _WORDS["head"] if found[name])
    return field, found["value"]
