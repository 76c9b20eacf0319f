"""Prepares what people are told who have a version of an article that is wrong.

A letter goes to those who were sent it by mail, an answer below the thread about it. Both are
renderings of their channel, and leave only when somebody has approved them. Corrections and
withdrawals are the same here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from syndicate.adapters import Notice, WritesNotices
from syndicate.article import Article, Correction
from syndicate.article.text import plain
from syndicate.article.values import one_line
from syndicate.engine.content.article_store import stored_article
from syndicate.engine.delivery.recipients import letter_recipients, mailing_couriers
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.withdrawn_posts import posts_threads, whose_posts_go
from syndicate.engine.review.answers import last_post_of
from syndicate.ledger.events import LedgerEvent
from syndicate.ledger.ledger import Ledger, ledger_of
from syndicate.ledger.notices import NoticeRow
from syndicate.ledger.records import KnownArticle
from syndicate.ledger.snapshot import LedgerSnapshot
from syndicate.newsroom.newsroom import Newsroom

_WORDS = "Please do not rely on this story."


@dataclass(frozen=True)
class Matter:
    """What people are to be told of the article with the id `article`, called `slug`.

    Args:
        notice: what they are told; its number is found here.
        version: the digest of the article that it shows, which is in the store.
        wrong: the digests of the versions that are wrong.
        by: who wants it.
        posts: whether threads are answered too. A correction is answered by a draft that comes with
            the corrected thread.
        deleting: the channels whose threads are about to be deleted, and are not answered.
        is_usual: whether the note is the usual sentence. A letter has it in the language of its
            newsletter.
    """

    article: str
    slug: str
    notice: Notice
    version: str
    wrong: frozenset[str]
    by: str
    posts: bool = True
    deleting: frozenset[str] = frozenset()
    is_usual: bool = False


@dataclass(frozen=True)
class Prepared:
    """A notice that waits to be approved. `people` is how many get the letter, None if it is an
    answer below a thread."""

    row: NoticeRow
    people: int | None = None


def notice_of(kind: Literal["correction", "withdrawal"], day: date, note: str) -> Notice:
    """A notice with one note."""
    return Notice(kind, 0, day, ((day.isoformat(), note),))


def prepare_notices(newsroom: Newsroom, ledger: Ledger, matter: Matter) -> tuple[Prepared, ...]:
    """Prepare the notices of `matter`; the next run of `publish` renders them. Letters and answers
    about the same article that nobody has sent yet are dropped: the new ones say what they would
    have said.

    Raises:
        LedgerError: the ledger cannot be used.
    """
    unsaid = drop_notices(newsroom, ledger, matter.article)
    number = ledger.notices.next_number(matter.article)
    found = tuple(_candidates(newsroom, ledger, matter, number, unsaid))
    if not found:
        return ()
    note = f"{matter.notice.kind}: {', '.join(row.channel for row, _ in found)}"
    about = {"rendering": matter.article, "name": matter.slug, "note": note}
    rows = ledger.notices.add(
        [row for row, _ in found], LedgerEvent("prepared", matter.by, **about)
    )
    return tuple(Prepared(row, people) for row, (_, people) in zip(rows, found, strict=True))


def announce_withdrawals(planner: Planner, only: Collection[str] = frozenset()) -> None:
    """Prepare what people are told of the articles that were withdrawn, once for each withdrawal.

    Args:
        only: ids of the articles asked for; empty means all.

    Raises:
        LedgerError: the ledger cannot be used.
        RenderError: the newsroom's words cannot be read.
    """
    ledger = planner.ledger
    gone = {one.id: one for one in ledger.articles.withdrawn() if not only or one.id in only}
    for id_ in sorted(gone.keys() - ledger.withdrawals.announced(gone.keys())):
        _announce(planner, gone[id_])


def _announce(planner: Planner, known: KnownArticle) -> None:
    newsroom, ledger = planner.newsroom, planner.ledger
    summary = planner.intake.summaries.get(known.id)
    versions = ledger.notices.sent_versions(known.id)
    version = summary.digest if summary else max(versions, default="")
    row = ledger.withdrawals.of([known.id]).get(known.id)
    deleting = frozenset(
        one.name
        for one in newsroom.channels.values()
        if posts_threads(one) and whose_posts_go(ledger, one, [known.id])
    )
    if version:
        language = summary.language if summary else newsroom.publication.language
        usual = _usual_note(newsroom, language)
        day = planner.now.astimezone(newsroom.publication.zone).date()
        note = row.note if row else ""
        notice = notice_of("withdrawal", day, note or usual)
        by = row.by if row else ""
        about = (known.id, known.slug, notice, version, versions, by)
        matter = Matter(*about, deleting=deleting, is_usual=not note)
        prepare_notices(newsroom, ledger, matter)
    page, language = (summary.url, summary.language) if summary else ("", "")
    ledger.withdrawals.announce(known.id, page, language)


def _usual_note(newsroom: Newsroom, language: str) -> str:
    words = newsroom.kit(next(iter(newsroom.channels.values()))).words(language)
    return words.get("withdrawal_post", _WORDS)


def people_to_tell(newsroom: Newsroom, ledger: Ledger, matter: Matter) -> dict[str, int]:
    """How many would get a letter from each channel. Nothing is prepared.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    found = _candidates(newsroom, ledger, matter, 0, ())
    return {row.channel: people for row, people in found if people is not None}


