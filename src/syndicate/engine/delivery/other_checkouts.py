"""Files that another checkout has taken back: this one may have them, too.

Checkouts that share a ledger each have an `out/` of their own. What is removed is removed in one of
them, and the history says so; each of the others follows at its next run.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from syndicate.couriers import Place
from syndicate.couriers.disk import NEWSROOM, remove_from_disk
from syndicate.engine.content.cache import ContentCache
from syndicate.engine.delivery.run import PublishRun
from syndicate.errors import DeliveryError

_SEEN = "removals"
_LATE = 1000  # events; on a server, one may appear after others that began later


def follow_removals(run: PublishRun, cache: ContentCache) -> None:
    """Remove what other checkouts have removed since this was last called here. `cache` keeps how
    far that was; without it, all of the history is gone through again.

    Raises:
        LedgerError: the history cannot be read.
        Stopped: the run was asked to stop.
    """
    before = int(cache.about(_SEEN) or 0)
    seen, newest = before, run.ledger.events.last_number()
    for number, event in run.ledger.events.since(seen, "removed"):
        run.stop.check()
        place = Place(NEWSROOM, event.note.partition(": ")[2])
        here = _is_output(run.newsroom.root, run.newsroom.root / place.address, event.digest)
        if here and not run.ledger.copies.is_placed(place):  # else it has come back since
            try:
                remove_from_disk(place, run.newsroom.root, lambda: None)
            except DeliveryError as error:
                run.outcome.errors.append(error)
                break
            run.outcome.removed += 1
            run.tell_of("removed", event.channel, event.name, place.address)
        seen = number
    else:
        seen = max(before, newest - _LATE)
    if seen != before:
        cache.note(**{_SEEN: str(seen)})
        cache.save()


def _is_output(root: Path, file: Path, digest: str) -> bool:
    """Whether `file` exists and is ours: it is in `out/`, or is exactly what was removed."""
    if not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
        return False
    if file.is_relative_to(root / "out"):
        return True
    return hashlib.sha256(file.read_bytes()).hexdigest() == digest
