"""What becomes of published articles whose file is gone: the settings say it, or somebody who is
asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from syndicate.engine.content.kept import KeptArticle
from syndicate.engine.delivery.outcome import Decision
from syndicate.engine.delivery.run import Order
from syndicate.engine.delivery.unsent import stop_unsent
from syndicate.engine.planning.mass_removal import MassRemoval, mass_removal
from syndicate.engine.planning.planner import Planner
from syndicate.ledger.events import LedgerEvent, event_time
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

_ASKED = 5  # if more files are gone, nobody wants to be asked about each of them
DELETED = "deleted: its file is gone"


@dataclass(frozen=True)
class Settled:
    """What was done about articles whose file is gone: whether any was `changed`, and whether there
    were too `many` to be withdrawn."""

    changed: bool = False
    many: MassRemoval | None = None


def settle_deleted(planner: Planner, order: Order) -> Settled:
    """Withdraw the articles whose file is gone if `[content] deleted` says so and the guard lets
    it, else ask about each of them if there is somebody to ask.

    Raises:
        LedgerError: the ledger cannot be used.
    """
    if order.articles:
        return Settled()
    newsroom, ledger = planner.newsroom, planner.ledger
    gone = tuple(one for one in planner.intake.kept(planner.now) if not one.is_broken)
    if newsroom.deleted == "withdraw":
        many = too_many_deleted(planner, gone)
        if many and not order.may_remove(many):
            return Settled(many=many)
        for one in gone:
            _withdraw(newsroom, ledger, one, Decision("withdraw", "", DELETED))
        return Settled(changed=bool(gone))
    if order.ask_deleted is None or len(gone) > _ASKED:
        return Settled()
    changed = False
    for one in gone:
        decision = order.ask_deleted(one)
        if decision.what == "withdraw":
            _withdraw(newsroom, ledger, one, decision)
        elif decision.what == "keep":
            keep_in_ledger(ledger, [one], decision.by)
        changed = changed or decision.what != "later"
    return Settled(changed=changed)


def too_many_deleted(planner: Planner, gone: Collection[KeptArticle]) -> MassRemoval | None:
    """Whether so many files are gone that their articles should not be withdrawn without a
    question."""
    ids = {one.id for one in gone}
    return mass_removal(planner.newsroom, planner.ledger, ids, planner.now)


def keep_in_ledger(ledger: Ledger, articles: Collection[KeptArticle], by: str) -> None:
    """Note that somebody wants `articles` to stay published without their files."""
    for one in articles:
        about = {"rendering": one.id, "name": one.slug, "note": f"content/{one.source} is gone"}
        ledger.articles.keep(one.id, event_time(), LedgerEvent("kept", by, **about))


def _withdraw(newsroom: Newsroom, ledger: Ledger, one: KeptArticle, decision: Decision) -> None:
    about = {"rendering": one.id, "name": one.slug, "note": decision.reason}
    event = LedgerEvent("withdrawn", decision.by, **about)
    if ledger.articles.withdraw(one.id, event_time(), event):
        stop_unsent(newsroom, ledger, one.id)
