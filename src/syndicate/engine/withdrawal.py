"""Withdraws an article from every channel, and lifts that again.

The withdrawal is in the ledger. So the article stays withdrawn whatever a file says, in this
checkout or in an older one, until somebody restores it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from syndicate.adapters import Scope
from syndicate.couriers import PostsThreads
from syndicate.engine.delivery.outcome import Event, Outcome, Watch
from syndicate.engine.delivery.recipients import mailing_couriers
from syndicate.engine.delivery.removal import configured_courier, remove
from syndicate.engine.delivery.run import Order, PublishRun
from syndicate.engine.delivery.unsent import issues_with, stop_unsent
from syndicate.engine.erasure import Erasure, erase
from syndicate.engine.notices import announce_withdrawals, drop_notices, readers_of_letter
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.removals import Removal
from syndicate.engine.planning.withdrawn_posts import answers_to, last_first
from syndicate.engine.publish import publish
from syndicate.engine.whereabouts import Whereabouts, article_called
from syndicate.engine.withdrawal_report import WithdrawalReport, report_on
from syndicate.errors import Problems, UsageError
from syndicate.ledger.copies import CopyState
from syndicate.ledger.events import LedgerEvent, event_time
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.ledger.records import KnownArticle
from syndicate.ledger.withdrawals import WithdrawalRow
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop


@dataclass(frozen=True)
class WithdrawalOrder:
    """Who wants to withdraw the article called `article` (its slug or its file), and why.

    Args:
        delete_posts: whether its posts are deleted; if not, their channel says that.
        note: what readers are told in answers, letters and notices; "" for a sentence that gives
            no reason.
        legal: whether its text is erased from all that the newsroom keeps.
        notice: whether a notice stands in the place of its pages.
    """

    article: str
    reason: str
    by: str
    delete_posts: bool = False
    note: str = ""
    legal: bool = False
    notice: bool = False


@dataclass(frozen=True)
class Withdrawal:
    """What became of an article that was withdrawn: how many deliveries were `stopped` before they
    left, what the run did, the report on all its copies, what was erased, if that was asked for,
    and the `letters` that wait for approval: the channel of each, and how many get it."""

    stopped: int
    outcome: Outcome
    report: WithdrawalReport
    erasure: Erasure | None = None
    letters: tuple[tuple[str, int], ...] = ()

    @property
    def remaining(self) -> tuple[Whereabouts, ...]:
        """All copies that there are, or may be."""
        return self.report.remaining

    @property
    def still_public(self) -> tuple[Whereabouts, ...]:
        """Those that should be gone."""
        return self.report.still_public


def withdraw(newsroom: Newsroom, order: WithdrawalOrder, watch: Watch, stop: Stop) -> Withdrawal:
    """Withdraw an article: stop what has not left, then bring every channel up to date that can
    still be changed. Nothing is sent to people.

    Raises:
        UsageError: there is no such article, nothing is known of it yet, or no reason is given.
        SyndicateError: as `publish`.
    """
    if not order.reason.strip():
        raise UsageError(
            "a withdrawal needs a reason; it is kept in the history",
            hint="--reason 'the figures were wrong'",
        )
    with Planner.open(newsroom) as planner, shared_lock(newsroom.state):
        ledger = planner.ledger
        known = published_article(planner, order.article)
        about = {"rendering": known.id, "name": known.slug, "note": order.reason}
        row = _asked(planner, order, known.id)
        event = LedgerEvent("withdrawn", order.by, **about)
        ledger.withdrawals.begin(row, event_time(), event)
        stopped = stop_unsent(newsroom, ledger, known.id)
        unread = planner.intake.errors
    outcome, delivered = Outcome(), list[str]()

    def note(event: Event) -> None:
        if event.kind == "delivered":
            delivered.append(event.text)
        watch(event)

    if channels := _changeable(newsroom):
        only = Order(channels, (known.slug,))  # no other article gets files or drafts by this
        outcome = publish(newsroom, only, note, lambda _: None, stop)
    letters: tuple[tuple[str, int], ...] = ()
    erasure: Erasure | None = None
    if outcome.stopped is None and not order.legal:  # which would erase the letters, too
        keys = _letters(newsroom, known.id)
        if keys:
            drafted = Order(tuple(keys), (known.slug,), renderings=keys)
            outcome.errors += publish(newsroom, drafted, watch, lambda _: None, stop).errors
        letters = tuple((c, readers_of_letter(newsroom, c, *key)) for c, key in keys.items())
    outcome.leave_out_others(known.id, known.slug, unread)
    with ledger_of(newsroom) as ledger:
        report = report_on(newsroom, ledger, known.id, delivered)
    if order.legal and outcome.stopped is None:
        erasure = erase(newsroom, known.slug, watch, order.by)
    return Withdrawal(stopped, outcome, report, erasure, letters)


def _asked(planner: Planner, order: WithdrawalOrder, article: str) -> WithdrawalRow:
    """What is asked for, with what will not be known of the article once its text is erased."""
    one = planner.intake.summaries.get(article)
    return WithdrawalRow(
        article,
        order.by,
        order.reason,
        order.delete_posts,
        order.note,
        notice=order.notice,
        legal=order.legal,
        page=one.url if one else "",
        language=one.language if one else "",
    )


def _letters(newsroom: Newsroom, article: str) -> dict[str, frozenset[str]]:
    """The letters to those who were sent `article` (its id), by channel."""
    with Planner.open(newsroom) as planner, shared_lock(newsroom.state):
        announce_withdrawals(planner, [article])
        rows = planner.ledger.notices.of_articles([article])
    known = (one for one in rows if one.channel in newsroom.channels)
    return {
        one.channel: frozenset({one.key})
        for one in known
        if mailing_couriers(newsroom, one.channel)
    }


def published_article(planner: Planner, name: str) -> KnownArticle:
    """The article called `name` (its slug or its file), of which the ledger knows.

    Raises:
        UsageError: there is none.
    """
    article = article_called(planner, name)
    known = planner.ledger.articles.with_ids([article]).get(article)
    if known is None:
        raise UsageError(
            f"{name} has never been published",
            hint="to keep it from being published, write into its file: status: withdrawn",
        )
    return known


@dataclass(frozen=True)
class Lifted:
    """What somebody should know who has restored an article: the addresses of `answers` that say
    that it was withdrawn and are still public, and the issues (channel, number) that the withdrawal
    had stopped before any of it left, and that go out now (`unsent`)."""

    answers: tuple[str, ...] = ()
    unsent: tuple[tuple[str, str], ...] = ()


def lift(newsroom: Newsroom, name: str, by: str) -> Lifted:
    """Let the article called `name` be published again by the next run. What the withdrawal has cut
    off can go on once somebody approves it.

    Raises:
        UsageError: there is no such article, it is not withdrawn, or its file says that it is.
        Problems: a post may be public or not, and its platform does not answer.
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
        known = ledger.articles.with_ids([article]).get(article)
        if known is None or known.withdrawn is None:
            raise UsageError(f"{name} is not withdrawn")
        _finish_removals(newsroom, ledger, known)
        drop_notices(newsroom, ledger, article)
        again = ledger.dispatches.ended([*_last_issues_with(newsroom, ledger, article)])
        ledger.withdrawals.lift(article, event_time(), event, again)
        told = {
            row.key
            for row in ledger.notices.of_articles([article])
            if row.notice.kind == "withdrawal"
        }
        rows = ledger.copies.among((c, key) for c in newsroom.channels for key in sorted(told))
        answers = tuple(row.copy.url or str(row.copy.place) for row in rows)
        return Lifted(answers, tuple(sorted(again)))


