"""Stubs: what stands in the place of a withdrawn article, such as a page that says so.

A stub is a rendering of its channel with a key of its own, so its deliveries pass although those of
the article are refused, and the inventory tells the two apart. It has the names of the files that
it stands for: the article's own copies are then let go of without a request.
"""

from __future__ import annotations

import sqlalchemy as sa

from syndicate.ledger.tables import ARTICLES

_BEFORE = "stub "


def stub_key(article: str) -> str:
    """The key of the rendering that stands for `article` (its id)."""
    return f"{_BEFORE}{article}"


def is_stub(rendering: str) -> bool:
    """Whether `rendering` is the key of a stub."""
    return rendering.startswith(_BEFORE)


def article_of_stub(rendering: str) -> str:
    """The id of the article that the stub with the key `rendering` stands for."""
    return rendering.removeprefix(_BEFORE)


def why_refused(db: sa.Connection, rendering: str) -> str:
    """Within a transaction: why nothing of `rendering` may be placed now; "" if it may. An article
    may not be placed while it is withdrawn, and its stub may only be placed then."""
    article = article_of_stub(rendering)
    gone = (ARTICLES.c.id == article) & ARTICLES.c.withdrawn.is_not(None)
    is_gone = db.execute(sa.select(ARTICLES.c.id).where(gone)).first() is not None
    if is_stub(rendering):
        return "" if is_gone else "the article has just been restored"
    return "the article has just been withdrawn" if is_gone else ""
