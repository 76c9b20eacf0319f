"""A numbered edition holds what no edition has held, and is made again from the present text."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.planning.editions import next_edition, reissued_edition
from syndicate.engine.planning.planner import Planner
from syndicate.ledger.records import FrozenEdition
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk


@pytest.fixture
def channel(desk: Desk) -> Channel:
    return load_newsroom(desk.root, {}).channels["numbered"]


@pytest.fixture
def articles(desk: Desk) -> tuple[ArticleSummary, ...]:
    """Two articles, the newer one first."""
    desk.write("ferry.md", "# The night ferry returns\n\nIt sails on Friday.\n", age=0)
    with Planner.open(load_newsroom(desk.root, {})) as planner:
        return tuple(sorted(planner.intake.summaries, key=lambda one: one.updated, reverse=True))


def pairs(*articles: ArticleSummary) -> tuple[tuple[str, str], ...]:
    return tuple((one.id, one.digest) for one in articles)


def test_the_first_has_everything(channel: Channel, articles: tuple[ArticleSummary, ...]) -> None:
    made = next_edition(channel, articles, articles, (), frozenset())
    assert made == FrozenEdition(
        "numbered", 1, articles[0].updated.isoformat(), pairs(*articles), None
    )


def test_the_next_has_what_is_new_and_what_was_revised(
    channel: Channel, articles: tuple[ArticleSummary, ...]
) -> None:
    newer, older = articles
    first = FrozenEdition("numbered", 1, older.updated.isoformat(), ((older.id, "as it was"),))
    made = next_edition(channel, articles, articles, (first,), frozenset())
    assert made
    assert (made.number, made.since) == (2, first.date)
    assert (made.members, made.revised) == (pairs(newer), pairs(older))
    assert next_edition(channel, articles, articles, (first, made), frozenset()) is None


def test_only_what_was_asked_for(channel: Channel, articles: tuple[ArticleSummary, ...]) -> None:
    newer, older = articles
    made = next_edition(channel, articles, (), (), frozenset({older.id}))
    assert made
    assert made.members == pairs(older)
    assert next_edition(channel, articles, (), (made,), frozenset({older.id})) is None
    assert next_edition(channel, (newer,), (), (), frozenset({older.id})) is None


def test_made_again_it_has_the_present_text_of_what_is_still_there(
    articles: tuple[ArticleSummary, ...],
) -> None:
    newer, older = articles
    before = FrozenEdition(
        "numbered", 3, older.updated.isoformat(), ((newer.id, "old"), ("gone", "kept"))
    )
    again = reissued_edition(before, {newer.id: newer})
    assert (again.number, again.members) == (3, (*pairs(newer), ("gone", "kept")))
    assert again.date == newer.updated.isoformat()
    later = datetime.fromisoformat(before.date) + timedelta(days=900)
    frozen = FrozenEdition("numbered", 3, later.isoformat(), pairs(newer))
    assert reissued_edition(frozen, {newer.id: newer}).date == later.isoformat(), (
        "dates never go back"
    )
