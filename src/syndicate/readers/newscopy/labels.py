"""The head of copy with labelled lines: `Headline: …`, `By: …`, `Date: …`."""

from __future__ import annotations

import re
from typing import Any

from syndicate.article import Contributor, Tag
from syndicate.readers.byline import authors_in
from syndicate.readers.newscopy.head import LONGEST_HEADLINE, moment_in_copy
from syndicate.readers.reader_state import ReaderState
from syndicate.readers.vocabulary import AND, labelled_line

_LANGUAGES = ("en", "es", "pt", "fr", "de", "ar")
_DATES = ("published", "updated")


def take_labelled_lines(
    text: str, line: int, state: ReaderState
) -> tuple[dict[str, Any], str, int]:
    """The metadata in the labelled lines at the top of `text`, the text below them, and the line
    where that text begins. A single label is only accepted if it is that of a headline.

    Args:
        line: the line of the source on which `text` begins, from 1.
    """
    found: dict[str, Any] = {}
    labels = 0
    lines = text.split("\n")
    at = 0
    for number, one in enumerate(lines):
        if not (written := one.strip()):
            continue
        label = labelled_line(written)
        if label is None or not _read(*label, found, state):
            break
        labels += 1
        at = number + 1
    if labels < 2 and "title" not in found:
        return {}, text, line
    state.guessed(f"a head of {labels} labelled lines: {', '.join(found)}", line)
    return found, "\n".join(lines[at:]), line + at


def _read(field: str, value: str, found: dict[str, Any], state: ReaderState) -> bool:
    """Whether `value` is valid for `field`; if so, it is put into `found`."""
    if field in found or len(value) > 3 * LONGEST_HEADLINE:
        return False
    if field in _DATES:
        # The language of a short text may be guessed wrongly; the words of a date show it clearly.
        spelled = (moment_in_copy(value, state, language) for language in (None, *_LANGUAGES))
        moment = next(filter(None, spelled), None)
        if moment is None:
            return False
        found[field] = moment
    elif field == "contributors":
        found[field] = authors_in(f"By {value}") or tuple(
            Contributor(name=name) for name in map(str.strip, AND.split(value)) if name
        )
    elif field == "tags":
        names = dict.fromkeys(name for name in map(str.strip, re.split("[,;،]", value)) if name)
        found[field] = tuple(Tag(name=name) for name in names)
    else:
        found[field] = value
    return True
