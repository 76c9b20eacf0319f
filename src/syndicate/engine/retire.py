"""Takes back what a channel has left behind: all of it if the channel no longer exists, else what
stands at places where it delivers no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from syndicate.couriers import Removes
from syndicate.couriers.files import FilesCourier
from syndicate.engine.delivery.left_public import is_in_use
from syndicate.engine.delivery.outcome import Outcome, Watch
from syndicate.engine.delivery.removal import remove
from syndicate.engine.delivery.run import Order, PublishRun
from syndicate.engine.planning.removals import RETIRED, Removal
from syndicate.errors import UsageError
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.events import event_time
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.lock import shared_lock
from syndicate.newsroom.newsroom import Newsroom
from syndicate.stop import Stop


@dataclass(frozen=True)
class LeftBehind:
    """What `channel` has left behind: files that can be removed, and copies that stay because
    nobody can reach them without the channel's settings, or because people have them."""

    channel: str
    removable: tuple[CopyRow, ...]
    staying: tuple[CopyRow, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The addresses of the files that can be removed. Several renderings may need one."""
        return tuple(dict.fromkeys(row.copy.place.address for row in self.removable))


def left_behind(newsroom: Newsroom, channel: str) -> LeftBehind:
    """What `channel` has left behind.

    Raises:
        UsageError: nothing is known of such a channel.
        LedgerError: the ledger cannot be read.
    """
    with ledger_of(newsroom) as ledger:
        return _left_behind(newsroom, ledger, channel)


def retire(newsroom: Newsroom, channel: str, watch: Watch, stop: Stop) -> Outcome:
    """Remove what `channel` has left behind. If it no longer exists, what stays is named no more,
    since somebody knows of it now.

    Raises:
        UsageError: nothing is known of such a channel.
        LedgerError: the ledger cannot be used.
        Stopped: the run was asked to stop.
    """
    outcome = Outcome()
    with shared_lock(newsroom.state), ledger_of(newsroom) as ledger, ledger.leases.run():
        run = PublishRun(newsroom, ledger, Order(), outcome, watch, stop)
        rows = _left_behind(newsroom, ledger, channel).removable
        remove(run, _removals(channel, rows), partial(_courier, newsroom))
        if not outcome.errors and not outcome.busy and channel not in newsroom.channels:
            ledger.facts.put(f"{RETIRED}{channel}", event_time())
    return outcome


def _left_behind(newsroom: Newsroom, ledger: Ledger, channel: str) -> LeftBehind:
    rows = [row for row in ledger.copies.of_channels([channel]) if not is_in_use(newsroom, row)]
    if not rows and channel not in newsroom.channels:
        known = ", ".join(sorted(ledger.copies.channels())) or "none"
        raise UsageError(
            f"nothing of a channel {channel!r} stands anywhere", hint=f"channels that have: {known}"
        )
    removable = tuple(row for row in rows if row.is_on_disk)
    return LeftBehind(channel, removable, tuple(row for row in rows if row not in removable))


def _removals(channel: str, rows: Iterable[CopyRow]) -> Iterator[Removal]:
    in_order = sorted(rows, key=lambda row: row.rendering)
    for key, some in groupby(in_order, key=lambda row: row.rendering):
        copies = tuple(some)
        yield Removal(channel, key, copies[0].copy.artifact, "retired", copies)


def _courier(newsroom: Newsroom, _: CopyRow) -> Removes:
    """The courier that removes any file."""
    return FilesCourier.model_validate({}, context={"root": newsroom.root, "channel": ""})
