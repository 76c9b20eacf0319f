"""Where an article is: every copy of it that the ledger knows, in every channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Literal

from syndicate.couriers import Holds
from syndicate.engine.delivery.unsent import issues_with
from syndicate.engine.planning.planner import Planner
from syndicate.errors import UsageError
from syndicate.ledger.copies import CopyRow
from syndicate.ledger.ledger import Ledger
from syndicate.newsroom.newsroom import Newsroom

Kind = Literal["file", "feed", "issue", "post", "mail"]
_BESIDE = ("image/", "text/css")
"""Media types of what stands beside an article and says nothing of it."""


@dataclass(frozen=True)
class Whereabouts:
    """One copy of an article, or all the mails of one issue.

    Args:
        kind: a file of its own, a feed that shows it, an issue that contains it, a post, or mail.
        address: the public URL, else the place; for mail, how many people have it.
        at: when it was placed or sent (RFC 3339).
        digest: the SHA-256 of the bytes; "" if it is not certain which bytes stand there.
        approved_by: who approved exactly these bytes.
    """

    channel: str
    kind: Kind
    address: str
    at: str
    digest: str
    approved_by: tuple[str, ...] = ()


def where_is(newsroom: Newsroom, name: str) -> tuple[Whereabouts, ...]:
    """Every copy of the article called `name` (its file or slug), by channel and address.

    Raises:
        UsageError: there is no such article.
        LedgerError: the ledger cannot be read.
    """
    with Planner.open(newsroom) as planner:
        ledger = planner.ledger
        article = article_called(planner, name)
        found = [*_copies(newsroom, ledger, article), *_mails(newsroom, ledger, article)]
    return tuple(sorted(found, key=lambda one: (one.channel, one.address)))


def article_called(planner: Planner, name: str) -> str:
    """The id of the article called `name` (its slug or its file), whether or not its file still
    exists.

    Raises:
        UsageError: there is no such article, or there are several in the file.
    """
    known = next(planner.ledger.articles.with_slugs({name}), None)
    if known:
        return known.id
    ids = sorted(planner.asked_for((name,)))
    if len(ids) > 1:
        raise UsageError(f"{name} has {len(ids)} articles", hint="name one of them by its slug")
    return ids[0]


def _copies(newsroom: Newsroom, ledger: Ledger, article: str) -> Iterator[Whereabouts]:
    feeds, issues = ledger.parts.showing(article), issues_with(ledger, article)
    own = {(name, article) for name in newsroom.channels}
    for row in ledger.copies.among(own | feeds | issues):
        if (guess_type(row.copy.artifact)[0] or "").startswith(_BESIDE):
            continue
        key = (row.copy.channel, row.rendering)
        channel = newsroom.channels.get(row.copy.channel)
        courier = channel.couriers.get(row.courier) if channel else None
        kind: Kind = "feed" if key in feeds else "issue" if key in issues else "file"
        if courier is not None and courier.final:
            kind = "post"
        yield Whereabouts(
            row.copy.channel,
            kind,
            row.copy.url or str(row.copy.place) if kind == "post" else str(row.copy.place),
            row.at or "",
            row.copy.digest or "",
            _approvers(ledger, row),
        )


def _mails(newsroom: Newsroom, ledger: Ledger, article: str) -> Iterator[Whereabouts]:
    """The mails that contain `article`."""
    mailing = {
        (channel.name, name)
        for channel in newsroom.channels.values()
        for name, courier in channel.couriers.items()
        if courier.final and not isinstance(courier, Holds)
    }
    for dispatch, number, at in ledger.dispatches.sent(issues_with(ledger, article)):
        if (dispatch.channel, dispatch.courier) not in mailing:
            continue
        people = "1 recipient" if number == 1 else f"{number} recipients"
        yield Whereabouts(
            dispatch.channel, "mail", f"{people} of {dispatch.artifact}", at, dispatch.digest
        )


def _approvers(ledger: Ledger, row: CopyRow) -> tuple[str, ...]:
    reviews = ledger.reviews_of(row.copy.channel, row.rendering, row.copy.artifact)
    same = (one for one in reviews if one.digest == row.copy.digest)
    return tuple(dict.fromkeys(one.by for one in same if one.verdict == "approved"))
