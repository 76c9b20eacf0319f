"""Drafts that are edited on two machines: the second is told, and nobody's words are lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from syndicate.engine.review.draft_files import DraftFiles
from syndicate.engine.review.drafts import find_draft, tracked_drafts
from syndicate.engine.review.verdicts import approve_draft, last_approved_draft, reject_draft
from syndicate.errors import DraftError, Exit, UsageError
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from syndicate.store import digest_of_bytes
from tests.engine.conftest import Desk, make_desk

KEY = ("social", "ferry", "ferry.txt")
MACHINES = st.sampled_from(["one", "two"])


def machines(folder: Path) -> tuple[Desk, Desk]:
    """Two checkouts of a newsroom with one ledger and one store."""
    made = []
    for name in ("one", "two"):
        desk = make_desk(folder / name, str(folder / "ledger.sqlite"))
        settings_ = (desk.root / "syndicate.toml").read_text()
        shared = f'id = "gazette"\nstore = "file://{folder}/store"\n'
        (desk.root / "syndicate.toml").write_text(shared + settings_)
        for channel in ("single", "rolling", "numbered"):
            (desk.root / "channels" / f"{channel}.toml").unlink()
        made.append(desk)
    return made[0], made[1]


def file_of(desk: Desk) -> Path:
    return desk.root / "drafts" / "ferry.txt"


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    one, other = machines(tmp_path)
    one.publish()
    yield one, other


def test_drafts_come_to_every_checkout_as_they_are(two: tuple[Desk, Desk]) -> None:
    one, other = two
    file_of(one).write_text("Edited on one.")
    one.publish()
    outcome = other.publish()
    assert (outcome.rendered, outcome.errors) == (0, [])
    assert file_of(other).read_text() == "Edited on one."


def test_what_one_approves_another_delivers(two: tuple[Desk, Desk]) -> None:
    one, other = two
    file_of(one).write_text("Edited on one.")
    approve_draft(newsroom(one), "ferry.txt", "Ines")
    assert other.publish().delivered == 1
    assert other.files()["out/social/ferry.txt"] == b"Edited on one."
    draft = approve_draft(newsroom(one), "tides.txt", "Ines")
    assert last_approved_draft(newsroom(one), draft) == draft.content


def test_who_edits_second_is_told_and_loses_nothing(two: tuple[Desk, Desk]) -> None:
    one, other = two
    other.publish()
    file_of(one).write_text("Edited on one.")
    file_of(other).write_text("Edited on two.")
    approve_draft(newsroom(one), "ferry.txt", "Ines")
    outcome = other.publish()
    assert outcome.exit is not Exit.DONE
    assert "edited here and on another machine" in str(outcome.errors[0])
    assert file_of(other).read_text() == "Edited on two."
    with pytest.raises(DraftError, match="edited here and on another machine"):
        approve_draft(newsroom(other), "ferry.txt", "Omar")
    mine = file_of(other).rename(file_of(other).with_name("mine"))  # as the hint says
    assert other.publish().errors == []
    assert file_of(other).read_text() == "Edited on one."
    file_of(other).write_text("Edited on one and on two.")
    mine.unlink()
    approve_draft(newsroom(other), "ferry.txt", "Omar")
    one.publish()
    assert file_of(one).read_text() == "Edited on one and on two."


def test_nobody_approves_what_they_have_not_read(two: tuple[Desk, Desk]) -> None:
    one, other = two
    other.publish()
    file_of(one).write_text("Edited on one.")
    one.publish()
    with pytest.raises(DraftError, match="was edited on another machine"):
        approve_draft(newsroom(other), "ferry.txt", "Omar")
    assert approve_draft(newsroom(other), "ferry.txt", "Omar").content == b"Edited on one."


def test_what_was_approved_or_posted_elsewhere_is_not_called_an_edit(
    two: tuple[Desk, Desk],
) -> None:
    one, other = two
    other.publish()
    (other.root / "channels" / "social.toml").write_text(
        (other.root / "channels" / "social.toml").read_text() + "approvers = 2\n"
    )
    file_of(one).write_text("Edited on one.")
    approve_draft(newsroom(one), "ferry.txt", "Ines")
    with pytest.raises(DraftError, match=r"ferry\.txt was edited on another machine"):
        approve_draft(newsroom(other), "ferry.txt", "Omar")
    (other.root / "channels" / "social.toml").write_text(
        (one.root / "channels" / "social.toml").read_text()
    )
    file_of(one).write_text("Edited on one again.")
    approve_draft(newsroom(one), "ferry.txt", "Ines")
    with pytest.raises(DraftError, match=r"ferry\.txt was approved on another machine"):
        approve_draft(newsroom(other), "ferry.txt", "Omar")
    file_of(one).write_text("Edited on one once more.")
    approve_draft(newsroom(one), "ferry.txt", "Ines")
    one.publish()
    with pytest.raises(UsageError, match="has left: it is"):
        approve_draft(newsroom(other), "ferry.txt", "Omar")
    with pytest.raises(UsageError, match="has left: it is"):
        reject_draft(newsroom(other), "ferry.txt", "Omar")


@pytest.mark.parametrize("fresh", [True, False])
def test_who_looks_sees_what_was_written_elsewhere(two: tuple[Desk, Desk], fresh: bool) -> None:
    """Also in a checkout in which nothing was published yet."""
    one, other = two
    if not fresh:
        other.publish()
    file_of(one).write_text("Edited on one.")
    approve_draft(newsroom(one), "ferry.txt", "Ines")
    draft = find_draft(newsroom(other), "ferry.txt")
    assert (draft.status, draft.content) == ("approved", b"Edited on one.")
    assert len(tracked_drafts(newsroom(other))) == 2
    file_of(other).write_text("Edited on two.")
    assert find_draft(newsroom(other), "ferry.txt").content == b"Edited on two."
    assert find_draft(newsroom(one), "ferry.txt").content == b"Edited on one.", "not yet told"


def test_a_plan_in_a_fresh_checkout_is_what_publish_does_there(two: tuple[Desk, Desk]) -> None:
    one, other = two
    approve_draft(newsroom(one), "ferry.txt", "Ines")
    assert [(step.work, step.label) for step in other.plan().steps] == [("deliver", "ferry")]
    outcome = other.publish()
    assert (outcome.rendered, outcome.delivered, outcome.waiting) == (0, 1, 1)


def test_a_draft_that_is_deleted_is_made_anew(two: tuple[Desk, Desk]) -> None:
    one, _ = two
    before = file_of(one).read_bytes()
    file_of(one).write_text("Edited on one.")
    one.publish()
    file_of(one).unlink()
    assert one.publish().rendered == 1
    assert file_of(one).read_bytes() == before


def test_a_new_draft_does_not_replace_an_edit_made_elsewhere(two: tuple[Desk, Desk]) -> None:
    one, other = two
    other.publish()
    file_of(one).write_text("Edited on one.")
    one.publish()
    other.write("ferry.md", "# The night ferry is late\n\nIt sails on Friday at ten.\n", age=0)
    other.publish()
    assert other.told("stale"), "the article has changed, the edit is kept"
    assert file_of(other).read_text() == "Edited on one."


def test_a_verdict_does_not_overtake_an_edit_made_elsewhere(two: tuple[Desk, Desk]) -> None:
    one, other = two
    other.publish()
    with ledger_of(newsroom(one)) as ledger:
        (key,) = (key for key in ledger.draft_heads.all() if key[2] == "ferry.txt")
        here = DraftFiles(newsroom(one), ledger)
        assert not here.refresh(key, placed=ledger.draft_heads.all()[key])
        file_of(other).write_text("Edited on two.")
        other.publish()
        before = file_of(one).read_bytes()
        with pytest.raises(DraftError, match="edited here and on another machine"):
            here.edit(key, b"Approved on one.")
        assert file_of(one).read_bytes() == before


def test_a_verdict_during_a_run_is_not_undone(
    two: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = two
    with ledger_of(newsroom(one)) as ledger:
        before = ledger.draft_heads.all()
        file_of(one).write_text("Edited on one.")
        approve_draft(newsroom(one), "ferry.txt", "Ines")
        monkeypatch.setattr(type(ledger.draft_heads), "all", lambda _: before)
        found = ledger.drafts([newsroom(one).channels["social"]])
        assert list(DraftFiles(newsroom(one), ledger).bring_up_to_date(found)) == []
        assert file_of(one).read_text() == "Edited on one."


def test_two_runs_that_tell_of_the_same_edit_agree(two: tuple[Desk, Desk]) -> None:
    one, _ = two
    with ledger_of(newsroom(one)) as ledger:
        heads = ledger.draft_heads
        (key,) = (key for key in heads.all() if key[2] == "ferry.txt")
        head = heads.of(key)
        assert heads.move(key, head, "edited")
        assert heads.move(key, head, "edited")
        assert not heads.move(key, head, "other")
        assert not heads.move(key, None, "other")
        assert heads.of(key) == "edited"


class TwoMachines(RuleBasedStateMachine):
    """People edit and delete one draft on two machines while the program places new ones."""

    @initialize()
    def begin(self) -> None:
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.rooms: dict[str, Newsroom] = {}
        for desk in machines(folder):
            self.rooms[desk.root.name] = newsroom(desk)
        ledger: Ledger = self.stack.enter_context(ledger_of(self.rooms["one"]))
        self.ledger = ledger
        self.number, self.placed = 0, ""
        self.typed: dict[str, bytes] = {}  # on each machine, what nobody else has seen yet
        self.place("one")

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def files(self, name: str) -> DraftFiles:
        return DraftFiles(self.rooms[name], self.ledger)

    def path(self, name: str) -> Path:
        return self.rooms[name].drafts / KEY[2]

    def new(self, what: str) -> bytes:
        self.number += 1
        return f"{what} {self.number}".encode()

    @rule(name=MACHINES)
    def edit(self, name: str) -> None:
        if self.path(name).is_file():
            self.typed[name] = self.new("typed")
            self.path(name).write_bytes(self.typed[name])

    @rule(name=MACHINES)
    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)
        self.typed.pop(name, None)

    @rule(name=MACHINES)
    def run(self, name: str) -> None:
        head = self.ledger.draft_heads.of(KEY)
        try:
            self.files(name).refresh(KEY, self.placed)
        except DraftError:
            assert name in self.typed, "told of a conflict without an edit"
            assert self.ledger.draft_heads.of(KEY) == head
            return
        if self.path(name).is_file():
            present = digest_of_bytes(self.path(name).read_bytes())
            assert self.ledger.draft_heads.of(KEY) == present, "this machine has the latest"

    @rule(name=MACHINES)
    def place(self, name: str) -> None:
        content = self.new("placed")
        store = self.rooms[name].store
        digest = store.put(content)
        if self.files(name).place(KEY, content, self.placed or None):
            assert self.path(name).read_bytes() == content
        self.placed = digest

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        for name, content in getattr(self, "typed", {}).items():
            in_file = self.path(name).is_file() and self.path(name).read_bytes() == content
            assert in_file or self.rooms[name].store.holds(digest_of_bytes(content))


TestTwoMachines = TwoMachines.TestCase
TestTwoMachines.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
