"""Brings the world back to what the ledger has: delivers again what is missing or was changed, and
removes what should not stand.

What is to be delivered again is noted in the ledger first, as a delivery that is pending. From then
on it is a delivery like any other: if this run ends early, the next `publish` goes on with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from syndicate.couriers import Courier, Holds, Looks, Removes
from syndicate.engine.auditing.findings import AuditFinding
from syndicate.engine.delivery.removal import configured_courier, remove
from syndicate.engine.delivery.run import PublishRun
from syndicate.engine.delivery.send import send
from syndicate.engine.planning.plan import Step
from syndicate.engine.planning.removals import Removal
from syndicate.engine.planning.renderings import EPOCH
from syndicate.errors import DeliveryError
from syndicate.ledger.copies import CopyRow, CopyState
from syndicate.ledger.dispatch import Change, DispatchKey, State
from syndicate.ledger.events import LedgerEvent, event_time

_FOUND = "found {} by an audit"


@dataclass(frozen=True)
class Repair:
    """What of some findings can be put right: copies to be delivered again (`missing`, with what is
    the matter), copies to be removed (`stray`), and the findings that are `left` for somebody."""

    missing: tuple[AuditFinding, ...]
    stray: tuple[AuditFinding, ...]
    left: tuple[AuditFinding, ...]


def repair_of(run: PublishRun, findings: Iterable[AuditFinding]) -> Repair:
    """What can be put right of `findings`. Nothing is sent to people again, unknown files are left
    alone, and so is what a public URL shows otherwise than its destination."""
    missing, stray, left = [], [], []
    for one in findings:
        courier = _courier(run, one.row) if one.row and one.where == "destination" else None
        if courier is None or courier.final:
            left.append(one)
        elif one.what == "still there" and isinstance(courier, Removes):
            stray.append(one)
        elif one.what in ("missing", "changed"):
            missing.append(one)
        else:
            left.append(one)
    return Repair(tuple(missing), tuple(stray), tuple(left))


def deliver_again(
    run: PublishRun, findings: Iterable[AuditFinding], by: str
) -> tuple[AuditFinding, ...]:
    """Deliver the copies of `findings` again, with the bytes that were delivered before. Returns
    those that were not delivered, such as one that needs a new approval.

    Raises:
        LedgerError: the ledger cannot be used.
        Stopped: the run was asked to stop. The next `publish` does the rest.
    """
    keys: dict[tuple[str, str], str] = {}
    rows = [(one, one.row) for one in findings if one.row is not None]
    for one, row in rows:
        _note_pending(run, row, _FOUND.format(one.what), by)
        keys[row.copy.channel, row.rendering] = row.copy.artifact
    inputs = run.ledger.inputs_of(keys)
    steps = [
        Step(
            key,
            label,
            (),
            (),
            EPOCH,
            channel=channel,
            work="deliver",
            reason="missing",
            inputs=inputs[channel, key],
        )
        for (channel, key), label in keys.items()
        if (channel, key) in inputs
    ]
    send(run, steps)
    return tuple(one for one, row in rows if not _is_delivered(run, row))


def _note_pending(run: PublishRun, row: CopyRow, why: str, by: str) -> None:
    """Let the delivery that has placed `row` be pending again, unless something else is to be
    delivered there by now."""
    ledger, copy = run.ledger, row.copy
    latest = ledger.dispatches.latest(_key(row))
    delivery = ledger.dispatches.row(row.dispatch, copy.unit)
    if latest is None or latest.id != row.dispatch or delivery is None:
        return
    again = replace(delivery, state=State.PENDING, at=event_time(), error=why)
    if ledger.dispatches.resolve([Change(again, State.DELIVERED)]):
        about = (copy.channel, row.rendering, copy.artifact, copy.digest or "")
        told = f"{row.courier}: {why}, to be delivered again"
        ledger.events.add(LedgerEvent("resolved", by, *about, told))


def _is_delivered(run: PublishRun, row: CopyRow) -> bool:
    latest = run.ledger.dispatches.latest(_key(row))
    delivery = run.ledger.dispatches.row(latest.id, row.copy.unit) if latest else None
    return delivery is not None and delivery.state is State.DELIVERED


def _key(row: CopyRow) -> DispatchKey:
    return row.copy.channel, row.rendering, row.copy.artifact, row.courier


def remove_strays(run: PublishRun, findings: Iterable[AuditFinding]) -> None:
    """Remove the copies of `findings`. They are in the inventory from here on, until they are
    certainly gone.

    Raises:
        LedgerError: the ledger cannot be used.
        Stopped: the run was asked to stop.
    """
    rows = [one.row for one in findings if one.row is not None]
    run.ledger.copies.add(replace(row, state=CopyState.REMOVING) for row in rows)
    remove(run, _removals(rows), lambda row: configured_courier(run.newsroom, row))


def _removals(rows: Iterable[CopyRow]) -> Iterator[Removal]:
    def key(row: CopyRow) -> tuple[str, str]:
        return row.copy.channel, row.rendering

    for (channel, rendering), some in groupby(sorted(rows, key=key), key=key):
        copies = tuple(some)
        yield Removal(channel, rendering, copies[0].copy.artifact, "still there", copies)


def _courier(run: PublishRun, row: CopyRow) -> Courier | None:
    """The courier that would put `row` there again; None if nothing delivers there any more."""
    channel = run.newsroom.channels.get(row.copy.channel)
    courier = channel.couriers.get(row.courier) if channel else None
    if courier is None or not isinstance(courier, Looks) or not isinstance(courier, Holds):
        return None
    try:
        place = courier.place(row.copy.artifact, row.copy.unit)
    except DeliveryError:
        return None
    return courier if place == row.copy.place else None
