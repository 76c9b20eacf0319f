"""The mark of the articles changes with every change of one, whoever makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from syndicate.errors import LedgerError
from syndicate.ledger.articles_mark import TRIGGERS, articles_mark
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import Ledger, open_ledger
from syndicate.ledger.records import KnownArticle

FERRY = KnownArticle("ferry", "ferry.md", "ferry", "2026-11-01", "2026-11-01", "w", "Ferry", (1,))
TIDES = replace(FERRY, id="tides", slug="tides")


@pytest.fixture
def ledger(ledger_url: str, tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(ledger_url, tmp_path)) as ledger:
        yield ledger


def learn(ledger: Ledger, *articles: KnownArticle) -> str:
    """Let `ledger` know `articles`; the mark from then on."""
    mark = ledger.articles.save(articles, ledger.articles.mark())
    assert mark == ledger.articles.mark()
    return mark


def by_hand(statement: str) -> Callable[[Ledger], None]:
    """What another release, or a person, does to the table."""

    def change(ledger: Ledger) -> None:
        with ledger.database.transaction() as db:
            db.execute(sa.text(statement))

    return change


CHANGES: dict[str, Callable[[Ledger], object]] = {
    "another article": lambda ledger: learn(ledger, TIDES),
    "one that was edited": lambda ledger: learn(ledger, replace(FERRY, updated="2026-11-02")),
    "withdrawn": lambda ledger: ledger.articles.withdraw(
        "ferry", "2026-11-03", LedgerEvent("withdrawn")
    ),
    "changed by hand": by_hand("UPDATE articles SET slug = 'pilot' WHERE id = 'ferry'"),
    "added by hand": by_hand(
        "INSERT INTO articles (id, source, slug, first_seen, updated, words, title, sketch)"
        " SELECT 'new', source, slug, first_seen, updated, words, title, sketch FROM articles"
    ),
    "deleted by hand": by_hand("DELETE FROM articles"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_an_article(ledger: Ledger, change: str) -> None:
    mark = learn(ledger, FERRY)
    CHANGES[change](ledger)
    assert ledger.articles.mark() not in (mark, "")


def test_looking_changes_nothing(ledger: Ledger) -> None:
    mark = learn(ledger, FERRY)
    assert list(ledger.articles) == [FERRY]
    ledger.facts.put("something", "else")
    assert ledger.articles.mark() == mark


def test_what_was_not_done_is_no_change(ledger: Ledger) -> None:
    mark = learn(ledger, FERRY)
    with pytest.raises(RuntimeError), ledger.database.transaction() as db:
        db.execute(sa.text("DELETE FROM articles"))
        assert articles_mark(db) != mark
        raise RuntimeError
    assert ledger.articles.mark() == mark


def test_no_mark_comes_twice(ledger: Ledger) -> None:
    """As the number of changes would, after a restore."""
    edits = (learn(ledger, replace(FERRY, title=title)) for title in ("A", "B", "A", "B"))
    assert len({ledger.articles.mark(), *edits}) == 5


def test_a_ledger_that_draws_no_mark_is_not_used(ledger_url: str, tmp_path: Path) -> None:
    """As after a move to another server that took only the tables along."""
    with closing(open_ledger(ledger_url, tmp_path)) as ledger:
        name = TRIGGERS[ledger.database.dialect.name][0]
        where = "" if ledger.database.is_sqlite else " ON articles"
        with ledger.database.transaction() as db:
            db.execute(sa.text(f"DROP TRIGGER {name}{where}"))
    with pytest.raises(LedgerError, match=f"missing from the ledger: trigger '{name}'"):
        open_ledger(ledger_url, tmp_path)
