"""What the ledger names stays; all else is removed after a week, and looked for once a day."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.engine.review.verdicts import approve_draft
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.references import DAY, KEPT, collect_daily, named
from syndicate.newsroom.newsroom import load_newsroom
from syndicate.store import FolderStore, RemoteStore, digest_of_bytes
from tests.engine.conftest import Desk
from tests.ledger.taking import hand_over


@pytest.fixture
def ledger(desk: Desk) -> Iterator[Ledger]:
    with ledger_of(load_newsroom(desk.root, {})) as opened:
        yield opened


def age(store: FolderStore, seconds: float) -> None:
    """Make everything in `store`, and the last look at it, older by `seconds`."""
    for file in (path for path in store.folder.rglob("*") if path.is_file()):
        at = file.stat().st_mtime - seconds
        os.utime(file, (at, at))


def blobs(store: FolderStore) -> set[str]:
    return {digest for page in store.pages() for digest, _ in page}


def collect(ledger: Ledger, store: FolderStore, oldest: float | None = None) -> set[str]:
    collect_daily(ledger, store, frozenset, oldest)
    return blobs(store)


def test_what_nobody_names_goes_after_a_week(ledger: Ledger, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    digest = store.put(b"words")
    age(store, KEPT - DAY)
    assert collect(ledger, store) == {digest}
    age(store, 1.5 * DAY)
    assert collect(ledger, store) == set()


def test_nothing_is_removed_that_a_run_at_work_may_have_put(ledger: Ledger, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    digest = store.put(b"words")
    age(store, KEPT + DAY)
    assert collect(ledger, store, oldest=time.time() - KEPT - 2 * DAY) == {digest}
    age(store, DAY)
    assert collect(ledger, store, oldest=time.time() - DAY) == set()


def test_it_is_looked_for_once_a_day(ledger: Ledger, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    store.put(b"words")
    collect(ledger, store)
    digest = store.put(b"old words")
    os.utime(store.place(digest), (1_000, 1_000))
    assert digest in collect(ledger, store)
    age(store, DAY + 60)
    assert digest not in collect(ledger, store)


def test_a_shared_place_is_looked_at_by_one_machine_a_day(ledger: Ledger, tmp_path: Path) -> None:
    near = [FolderStore(tmp_path / name) for name in ("one", "two")]
    one, two = (RemoteStore(f"file://{tmp_path}/far", store) for store in near)
    far = FolderStore(tmp_path / "far")
    digest = one.put(b"words")
    place = tmp_path / "far" / digest[0] / digest
    os.utime(place, (1_000, 1_000))
    collect_daily(ledger, one, frozenset)
    assert not place.exists()
    one.put(b"words")
    os.utime(place, (1_000, 1_000))
    for store in (one, two):
        collect_daily(ledger, store, frozenset)
    assert place.exists(), f"{far.shown} was looked at today"
    assert ledger.facts.take_turn("collected", time.time() + 60)
    assert not ledger.facts.take_turn("collected", time.time() - DAY)


def test_what_a_newsroom_needs_stays(desk: Desk) -> None:
    """Everything is put long ago; runs and verdicts afterwards work as if it was today."""
    desk.publish()
    newsroom = load_newsroom(desk.root, {})
    store = newsroom.store.near
    with ledger_of(newsroom) as ledger:
        (letter,) = (d for d in ledger.dispatches.current() if d.artifact == "ferry.txt")
        under_way = store.put(b"what was rendered before the last edit")
        hand_over(ledger, ("single", letter.rendering, "ferry.txt", "file"), under_way)
        needed = blobs(store)
        stray = store.put(b"nobody's")
        age(store, KEPT + DAY)
        left = collect(ledger, store)
        assert stray not in left
        named = {one.digest for found in ledger.artifacts().values() for one in found}
        named |= {digest for one in ledger.editions()["numbered"] for _, digest in one.members}
        assert named | {under_way} <= left <= needed
    (desk.root / "out" / "single" / "tides.txt").unlink()
    assert {(step.label, step.work) for step in desk.plan("single").steps} == {
        ("ferry", "deliver"),
        ("tides", "deliver"),
    }


def test_what_stands_stays_although_its_draft_was_made_again(desk: Desk) -> None:
    newsroom = load_newsroom(desk.root, {})
    desk.publish("social")
    approve_draft(newsroom, "ferry.txt", "Ines")
    desk.publish("social")
    standing = digest_of_bytes((desk.root / "out" / "social" / "ferry.txt").read_bytes())
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Friday at ten.\n", age=0)
    desk.publish("social")
    with ledger_of(newsroom) as opened, opened.database.transaction() as db:
        assert standing in named(db)


def test_the_oldest_versions_go_first_and_never_those_that_were_sent(ledger: Ledger) -> None:
    versions = ledger.versions
    with ledger.database.transaction() as db:
        versions.add(db, [("ferry", "v0")], sent=True)
    for number in range(1, 6):
        versions.note([("ferry", f"v{number}"), ("tides", f"t{number}")], most=2)
    assert not versions.unknown([("ferry", "v0"), ("ferry", "v5"), ("tides", "t5")])
    assert len(versions.unknown(("ferry", f"v{number}") for number in range(1, 5))) >= 2
