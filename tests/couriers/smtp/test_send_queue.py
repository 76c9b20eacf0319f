"""The order and timing of the send queue, with a clock that the test controls."""

from __future__ import annotations

from pathlib import Path

from syndicate.couriers import Delivery
from syndicate.couriers.smtp.send_queue import Pace, SendQueue
from syndicate.errors import DeliveryError


class Clock:
    """A clock that moves only when a thread would sleep."""

    def __init__(self, queue: SendQueue | None = None) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def queue(pace: Pace, *addresses: str) -> tuple[SendQueue, Clock]:
    clock = Clock()
    deliveries = [Delivery("email", one, "", "", Path()) for one in addresses]
    made = SendQueue(deliveries, pace, clock, lambda: 0.5)

    def wait(seconds: float | None = None) -> bool:
        assert seconds is not None, "nobody would ever wake it"
        clock.now += seconds
        return True

    made._turn.wait = wait  # type: ignore[method-assign, assignment]
    return made, clock


def test_the_limit_per_minute_is_kept() -> None:
    made, clock = queue(Pace(per_minute=30), *(f"{n}@a.example" for n in range(10)))
    times = []
    while delivery := made.take():
        times.append(clock.now)
        made.done(delivery, None)
    assert times == [2.0 * n for n in range(10)]


def test_the_limit_per_domain_does_not_delay_other_domains() -> None:
    crowd = [f"{n}@big.example" for n in range(4)] + ["x@small.example", "y@other.example"]
    made, clock = queue(Pace(per_domain=6), *crowd)
    went = []
    while delivery := made.take():
        went.append((delivery.unit, clock.now))
        made.done(delivery, None)
    assert went == [
        ("0@big.example", 0.0),
        ("x@small.example", 0.0),
        ("y@other.example", 0.0),
        ("1@big.example", 10.0),
        ("2@big.example", 20.0),
        ("3@big.example", 30.0),
    ]


def test_each_retry_waits_longer_until_there_are_no_more() -> None:
    made, clock = queue(Pace(retries=3, wait=5), "a@a.example")
    times, again = [], True
    while again and (delivery := made.take()):
        times.append(clock.now)
        if not (again := made.later(delivery, DeliveryError("451 later"))):
            made.done(delivery, None)
    assert times == [0, 5, 15, 35]
    assert made.take() is None


def test_a_stopped_queue_hands_out_nothing() -> None:
    made, _ = queue(Pace(), "a@a.example", "b@a.example")
    assert made.take()
    made.stop(DeliveryError("enough"))
    assert made.take() is None
