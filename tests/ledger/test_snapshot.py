"""What the ledger holds, as planning asks it."""

from __future__ import annotations

from contextlib import closing

from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.records import Review
from syndicate.ledger.snapshot import LedgerSnapshot
from tests.engine.conftest import Desk


def test_it_is_read_by_what_planning_looks_for(desk: Desk) -> None:
    desk.publish("single", "numbered")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        for by, digest in (("Ines", "d1"), ("Bo", "d1"), ("Ines", "d2")):
            ledger.review(Review("single", "u", "a.txt", digest, by, "approved"))
        snapshot = LedgerSnapshot.of(ledger)
    units = {unit for channel, unit in snapshot.renderings if channel == "single"}
    assert len(units) == 2
    for unit in units:
        (artifact,) = snapshot.artifacts["single", unit]
        dispatch = snapshot.dispatches["single", unit, artifact.name, "file"]
        assert (dispatch.digest, dispatch.delivered) == (artifact.digest, True)
    assert [one.number for one in snapshot.editions["numbered"]] == [1]
    by_bytes = {key[3]: {one.by for one in found} for key, found in snapshot.reviews.items()}
    assert by_bytes == {"d1": {"Ines", "Bo"}, "d2": {"Ines"}}
