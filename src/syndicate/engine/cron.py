"""Whether cron does its part: what `doctor --cron` looks at beside everything else."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from syndicate.engine.doctor import Diagnosis, variables
from syndicate.ledger.ledger import is_begun, ledger_of
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom

_GRACE = timedelta(minutes=30)  # a run may be as rare as that, or take as long
_NOT_RUN = "does the crontab hold it (crontab -l), and what did its last mail say?"


def examine_cron(newsroom: Newsroom, now: datetime) -> Iterator[Diagnosis]:
    """The line for a crontab, what its environment must hold, and how each schedule stands at
    `now`; nothing is changed.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    yield Diagnosis("crontab", True, line(newsroom.root))
    needed = sorted({name for channel in newsroom.channels.values() for name in variables(channel)})
    if needed:
        found = (
            f"{', '.join(needed)}: set them in the crontab or the unit, not in a shell's profile"
        )
        yield Diagnosis("environment", True, found)
    scheduled = [channel for channel in newsroom.channels.values() if channel.schedule]
    if not scheduled:
        yield Diagnosis("schedules", True, "none: each run publishes what is new")
    taken = _taken(newsroom)
    for channel in scheduled:
        yield _standing(channel, taken.get(channel.name), now)


def line(root: Path) -> str:
    """A line of crontab(5) that publishes what is due in the newsroom at `root`: cron knows neither
    our PATH nor where we are, and takes % for a new line."""
    beside = Path(sys.executable).with_name("syndicate")
    program = quote(str(beside)) if beside.is_file() else f"{quote(sys.executable)} -m syndicate"
    command = f"cd {quote(str(root))} && {program} publish --due --quiet"
    return f"*/5 * * * * {command}".replace("%", r"\%")


def _taken(newsroom: Newsroom) -> Mapping[str, str]:
    if not is_begun(newsroom):
        return {}
    with ledger_of(newsroom) as ledger:
        return ledger.slots()


def _standing(channel: Channel, taken: str | None, now: datetime) -> Diagnosis:
    """Whether the last moment of a schedule was honoured, and when the next comes."""
    schedule = channel.schedule
    assert schedule is not None
    what = f"schedule of {channel.name}"
    following = schedule.next(now).astimezone(schedule.zone).isoformat(" ", "minutes")
    if taken is None:
        return Diagnosis(what, True, f"begins with {following}, if a run has seen it before")
    latest = schedule.latest(now)
    overdue = latest is not None and latest.astimezone(UTC).isoformat() > taken
    if not overdue or latest is None or now - latest < _GRACE:
        return Diagnosis(what, True, f"next {following}")
    missed = latest.astimezone(schedule.zone).isoformat(" ", "minutes")
    return Diagnosis(what, False, f"nothing has run since {missed}", _NOT_RUN)
