"""A ledger's articles without the rest of the ledger."""

from __future__ import annotations

from collections.abc import Iterable

from syndicate.ledger.database import Database
from syndicate.ledger.known_articles import KnownArticles
from syndicate.ledger.migrations import prepare
from syndicate.ledger.records import KnownArticle


def ledger_with(articles: Iterable[KnownArticle] = ()) -> KnownArticles:
    """A ledger that knows `articles`, in memory."""
    database = Database("sqlite://")
    prepare(database)
    known = KnownArticles(database)
    known.save(tuple(articles), known.mark())
    return known
