"""Deletes posts that were published. What is gone already counts as deleted."""

from __future__ import annotations

import time

from syndicate.couriers.contract import Commit, Copy
from syndicate.couriers.social.account import Account
from syndicate.errors import DeliveryError, UncertainError

_PAUSE = 2.0  # seconds before a request that was not answered is repeated


def delete_post(account: Account, copy: Copy, commit: Commit) -> None:
    """Delete the post `copy`; see `Removes`. A request without an answer is repeated once, which
    does no harm. A rate limit is not waited for, since that of deleting lasts for long.

    Raises:
        PostponedError: the rate limit is reached.
        DeliveryError: see `Removes`.
    """
    if copy.remote_id is None:
        raise DeliveryError(
            f"post {copy.unit}: the platform's id of this post is not known",
            hint="delete it on the platform yourself",
        )
    commit()
    try:
        account.delete(copy.remote_id)
    except UncertainError:
        time.sleep(_PAUSE)
        account.delete(copy.remote_id)
