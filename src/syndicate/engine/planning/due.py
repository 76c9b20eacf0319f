"""`publish --due`: which channels are due now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.channel import Channel


@dataclass(frozen=True)
class DueSlots:
    """The scheduled times that channels act on in this run.

    `due` maps a channel to its scheduled time (RFC 3339, UTC); `resting` are scheduled channels
    that are not due; `changes_at` is the next scheduled time of any channel. A scheduled time is
    marked as used in the same transaction that freezes its edition, so that a crash can neither
    make two editions for it nor skip it.
    """

    due: Mapping[str, str]
    resting: frozenset[str]
    changes_at: datetime | None

    @classmethod
    def none(cls) -> DueSlots:
        """For a run that ignores schedules."""
        return cls({}, frozenset(), None)

    @classmethod
    def of(cls, ledger: Ledger, channels: Iterable[Channel], now: datetime) -> DueSlots:
        """The channels that are due at `now`.

        A channel that is new starts at its next scheduled time. If several times were missed, only
        the latest counts. A time before one that was already used never counts, so setting the
        clock back repeats nothing.
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
        """Mark the scheduled times as used, except for channels that `failed` to render: they are
        tried again until their next scheduled time."""
        for channel, slot in self.due.items():
            if channel not in failed:
                ledger.take_slot(channel, slot)
