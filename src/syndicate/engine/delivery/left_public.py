"""Withdrawn articles that are still public because their channel is gone: its files stay until it
is retired. Each is named with the command that removes it, until somebody has done so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from mimetypes import guess_type
from shlex import quote

from syndicate.errors import DeliveryError
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

_BESIDE = ("image/", "text/css")


@dataclass(frozen=True)
class LeftPublic:
    """The `number` of copies of the article `slug` that the gone `channel` has left; `place` is the
    first."""

    channel: str
    slug: str
    place: str
    number: int

    @property
    def key(self) -> str:
        """The same as long as nothing changes."""
        return f"left public {self.channel} {self.slug} {self.number}"

    def as_error(self) -> DeliveryError:
        """The same for `console.print_error`."""
        more = f" and {self.number - 1:,} more" if self.number > 1 else ""
        return DeliveryError(
            f"{self.slug} is withdrawn, but still public: {self.place}{more}; there is no channel"
            f" {self.channel!r} any more",
            hint=f"syndicate retire {quote(self.channel)}",
        )


def left_public(newsroom: Newsroom, ledger: Ledger) -> Iterator[LeftPublic]:
    """The withdrawn articles of which files or feeds of channels that are gone stand."""
    gone = ledger.copies.channels().keys() - newsroom.channels.keys()
    for one in ledger.articles.withdrawn() if gone else ():
        feeds = {key for key in ledger.parts.showing(one.id) if key[0] in gone}
        places: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for row in ledger.copies.among({(name, one.id) for name in gone} | feeds):
            is_post = (row.copy.url or "").startswith("http")
            if is_post or (guess_type(row.copy.artifact)[0] or "").startswith(_BESIDE):
                continue
            places.setdefault(row.copy.channel, str(row.copy.place))
            counts[row.copy.channel] += 1
        for channel, place in places.items():
            yield LeftPublic(channel, one.slug, place, counts[channel])
