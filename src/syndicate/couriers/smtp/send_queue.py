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

_HELD = 10_000  # deliveries that may wait for their domain's turn; the others stay in the ledger
_ENOUGH = 100  # turned away in a row: this is not about single recipients
_LOST = 10  # a lost connection counts for so many


@dataclass(frozen=True)
class Pace:
    """Limits: `per_minute` for all mail, `per_domain` a minute for each domain. A delivery that is
    put off is tried again up to `retries` times, first after about `wait` seconds, then after twice
    that, and so on."""

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
        self._held: list[tuple[float, int, Delivery]] = []
        self._tries: dict[str, int] = {}
        self._counter = self._out = self._in_a_row = 0
        self._next = float("-inf")
        self._next_of: dict[str, float] = {}
        self.stopped: SyndicateError | None = None

    def take(self) -> Delivery | None:
        """The next delivery, as soon as it may go; None when there is nothing left to do.

        Each one is given back by `done`, `later` or `put_back`.
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
                if self._held:
                    self._turn.wait(self._held[0][0] - now)
                elif self._out:
                    self._turn.wait()
                else:
                    break
            self._turn.notify_all()
            return None

    def done(self, delivery: Delivery, error: DeliveryError | None) -> None:
        """`delivery` is settled: it arrived, or was turned away with `error`."""
        with self._turn:
            self._tries.pop(delivery.unit, None)
            self._given_back(error)

    def later(self, delivery: Delivery, error: DeliveryError) -> bool:
        """Whether `delivery`, put off with `error`, will be handed out again in this run."""
        with self._turn:
            tries = self._tries.get(delivery.unit, 0)
            if tries >= self._pace.retries or self.stopped:
                return False
            self._given_back(error)
            self._tries[delivery.unit] = tries + 1
            wait = self._pace.wait * 2**tries * (0.5 + self._chance())
            self._hold(self._clock() + wait, delivery)
            return True

    def put_back(self, delivery: Delivery) -> None:
        """`delivery` has not been tried; another thread may."""
        with self._turn:
            self._out -= 1
            self._hold(self._clock(), delivery)
            self._turn.notify_all()

    def pause(self, seconds: float) -> None:
        """Wait for about so long, or until everything stops."""
        until = self._clock() + seconds * (0.5 + self._chance())
        with self._turn:
            while self.stopped is None and (left := until - self._clock()) > 0:
                self._turn.wait(left)

    def stop(self, error: SyndicateError) -> None:
        """Nothing more is handed out, because of `error`."""
        with self._turn:
            self.stopped = self.stopped or error
            self._turn.notify_all()

    def _given_back(self, error: DeliveryError | None) -> None:
        self._out -= 1
        weight = _LOST if isinstance(error, LostError) else 1
        self._in_a_row = self._in_a_row + weight if error else 0
        if error and self._in_a_row >= _ENOUGH and self.stopped is None:
            self.stopped = DeliveryError(
                f"stopped: one after the other was turned away, the last with: {error.message}",
                hint="mend what the server complains of, then run this again",
            )
        self._turn.notify_all()

    def _choose(self, now: float) -> Delivery | None:
        """What may go now. Whoever waits for their domain has their time reserved."""
        if self._held and self._held[0][0] <= now:
            return heappop(self._held)[2]
        while len(self._held) < _HELD and (delivery := next(self._fresh, None)):
            if not self._pace.per_domain:
                return delivery
            domain = delivery.unit.rpartition("@")[2].lower()
            free = max(now, self._next_of.get(domain, now))
            self._next_of[domain] = free + 60 / self._pace.per_domain
            if free <= now:
                return delivery
            self._hold(free, delivery)
        return None

    def _hold(self, until: float, delivery: Delivery) -> None:
        self._counter += 1
        heappush(self._held, (until, self._counter, delivery))
