"""Plug-ins: what they have to change is said to whoever runs them."""

from __future__ import annotations

from pathlib import Path

from tests.engine.conftest import make_desk

OLD = '''
from syndicate.couriers import Delivery
from syndicate.couriers.files import FilesCourier


class Old(FilesCourier):
    """Uses two names of the release before."""

    def stands(self, unit, size):
        return True

    def deliver(self, delivery, commit):
        assert delivery.run is not None
        return super().deliver(delivery, commit)
'''


def test_an_old_name_in_a_plug_in_is_named_with_its_line(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "newsroom")
    (desk.root / "old.py").write_text(OLD)
    desk.channel("single", 'adapter = "./own.py"\n[deliver]\nvia = "./old.py"\n')
    done = desk.command("publish", "--channels", "single", PYTHONWARNINGS="")
    assert done.returncode == 0
    assert "old.py:9: DeprecationWarning: Old: Courier.stands is now Courier.exists" in done.stderr
    assert "DeprecationWarning: Delivery.run is now Delivery.rendering" in done.stderr
