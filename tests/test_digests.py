"""Digests of named values: the same on every machine, and never of how Python prints a thing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest

from syndicate.digests import digest_of


def test_the_order_of_fields_does_not_count_and_their_names_do() -> None:
    assert digest_of(a=1, b=[None, "é"]) == digest_of(b=(None, "é"), a=1)
    assert digest_of(a=1) != digest_of(b=1)
    moment = datetime(2026, 10, 6, 9, tzinfo=UTC)
    assert digest_of(at=moment) == digest_of(at="2026-10-06T09:00:00+00:00")


def test_a_value_that_only_repr_could_tell_is_refused() -> None:
    with pytest.raises(TypeError, match="PurePosixPath"):
        digest_of(path=PurePosixPath("a"))


def test_it_is_what_it_was_in_the_releases_before() -> None:
    assert digest_of(title="Ferry", pages=[1, 2]) == (
        "0cdaa822c0bf657df30109c01dce03633eb961a929bd174e84d0dbd1d666b819"
    )
