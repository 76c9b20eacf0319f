"""Subscribers with everything that a sign-up form might let through; always the same ones."""

from __future__ import annotations

import random
from collections.abc import Iterator

from syndicate.letter import Subscriber

NASTY = (
    "Bob\r\nBcc: victim@example.net",
    "=?UTF-8?Q?=0D=0A?=Bcc: x@example.net",
    "{{ subscriber.address }}{% raw %}",
    "<script>alert('x')</script>&amp;\"",
    "-->]]><![endif]-->",
    "\u202egnp.exe\u202c",
    "\ufdd2\ufde7\ufdd4\ufdd0\ufffe",
    "\ud800half\udfff",
    "\0\x1b[31m\x7f",
    ".",
    ".\r\n.\r\nQUIT",
    "From the sea",
    "=3D=\r\n",
    "a" * 500,
    "ß" * 300,
    "👩‍👩‍👧‍👦" * 30,
    "مرحبا بالعالم",
    "こんにちは世界",
    "Zoë\u00a0\u2003\tvan  der\u2028Meer",
    "e\u0301\u200d\u200b",
    "\N{COMBINING GRAVE ACCENT}" * 40,
    "   ",
    "",
    "--=_boundary\r\n",
    "ı İ ŉ ﬃ ǆ",
)
_RANGES = (
    *((0x20, 0x7E), (0, 0x2FF), (0x300, 0x36F), (0x590, 0x6FF), (0x3040, 0x30FF)),
    *((0xFDD0, 0xFDEF), (0x1F300, 0x1FAFF), (0x10FFFE, 0x10FFFF), (0xD800, 0xDFFF)),
)


def people(count: int) -> Iterator[Subscriber]:
    """`count` subscribers; the first have the worst names, the others random ones."""
    chance = random.Random(20261005)
    for number in range(count):
        name = NASTY[number] if number < len(NASTY) else _text(chance)
        fields = {"first_name": name, "town": _text(chance)}
        if chance.random() < 0.3:
            del fields["first_name"]
        yield Subscriber(
            address=f"reader{number}+x@example{number % 7}.org",
            fields=fields,
            tags=frozenset(tag for tag in ("member", "local & co") if chance.random() < 0.5),
            unsubscribe_url=f"https://u.example.org/{number}?t={'k' * (number % 300)}&l=1",
        )


def _text(chance: random.Random) -> str:
    return "".join(
        chr(chance.randint(*chance.choice(_RANGES))) for _ in range(chance.randrange(60))
    )
