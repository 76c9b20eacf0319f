"""Sixty articles as plain text, in seven languages and many house styles, are read as labelled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from syndicate.article.text import passages
from tests.readers.labelled import COPIES, KINDS, Tally, labels_of, letters, tallies
from tests.readers.reading import read_one

MARK = re.compile(r"^(?:[\w]{1,13}\s?:|\d+[.)]|[-•])\s")
"""The label, number or bullet before a list item, a question, an answer or a correction."""


@pytest.mark.parametrize("kind", KINDS)
def test_headings_callouts_and_questions_are_found(kind: str) -> None:
    assert len(COPIES) >= 60
    whole = Tally()
    for path in COPIES:
        whole.add(tallies(path)[kind])
    assert whole.f1 >= 0.95, (whole.wrong, whole.missed)


@pytest.mark.parametrize("path", COPIES, ids=lambda path: path.stem)
def test_no_text_is_lost(path: Path) -> None:
    labels = labels_of(path)
    article = read_one(path.read_bytes(), path.name).article
    head = (article.title, article.subtitle, article.dateline, article.credit.source)
    kept = letters(" ".join([*filter(None, head), *passages(article.body)]))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if labels.get(number, "") not in ("boilerplate", "head"):
            for word in MARK.sub("", line).split():
                assert letters(word) in kept, line


@pytest.mark.parametrize("path", COPIES, ids=lambda path: path.stem)
def test_page_furniture_is_left_out_and_reported(path: Path) -> None:
    reading = read_one(path.read_bytes(), path.name)
    reported = {note.line for note in reading.notes if note.kind == "left out"}
    boilerplate = {number for number, label in labels_of(path).items() if label == "boilerplate"}
    assert reported <= boilerplate
    # Consecutive lines are reported as one.
    assert {number for number in boilerplate if number - 1 not in boilerplate} <= reported
