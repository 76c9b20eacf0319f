"""Every plan begins with the same reading of `content/`, whoever else is reading it."""

from __future__ import annotations

import pytest

from syndicate.engine.planning.planner import Planner
from syndicate.errors import UsageError
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import sole_lock
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import Desk


def test_it_reads_the_articles_and_asks_the_ledger(desk: Desk) -> None:
    desk.publish("single")
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        assert {one.slug for one in planner.intake.summaries} == {"ferry", "tides"}
        assert not planner.intake.learnt, "the ledger knows them"
        assert len(planner.plan_inputs().snapshot.renderings) == 2
        nothing = LedgerSnapshot({}, {}, {}, {}, {})
        assert planner.plan_inputs(nothing).snapshot.renderings == {}


def test_articles_are_asked_for_by_slug_or_file(desk: Desk) -> None:
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        ids = {one.slug: one.id for one in planner.intake.summaries}
        assert planner.asked_for(()) == frozenset()
        assert planner.asked_for(("ferry", "tides.md")) == frozenset(ids.values())
        with pytest.raises(UsageError, match="fery"):
            planner.asked_for(("fery",))


def test_several_plan_at_once(desk: Desk) -> None:
    newsroom = load_newsroom(desk.root, {})
    with Planner.open(newsroom) as one, sole_lock(newsroom.state), Planner.open(newsroom) as two:
        assert one.intake.summaries == two.intake.summaries


def test_who_reads_an_article_first_decides_on_its_identity(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one has read it before its title was changed."""
    newsroom = load_newsroom(desk.root, {})
    with ledger_of(newsroom) as one, ledger_of(newsroom) as two:
        read = Planner.of
        first: list[Planner] = []

        def late(newsroom: Newsroom, ledger: Ledger) -> Planner:
            planner = read(newsroom, ledger)
            if not first:
                desk.write("ferry.md", "# Another title\n\nIt sails on Friday at nine.\n", age=0)
                first.append(read(newsroom, one))
                assert one.save_articles(first[0].intake.learnt, first[0].intake.before)
            return planner

        monkeypatch.setattr(Planner, "of", late)
        planner = Planner.saving(newsroom, two)
        assert planner.intake.summaries == first[0].intake.summaries
        assert not planner.intake.learnt, "it has been read again"
        assert len(two.articles()) == 2


def test_two_that_read_the_same_at_once_save_it_once(desk: Desk) -> None:
    newsroom = load_newsroom(desk.root, {})
    with ledger_of(newsroom) as ledger:
        one, two = (Planner.of(newsroom, ledger).intake for _ in range(2))
        assert ledger.save_articles(one.learnt, one.before)
        assert not ledger.save_articles(two.learnt, two.before)
        desk.write("ferry.md", "# The ferry\n\nIt sails on Friday at nine.\n", age=0)
        one, two = (Planner.of(newsroom, ledger).intake for _ in range(2))
        assert ledger.save_articles(one.learnt, one.before)
        assert not ledger.save_articles(two.learnt, two.before)
        assert {row.title for row in ledger.articles()} == {"The ferry", "Reading the tide"}
