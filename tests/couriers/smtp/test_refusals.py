"""Refusals in a row: whether they are about the mails or about the sender."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from syndicate.couriers.smtp.refusals import Refusals
from syndicate.couriers.smtp.replies import DAY
from syndicate.errors import DeliveryError, PostponedError, RefusedError
from tests.couriers.smtp.post import Memory, letters, people

LIMIT = "550 5.4.5 Daily user sending quota exceeded {}"
POLICY = "554 5.7.1 you are on a list, {}"


def refuse(
    root: Path, replies: Iterable[str]
) -> tuple[Refusals, Memory, list[PostponedError | None]]:
    """A mail for each of `replies`, refused with that."""
    journal = Memory()
    refusals = Refusals(journal)
    pairs = zip(letters(root, *people(100)), replies, strict=False)
    told = [refusals.add(delivery, RefusedError(reply)) for delivery, reply in pairs]
    return refusals, journal, told


def test_a_limit_stops_after_a_few(tmp_path: Path) -> None:
    _, journal, told = refuse(tmp_path, [LIMIT.format(f"x{n}") for n in range(3)])
    assert told[:2] == [None, None]
    assert told[2] and told[2].seconds == DAY
    assert journal.outcomes == {}, "nobody's mail has failed"


def test_other_refusals_stop_after_many_and_fail_if_something_is_accepted(tmp_path: Path) -> None:
    replies = [POLICY.format(n) for n in range(20)]
    assert [bool(one) for one in refuse(tmp_path, replies)[2]] == [False] * 19 + [True]
    refusals, journal, _ = refuse(tmp_path, replies[:19])
    refusals.accepted()
    assert set(journal.kinds().values()) == {"RefusedError"}
    assert len(journal.outcomes) == 19
    assert refusals.end() is None


def test_different_refusals_are_about_the_mails(tmp_path: Path) -> None:
    replies = [POLICY.format(n) if n % 2 else "554 5.6.0 malformed" for n in range(60)]
    refusals, journal, told = refuse(tmp_path, replies)
    assert not any(told)
    assert len(journal.outcomes) == 59
    refusals.end()
    assert len(journal.outcomes) == 60


def test_a_refused_address_has_failed_at_once(tmp_path: Path) -> None:
    _, journal, told = refuse(tmp_path, ["550 5.1.1 no such user"] * 50)
    assert not any(told)
    assert set(journal.kinds().values()) == {"RefusedError"}


@pytest.mark.parametrize(("number", "waits"), [(1, False), (2, False), (3, True)])
def test_a_short_list_that_is_refused_whole_waits_too(
    tmp_path: Path, number: int, waits: bool
) -> None:
    refusals, journal, _ = refuse(tmp_path, [POLICY.format(n) for n in range(number)])
    assert bool(refusals.end()) is waits
    assert len(journal.outcomes) == (0 if waits else number)


def test_a_limit_at_the_end_of_a_list_waits(tmp_path: Path) -> None:
    refusals, journal, _ = refuse(tmp_path, [LIMIT])
    assert refusals.end()
    assert journal.outcomes == {}


def test_a_limit_that_is_over_is_tried_again(tmp_path: Path) -> None:
    refusals, journal, _ = refuse(tmp_path, [LIMIT])
    refusals.accepted()
    (outcome,) = journal.outcomes.values()
    assert type(outcome) is DeliveryError, "not refused for good"
