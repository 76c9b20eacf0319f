"""Bylines: the authors in a line such as "By Ines Okafor and Tomas Lindqvist, Coast Agency"."""

from __future__ import annotations

import re

from syndicate.article import Contributor
from syndicate.readers.vocabulary import AND, BYLINE, COLLECTIVE, ORGANISATION

BARS = re.compile(r"\s*[|•·]\s*|\s+[–—]\s+")
"""What separates a byline from a date on the same line."""

_LOWER_IN_NAMES = frozenset(
    [
        "and",
        "of",
        "the",
        "for",
        "de",
        "del",
        "der",
        "den",
        "di",
        "da",
        "do",
        "dos",
        "von",
        "van",
        "zu",
        "y",
        "e",
        "und",
        "et",
        "en",
        "la",
        "le",
        "el",
        "bin",
        "ibn",
        "al",
        "with",
    ]
)


def authors_in(text: str) -> tuple[Contributor, ...]:
    """The authors that a byline names, () if `text` is not a byline."""
    written = BYLINE.fullmatch(BARS.split(text)[0].strip())
    if not written or len(text) > 160:
        return ()
    names = written["names"].strip()
    tokens = names.replace("&", " ").split()
    if len(tokens) > 14 or (names.endswith((".", "!", "?", ":")) and len(tokens) > 4):
        return ()
    lower = [token.strip(",") for token in tokens if token[0].islower()]
    if not (COLLECTIVE | _LOWER_IN_NAMES).issuperset(lower):
        return ()
    parts = AND.split(names)
    organisation = None
    if len(parts) == 1 and names.count(",") == 1:
        name, _, after = (part.strip() for part in names.partition(","))
        parts, organisation = (
            ([name], after) if ORGANISATION.search(after) else ([name, after], None)
        )
    else:
        parts = [name for part in parts for name in part.split(",")]
    return tuple(
        Contributor(name=name.strip(), organisation=organisation) for name in parts if name.strip()
    )
