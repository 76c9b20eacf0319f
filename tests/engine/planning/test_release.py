"""Whether something may leave is decided in one place, about exactly these bytes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from syndicate.couriers.files import FilesCourier
from syndicate.engine.planning.release import Decision, Release, next_move
from syndicate.engine.review.drafts import find_draft
from syndicate.ledger.dispatch import State
from syndicate.ledger.ledger import open_ledger
from syndicate.ledger.records import Review, StoredArtifact
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk, make_desk
from tests.ledger.taking import become, hand_over

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A newsroom in which one draft is waiting for two approvals."""
    desk = make_desk(tmp_path)
    (desk.root / "content" / "tides.md").unlink()
    desk.channel("social", 'adapter = "./own.py"\ndraft = true\napprovers = 2\n')
    desk.publish("social")
    return desk


def review(desk: Desk, by: str, verdict: str = "approved", after: datetime | None = None) -> None:
    """Somebody's verdict on the draft as it is now."""
    draft = find_draft(load_newsroom(desk.root, {}), "ferry.txt")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        ledger.review(
            Review(
                *("social", draft.rendering, draft.name, draft.digest),
                by=by,
                verdict=verdict,  # type: ignore[arg-type]
                after=after.isoformat() if after else None,
            )
        )


def release(desk: Desk, now: datetime = NOW) -> tuple[Release, str, StoredArtifact]:
    """What decides, and the unit and artifact that it decides about."""
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        snapshot = LedgerSnapshot.of(ledger)
    (((_, unit), (artifact,)),) = snapshot.artifacts.items()
    return Release(load_newsroom(desk.root, {}), snapshot, now), unit, artifact


def decided(desk: Desk, now: datetime = NOW) -> Decision:
    """The decision about the draft at `now`."""
    decides, unit, artifact = release(desk, now)
    decision = decides.of(decides.newsroom.channels["social"], unit, artifact)
    waits = decides.awaits_approval(decides.newsroom.channels["social"], unit)
    assert waits is not decision.may_leave
    return decision


def test_as_many_as_the_channel_says_have_to_approve_it(desk: Desk) -> None:
    assert (decided(desk).state, decided(desk).missing) == ("waiting", 2)
    review(desk, "Ines")
    assert (decided(desk).state, decided(desk).missing) == ("waiting", 1)
    review(desk, "Ines")
    assert decided(desk).missing == 1
    review(desk, "Bo")
    assert (decided(desk).state, decided(desk).missing) == ("approved", 0)


def test_one_rejection_outweighs_the_approvals(desk: Desk) -> None:
    for by in ("Ines", "Bo"):
        review(desk, by)
    review(desk, "Marit", "rejected")
    assert (decided(desk).state, decided(desk).may_leave) == ("rejected", False)


def test_it_is_scheduled_until_the_last_moment_that_anybody_gave(desk: Desk) -> None:
    later = NOW + timedelta(hours=2)
    review(desk, "Ines", after=NOW + timedelta(hours=1))
    review(desk, "Bo", after=later)
    assert (decided(desk).state, decided(desk).until) == ("scheduled", later)
    assert decided(desk, later).state == "approved"


def test_an_approval_is_for_these_bytes_only(desk: Desk) -> None:
    for by in ("Ines", "Bo"):
        review(desk, by)
    file = desk.root / "drafts" / "ferry.txt"
    before = file.read_bytes()
    file.write_bytes(before + b"!")
    assert decided(desk).state == "waiting"
    file.write_bytes(before)
    assert decided(desk).artifact.size == len(before)
    file.unlink()
    assert decided(desk).state == "waiting"


def test_what_has_begun_needs_an_approval_like_anything_else(desk: Desk) -> None:
    _, unit, artifact = release(desk)
    key, courier = ("social", unit, artifact.name, "file"), FilesCourier(path=desk.root / "out")
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        begun = hand_over(ledger, key, "d" * 64)
        begun.freeze(["ferry.txt"])
        assert decided(desk).state == "waiting"
        (row,) = begun.rows(State.PENDING)
        for state, move in ((State.PENDING, None), (State.COMMITTING, "ask")):
            become(ledger, replace(row, state=state))
            dispatch = ledger.dispatches.latest(key)
            assert next_move(decided(desk), dispatch, courier) == move, "asking sends nothing"
        become(ledger, replace(row, state=State.PENDING))
        for by in ("Ines", "Bo"):
            review(desk, by)
        assert next_move(decided(desk), ledger.dispatches.latest(key), courier) == "hand over"


def test_a_letter_that_is_half_sent_is_decided_about_as_it_is(desk: Desk) -> None:
    """What was rendered since is decided about when the letter has reached everybody."""
    decides, unit, artifact = release(desk)
    letter = replace(artifact, draft=False)

    class Mail(FilesCourier):
        final: ClassVar[bool] = True

    social = decides.newsroom.channels["social"]
    channel = replace(social, review=True, couriers={"mail": Mail(path=desk.root)})
    about = ("social", unit, letter.name)
    with closing(open_ledger(desk.ledger, desk.root)) as ledger:
        begun = hand_over(ledger, (*about, "mail"), "d" * 64)
        begun.freeze(["ann@example.net"])
        for by in ("Ines", "Bo"):
            ledger.review(Review(*about, "d" * 64, by=by, verdict="approved"))
        now = replace(decides, snapshot=LedgerSnapshot.of(ledger))
        found = now.of(channel, unit, letter)
        assert (found.state, found.artifact.digest) == ("approved", "d" * 64)
        (row,) = begun.rows(State.PENDING)
        become(ledger, replace(row, state=State.DELIVERED))
        now = replace(decides, snapshot=LedgerSnapshot.of(ledger))
        assert now.of(channel, unit, letter).state == "waiting"


def test_without_review_only_drafts_wait(desk: Desk) -> None:
    decides, unit, artifact = release(desk)
    plain = replace(artifact, draft=False)
    channels = decides.newsroom.channels
    assert decides.decide(channels["single"], unit, plain).state == "free"
    assert decides.decide(channels["single"], unit, artifact).state == "waiting"
    reviewed = replace(channels["single"], review=True)
    assert decides.decide(reviewed, unit, plain).state == "waiting"
