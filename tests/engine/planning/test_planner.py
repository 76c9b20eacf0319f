"""Every plan begins with the same reading of `content/`, whoever else is reading it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.engine.content.sources import FoundFiles
from syndicate.engine.planning.planner import Planner
from syndicate.errors import UsageError
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import sole_lock
from syndicate.ledger.snapshot import NothingRendered
from syndicate.newsroom.newsroom import Newsroom, load_newsroom
from tests.engine.conftest import Desk


def test_it_reads_the_articles_and_asks_the_ledger(desk: Desk) -> None:
    desk.publish("single")
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        assert {one.slug for one in planner.intake.summaries} == {"ferry", "tides"}
        assert not list(planner.intake.learnt), "the ledger knows them"
        channel = planner.newsroom.channels["single"]
        ids = [one.id for one in planner.intake.summaries]
        known = planner.plan_inputs().about(channel, ids).snapshot
        assert {key for _, key in known.renderings} == {*ids}
        nothing = planner.plan_inputs(NothingRendered(planner.ledger)).about(channel, ids).snapshot
        assert not nothing.renderings
        assert nothing.artifacts == known.artifacts


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
        assert list(one.intake.summaries) == list(two.intake.summaries)


def test_who_reads_an_article_first_decides_on_its_identity(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one has read it before its title was changed."""
    newsroom = load_newsroom(desk.root, {})
    with ledger_of(newsroom) as one, ledger_of(newsroom) as two:
        read = Planner.of
        first: list[Planner] = []

        def late(newsroom: Newsroom, ledger: Ledger, *found: FoundFiles) -> Planner:
            planner = read(newsroom, ledger, *found)
            if not first:
                desk.write("ferry.md", "# Another title\n\nIt sails on Friday at nine.\n", age=0)
                first.append(read(newsroom, one))
                assert first[0].intake.save(one.articles)
            return planner

        monkeypatch.setattr(Planner, "of", late)
        planner = Planner.saving(newsroom, two)
        assert list(planner.intake.summaries) == list(first[0].intake.summaries)
        assert not list(planner.intake.learnt), "it has been read again"
        assert len(list(two.articles)) == 2


def test_what_another_checkout_has_saved_meanwhile_is_not_saved_over(
    desk: Desk, tmp_path: Path
) -> None:
    newsroom = load_newsroom(desk.root, {})
    with ledger_of(newsroom) as ledger:
        copy = tmp_path / "copy"
        shutil.copytree(desk.root / "content", copy / "content")
        other = replace(newsroom, root=copy)
        one, two = (Planner.of(each, ledger).intake for each in (newsroom, other))
        assert one.save(ledger.articles)
        assert not two.save(ledger.articles)
        again = Planner.saving(other, ledger).intake
        assert list(again.known) == list(one.known)
        assert not list(again.learnt)
