"""A verdict is written into the draft and the ledger, about the bytes that were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.engine.review.drafts import find_draft
from syndicate.engine.review.verdicts import (
    Waiver,
    approve_draft,
    last_approved_draft,
    reject_draft,
)
from syndicate.errors import DraftError, LockedError, UsageError
from syndicate.ledger.leases import delivery_lease
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import SETTINGS, Desk
from tests.ledger.taking import take

ARTICLE = """\
# The night ferry returns

Fares rise by 15% from Friday. “We waited too long,” said harbour master Marit Vane.

The ferry carried 70,000 people in 2025.
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "channels").mkdir()
    (tmp_path / "syndicate.toml").write_text(SETTINGS)
    desk = Desk(tmp_path)
    desk.channel("x", "")
    desk.write("ferry.md", ARTICLE)
    desk.publish()
    return desk


def newsroom(desk: Desk) -> Newsroom:
    return load_newsroom(desk.root, {})


def edit(desk: Desk, old: str, new: str) -> None:
    file = desk.root / "drafts" / "ferry.x.md"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def test_it_names_who_and_why_and_stands_in_the_file(desk: Desk) -> None:
    draft = approve_draft(newsroom(desk), "ferry.x", "Ines", note="as agreed")
    (review,) = draft.reviews
    assert (review.by, review.verdict, review.note) == ("Ines", "approved", "as agreed")
    assert review.digest == draft.digest
    assert "status: approved" in (desk.root / "drafts" / "ferry.x.md").read_text()
    rejected = reject_draft(newsroom(desk), "ferry.x", "Bo", "too dry")
    assert rejected.status == "rejected"
    assert "status: rejected" in (desk.root / "drafts" / "ferry.x.md").read_text()


def test_what_was_last_approved_can_be_looked_at(desk: Desk) -> None:
    assert last_approved_draft(newsroom(desk), find_draft(newsroom(desk), "ferry.x")) is None
    approved = approve_draft(newsroom(desk), "ferry.x", "Ines").content
    edit(desk, "status: approved", "status: draft")
    assert last_approved_draft(newsroom(desk), find_draft(newsroom(desk), "ferry.x")) == approved


def test_a_number_that_the_article_lacks_needs_somebody_who_answers_for_it(desk: Desk) -> None:
    edit(desk, "70,000", "80,000")
    with pytest.raises(DraftError, match="80,000"):
        approve_draft(newsroom(desk), "ferry.x", "Ines")
    assert not find_draft(newsroom(desk), "ferry.x").reviews
    waiver = Waiver(confirmed=("80,000",))
    assert approve_draft(newsroom(desk), "ferry.x", "Ines", waiver=waiver).status == "approved"


def test_a_stale_draft_is_approved_only_on_purpose(desk: Desk) -> None:
    edit(desk, "70,000 people", "70,000 people, no fewer,")
    desk.write("ferry.md", ARTICLE.replace("Friday", "Monday"), age=0)
    desk.publish()
    with pytest.raises(UsageError, match="has changed since"):
        approve_draft(newsroom(desk), "ferry.x", "Ines")
    assert approve_draft(newsroom(desk), "ferry.x", "Ines", waiver=Waiver(stale=True)).reviews


def test_nobody_judges_what_a_run_is_delivering(desk: Desk) -> None:
    draft = find_draft(newsroom(desk), "ferry.x")
    (courier,) = draft.channel.couriers
    name = delivery_lease("x", draft.rendering, draft.name, courier)
    with ledger_of(newsroom(desk)) as ledger:
        lease = take(ledger, name)
        with pytest.raises(LockedError, match=r"ferry\.x\.md is being delivered"):
            approve_draft(newsroom(desk), "ferry.x", "Ines")
        assert not find_draft(newsroom(desk), "ferry.x").reviews
        ledger.leases.release([lease])
        approve_draft(newsroom(desk), "ferry.x", "Ines")
        take(ledger, name)


def test_a_draft_is_judged_while_a_run_does_something_else(desk: Desk) -> None:
    with ledger_of(newsroom(desk)) as ledger, ledger.leases.run():
        take(ledger, delivery_lease("email", "1", "1.letter", "smtp"))
        assert approve_draft(newsroom(desk), "ferry.x", "Ines").reviews
