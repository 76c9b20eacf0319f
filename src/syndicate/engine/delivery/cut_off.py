"""Asks what became of posts of withdrawn articles at which a run was cut off.

No plan has a step for a withdrawn article, and what may be public has to be known before it can be
taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from syndicate.couriers import Courier, Delivery, Holds, Place, Reconciles
from syndicate.engine.delivery.at_work import as_delivery
from syndicate.engine.delivery.deliver import ask_about
from syndicate.engine.delivery.journal import LedgerJournal
from syndicate.engine.delivery.run import PublishRun
from syndicate.errors import DeliveryError, LeaseLostError, LedgerError, StoreError
from syndicate.ledger.dispatch import Change, State
from syndicate.ledger.events import event_time
from syndicate.ledger.held_dispatch import HeldDispatch
from syndicate.ledger.leases import Busy, delivery_lease
from syndicate.ledger.records import StoredArtifact
from syndicate.newsroom.channel import Channel
from syndicate.thread import MEDIA_TYPE

_OPEN = (State.COMMITTING, State.UNCERTAIN)


def ask_about_withdrawn(
    run: PublishRun, channels: Iterable[Channel], only: Collection[str] = frozenset()
) -> None:
    """Ask the platforms about the posts of withdrawn articles that may be public or not. What was
    not posted never will be.

    Args:
        only: ids of the articles asked for; empty means all.

    Raises:
        LedgerError: the ledger cannot be used.
    """
    names = [one.name for one in channels if any(c.final for c in one.couriers.values())]
    ledger = run.ledger
    open_ = [
        one
        for one in ledger.dispatches.open(names)
        if any(one.counts.get(state) for state in _OPEN) and (not only or one.rendering in only)
    ]
    known = ledger.articles.with_ids({one.rendering for one in open_})
    for dispatch in open_:
        article = known.get(dispatch.rendering)
        courier = run.newsroom.channels[dispatch.channel].couriers.get(dispatch.courier)
        if article is None or article.withdrawn is None or courier is None:
            continue
        if not isinstance(courier, Reconciles):
            continue
        name = delivery_lease(*dispatch.key)
        lease = ledger.leases.take_soon([name])[name]
        if isinstance(lease, Busy):
            run.busy_with(dispatch.channel, article.slug, "another run is delivering it")
            continue
        try:
            place: Callable[[str], Place] | None = None
            if isinstance(courier, Holds):
                place = partial(courier.place, dispatch.artifact)
            _ask(run, ledger.held(lease, dispatch, place), courier)
        except LeaseLostError as error:
            run.busy_with(dispatch.channel, article.slug, error.message)
        except (DeliveryError, StoreError) as error:
            told = f"{dispatch.channel}: {article.slug}: {error.message}"
            run.outcome.errors.append(error.saying(told, error.hint))
        finally:
            with suppress(LedgerError):
                ledger.leases.release([lease])
        ledger.dispatches.stop([(dispatch.channel, dispatch.rendering)], "the article is withdrawn")


def _ask(run: PublishRun, held: HeldDispatch, courier: Courier) -> None:
    dispatch = held.dispatch
    artifact = StoredArtifact(dispatch.artifact, MEDIA_TYPE, dispatch.digest, 0, True)
    channel = run.newsroom.channels[dispatch.channel]
    delivery = as_delivery(run.newsroom, channel, dispatch.rendering, artifact, dispatch.at)
    journal = LedgerJournal(held, lambda *_: None, run.stop)
    ask_about(journal, courier, delivery)
    _ask_again(run, held, journal, courier, delivery)


def _ask_again(
    run: PublishRun,
    held: HeldDispatch,
    journal: LedgerJournal,
    courier: Courier,
    delivery: Delivery,
) -> None:
    """Ask about what is uncertain: it may be shown by now. What is not found stays uncertain."""
    assert isinstance(courier, Reconciles)
    for row in held.rows(State.UNCERTAIN):
        above = held.before(row.unit)
        receipt = above and journal.receipt(above)
        found = courier.find(replace(delivery, unit=row.unit, above=receipt or None))
        if found is None or journal.is_known(replace(delivery, unit=row.unit), found):
            continue
        now = replace(
            row, state=State.DELIVERED, at=event_time(), remote_id=found.remote_id, url=found.url
        )
        run.ledger.dispatches.resolve([Change(replace(now, error=None), State.UNCERTAIN)])
