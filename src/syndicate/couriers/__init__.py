"""Couriers deliver artifacts. Each destination has its own file; the table `COURIERS` lists them by
`via`."""

from __future__ import annotations

from pathlib import Path

from syndicate.couriers.contract import (
    Copy,
    Courier,
    DeliversMany,
    Delivery,
    EditsPosts,
    Holds,
    Journal,
    Observes,
    Place,
    PostsThreads,
    Previews,
    Purges,
    Receipt,
    Reconciles,
    Rehearses,
    Removes,
    Request,
)
from syndicate.couriers.looking import Contents, Looks, Owns, Seen
from syndicate.plugins import load

__all__ = [
    "COURIERS",
    "Contents",
    "Copy",
    "Courier",
    "DeliversMany",
    "Delivery",
    "EditsPosts",
    "Holds",
    "Journal",
    "Looks",
    "Observes",
    "Owns",
    "Place",
    "PostsThreads",
    "Previews",
    "Purges",
    "Receipt",
    "Reconciles",
    "Rehearses",
    "Removes",
    "Request",
    "Seen",
    "courier_class",
]

COURIERS = {
    "file": "syndicate.couriers.files:FilesCourier",
    "fsspec": "syndicate.couriers.fsspec:FsspecCourier",
    "smtp": "syndicate.couriers.smtp.courier:SMTPCourier",
    "websub": "syndicate.couriers.websub:WebSubCourier",
    "members": "syndicate.couriers.members:MembersCourier",
    "x": "syndicate.couriers.social.x:XCourier",
    "mastodon": "syndicate.couriers.social.mastodon:MastodonCourier",
    "bluesky": "syndicate.couriers.social.bluesky:BlueskyCourier",
}


def courier_class(via: str, root: Path) -> type[Courier]:
    """The courier class called `via`: one of `COURIERS`, `./file.py` below `root`, or an entry
    point of the group `syndicate.couriers`.

    Raises:
        UsageError: there is no such courier.
    """
    return load(via, COURIERS, "syndicate.couriers", Courier, root)  # type: ignore[type-abstract]