def _last_issues_with(
    newsroom: Newsroom, ledger: Ledger, article: str
) -> Iterator[tuple[str, str]]:
    """The last issue of each newsletter, if it contains `article`. Older ones are not mailed any
    more."""
    found = issues_with(ledger, article)
    for channel, editions in ledger.editions().items():
        if channel not in newsroom.channels or not mailing_couriers(newsroom, channel):
            continue
        last = str(max(one.number for one in editions))
        if (channel, last) in found:
            yield channel, last


def _changeable(newsroom: Newsroom) -> tuple[str, ...]:
    """The channels that can be brought up to date without sending anything to people: all but
    numbered editions and mail."""
    return tuple(
        channel.name
        for channel in newsroom.channels.values()
        if channel.adapter.scope is not Scope.EDITION
        and all(isinstance(one, PostsThreads) or not one.final for one in channel.couriers.values())
    )


def _finish_removals(newsroom: Newsroom, ledger: Ledger, known: KnownArticle) -> None:
    """Delete the posts of an article at whose removal a run was cut off: nobody knows whether they
    are public.

    Raises:
        Problems: that is not possible now.
    """
    outcome = Outcome()
    run = PublishRun(newsroom, ledger, Order(), outcome, lambda _: None)
    for channel in newsroom.channels.values():
        for key in (known.id, *answers_to(ledger, channel.name, known.id)):
            rows = (
                row
                for row in ledger.copies.of_renderings(channel.name, [key])
                if row.state is CopyState.REMOVING
                and (courier := channel.couriers.get(row.courier))
                and courier.final
            )
            removal = Removal(channel.name, key, known.slug, "withdrawn", last_first(rows))
            remove(run, [removal] if removal.copies else [], partial(configured_courier, newsroom))
    zone = newsroom.publication.zone
    if left := [*outcome.errors, *(one.as_error(zone) for one in outcome.postponed.values())]:
        raise Problems(left)
