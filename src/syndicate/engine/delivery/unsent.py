"""Stops what has not left of an article that is withdrawn."""

from __future__ import annotations

from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

WHY_DROPPED = "the article was withdrawn"
"""Why approvals end with a withdrawal. What they have let out may stand for longer."""


def stop_unsent(newsroom: Newsroom, ledger: Ledger, article: str) -> int:
    """Stop what has not left of `article`: posts, and issues with it that are going out. Returns
    how many deliveries that were. If it is restored, they need a new approval."""
    own = {(channel, article) for channel in newsroom.channels}
    issues = issues_with(ledger, article)
    ledger.drop_reviews(own | ledger.dispatches.under_way(issues), WHY_DROPPED)
    known = ledger.articles.with_ids([article]).get(article)
    name = known.slug if known else "the article"
    return ledger.dispatches.stop(own | issues, f"{name} was withdrawn")


def issues_with(ledger: Ledger, article: str) -> set[tuple[str, str]]:
    """The numbered editions that contain `article`, as (channel, rendering)."""
    return {
        (edition.channel, str(edition.number))
        for editions in ledger.editions().values()
        for edition in editions
        if any(id_ == article for id_, _ in edition.members)
    }
