"""What a withdrawal does, and what it has done: every copy of an article by what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from mimetypes import guess_type

from syndicate.adapters import Scope
from syndicate.couriers import Removes
from syndicate.engine.delivery.unsent import issues_with
from syndicate.engine.notices import Matter, notice_of, people_to_tell
from syndicate.engine.planning.planner import Planner
from syndicate.engine.planning.stubs import is_replaced
from syndicate.engine.planning.withdrawn_posts import answers_to, posts_threads, whose_posts_go
from syndicate.engine.whereabouts import Whereabouts, copies_of
from syndicate.ledger.ledger import Ledger
from syndicate.ledger.records import KnownArticle
from syndicate.ledger.tables import of_renderings
from syndicate.newsroom.newsroom import Newsroom

_POSTS = ("post", "answer")
_ABOUT = ("notice", "letter")
"""What says of an article that it is withdrawn or was corrected, and does not have it."""


@dataclass(frozen=True)
class WithdrawalReport:
    """Every copy of an article, after a withdrawal or before it.

    Args:
        removed: the addresses of files and posts that are gone, or will be.
        notices: the addresses where a notice stands in its place, or will.
        replaced: the addresses of feeds that no longer show it, or will not.
        answered: the drafts that answer its threads and say that it was withdrawn, and wait for
            approval; before the withdrawal, the channels that get one.
        not_recalled: what people have: mail, numbered issues, and posts that stay.
        uncertain: what may be public or not, or may have arrived or not.
        still_public: files and feeds that should be gone, and posts that are to be deleted.
    """

    removed: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    not_recalled: tuple[Whereabouts, ...] = ()
    uncertain: tuple[Whereabouts, ...] = ()
    still_public: tuple[Whereabouts, ...] = ()

    @property
    def remaining(self) -> tuple[Whereabouts, ...]:
        """All copies that there are, or may be."""
        return (*self.still_public, *self.not_recalled, *self.uncertain)


@dataclass(frozen=True)
class Foreseen:
    """What a withdrawal of `article` would do, how many deliveries it would stop, and how many
    readers of each channel would get a letter, once it is approved. `since` is since when it is
    withdrawn already (RFC 3339), None if it is not."""

    article: KnownArticle
    stopped: int
    report: WithdrawalReport
    letters: tuple[tuple[str, int], ...] = ()

    @property
    def since(self) -> str | None:
        """Since when the article is withdrawn."""
        return self.article.withdrawn


def report_on(
    newsroom: Newsroom, ledger: Ledger, article: str, delivered: Iterable[str] = ()
) -> WithdrawalReport:
    """What the withdrawal of `article` (its id) has done so far.

    Args:
        delivered: what this run has made again; what runs before it have is looked up.
    """
    known = ledger.articles.with_ids([article])[article]
    since = known.withdrawn or ""
    keys = {
        (channel, key)
        for channel in newsroom.channels
        for key in (article, *answers_to(ledger, channel, article))
    }
    removed = [one.note.partition(": ")[2] for one in ledger.events.removed(keys, since)]
    feeds = ledger.copies.among(ledger.parts.showed(article))
    replaced = [str(row.copy.place) for row in feeds if (row.at or "") >= since]
    replaced += delivered
    left = copies_of(newsroom, ledger, article)
    present = {one.address for one in left}
    certain = [one for one in left if one.digest and one.kind not in _ABOUT]
    going = _going(newsroom, ledger, article)
    return WithdrawalReport(
        removed=tuple(dict.fromkeys(one for one in removed if one not in present)),
        notices=tuple(one.address for one in left if one.kind == "notice" and one.digest),
        replaced=tuple(dict.fromkeys(one for one in replaced if one not in present)),
        answered=tuple(_waiting_answers(newsroom, ledger, article)),
        not_recalled=tuple(one for one in certain if _is_sent(one, going)),
        uncertain=tuple(one for one in left if not one.digest),
        still_public=tuple(one for one in certain if not _is_sent(one, going)),
    )


def foresee(
    newsroom: Newsroom,
    planner: Planner,
    known: KnownArticle,
    *,
    delete_posts: bool,
    notice: bool = False,
) -> Foreseen:
    """What a withdrawal of the article `known` would do.

    Args:
        delete_posts: whether its posts would be deleted in every channel.
        notice: whether notices would stand in the place of its pages.
    """
    ledger, id_ = planner.ledger, known.id
    asked = ledger.withdrawals.of([id_]).get(id_)
    notice |= bool(asked and asked.notice)
    present = copies_of(newsroom, ledger, id_)
    going = _going(newsroom, ledger, id_)
    if delete_posts:
        going |= {one.name for one in newsroom.channels.values() if posts_threads(one)}
    certain = [one for one in present if one.digest and one.kind != "letter"]
    files = [one for one in certain if one.kind == "file" or _goes(one, going)]
    within_reach = [one for one in files if _is_reachable(newsroom, one)]
    threads = {one.channel for one in certain if one.kind in _POSTS} - going
    standing = {one.address for one in certain if one.kind == "notice"}
    standing |= {one.address for one in within_reach if _is_replaced(newsroom, one, notice=notice)}
    report = WithdrawalReport(
        removed=tuple(one.address for one in within_reach if one.address not in standing),
        notices=tuple(sorted(standing)),
        replaced=tuple(one.address for one in certain if one.kind == "feed" and not one.is_left),
        answered=tuple(sorted(threads & newsroom.channels.keys())),
        not_recalled=tuple(one for one in certain if _is_sent(one, going)),
        uncertain=tuple(one for one in present if not one.digest),
        still_public=tuple(
            one
            for one in certain
            if (one in files and one not in within_reach) or (one.kind == "feed" and one.is_left)
        ),
    )
    day = planner.now.astimezone(newsroom.publication.zone).date()
    versions = ledger.notices.sent_versions(id_)
    matter = Matter(id_, known.slug, notice_of("withdrawal", day, ""), "", versions, "", False)
    letters = tuple(sorted(people_to_tell(newsroom, ledger, matter).items()))
    return Foreseen(known, _unsent(newsroom, ledger, id_), report, letters)


def _going(newsroom: Newsroom, ledger: Ledger, article: str) -> set[str]:
    """The channels whose posts of `article` are to be deleted."""
    return {
        one.name
        for one in newsroom.channels.values()
        if posts_threads(one) and whose_posts_go(ledger, one, [article])
    }


def _is_sent(one: Whereabouts, going: Iterable[str]) -> bool:
    """Whether people have it, and no removal reaches it."""
    return one.kind in ("mail", "issue") or (one.kind in _POSTS and one.channel not in going)


def _goes(one: Whereabouts, going: Iterable[str]) -> bool:
    return one.kind in _POSTS and one.channel in going


def _is_replaced(newsroom: Newsroom, one: Whereabouts, *, notice: bool) -> bool:
    """Whether something would stand in the place of the file `one`."""
    channel = newsroom.channels[one.channel]
    media_type = guess_type(one.address)[0] or ""
    return one.kind == "file" and is_replaced(channel, one.address, media_type, notice=notice)


def _is_reachable(newsroom: Newsroom, one: Whereabouts) -> bool:
    """Whether the channel of a file can remove it."""
    channel = newsroom.channels.get(one.channel)
    if channel is None or one.is_left:
        return False
    able = (isinstance(courier, Removes) for courier in channel.couriers.values())
    return channel.adapter.scope is not Scope.EDITION and any(able)


def _unsent(newsroom: Newsroom, ledger: Ledger, article: str) -> int:
    """How many deliveries of `article` are still to leave."""
    keys = {(channel, article) for channel in newsroom.channels} | issues_with(ledger, article)
    return ledger.dispatches.pending(keys)


def _waiting_answers(newsroom: Newsroom, ledger: Ledger, article: str) -> Iterable[str]:
    """The drafts of answers of which nothing has left."""
    for channel in newsroom.channels.values():
        for key in answers_to(ledger, channel.name, article):
            left = {row.copy.artifact for row in ledger.copies.of_renderings(channel.name, [key])}
            for artifacts in ledger.artifacts(of_renderings(channel.name, [key])).values():
                yield from (
                    f"{newsroom.drafts.name}/{one.name}"
                    for one in artifacts
                    if one.draft and one.name not in left
                )
