"""Withdraws an article from every channel, and lifts that again.

The withdrawal is in the ledger. So the article stays withdrawn whatever a file says, in this
checkout or in an older one, until somebody restores it.
"""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.adapters import Scope
from syndicate.engine.delivery.outcome import Outcome, Watch
from syndicate.engine.delivery.run import Order
from syndicate.engine.delivery.unsent import stop_unsent
from syndicate.engine.planning.planner import Planner
from syndicate.engine.publish import publish
from syndicate.engine.whereabouts import Whereabouts, article_called, where_is
from syndicate.errors import UsageError
from syndicate.ledger.events import LedgerEvent, event_time
from syndicate.ledger.ledger import ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop


@dataclass(frozen=True)
class WithdrawalOrder:
    """Who wants to withdraw the article called `article` (its slug or its file), and why."""

    article: str
    reason: str
    by: str


@dataclass(frozen=True)
class Withdrawal:
    """What became of an article that was withdrawn: how many deliveries were `stopped` before they
    left, what the run did, and the copies that remain."""

    stopped: int
    outcome: Outcome
    remaining: tuple[Whereabouts, ...]

    @property
    def still_public(self) -> tuple[Whereabouts, ...]:
        """The files and feeds among those that remain: something has gone wrong, or their channel
        no longer exists. The others are what people have received."""
        return tuple(one for one in self.remaining if one.kind in ("file", "feed"))


def withdraw(newsroom: Newsroom, order: WithdrawalOrder, watch: Watch, stop: Stop) -> Withdrawal:
    """Withdraw an article: stop what has not left, then bring every channel up to date that shows
    the latest state. Nothing is sent to people.

    Raises:
        UsageError: there is no such article, or nothing is known of it yet.
        SyndicateError: as `publish`.
    """
    with Planner.open(newsroom) as planner, shared_lock(newsroom.state):
        article, ledger = article_called(planner, order.article), planner.ledger
        known = ledger.articles.with_ids([article]).get(article)
        if known is None:
            raise UsageError(
                f"{order.article} has never been published",
                hint="to keep it from being published, write into its file: status: withdrawn",
            )
        about = {"rendering": article, "name": known.slug, "note": order.reason}
        event = LedgerEvent("withdrawn", order.by, **about)
        ledger.articles.withdraw(article, event_time(), event)
        stopped = stop_unsent(newsroom, ledger, article)
    outcome = Outcome()
    if mirrors := _mirrors(newsroom):
        only = Order(mirrors, (known.slug,))  # no other article gets files or drafts by this
        outcome = publish(newsroom, only, watch, lambda _: None, stop)
    return Withdrawal(stopped, outcome, where_is(newsroom, known.slug))


def lift(newsroom: Newsroom, name: str, by: str) -> None:
    """Let the article called `name` be published again by the next run.

    Raises:
        UsageError: there is no such article, it is not withdrawn, or its file says that it is.
        LedgerError: the ledger cannot be used.
    """
    with Planner.open(newsroom) as planner:
        article = article_called(planner, name)
        if planner.intake.stated_status(article) == "withdrawn":
            raise UsageError(
                f"the file of {name} says that it is withdrawn",
                hint="remove its line status: withdrawn, then run this again",
            )
    event = LedgerEvent("restored", by, rendering=article, note="no longer withdrawn")
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger:
        if not ledger.articles.withdraw(article, None, event):
            raise UsageError(f"{name} is not withdrawn")


def _mirrors(newsroom: Newsroom) -> tuple[str, ...]:
    """The channels that show the latest state and send nothing to people."""
    return tuple(
        channel.name
        for channel in newsroom.channels.values()
        if channel.adapter.scope is not Scope.EDITION
        and not any(courier.final for courier in channel.couriers.values())
    )
