"""A delivery's states: what a crash leaves behind is asked about, never sent again blindly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from syndicate.adapters import Artifact
from syndicate.couriers import Courier, Delivery, Receipt
from syndicate.couriers.files import Files
from syndicate.engine.deliver import deliver
from syndicate.engine.ledger import DeliveryRow, Ledger, State, StoredArtifact, open_ledger
from syndicate.engine.store import Outbox
from syndicate.errors import DeliveryError

ARTIFACT = Artifact("a.txt", "text/plain", b"words")


class Post(Courier):
    """A destination that cannot be asked."""

    via: ClassVar[str] = "post"
    refuse: bool = False

    def deliver(self, delivery: Delivery, commit: object) -> Receipt:
        if self.refuse:
            raise DeliveryError("not today")
        assert callable(commit)
        commit()
        return Receipt("42")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger("ledger.sqlite", tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def stored(tmp_path: Path, ledger: Ledger) -> StoredArtifact:
    artifact = Outbox(tmp_path).put(ARTIFACT)
    ledger.record("c", "u", "inputs", [artifact])
    return artifact


def row(ledger: Ledger) -> DeliveryRow:
    (only,) = ledger.deliveries()
    return only


def files(tmp_path: Path) -> Files:
    return Files.model_validate({}, context={"root": tmp_path, "channel": "c"})


def test_delivered_with_its_receipt(tmp_path: Path, ledger: Ledger, stored: StoredArtifact) -> None:
    deliver(ledger, files(tmp_path), Outbox(tmp_path), row(ledger), stored)
    assert row(ledger).state is State.DELIVERED
    assert row(ledger).remote_id == str(tmp_path / "out" / "c" / "a.txt")


def test_refused_is_failed_and_can_be_tried_again(
    tmp_path: Path, ledger: Ledger, stored: StoredArtifact
) -> None:
    deliver(ledger, Post(refuse=True), Outbox(tmp_path), row(ledger), stored)
    assert (row(ledger).state, row(ledger).error) == (State.FAILED, "not today")
    deliver(ledger, Post(), Outbox(tmp_path), row(ledger), stored)
    assert row(ledger).state is State.DELIVERED


def test_cut_off_where_the_destination_cannot_be_asked_is_uncertain(
    tmp_path: Path, ledger: Ledger, stored: StoredArtifact
) -> None:
    from dataclasses import replace

    ledger.mark(replace(row(ledger), state=State.COMMITTING))
    deliver(ledger, Post(), Outbox(tmp_path), row(ledger), stored)
    assert row(ledger).state is State.UNCERTAIN


@pytest.mark.parametrize("arrived", [True, False])
def test_cut_off_where_the_destination_can_be_asked(
    tmp_path: Path, ledger: Ledger, stored: StoredArtifact, arrived: bool
) -> None:
    from dataclasses import replace

    target = tmp_path / "out" / "c" / "a.txt"
    if arrived:
        target.parent.mkdir(parents=True)
        target.write_bytes(ARTIFACT.content)
    ledger.mark(replace(row(ledger), state=State.COMMITTING))
    deliver(ledger, files(tmp_path), Outbox(tmp_path), row(ledger), stored)
    assert row(ledger).state is State.DELIVERED
    assert target.read_bytes() == ARTIFACT.content


def test_the_ledger_says_committing_before_anything_can_leave(
    tmp_path: Path, ledger: Ledger, stored: StoredArtifact
) -> None:
    seen: list[State] = []

    class Watching(Post):
        def deliver(self, delivery: Delivery, commit: object) -> Receipt:
            assert callable(commit)
            commit()
            seen.append(row(ledger).state)
            return Receipt("1")

    deliver(ledger, Watching(), Outbox(tmp_path), row(ledger), stored)
    assert seen == [State.COMMITTING]
