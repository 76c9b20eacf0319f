"""Artifact → the world. One file a destination; this table names them by `via`."""

from __future__ import annotations

from pathlib import Path

from syndicate.couriers.contract import (
    Courier,
    DeliversMany,
    Delivery,
    Journal,
    Observes,
    PostsThreads,
    Previews,
    Receipt,
    Reconciles,
    Rehearses,
    Request,
)
from syndicate.plugins import load

__all__ = [
    "COURIERS",
    "Courier",
    "DeliversMany",
    "Delivery",
    "Journal",
    "Observes",
    "PostsThreads",
    "Previews",
    "Receipt",
    "Reconciles",
    "Rehearses",
    "Request",
    "courier_class",
]

COURIERS = {
    "file": "syndicate.couriers.files:Files",
    "fsspec": "syndicate.couriers.fsspec:Fsspec",
    "smtp": "syndicate.couriers.smtp:SMTP",
    "websub": "syndicate.couriers.websub:WebSub",
    "members": "syndicate.couriers.members:Members",
    "x": "syndicate.couriers.x:X",
    "mastodon": "syndicate.couriers.mastodon:Mastodon",
    "bluesky": "syndicate.couriers.bluesky:Bluesky",
}


def courier_class(via: str, root: Path) -> type[Courier]:
    """The courier called `via`: one of `COURIERS`, `./file.py` below `root`, or an entry point
    of the group `syndicate.couriers`.

    Raises:
        UsageError: there is none.
    """
    return load(via, COURIERS, "syndicate.couriers", Courier, root)  # type: ignore[type-abstract]
