"""Copies are looked at side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from syndicate.couriers import Copy, Place, Seen
from syndicate.couriers.looking import SAME, side_by_side
from syndicate.errors import CredentialsError, DeliveryError
from tests import waiting

COPIES = [Copy(Place("disk", str(number)), "site", str(number), "") for number in range(50)]


def test_every_copy_is_looked_at_once_and_several_at_a_time() -> None:
    meeting = threading.Barrier(4, timeout=waiting.LIMIT)

    def look(copy: Copy) -> Seen:
        if int(copy.artifact) < 4:
            meeting.wait()
        return SAME

    assert [copy for copy, _ in side_by_side(look, iter(COPIES), 4)] == COPIES


def test_no_more_is_taken_in_than_is_soon_looked_at() -> None:
    taken: list[Copy] = []

    def copies() -> Iterator[Copy]:
        for copy in COPIES:
            taken.append(copy)
            yield copy

    seen = side_by_side(lambda _: SAME, copies(), 2)
    next(seen)
    assert len(taken) == 8
    seen.close()  # type: ignore[attr-defined]
    assert len(taken) == 8


def test_what_fails_is_unknown_and_the_others_are_seen() -> None:
    def look(copy: Copy) -> Seen:
        if copy.artifact == "7":
            raise DeliveryError("out of reach")
        return SAME

    seen = {copy.artifact: what for copy, what in side_by_side(look, COPIES, 4)}
    assert seen.pop("7") == Seen("unknown", "out of reach")
    assert set(seen.values()) == {SAME}


def test_what_would_fail_for_all_ends_it() -> None:
    def look(_: Copy) -> Seen:
        raise CredentialsError("no key")

    with pytest.raises(CredentialsError):
        list(side_by_side(look, COPIES, 4))
