"""What happens, as one seed says it: commands and faults, in an order that depends on nothing
else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "write",
    "publish",
    "withdraw",
    "restore",
    "approve",
    "reject",
    "kill",
    "terminate",
    "lock",
    "fill",
    "smtp",
    "platform",
    "clock",
]
_WEIGHTS: dict[Kind, int] = {
    "write": 18,
    "publish": 30,
    "withdraw": 9,
    "restore": 9,
    "approve": 22,
    "reject": 3,
    "kill": 9,
    "terminate": 9,
    "lock": 4,
    "fill": 4,
    "smtp": 10,
    "platform": 12,
    "clock": 4,
}
_BEFORE = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA")
_REQUESTS = ("drop", "drop after", "429", "503", "503 after")
_MONTH = 30 * 86_400.0


@dataclass(frozen=True)
class Size:
    """How large a newsroom is: it has so many `articles` at most, and posts to these
    `platforms`."""

    articles: int
    platforms: tuple[str, ...]

    @property
    def channels(self) -> tuple[str, ...]:
        """Its channels."""
        return ("files", "atom", "email", *self.platforms)


@dataclass(frozen=True)
class Step:
    """One thing that happens.

    Args:
        article: the number of the article that it is about.
        words: the channels to publish to, the platform, or the SMTP verb and the reply; "busy" if a
            signal is sent while mails and requests arrive.
        amount: seconds that a lock lasts or a clock jumps, or how many requests go well before.
        pause: seconds until the next step.
    """

    kind: Kind
    article: int
    words: tuple[str, ...]
    amount: float
    pause: float

    def __str__(self) -> str:
        return f"{self.kind} {self.article:02} {' '.join(self.words)} {self.amount:.2f}"


def steps(seed: int, size: Size) -> Iterator[Step]:
    """The steps of this seed in a newsroom of this size, without an end."""
    chance = random.Random(seed)
    kinds, weights = list(_WEIGHTS), list(_WEIGHTS.values())
    while True:
        (kind,) = chance.choices(kinds, weights)
        article, amount = chance.randrange(size.articles), chance.random()
        words: tuple[str, ...] = ()
        match kind:
            case "publish" if chance.random() < 0.6:
                words = tuple(sorted(chance.sample(size.channels, chance.randrange(1, 5))))
            case "withdraw" if chance.random() < 0.6:
                words = ("--delete-posts",)
            case "approve" | "reject":
                words = (chance.choice(size.platforms),)
            case "kill" | "terminate" if chance.random() < 0.6:
                words, amount = ("busy",), chance.randrange(1, 20)
            case "smtp" if chance.random() < 0.25:
                words = ("DOT", "after")
            case "smtp":
                words = (chance.choice((*_BEFORE, "DOT")), chance.choice(("drop", "421", "451")))
            case "platform":
                words = (chance.choice(size.platforms), chance.choice(_REQUESTS))
                amount = chance.randrange(12)
            case "lock":
                amount = chance.choice((0.3, 1.0, 6.5, 9.0))
            case "fill":
                amount = chance.choice((0.3, 1.0, 3.0))
            case "clock":
                amount = chance.choice((-_MONTH, -3600.0, 60.0, 7200.0, 3 * 86_400.0))
        yield Step(kind, article, words, amount, chance.choice((0.0, 0.05, 0.2, 0.5)))