def readers_of_letter(newsroom: Newsroom, channel: str, rendering: str) -> int:
    """How many would get the letter now that is the notice `rendering` of `channel`.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    with ledger_of(newsroom) as ledger:
        rows = ledger.notices.of_channel(channel)
        row = next((one for one in rows if one.key == rendering), None)
        couriers = mailing_couriers(newsroom, channel) if row else {}
        return sum(
            1 for name in couriers if row for _ in letter_recipients(newsroom, ledger, row, name)
        )


def versions_without(
    newsroom: Newsroom, ledger: Ledger, article: str, correction: Correction
) -> frozenset[str]:
    """The versions of `article`, by digest, that do not have `correction`: all that people may have
    been sent that was wrong.

    Raises:
        LedgerError: the ledger cannot be read.
        StoreError: the store cannot be used.
    """

    def has(digest: str) -> bool:
        version = stored_article(newsroom.store, digest)
        return version is not None and is_corrected(version, correction)

    return frozenset(d for d in ledger.notices.sent_versions(article) if not has(d))


def is_corrected(article: Article, correction: Correction) -> bool:
    """Whether `article` has `correction`."""
    wanted = (correction.date, one_line(plain(correction.content)))
    return any((one.date, one_line(plain(one.content))) == wanted for one in article.corrections)


def drop_notices(newsroom: Newsroom, ledger: Ledger, article: str) -> tuple[NoticeRow, ...]:
    """Drop the notices about `article` that nobody has sent yet, with the files of their drafts.
    Returns them.

    Raises:
        LedgerError: the ledger cannot be used.
    """
    rows = ledger.notices.of_articles([article])
    drafts = LedgerSnapshot.of_renderings(
        ledger, [(row.channel, row.key) for row in rows]
    ).artifacts
    dropped = ledger.notices.drop(article)
    for row in dropped:
        for artifact in drafts.get((row.channel, row.key), ()):
            if artifact.draft:
                (newsroom.drafts / artifact.name).unlink(missing_ok=True)
    return dropped


def _candidates(
    newsroom: Newsroom,
    ledger: Ledger,
    matter: Matter,
    number: int,
    unsaid: tuple[NoticeRow, ...],
) -> Iterator[tuple[NoticeRow, int | None]]:
    """The notice for each channel of which people have a wrong version, and how many they are."""
    said = ledger.notices.of_articles([matter.article])
    for channel in newsroom.channels.values():
        if not isinstance(channel.adapter, WritesNotices):
            continue
        before = (one for one in unsaid if one.channel == channel.name)
        before = (one for one in before if one.notice.kind == matter.notice.kind)
        notes = tuple(note for one in before for note in one.notice.notes)
        mailing = mailing_couriers(newsroom, channel.name)
        own = matter.notice.notes
        if matter.is_usual and mailing:
            language = channel.language(newsroom.publication)
            own = ((matter.notice.day.isoformat(), _usual_note(newsroom, language)),)
        notice = replace(matter.notice, number=number, notes=(*notes, *own))
        notice = replace(notice, notes=tuple(dict.fromkeys(notice.notes)))
        if any(_says(one, notice) for one in said if one.channel == channel.name):
            continue
        row = NoticeRow(channel.name, matter.article, notice, matter.version, matter.wrong)
        if mailing:
            people = sum(
                1 for name in mailing for _ in letter_recipients(newsroom, ledger, row, name)
            )
            if people:
                yield row, people
        elif matter.posts and channel.name not in matter.deleting:
            thread = f"{matter.slug}.{channel.name}.md"
            if last_post_of(newsroom, ledger, channel.name, matter.article, thread):
                yield row, None


def _says(row: NoticeRow, notice: Notice) -> bool:
    """Whether `row`, which has begun to leave, says what `notice` would say."""
    return row.notice.kind == notice.kind and set(notice.notes) <= set(row.notice.notes)
