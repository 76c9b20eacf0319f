"""Withdrawn articles that are still public where nothing delivers any more: at the places of a
channel that is gone, or at the old place of one that was moved. Their files stay until the channel
is retired. Each is named with the command that removes it, until somebody has done so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from mimetypes import guess_type
from shlex import quote

from syndicate.couriers import Holds
from syndicate.errors import DeliveryError
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

_BESIDE = ("image/", "text/css")


@dataclass(frozen=True)
class LeftPublic:
    """The `number` of copies of the article `slug` that `channel` has left where it no longer
    delivers; `place` is the first. `is_gone`: there is no such channel any more."""

    channel: str
    slug: str
    place: str
    number: int
    is_gone: bool = True

    @property
    def key(self) -> str:
        """The same as long as nothing changes."""
        return f"left public {self.channel} {self.slug} {self.number}"

    def as_error(self) -> DeliveryError:
        """The same for `console.print_error`."""
        more = f" and {self.number - 1:,} more" if self.number > 1 else ""
        why = f"there is no channel {self.channel!r} any more"
        if not self.is_gone:
            why = f"the channel {self.channel!r} delivers elsewhere now"
        return DeliveryError(
            f"{self.slug} is withdrawn, but still public: {self.place}{more}; {why}",
            hint=f"syndicate retire {quote(self.channel)}",
        )


def left_public(newsroom: Newsroom, ledger: Ledger) -> Iterator[LeftPublic]:
    """The withdrawn articles of which files or feeds stand where nothing delivers any more."""
    withdrawn = {one.id: one for one in ledger.articles.withdrawn()}
    if not withdrawn:
        return
    parts = ledger.parts.with_articles(withdrawn)
    own = {(channel, article) for channel in ledger.copies.channels() for article in withdrawn}
    places: dict[tuple[str, str], str] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for row in ledger.copies.among(own | parts.keys()):
        if _says_nothing(row) or is_in_use(newsroom, row):
            continue
        channel = row.copy.channel
        shown = parts.get((channel, row.rendering), {row.rendering: True})
        for article in _shown(row, shown, channel in newsroom.channels):
            if channel in newsroom.channels and (row.at or "") > (
                withdrawn[article].withdrawn or ""
            ):
                continue  # it was made without the article
            places.setdefault((channel, article), str(row.copy.place))
            counts[channel, article] += 1
    for (channel, article), place in places.items():
        number, is_gone = counts[channel, article], channel not in newsroom.channels
        yield LeftPublic(channel, withdrawn[article].slug, place, number, is_gone)


def is_in_use(newsroom: Newsroom, row: CopyRow) -> bool:
    """Whether its channel still delivers to the place of `row`."""
    channel = newsroom.channels.get(row.copy.channel)
    courier = channel.couriers.get(row.courier) if channel else None
    if courier is None or not isinstance(courier, Holds):
        return False
    try:
        return courier.place(row.copy.artifact, row.copy.unit) == row.copy.place
    except DeliveryError:  # a name that is refused today
        return False


def _says_nothing(row: CopyRow) -> bool:
    """Whether `row` is a post, which stays, or a picture or a style sheet."""
    is_post = (row.copy.url or "").startswith("http")
    return is_post or (guess_type(row.copy.artifact)[0] or "").startswith(_BESIDE)


def _shown(row: CopyRow, shown: Mapping[str, bool], moved: bool) -> Iterator[str]:
    """The articles that `row` shows, of those that its part has `shown` (by id; whether it still
    does). At the old place of a channel stands what the part has shown before."""
    return (article for article, still in shown.items() if still or moved)
