"""The queue of mails to send: rate limits, retries and when to give up. Thread-safe."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from syndicate.couriers.contract import Delivery
from syndicate.couriers.smtp.session import LostError
from syndicate.errors import DeliveryError, SyndicateError

_MOST_DELAYED = 10_000  # deliveries that may wait for their domain; the rest stay in the ledger
_ENOUGH = 100  # failures in a row: the cause is not the single recipients
_LOST_WEIGHT = 10  # a lost connection counts as so many failures


@dataclass(frozen=True)
class Pace:
    """Rate limits and retries.

    Args:
        per_minute: the most mails a minute in all.
        per_domain: the most mails a minute to each domain.
        retries: how many times a deferred delivery is tried again.
        wait: seconds before the first retry, on average; each further wait is twice as long.
    """

    per_minute: int | None = None
    per_domain: int | None = None
    retries: int = 3
    wait: float = 5.0


class SendQueue:
    """Hands out deliveries no faster than `pace` allows."""

    def __init__(
        self,
        deliveries: Iterable[Delivery],
        pace: Pace,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._fresh = iter(deliveries)
        self._pace, self._clock, self._chance = pace, clock, chance
        self._turn = threading.Condition()
        self._delayed: list[tuple[float, int, Delivery]] = []
        self._tries: dict[str, int] = {}
        self._counter = self._out = self._in_a_row = 0
        self._next = float("-inf")
        self._next_of: dict[str, float] = {}
        self.stopped: SyndicateError | None = None

    def take(self) -> Delivery | None:
        """The next delivery, as soon as the limits allow it, or None when nothing is left to do.

        The caller must end each delivery with `done`, `later` or `put_back`.
        """
        with self._turn:
            while self.stopped is None:
                now = self._clock()
                if self._next > now:
                    self._turn.wait(self._next - now)
                    continue
                delivery = self._choose(now)
                if delivery:
                    self._out += 1
                    if self._pace.per_minute:
                        self._next = now + 60 / self._pace.per_minute
                    return delivery
                if self._delayed:
                    self._turn.wait(self._delayed[0][0] - now)
                elif self._out:
                    self._turn.wait()
                else:
                    break
            self._turn.notify_all()
            return None

    def done(self, delivery: Delivery, error: DeliveryError | None) -> None:
        """End `delivery`: it arrived, or it failed with `error`."""
        with self._turn:
            self._tries.pop(delivery.unit, None)
            self._returned(error)

    def later(self, delivery: Delivery, error: DeliveryError) -> bool:
        """Schedule a retry of `delivery`, deferred with `error`. False if this run will not try it
        again."""
        with self._turn:
            tries = self._tries.get(delivery.unit, 0)
            if tries >= self._pace.retries or self.stopped:
                return False
            self._returned(error)
            self._tries[delivery.unit] = tries + 1
            wait = self._pace.wait * 2**tries * (0.5 + self._chance())
            self._delay(self._clock() + wait, delivery)
            return True

    def put_back(self, delivery: Delivery) -> None:
        """Return `delivery` untried, so that another thread can take it."""
        with self._turn:
            self._out -= 1
            self._delay(self._clock(), delivery)
            self._turn.notify_all()

    def pause(self, seconds: float) -> None:
        """Wait for about `seconds`, or until the queue stops."""
        until = self._clock() + seconds * (0.5 + self._chance())
        with self._turn:
            while self.stopped is None and (left := until - self._clock()) > 0:
                self._turn.wait(left)

    def stop(self, error: SyndicateError) -> None:
        """Stop handing out deliveries, because of `error`."""
        with self._turn:
            self.stopped = self.stopped or error
            self._turn.notify_all()

    def _returned(self, error: DeliveryError | None) -> None:
        self._out -= 1
        weight = _LOST_WEIGHT if isinstance(error, LostError) else 1
        self._in_a_row = self._in_a_row + weight if error else 0
        if error and self._in_a_row >= _ENOUGH and self.stopped is None:
            self.stopped = DeliveryError(
                f"stopped: too many mails failed in a row, the last with: {error.message}",
                hint="fix what the server reports, then run the command again",
            )
        self._turn.notify_all()

    def _choose(self, now: float) -> Delivery | None:
        """A delivery that may be sent now. Deliveries that wait for their domain have a time slot
        reserved."""
        if self._delayed and self._delayed[0][0] <= now:
            return heappop(self._delayed)[2]
        while len(self._delayed) < _MOST_DELAYED and (delivery := next(self._fresh, None)):
            if not self._pace.per_domain:
                return delivery
            domain = delivery.unit.rpartition("@")[2].lower()
            free = max(now, self._next_of.get(domain, now))
            self._next_of[domain] = free + 60 / self._pace.per_domain
            if free <= now:
                return delivery
            self._delay(free, delivery)
        return None

    def _delay(self, until: float, delivery: Delivery) -> None:
        self._counter += 1
        heappush(self._delayed, (until, self._counter, delivery))
