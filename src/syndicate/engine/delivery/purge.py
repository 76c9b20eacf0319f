"""Tells caches what was replaced or removed, after everything that refers to it."""

from __future__ import annotations

from collections.abc import Iterable

from syndicate.couriers import Courier, Purges
from syndicate.engine.delivery.run import PublishRun
from syndicate.errors import DeliveryError
from syndicate.newsroom.channel import Channel
from syndicate.tokens import PLACEHOLDER


def has_cache(courier: Courier) -> bool:
    """Whether `courier` has a cache that has to be told what changes."""
    return isinstance(courier, Purges) and courier.has_cache


def purge_caches(run: PublishRun, channels: Iterable[Channel]) -> None:
    """Tell the caches of `channels` what was replaced or removed, in this run or in one that was
    cut off. What a cache could not be told is named, and tried again by the next run.

    Raises:
        LedgerError: the ledger cannot be used.
        Stopped: the run was asked to stop.
    """
    for channel in channels:
        for name, courier in channel.couriers.items():
            if isinstance(courier, Purges) and courier.has_cache:
                _purge(run, channel, name, courier)


def _purge(run: PublishRun, channel: Channel, name: str, courier: Purges) -> None:
    left = run.ledger.purges.of(channel.name, name)
    for done, artifact in enumerate(left):
        run.stop.check()
        try:
            if PLACEHOLDER not in artifact:  # the address of a member's feed is a secret
                courier.purge_cache(channel.url_of(artifact), run.newsroom.root)
        except DeliveryError as error:
            number = len(left) - done
            what = "1 address" if number == 1 else f"{number:,} addresses"
            told = f"{channel.name}: {what} may still be in the cache: {error.message}"
            run.outcome.errors.append(error.saying(told, error.hint or "the next run tries again"))
            return
        run.ledger.purges.done(channel.name, name, artifact)
