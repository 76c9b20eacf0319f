"""The dates of one archive are read in one order."""

from __future__ import annotations

from syndicate.engine.content.cache import ContentCache
from syndicate.engine.content.intake import take_in
from syndicate.ledger.ledger import ledger_of
from syndicate.newsroom.newsroom import load_newsroom
from tests.engine.conftest import Desk


def note(name: str, date: str) -> str:
    return f"---\ntitle: Boat {name}\ndate: {date} 12:00\n---\n\nIt sails to {name}.\n"


def months(desk: Desk) -> dict[str, int]:
    newsroom = load_newsroom(desk.root, {})
    with ledger_of(newsroom) as ledger:
        cache = ContentCache.open(newsroom)
        intake = take_in(newsroom, ledger.articles, cache)
        cache.save()
    return {one.title[-1]: one.published.month for one in intake.summaries if "Boat" in one.title}


def test_a_new_date_that_tells_the_order_tells_it_for_all(desk: Desk) -> None:
    desk.write("a.md", note("a", "05/10/2026"))
    assert months(desk) == {"a": 5}
    desk.write("b.md", note("b", "25/10/2026"))
    assert months(desk) == {"a": 10, "b": 10}
    (desk.root / "content" / "b.md").unlink()
    assert months(desk) == {"a": 5}
