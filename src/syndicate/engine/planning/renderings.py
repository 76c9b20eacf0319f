"""What a rendering covers: an article, part of a rolling channel, an edition, the newsroom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from syndicate.adapters import (
    WHOLE,
    EditionPart,
    GoneArticle,
    Issued,
    Notice,
    Subscription,
    Withdrawn,
)
from syndicate.digests import digest_of
from syndicate.engine.content.article_summary import ArticleSummary
from syndicate.engine.planning.input_digests import InputDigests
from syndicate.ledger.notices import NoticeRow
from syndicate.ledger.records import FrozenEdition
from syndicate.ledger.stubs import stub_key
from syndicate.newsroom.channel import Channel
from syndicate.newsroom.shape import Shape

# The date of a feed that has no entries: the same on every machine.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PlannedRendering:
    """One thing that a channel renders.

    `key` is an article's id, an edition's number, or the key of a part of a rolling channel.
    `label` is its name for people. `articles` are the articles' digests in reading order, `members`
    their ids, and `files` the digests of the files that they were read from. `date` is when its
    contents last changed. `notice` is set if it is a notice: the only article is the one that it is
    about. `gone` are the withdrawn article in whose place something is made, or all of them.
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
    notice: Notice | None = None
    gone: tuple[GoneArticle, ...] = ()

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
        shown = [pictures.get(member, "") for member in self.members]
        lists = {
            "part": _told_part(self.part),
            "withdrawn": [[one.id, one.time] for one in self.withdrawn],
            "subscriptions": [_told_feed(one) for one in self.subscriptions],
            "issues": [_told_issue(one) for one in self.issues],
        }
        if self.notice:
            lists["notice"] = [self.notice.kind, self.notice.number, list(self.notice.notes)]
        if self.gone:
            lists["gone"] = [_told_gone(one) for one in self.gone]
        fields = {"shape": shape.newsroom, "pictures": shown, **lists}
        return InputDigests(
            newsroom=digest_of(**fields, articles=self.articles),
            files=digest_of(**fields, files=self.files),
            program=shape.program,
            parts=InputDigests.joined_parts(
                articles=digest_of(articles=self.articles),
                pictures=digest_of(pictures=shown),
                settings=shape.settings,
                templates=shape.templates,
                lists=digest_of(**lists),
            )
            if shape.settings
            else "",
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


def rendering_of_notice(row: NoticeRow, slug: str) -> PlannedRendering:
    """The rendering of what people are told about the article called `slug`."""
    label, date = f"{row.notice.kind} of {slug}", datetime.fromisoformat(row.at)
    return PlannedRendering(row.key, label, (row.version,), (row.article,), date, notice=row.notice)


def rendering_of_stub(gone: GoneArticle, files: tuple[tuple[str, str], ...]) -> PlannedRendering:
    """The rendering of what stands in the place of the `files` (name, media type) of `gone`."""
    gone, label = replace(gone, files=files), f"notice in place of {gone.slug}"
    return PlannedRendering(stub_key(gone.id), label, (), (), gone.time, gone=(gone,))


def rendering_of_newsroom(
    channel: Channel, feeds: Iterable[Subscription], gone: Iterable[GoneArticle] = ()
) -> PlannedRendering:
    """The rendering of what the newsroom as a whole offers, such as its list of feeds."""
    return PlannedRendering(
        "", channel.name, (), (), EPOCH, subscriptions=tuple(feeds), gone=tuple(gone)
    )


def rendering_of_catalogue(channel: Channel, issues: tuple[Issued, ...]) -> PlannedRendering:
    """The rendering of a list of what another channel has delivered."""
    date = max((one.date for one in issues), default=EPOCH)
    return PlannedRendering("", channel.name, (), (), date, issues=issues)


# The values that count are listed one by one, so that no digest depends on a class or field name.


def _told_part(one: EditionPart) -> list[object]:
    return [one.folder, one.subject, one.period, one.previous, one.next]


def _told_feed(one: Subscription) -> list[object]:
    return [one.title, one.url, one.home, one.media_type]


def _told_issue(one: Issued) -> list[object]:
    about = [one.channel, one.rendering, one.number, one.date, one.language, one.titles]
    return [*about, one.url, one.media_type, one.size, one.digest]


def _told_gone(one: GoneArticle) -> list[object]:
    about = [one.id, one.slug, one.time, one.language, one.note, one.title]
    return [*about, one.files, one.addresses]
