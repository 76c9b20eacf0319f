"""What the ledger holds, as planning asks it."""

from __future__ import annotations

from contextlib import closing

from syndicate.engine.ledger import open_ledger
from syndicate.engine.records import Review
from syndicate.engine.remembered import Remembered
from tests.engine.conftest import Desk


def test_it_is_read_by_what_planning_looks_for(desk: Desk) -> None:
    desk.publish("single", "numbered")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        for by, digest in (("Ines", "d1"), ("Bo", "d1"), ("Ines", "d2")):
            ledger.review(Review("single", "u", "a.txt", digest, by, "approved"))
        remembered = Remembered.of(ledger)
    units = {unit for channel, unit in remembered.renderings if channel == "single"}
    assert len(units) == 2
    for unit in units:
        (artifact,) = remembered.artifacts["single", unit]
        dispatch = remembered.dispatches["single", unit, artifact.name, "file"]
        assert (dispatch.digest, dispatch.delivered) == (artifact.digest, True)
    assert [one.number for one in remembered.editions["numbered"]] == [1]
    by_bytes = {key[3]: {one.by for one in found} for key, found in remembered.reviews.items()}
    assert by_bytes == {"d1": {"Ines", "Bo"}, "d2": {"Ines"}}
