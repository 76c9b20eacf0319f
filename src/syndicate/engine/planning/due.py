"""`publish --due`: which channels' hour has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel


@dataclass(frozen=True)
class Slots:
    """The moments of their schedules that channels honour in this run.

    `due` names the moment (RFC 3339, UTC) by channel, `resting` the channels that have none now,
    `changes_at` is the next moment of any. A moment is taken in the same transaction that freezes
    the edition made for it, so that no crash makes two of one, or none.
    """

    due: Mapping[str, str]
    resting: frozenset[str]
    changes_at: datetime | None

    @classmethod
    def none(cls) -> Slots:
        """No channel keeps to its schedule in this run."""
        return cls({}, frozenset(), None)

    @classmethod
    def of(cls, ledger: Ledger, channels: Iterable[Channel], now: datetime) -> Slots:
        """What is due of `channels` at `now`.

        A channel seen for the first time begins with its next moment. The latest moment counts,
        however many were missed, and none that is before one already honoured: a clock that goes
        back repeats nothing.
        """
        taken = ledger.slots()
        due: dict[str, str] = {}
        scheduled = [channel for channel in channels if channel.schedule]
        for channel in scheduled:
            assert channel.schedule is not None
            latest = channel.schedule.latest(now)
            slot = (latest or now).astimezone(UTC).isoformat()
            if channel.name not in taken:
                ledger.take_slot(channel.name, slot)
            elif latest is None or slot <= taken[channel.name]:
                continue
            elif channel.schedule.is_missed(latest, now):
                ledger.take_slot(channel.name, slot)
            else:
                due[channel.name] = slot
        resting = frozenset(channel.name for channel in scheduled) - due.keys()
        nexts = [channel.schedule.next(now) for channel in scheduled if channel.schedule]
        return cls(due, resting, min(nexts, default=None))

    def take(self, ledger: Ledger, failed: Iterable[str]) -> None:
        """The moments are honoured, but for channels that could not be rendered: those are tried
        again until their next moment."""
        for channel, slot in self.due.items():
            if channel not in failed:
                ledger.take_slot(channel, slot)
