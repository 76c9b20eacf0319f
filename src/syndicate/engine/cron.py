"""Whether cron works: the extra checks of `doctor --cron`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from syndicate.engine.doctor import Diagnosis, variables_to_examine
from syndicate.engine.history import (
    concerns_of,
    kept_when_last_read,
    postponements_of,
    withdrawals_to_know,
)
from syndicate.engine.planning.withdrawn_posts import Unremoved
from syndicate.ledger.ledger import has_ledger, ledger_of
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom

_GRACE = timedelta(minutes=30)  # runs may be this far apart, or take this long
_NOT_RUN = "check the crontab (crontab -l) and the last mail from cron"


def examine_cron(newsroom: Newsroom, now: datetime) -> Iterator[Diagnosis]:
    """The line for the crontab, the environment it needs, and the state of each schedule at `now`.
    Changes nothing.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    yield Diagnosis("crontab", True, crontab_line(newsroom.root))
    needed = sorted(
        {name for channel in newsroom.channels.values() for name in variables_to_examine(channel)}
    )
    if needed:
        found = (
            f"{', '.join(needed)}: set them in the crontab or systemd unit, not in a shell profile"
        )
        yield Diagnosis("environment", True, found)
    scheduled = [channel for channel in newsroom.channels.values() if channel.schedule]
    if not scheduled:
        yield Diagnosis("schedules", True, "none: every run publishes what is new")
    taken = _taken(newsroom)
    for channel in scheduled:
        yield _standing(channel, taken.get(channel.name), now)
    yield from _unsettled(newsroom)


def _unsettled(newsroom: Newsroom) -> Iterator[Diagnosis]:
    """What somebody has to settle, and what waits for its destination."""
    found = concerns_of(newsroom)
    for one in found:
        yield Diagnosis(f"deliveries of {one.channel}", False, one.message, one.hint)
    if kept := kept_when_last_read(newsroom):
        told = f"{len(kept):,} published without a file in content/ that can be read"
        yield Diagnosis("articles", False, told, "see which, and what to do: syndicate keep")
    for wait in postponements_of(newsroom):
        told = wait.told(newsroom.publication.zone)
        yield Diagnosis(f"deliveries of {wait.channel}", True, told)
    for left in withdrawals_to_know(newsroom):
        if isinstance(left, Unremoved):
            yield Diagnosis(f"posts of {left.channel}", False, left.message, left.hint)
    if not found:
        yield Diagnosis("deliveries", True, "none is uncertain, and none has to be settled")


def crontab_line(root: Path) -> str:
    """A line for crontab(5) that publishes what is due in the newsroom at `root`. It uses full
    paths, as cron has its own PATH and folder, and escapes %, which cron reads as a new line."""
    beside = Path(sys.executable).with_name("syndicate")
    program = quote(str(beside)) if beside.is_file() else f"{quote(sys.executable)} -m syndicate"
    command = f"cd {quote(str(root))} && {program} publish --due --quiet"
    return f"*/5 * * * * {command}".replace("%", r"\%")


def _taken(newsroom: Newsroom) -> Mapping[str, str]:
    if not has_ledger(newsroom):
        return {}
    with ledger_of(newsroom) as ledger:
        return ledger.slots()


def _standing(channel: Channel, taken: str | None, now: datetime) -> Diagnosis:
    """Whether the last scheduled time was used, and when the next one is."""
    schedule = channel.schedule
    assert schedule is not None
    what = f"schedule of {channel.name}"
    following = schedule.next(now).astimezone(schedule.zone).isoformat(" ", "minutes")
    if taken is None:
        return Diagnosis(what, True, f"starts at {following}, if publish --due runs before then")
    latest = schedule.latest(now)
    overdue = latest is not None and latest.astimezone(UTC).isoformat() > taken
    if not overdue or latest is None or now - latest < _GRACE:
        return Diagnosis(what, True, f"next {following}")
    missed = latest.astimezone(schedule.zone).isoformat(" ", "minutes")
    return Diagnosis(what, False, f"no run since {missed}", _NOT_RUN)
