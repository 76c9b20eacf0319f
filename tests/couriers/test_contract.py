"""The interface of couriers keeps the names of the release before."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.couriers import Observes
from syndicate.couriers.contract import Courier
from syndicate.couriers.files import FilesCourier


def test_a_courier_that_defines_stands_still_works(tmp_path: Path) -> None:
    with pytest.warns(DeprecationWarning, match=r"Old: Courier\.stands is now Courier\.exists"):

        class Old(FilesCourier):
            def stands(self, unit: str, size: int) -> bool:
                return unit == "always.xml" or super().stands(unit, size)  # type: ignore[misc]

    courier: Courier = Old.model_validate({"path": tmp_path}, context={"root": tmp_path})
    assert isinstance(courier, Observes)
    assert courier.exists("always.xml", 1)
    with pytest.warns(DeprecationWarning):
        assert not courier.exists("feed.xml", 6)


def test_stands_can_still_be_called_on_a_courier_that_has_exists(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(b"<rss/>")
    courier = FilesCourier.model_validate({"path": tmp_path}, context={"root": tmp_path})
    with pytest.warns(DeprecationWarning, match=r"Courier\.stands is now Courier\.exists"):
        assert courier.stands("feed.xml", 6)  # type: ignore[attr-defined]
