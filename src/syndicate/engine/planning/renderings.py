"""What a rendering covers: an article, part of a rolling channel, an edition, the newsroom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.adapters import WHOLE, Divides, EditionPart, Issued, Scope, Subscription, Withdrawn
from syndicate.digests import digest_of
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.content.summaries import Summaries
from syndicate.engine.planning.input_digests import InputDigests
from syndicate.ledger.records import FrozenEdition
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.newsroom import Newsroom
from syndicate.newsroom.shape import Shape

# The date of a feed that has no entries: the same on every machine.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PlannedRendering:
    """One thing that a channel renders.

    `key` is an article's id, an edition's number, or the key of a part of a rolling channel.
    `label` is its name for people. `articles` are the articles' digests in reading order, `members`
    their ids, and `files` the digests of the files that they were read from. `date` is when its
    contents last changed.
    """

    key: str
    label: str
    articles: tuple[str, ...]
    members: tuple[str, ...]
    date: datetime
    number: int | None = None
    part: EditionPart = WHOLE
    withdrawn: tuple[Withdrawn, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    issues: tuple[Issued, ...] = ()
    since: datetime | None = None
    revised: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def piece_keys(self, pictures: Mapping[str, str]) -> tuple[str, ...]:
        """What each article's piece depends on, apart from the channel's settings and templates."""
        pairs = zip(self.articles, self.members, strict=True)
        return tuple(f"{article} {pictures.get(member, '')}" for article, member in pairs)

    def depends_on(self, shape: Shape, pictures: Mapping[str, str]) -> InputDigests:
        """Digests of everything that the artifacts depend on.

        A numbered edition is frozen, so only its articles count.
        """
        if self.number:
            articles = [*self.articles, *(f"revised {article}" for article in self.revised)]
            return InputDigests(digest_of(articles=articles))
        fields: dict[str, object] = {
            "shape": shape.newsroom,
            "pictures": [pictures.get(member, "") for member in self.members],
            "part": _told_part(self.part),
            "withdrawn": [[one.id, one.time] for one in self.withdrawn],
            "subscriptions": [_told_feed(one) for one in self.subscriptions],
            "issues": [_told_issue(one) for one in self.issues],
        }
        return InputDigests(
            newsroom=digest_of(**fields, articles=self.articles),
            files=digest_of(**fields, files=self.files),
            program=shape.program,
        )


def rendering_of_article(one: ArticleSummary) -> PlannedRendering:
    """The rendering of a single article."""
    return PlannedRendering(
        one.id, one.slug, (one.digest,), (one.id,), one.updated, files=(one.file_digest,)
    )


def rendering_of_edition(edition: FrozenEdition) -> PlannedRendering:
    """The rendering of a numbered edition."""
    return PlannedRendering(
        str(edition.number),
        f"no. {edition.number}",
        tuple(digest for _, digest in edition.members),
        tuple(article for article, _ in edition.members),
        datetime.fromisoformat(edition.date),
        edition.number,
        since=datetime.fromisoformat(edition.since) if edition.since else None,
        revised=tuple(digest for _, digest in edition.revised),
    )


def rolling_renderings(
    newsroom: Newsroom, channel: Channel, summaries: Summaries, now: datetime
) -> Iterator[PlannedRendering]:
    """The renderings of a rolling channel: one in all, or one for each of its parts."""
    zone = newsroom.publication.zone
    gone = summaries.gone(channel.select, now, zone)
    if not isinstance(channel.adapter, Divides):
        chosen = tuple(summaries.choose(channel.select, now, zone))
        yield _part(channel, WHOLE, chosen, gone[: len(chosen)])
        return
    history = summaries.history(channel.select, now, zone)

    def latest(articles: Sequence[ArticleSummary]) -> int:
        return len(channel.select.latest(articles, now))

    for part, some, lost in channel.adapter.divide(history, gone, latest, zone):  # type: ignore[arg-type]
        yield _part(channel, part, some, lost)  # type: ignore[arg-type]


def subscriptions_to_render(
    newsroom: Newsroom, summaries: Summaries, now: datetime
) -> Iterator[Subscription]:
    """Every feed of the newsroom that is open to everyone, in the order of channels."""
    for channel in newsroom.channels.values():
        adapter = channel.adapter
        if adapter.scope is not Scope.ROLLING or not isinstance(adapter, Divides):
            continue
        for rendering in rolling_renderings(newsroom, channel, summaries, now):
            feed = adapter.subscription(newsroom.publication, channel.url, rendering.part)
            if feed and not channel.private:
                yield feed


def rendering_of_newsroom(channel: Channel, feeds: Iterable[Subscription]) -> PlannedRendering:
    """The rendering of what the newsroom as a whole offers, such as its list of feeds."""
    return PlannedRendering("", channel.name, (), (), EPOCH, subscriptions=tuple(feeds))


def rendering_of_catalogue(channel: Channel, issues: tuple[Issued, ...]) -> PlannedRendering:
    """The rendering of a list of what another channel has delivered."""
    date = max((one.date for one in issues), default=EPOCH)
    return PlannedRendering("", channel.name, (), (), date, issues=issues)


def _part(
    channel: Channel,
    part: EditionPart,
    chosen: Sequence[ArticleSummary],
    gone: Sequence[ArticleSummary],
) -> PlannedRendering:
    withdrawn = tuple(Withdrawn(one.id, _left(one)) for one in gone)
    times = [*map(_came, chosen), *(one.time for one in withdrawn)]
    return PlannedRendering(
        part.key,
        f"{channel.name} {part.key}".strip(),
        tuple(one.digest for one in chosen),
        tuple(one.id for one in chosen),
        max(times, default=EPOCH),
        part=part,
        withdrawn=withdrawn,
        files=tuple(one.file_digest for one in chosen),
    )


def _came(one: ArticleSummary) -> datetime:
    """When the article last changed in a feed; the end of an embargo is a change too."""
    return max(one.updated, one.published, one.embargoed or one.published)


def _left(one: ArticleSummary) -> datetime:
    """When the article was withdrawn or expired."""
    return one.updated if one.status == "withdrawn" else one.expires or one.updated


# The values that count are listed one by one, so that no digest depends on a class or field name.


def _told_part(one: EditionPart) -> list[object]:
    return [one.folder, one.subject, one.period, one.previous, one.next]


def _told_feed(one: Subscription) -> list[object]:
    return [one.title, one.url, one.home, one.media_type]


def _told_issue(one: Issued) -> list[object]:
    about = [one.channel, one.rendering, one.number, one.date, one.language, one.titles]
    return [*about, one.url, one.media_type, one.size, one.digest]
