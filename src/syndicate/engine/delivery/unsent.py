"""Stops what has not left of an article that is withdrawn."""

from __future__ import annotations

from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom


def stop_unsent(newsroom: Newsroom, ledger: Ledger, article: str) -> int:
    """Stop what has not left of `article`: posts, and issues with it that are going out. Returns
    how many deliveries that were."""
    own = {(channel, article) for channel in newsroom.channels}
    ledger.drop_reviews(own, "the article was withdrawn")
    return ledger.dispatches.stop(own | issues_with(ledger, article))


def issues_with(ledger: Ledger, article: str) -> set[tuple[str, str]]:
    """The numbered editions that contain `article`, as (channel, rendering)."""
    return {
        (edition.channel, str(edition.number))
        for editions in ledger.editions().values()
        for edition in editions
        if any(id_ == article for id_, _ in edition.members)
    }
