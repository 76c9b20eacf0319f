"""Is the world as the ledger has it? Looks at every copy, and can put right what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syndicate.engine.auditing.destinations import DestinationAudit
from syndicate.engine.auditing.findings import Audit, AuditFinding, Watch
from syndicate.engine.auditing.repair import deliver_again, remove_strays, repair_of
from syndicate.engine.auditing.web import WebAudit, is_on_the_web
from syndicate.engine.delivery.outcome import Outcome
from syndicate.engine.delivery.outcome import Watch as WatchRun
from syndicate.engine.delivery.run import Order, PublishRun
from syndicate.ledger.audits import CourierCopies
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop


@dataclass(frozen=True)
class AuditOrder:
    """What to look at: `channels` (none means all), and their public URLs if `web`."""

    channels: tuple[str, ...] = ()
    web: bool = True


@dataclass(frozen=True)
class Repaired:
    """What a repair has done, and the findings that are `left` for somebody."""

    outcome: Outcome
    left: tuple[AuditFinding, ...]


def audit(
    newsroom: Newsroom,
    order: AuditOrder,
    start: Callable[[int], None],
    watch: Watch,
    stop: Stop,
) -> Audit:
    """Look at every copy. Nothing is changed.

    Args:
        start: told roughly how many there are.

    Raises:
        UsageError: a channel is unknown.
        LedgerError: the ledger cannot be read.
        Stopped: it was asked to stop.
    """
    chosen = newsroom.chosen(order.channels) if order.channels else ()
    channels = chosen or tuple(newsroom.channels.values())
    found = Audit()
    with ledger_of(newsroom) as ledger:
        placed = _couriers(ledger, channels, [one.name for one in chosen])
        public = {one.name for one in channels if order.web and is_on_the_web(one)}
        start(sum(one.number * (2 if one.channel in public else 1) for one in placed))
        destinations = DestinationAudit(newsroom, ledger, found, watch, stop)
        for one in placed:
            destinations.look(one)
        for channel in channels:
            destinations.look_for_strangers(channel)
        if public:
            _look_at_web(WebAudit(newsroom, ledger, found, watch, stop), newsroom, public)
    return found


def repair(
    newsroom: Newsroom, findings: tuple[AuditFinding, ...], by: str, watch: WatchRun, stop: Stop
) -> Repaired:
    """Put right what can be: deliver again what is missing or was changed, remove what should not
    stand. Posts, mail and unknown files are left.

    Raises:
        LedgerError: the ledger cannot be used.
        Stopped: it was asked to stop. The next `publish` or audit does the rest.
    """
    outcome = Outcome()
    newsroom.store.check()
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger, ledger.leases.run():
        run = PublishRun(newsroom, ledger, Order(), outcome, watch, stop)
        parts = repair_of(run, findings)
        left = parts.left
        if parts.missing:
            left += deliver_again(run, parts.missing, by)
        if parts.stray:
            remove_strays(run, parts.stray)
    return Repaired(outcome, left)


def _couriers(
    ledger: Ledger, channels: tuple[Channel, ...], names: list[str]
) -> tuple[CourierCopies, ...]:
    """Who has placed copies, and who may have placed some that were all removed since."""
    placed = ledger.audits.couriers(names)
    met = {(one.channel, one.courier) for one in placed}
    others = (
        CourierCopies(channel.name, courier, 0)
        for channel in channels
        for courier in channel.couriers
        if (channel.name, courier) not in met
    )
    return (*placed, *others)


def _look_at_web(web: WebAudit, newsroom: Newsroom, names: set[str]) -> None:
    try:
        for name in sorted(names):
            web.look(newsroom.channels[name])
    finally:
        web.save()
