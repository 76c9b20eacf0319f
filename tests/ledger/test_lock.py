"""One run at a time in a newsroom."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.errors import Exit, LockedError
from syndicate.ledger.lock import lock


def test_a_second_run_is_turned_away_and_the_next_is_not(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(LockedError) as found, lock(tmp_path):
        pass
    assert found.value.exit is Exit.LOCKED
    with pytest.raises(ValueError, match="it failed"), lock(tmp_path):
        raise ValueError("it failed")
    with lock(tmp_path):
        pass
