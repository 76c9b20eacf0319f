"""What a rendering depends on is digested the same whatever classes and fields are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from syndicate.adapters import EditionPart, Issued, Subscription, Withdrawn
from syndicate.engine.planning.input_digests import InputDigests
from syndicate.engine.planning.renderings import PlannedRendering
from syndicate.newsroom.shape import Shape

NOON = datetime(2026, 10, 6, 12, tzinfo=UTC)
SHAPE = Shape("newsroom", "program")
UNIT = PlannedRendering(
    "ferries/2026-10",
    "rss ferries/2026-10",
    ("a1", "b2"),
    ("tag:a", "tag:b"),
    NOON,
    part=EditionPart("ferries", "Ferries", "2026-10", "2026-09", None),
    withdrawn=(Withdrawn("tag:c", NOON),),
    subscriptions=(
        Subscription("Gazette", "https://example.org/feed", "https://example.org/", "text/xml"),
    ),
    issues=(
        Issued(
            *("epub", "1", 1, NOON, "en", ("The night ferry",)),
            *("https://example.org/1.epub", "application/epub+zip", 7, "c3"),
        ),
    ),
    files=("f1", "f2"),
)
EDITION = PlannedRendering("7", "no. 7", ("a1", "b2"), ("tag:a", "tag:b"), NOON, 7, revised=("d4",))


def inputs(unit: PlannedRendering, shape: Shape = SHAPE, picture: str = "p1") -> InputDigests:
    return unit.depends_on(shape, {"tag:a": picture})


def test_the_digests_are_what_they_were_in_the_releases_before() -> None:
    """If this fails, the ledgers that people have no longer say what was rendered from what: give
    the scheme in `engine/planning/input_digests.py` another number."""
    assert str(inputs(UNIT)) == (
        "2:ee432a13ef7f33b2d056aa0e49a33e51b52c37ab290d840487cb7c891ed3b5d1:"
        "9ef97bded964f72813cf0a561026787ea35cfaf24226ce074c1183444295572d:"
        "program"
    )
    assert str(inputs(EDITION)) == (
        "2:db9ad068acb39e6b7c2ea94cb7f7df530db9ca195dd10f97f079199824c8b6eb::"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(UNIT, articles=("a1", "b3")),
        replace(UNIT, part=replace(UNIT.part, next="2026-11")),
        replace(UNIT, withdrawn=()),
        replace(UNIT, subscriptions=()),
        replace(UNIT, issues=(replace(UNIT.issues[0], size=8),)),
    ],
)
def test_everything_that_an_adapter_is_given_counts(other: PlannedRendering) -> None:
    assert inputs(other).newsroom != inputs(UNIT).newsroom


def test_settings_and_pictures_count_but_for_a_frozen_edition() -> None:
    settings = Shape("other", "program")
    for unit, counts in ((UNIT, True), (EDITION, False)):
        assert (inputs(unit, settings) != inputs(unit)) is counts
        assert (inputs(unit, picture="p2") != inputs(unit)) is counts
    assert inputs(replace(EDITION, revised=())) != inputs(EDITION)


def test_a_reader_that_got_better_is_the_programs_doing() -> None:
    """Other articles of the same files; of other files it may be an editor's."""
    upgraded, read_anew = Shape("newsroom", "next"), replace(UNIT, articles=("a9", "b9"))
    before = inputs(UNIT)
    assert inputs(UNIT, upgraded).differ_by_program(before)
    assert inputs(read_anew, upgraded).differ_by_program(before)
    assert not inputs(read_anew).differ_by_program(before)
    assert not inputs(replace(read_anew, files=("f1", "f3")), upgraded).differ_by_program(before)
    assert not inputs(UNIT, Shape("other", "next")).differ_by_program(before)


def test_what_the_ledger_keeps_comes_back() -> None:
    assert InputDigests.parse(str(inputs(UNIT))) == inputs(UNIT)
    assert InputDigests.parse("0" * 64) is None, "as the first releases noted it"
    assert InputDigests.parse("3:a:b:c") is None, "as a release to come may note it"
