"""Every courier in the registry holds to the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.couriers import COURIERS, courier_class
from syndicate.testing import CourierContract


@pytest.fixture(params=COURIERS)
def chosen(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """One courier after the other."""
    request.cls.courier = courier_class(request.param, tmp_path)


@pytest.mark.usefixtures("chosen")
class TestCouriers(CourierContract):
    pass
