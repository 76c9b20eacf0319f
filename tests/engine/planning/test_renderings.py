"""What a rendering depends on is digested the same whatever classes and fields are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from syndicate.adapters import EditionPart, Issued, Subscription, Withdrawn
from syndicate.engine.planning.input_digests import InputDigests, same_inputs
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


KNOWN = Shape("newsroom", "program", "settings", "templates")


@pytest.mark.parametrize(
    ("other", "shape", "picture", "changes"),
    [
        (replace(UNIT, articles=("a1", "b3"), files=("f1", "f3")), KNOWN, "p1", ("articles",)),
        (UNIT, KNOWN, "p2", ("pictures",)),
        (UNIT, Shape("n2", "program", "other", "templates"), "p1", ("settings",)),
        (UNIT, Shape("n2", "program", "settings", "other"), "p1", ("templates",)),
        (UNIT, Shape("n2", "next", "other", "other"), "p2", ("pictures", "settings", "templates")),
        (replace(UNIT, withdrawn=()), KNOWN, "p1", ("lists",)),
        (UNIT, replace(KNOWN, program="next"), "p1", ("program",)),
        (replace(UNIT, articles=("a9", "b9")), replace(KNOWN, program="next"), "p1", ("program",)),
        (UNIT, KNOWN, "p1", ()),
    ],
)
def test_what_has_changed_is_known(
    other: PlannedRendering, shape: Shape, picture: str, changes: tuple[str, ...]
) -> None:
    before = inputs(UNIT, KNOWN)
    now = inputs(other, shape, picture)
    assert now.changes(before) == changes
    assert same_inputs(str(now), str(before)) is (not changes)
    assert InputDigests.parse(str(now)) == now


def test_in_a_ledger_without_the_parts_nothing_is_changed_by_them() -> None:
    before, now = str(inputs(UNIT)), inputs(UNIT, KNOWN)
    assert same_inputs(str(now), before)
    assert not same_inputs(None, before)
    settings = inputs(UNIT, Shape("n2", "program", "other", "templates"))
    assert settings.changes(inputs(UNIT)) == (), "what has changed is not known"
    assert not same_inputs(str(settings), before)
