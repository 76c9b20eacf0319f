"""What a channel has delivered so far, for the catalogues that list it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from syndicate.adapters import Issued, Scope
from syndicate.engine.filed import Filed
from syndicate.engine.remembered import Remembered
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom


def issues(
    newsroom: Newsroom,
    name: str,
    filed: tuple[Filed, ...],
    remembered: Remembered,
    now: datetime,
) -> tuple[Issued, ...]:
    """The files that the channel called `name` has delivered whole, newest first.

    Of a channel with a file an article, those of articles that it still selects; none of a
    channel that only members can reach.
    """
    source = newsroom.channels.get(name)
    if source is None or source.private:
        return ()
    if source.adapter.scope is Scope.EDITION:
        return tuple(_editions(newsroom, source, filed, remembered))
    return tuple(_articles(newsroom, source, filed, remembered, now))


def _editions(
    newsroom: Newsroom,
    source: Channel,
    filed: tuple[Filed, ...],
    remembered: Remembered,
) -> Iterator[Issued]:
    titles = {one.id: one.title for one in filed}
    language = newsroom.publication.language
    for edition in reversed(remembered.editions.get(source.name, ())):
        held = [titles[article] for article, _ in edition.members if article in titles]
        date = datetime.fromisoformat(edition.date)
        unit = str(edition.number)
        yield from _files(source, unit, edition.number, date, language, held, remembered)


def _articles(
    newsroom: Newsroom,
    source: Channel,
    filed: tuple[Filed, ...],
    remembered: Remembered,
    now: datetime,
) -> Iterator[Issued]:
    for one in source.select.choose(filed, now, newsroom.publication.zone):
        yield from _files(source, one.id, None, one.updated, one.language, (one.title,), remembered)


def _files(
    source: Channel,
    unit: str,
    number: int | None,
    date: datetime,
    language: str,
    titles: Iterable[str],
    remembered: Remembered,
) -> Iterator[Issued]:
    for artifact in remembered.artifacts.get((source.name, unit), ()):
        key = (source.name, unit, artifact.name)
        dispatches = (remembered.dispatches.get((*key, courier)) for courier in source.couriers)
        if any(one and one.delivered and one.digest == artifact.digest for one in dispatches):
            yield Issued(
                channel=source.name,
                unit=unit,
                number=number,
                date=date,
                language=language,
                titles=tuple(titles),
                url=source.url_of(artifact.name),
                media_type=artifact.media_type,
                size=artifact.size,
                digest=artifact.digest,
            )
